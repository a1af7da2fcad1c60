//! Reads the worker's messages: the browser parses the JSON, and this hands the values to serde. [`write`] is the way back.
//!
//! It does what `serde_json::from_str` would do, in far less code: no parser, no number formats, and an error that carries nothing
//! (page and worker come from one build, so no message is ever wrong). That keeps the page's first download small.

mod write;

use std::cell::Cell;
use std::fmt;
use std::rc::Rc;

use js_sys::{Array, Function, JSON, Object, Reflect};
use serde::de::value::{MapDeserializer, SeqDeserializer};
use serde::de::{
    self, DeserializeOwned, DeserializeSeed, Deserializer, EnumAccess, IntoDeserializer, SeqAccess,
    VariantAccess, Visitor,
};
use serde::forward_to_deserialize_any;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};

pub(crate) use write::to_json;

/// Integers up to here are exact in JavaScript.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a value from JSON text.
pub(crate) fn parse<T: DeserializeOwned + 'static>(json: &str) -> Result<T, Broken> {
    let value = Value(JSON::parse(json).map_err(|_| Broken)?);
    let read = Rc::new(Cell::new(None));
    let place = read.clone();
    // What [`broken`] throws is caught where JavaScript has called this closure.
    let reader = Closure::once_into_js(move || {
        let Ok(value) = T::deserialize(value);
        place.set(Some(value));
    });
    let _ = reader.unchecked_ref::<Function>().call0(&JsValue::NULL);
    read.take().ok_or(Broken)
}

/// The text is no JSON, or not that of the type that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

/// The error of reading, which there never is: what is wrong is thrown as an exception of JavaScript's instead. With an error to hand
/// back, every type would need code that throws away what it had read so far, and that code was a good part of the page.
#[derive(Debug)]
enum Never {}

/// Gives up. What was read so far stays in memory; page and worker come from one build, so this does not happen twice in a session.
#[cold]
fn broken() -> ! {
    wasm_bindgen::throw_val(JsValue::UNDEFINED)
}

impl fmt::Display for Never {
    fn fmt(&self, _: &mut fmt::Formatter<'_>) -> fmt::Result {
        match *self {}
    }
}

impl std::error::Error for Never {}

// Every kind of error is the same here; without these the default methods would bring in the words for each.
impl de::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        broken()
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        broken()
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        broken()
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        broken()
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        broken()
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        broken()
    }
    fn missing_field(_: &'static str) -> Self {
        broken()
    }
    fn duplicate_field(_: &'static str) -> Self {
        broken()
    }
}

/// A parsed value, as JavaScript holds it.
struct Value(JsValue);

impl IntoDeserializer<'_, Never> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Value {
    /// The members of an object.
    fn entries(&self) -> MapDeserializer<'static, std::vec::IntoIter<(Self, Self)>, Never> {
        let entries = Object::entries(self.object());
        let pair = |entry: JsValue| {
            let pair: Array = entry.unchecked_into();
            (Self(pair.get(0)), Self(pair.get(1)))
        };
        MapDeserializer::new(entries.iter().map(pair).collect::<Vec<_>>().into_iter())
    }

    fn object(&self) -> &Object {
        self.0.dyn_ref().unwrap_or_else(|| broken())
    }

    fn array(&self) -> impl Iterator<Item = Self> {
        self.0.dyn_ref::<Array>().unwrap_or_else(|| broken()).iter().map(Value)
    }

    fn text(&self) -> String {
        self.0.as_string().unwrap_or_else(|| broken())
    }

    fn whole(&self) -> f64 {
        whole(&self.0).unwrap_or_else(|| broken())
    }

    fn unsigned(&self) -> u64 {
        let number = self.whole();
        if number < 0.0 { broken() } else { number as u64 }
    }
}

/// Each of these asks for what the type wants, and nothing else: so the compiler leaves out how the type would read all other kinds of
/// values.
macro_rules! wanted {
    ($($method:ident => $value:ident, $visitor:ident: $read:expr;)*) => {
        $(fn $method<V: Visitor<'de>>(self, $visitor: V) -> Result<V::Value, Never> {
            let $value = self;
            $read
        })*
    };
}

impl<'de> Deserializer<'de> for Value {
    type Error = Never;

    wanted! {
        deserialize_bool => value, visitor: visitor.visit_bool(value.0.as_bool().unwrap_or_else(|| broken()));
        deserialize_u8 => value, visitor: visitor.visit_u64(value.unsigned());
        deserialize_u16 => value, visitor: visitor.visit_u64(value.unsigned());
        deserialize_u32 => value, visitor: visitor.visit_u64(value.unsigned());
        deserialize_u64 => value, visitor: visitor.visit_u64(value.unsigned());
        deserialize_i32 => value, visitor: visitor.visit_i64(value.whole() as i64);
        deserialize_i64 => value, visitor: visitor.visit_i64(value.whole() as i64);
        deserialize_str => value, visitor: visitor.visit_string(value.text());
        deserialize_string => value, visitor: visitor.visit_string(value.text());
        deserialize_identifier => value, visitor: visitor.visit_str(&value.text());
        deserialize_option => value, visitor: if value.0.is_null() { visitor.visit_none() } else { visitor.visit_some(value) };
        deserialize_unit => _value, visitor: visitor.visit_unit();
        deserialize_ignored_any => _value, visitor: visitor.visit_unit();
        deserialize_map => value, visitor: visitor.visit_map(value.entries());
        deserialize_seq => value, visitor: visitor.visit_seq(SeqDeserializer::new(value.array()));
        deserialize_any => value, visitor: any(&value, visitor);
    }

    fn deserialize_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self.0, fields.iter()))
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        if self.0.is_string() {
            return visitor.visit_enum(Choice(self, Self(JsValue::NULL)));
        }
        let members = Object::entries(self.object());
        let member: Array = members.get(0).dyn_into().unwrap_or_else(|_| broken());
        visitor.visit_enum(Choice(Self(member.get(0)), Self(member.get(1))))
    }

    forward_to_deserialize_any! {
        i8 i16 i128 u128 f32 f64 char bytes byte_buf unit_struct tuple tuple_struct
    }
}

fn whole(value: &JsValue) -> Option<f64> {
    value.as_f64().filter(|number| number.trunc() == *number && number.abs() <= EXACT)
}

/// A value of a type that does not say what it wants: those of the conversation with the server, which have a tag.
fn any<'de, V: Visitor<'de>>(value: &Value, visitor: V) -> Result<V::Value, Never> {
    if let Some(text) = value.0.as_string() {
        visitor.visit_string(text)
    } else if let Some(number) = whole(&value.0) {
        if number < 0.0 { visitor.visit_i64(number as i64) } else { visitor.visit_u64(number as u64) }
    } else if let Some(truth) = value.0.as_bool() {
        visitor.visit_bool(truth)
    } else if value.0.is_array() {
        visitor.visit_seq(SeqDeserializer::new(value.array()))
    } else if value.0.is_null() {
        visitor.visit_unit()
    } else {
        visitor.visit_map(value.entries())
    }
}

/// A variant: its name, and what it holds.
struct Choice(Value, Value);

impl<'de> EnumAccess<'de> for Choice {
    type Error = Never;
    type Variant = Value;

    fn variant_seed<V: DeserializeSeed<'de>>(self, seed: V) -> Result<(V::Value, Value), Never> {
        Ok((seed.deserialize(self.0)?, self.1))
    }
}

impl<'de> VariantAccess<'de> for Value {
    type Error = Never;

    fn unit_variant(self) -> Result<(), Never> {
        Ok(())
    }

    fn newtype_variant_seed<T: DeserializeSeed<'de>>(self, seed: T) -> Result<T::Value, Never> {
        seed.deserialize(self)
    }

    fn tuple_variant<V: Visitor<'de>>(self, _: usize, _: V) -> Result<V::Value, Never> {
        broken()
    }

    fn struct_variant<V: Visitor<'de>>(
        self,
        fields: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Never> {
        visitor.visit_seq(Fields(self.0, fields.iter()))
    }
}

/// The fields of an object in the order in which the type declares them: fetched by name, so that the code which tells names apart,
/// once for each type, is left out.
struct Fields(JsValue, std::slice::Iter<'static, &'static str>);

impl<'de> SeqAccess<'de> for Fields {
    type Error = Never;

    fn next_element_seed<T: DeserializeSeed<'de>>(&mut self, seed: T) -> Result<Option<T::Value>, Never> {
        // A type asks for as many values as it has fields.
        let Some(name) = self.1.next() else { broken() };
        // What is missing is undefined, which no type takes.
        let value = Reflect::get(&self.0, &JsValue::from_str(name)).unwrap_or_else(|_| broken());
        seed.deserialize(Value(value)).map(Some)
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use certwright_protocol::Problem;
    use certwright_protocol::conversation::ProbeFailure;
    use certwright_protocol::ui::{FromWorker, Response, StoreId};
    use certwright_protocol::view::{
        AliasProfile, CertificateSummary, EntryKind, EntryView, FileRemark, KeystoreView, Persistence,
        StoreView,
    };
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Reads what `serde_json` wrote, and writes that again.
    fn round_trip(message: &FromWorker) {
        let json = serde_json::to_string(message).unwrap();
        let read: FromWorker = parse(&json).unwrap();
        assert_eq!(to_json(&read), json);
    }

    #[wasm_bindgen_test]
    fn messages_are_read_as_they_were_written() {
        let entry = EntryView {
            alias: "a “b” \\ \u{1F511}".into(),
            kind: EntryKind::KeyPair,
            key: "EC P-256".into(),
            chain_state: certwright_protocol::view::ChainState::Incomplete {
                missing: "CN=x".into(),
                ca_issuers: vec!["http://a/".into()],
            },
            certificate: Some(CertificateSummary {
                subject: "CN=a".into(),
                name: "a".into(),
                issuer_name: "b".into(),
                subject_alternative_names: Vec::new(),
                serial: "01".into(),
                not_before: -86_400,
                not_after: 4_102_444_800,
                is_ca: false,
                is_self_issued: true,
            }),
            chain_length: 2,
            requested_subject: None,
            locked: true,
            cannot_sign: None,
            same_as: vec!["b".into()],
            previous: 0,
            closed: false,
            created_ms: -1,
            modified_ms: 1_795_246_380_123,
        };
        let store = StoreView {
            id: StoreId(3),
            name: "a.jks".into(),
            format: None,
            can_save: false,
            changed: true,
            entries: vec![entry.clone()],
            remarks: vec![
                (&FileRemark::NoIntegrityCheck).into(),
                (&FileRemark::AliasMissing { alias: "1".into() }).into(),
            ],
            profile: AliasProfile::SapIntegrationSuite,
        };
        let keystore = KeystoreView {
            entries: vec![entry],
            profile: AliasProfile::None,
            persistence: Persistence::Kept,
            stores: vec![store],
            plans: Vec::new(),
            host_lists: Vec::new(),
            undo: None,
            redo: Some("x".into()),
        };
        round_trip(&FromWorker::Ready { keystore });
        round_trip(&FromWorker::Reply { id: u32::MAX, result: Ok(Response::Done) });
        let problem = Problem::FileTooLarge { file: "f".into(), bytes: 1 << 50, limit: 3 };
        round_trip(&FromWorker::Reply { id: 0, result: Err(problem.into()) });
        let content = certwright_protocol::Bytes(vec![0, 255]);
        let file = Response::File { name: "n".into(), media_type: "m".into(), content };
        round_trip(&FromWorker::Reply { id: 1, result: Ok(file) });
    }

    #[wasm_bindgen_test]
    fn options_and_variants_stand_alone_too() {
        assert_eq!(parse::<Option<u8>>("null").unwrap(), None);
        assert_eq!(parse::<Vec<Option<i64>>>("[-5, null]").unwrap(), [Some(-5), None]);
        assert_eq!(parse::<Persistence>("\"locked\"").unwrap(), Persistence::Locked);
        // Those of the conversation with the server have a tag.
        let failure = ProbeFailure::NameNotFound { host: "h".into() };
        let json = serde_json::to_string(&failure).unwrap();
        assert!(json.contains("\"kind\""));
        assert_eq!(parse::<ProbeFailure>(&json).unwrap(), failure);
        assert_eq!(parse::<Result<u8, String>>("{\"Err\":\"e\"}").unwrap(), Err("e".to_owned()));
    }

    #[wasm_bindgen_test]
    fn what_is_no_message_is_refused() {
        for text in [
            "",
            "{",
            "{}",
            "[]",
            "null",
            "{\"other\":{}}",
            "{\"ready\":{}}",
            "\"ready\"",
            "{\"reply\":{\"id\":-1,\"result\":{\"Ok\":\"done\"}}}",
        ] {
            assert!(parse::<FromWorker>(text).is_err(), "{text}");
        }
    }
}

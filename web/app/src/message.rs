//! Reads the worker's messages: the browser parses the JSON, and this hands the values to serde.
//!
//! It does what `serde_json::from_str` would do, in far less code: no parser, no number formats, and an error that carries nothing
//! (page and worker come from one build, so no message is ever wrong). That keeps the page's first download small.

use std::fmt;

use js_sys::{Array, JSON, Object};
use serde::de::value::{MapAccessDeserializer, MapDeserializer, SeqDeserializer};
use serde::de::{self, DeserializeOwned, Deserializer, IntoDeserializer, Visitor};
use serde::forward_to_deserialize_any;
use wasm_bindgen::{JsCast, JsValue};

/// Integers up to here are exact in JavaScript.
const EXACT: f64 = 9_007_199_254_740_992.0;

/// Reads a value from JSON text.
pub(crate) fn parse<T: DeserializeOwned>(json: &str) -> Result<T, Broken> {
    T::deserialize(Value(JSON::parse(json).map_err(|_| Broken)?))
}

/// The text is no JSON, or not that of the type that was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Broken;

impl fmt::Display for Broken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a message of this version")
    }
}

impl std::error::Error for Broken {}

// Every kind of error is the same here; without these the default methods would bring in the words for each.
impl de::Error for Broken {
    fn custom<T: fmt::Display>(_: T) -> Self {
        Self
    }
    fn invalid_type(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_value(_: de::Unexpected<'_>, _: &dyn de::Expected) -> Self {
        Self
    }
    fn invalid_length(_: usize, _: &dyn de::Expected) -> Self {
        Self
    }
    fn unknown_variant(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn unknown_field(_: &str, _: &'static [&'static str]) -> Self {
        Self
    }
    fn missing_field(_: &'static str) -> Self {
        Self
    }
    fn duplicate_field(_: &'static str) -> Self {
        Self
    }
}

/// A parsed value, as JavaScript holds it.
struct Value(JsValue);

impl IntoDeserializer<'_, Broken> for Value {
    type Deserializer = Self;

    fn into_deserializer(self) -> Self {
        self
    }
}

impl Value {
    /// The members of an object.
    fn entries(&self) -> Result<MapDeserializer<'static, std::vec::IntoIter<(Self, Self)>, Broken>, Broken> {
        let entries = Object::entries(self.0.dyn_ref::<Object>().ok_or(Broken)?);
        let pair = |entry: JsValue| {
            let pair: Array = entry.unchecked_into();
            (Self(pair.get(0)), Self(pair.get(1)))
        };
        Ok(MapDeserializer::new(entries.iter().map(pair).collect::<Vec<_>>().into_iter()))
    }
}

impl<'de> Deserializer<'de> for Value {
    type Error = Broken;

    fn deserialize_any<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        let value = self.0;
        if let Some(text) = value.as_string() {
            visitor.visit_string(text)
        } else if let Some(number) = value.as_f64() {
            if number.trunc() != number || number.abs() > EXACT {
                visitor.visit_f64(number)
            } else if number < 0.0 {
                visitor.visit_i64(number as i64)
            } else {
                visitor.visit_u64(number as u64)
            }
        } else if let Some(truth) = value.as_bool() {
            visitor.visit_bool(truth)
        } else if let Some(array) = value.dyn_ref::<Array>() {
            visitor.visit_seq(SeqDeserializer::new(array.iter().map(Value)))
        } else if value.is_null() {
            visitor.visit_unit()
        } else {
            visitor.visit_map(Self(value).entries()?)
        }
    }

    fn deserialize_option<V: Visitor<'de>>(self, visitor: V) -> Result<V::Value, Broken> {
        if self.0.is_null() { visitor.visit_none() } else { visitor.visit_some(self) }
    }

    fn deserialize_newtype_struct<V: Visitor<'de>>(
        self,
        _: &'static str,
        visitor: V,
    ) -> Result<V::Value, Broken> {
        visitor.visit_newtype_struct(self)
    }

    fn deserialize_enum<V: Visitor<'de>>(
        self,
        _: &'static str,
        _: &'static [&'static str],
        visitor: V,
    ) -> Result<V::Value, Broken> {
        match self.0.as_string() {
            Some(variant) => visitor.visit_enum(variant.into_deserializer()),
            None => visitor.visit_enum(MapAccessDeserializer::new(self.entries()?)),
        }
    }

    forward_to_deserialize_any! {
        bool i8 i16 i32 i64 i128 u8 u16 u32 u64 u128 f32 f64 char str string bytes byte_buf unit unit_struct seq tuple tuple_struct map
        struct identifier ignored_any
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use certwright_protocol::Problem;
    use certwright_protocol::ui::{FromWorker, Response};
    use certwright_protocol::view::{EntryKind, EntryView, KeystoreView, Persistence};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    /// Reads what `serde_json` wrote, and compares with what `serde_json` makes of it again.
    fn round_trip(message: &FromWorker) {
        let json = serde_json::to_string(message).unwrap();
        let read: FromWorker = parse(&json).unwrap();
        assert_eq!(serde_json::to_string(&read).unwrap(), json);
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
            certificates: Vec::new(),
            request: None,
            created_ms: -1,
            modified_ms: 1_795_246_380_123,
        };
        let keystore = KeystoreView {
            entries: vec![entry],
            persistence: Persistence::Kept,
            undo: None,
            redo: Some("x".into()),
        };
        round_trip(&FromWorker::Ready { keystore });
        round_trip(&FromWorker::Reply { id: u32::MAX, result: Ok(Response::Done) });
        let problem = Problem::FileTooLarge { file: "f".into(), bytes: 1 << 50, limit: 3 };
        round_trip(&FromWorker::Reply { id: 0, result: Err(problem) });
        let content = certwright_protocol::Bytes(vec![0, 255]);
        let file = Response::File { name: "n".into(), media_type: "m".into(), content };
        round_trip(&FromWorker::Reply { id: 1, result: Ok(file) });
    }

    #[wasm_bindgen_test]
    fn options_and_variants_stand_alone_too() {
        assert_eq!(parse::<Option<u8>>("null").unwrap(), None);
        assert_eq!(parse::<Vec<Option<i64>>>("[-5, null]").unwrap(), [Some(-5), None]);
        assert_eq!(parse::<Persistence>("\"locked\"").unwrap(), Persistence::Locked);
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
            "{\"kind\":\"other\"}",
            "{\"kind\":\"ready\"}",
            "{\"kind\":\"reply\",\"id\":-1}",
        ] {
            assert!(parse::<FromWorker>(text).is_err(), "{text}");
        }
    }
}

//! Writes messages to the worker as JSON (RFC 8259), as `serde_json::to_string` would, in far less code: text, whole numbers, truth
//! values, lists and objects are all that they are made of. Anything else (fractions, maps, bytes) is refused by a panic, which the
//! tests of the worker's side would meet first: there is no such field.

use std::fmt;

use serde::Serialize;
use serde::ser::{self, Impossible};

use super::Never;

/// A value as JSON text.
pub(crate) fn to_json<T: Serialize + ?Sized>(value: &T) -> String {
    let mut text = String::new();
    let Ok(()) = value.serialize(Writer(&mut text));
    text
}

struct Writer<'a>(&'a mut String);

/// A list or an object that is being written, and what closes it.
struct Open<'a> {
    text: &'a mut String,
    first: bool,
    end: &'static str,
}

impl<'a> Writer<'a> {
    fn put(self, text: &str) -> Result<(), Never> {
        self.0.push_str(text);
        Ok(())
    }

    fn open(self, begin: &str, end: &'static str) -> Open<'a> {
        self.0.push_str(begin);
        Open { text: self.0, first: true, end }
    }

    /// The object around a variant's content.
    fn variant(self, name: &str) -> Self {
        self.0.push('{');
        quote(self.0, name);
        self.0.push(':');
        self
    }
}

impl Open<'_> {
    fn next(&mut self) {
        if !std::mem::replace(&mut self.first, false) {
            self.text.push(',');
        }
    }

    fn field<T: Serialize + ?Sized>(&mut self, name: &str, value: &T) -> Result<(), Never> {
        self.next();
        quote(self.text, name);
        self.text.push(':');
        value.serialize(Writer(self.text))
    }

    fn close(self) -> Result<(), Never> {
        self.text.push_str(self.end);
        Ok(())
    }
}

/// Text in quotation marks.
fn quote(text: &mut String, content: &str) {
    text.push('"');
    for letter in content.chars() {
        match letter {
            '"' | '\\' => {
                text.push('\\');
                text.push(letter);
            }
            '\0'..='\x1f' => {
                text.push_str("\\u00");
                for digit in [letter as u32 >> 4, letter as u32 & 15] {
                    text.extend(char::from_digit(digit, 16));
                }
            }
            _ => text.push(letter),
        }
    }
    text.push('"');
}

impl ser::Error for Never {
    fn custom<T: fmt::Display>(_: T) -> Self {
        super::broken()
    }
}

macro_rules! numbers {
    ($($method:ident: $type:ty as $wide:ty,)*) => {
        $(fn $method(self, value: $type) -> Result<(), Never> {
            self.put(&<$wide>::from(value).to_string())
        })*
    };
}

macro_rules! refused {
    ($($method:ident: $type:ty,)*) => {
        $(fn $method(self, _: $type) -> Result<(), Never> {
            super::broken()
        })*
    };
}

impl<'a> ser::Serializer for Writer<'a> {
    type Ok = ();
    type Error = Never;
    type SerializeSeq = Open<'a>;
    type SerializeTuple = Impossible<(), Never>;
    type SerializeTupleStruct = Impossible<(), Never>;
    type SerializeTupleVariant = Impossible<(), Never>;
    type SerializeMap = Impossible<(), Never>;
    type SerializeStruct = Open<'a>;
    type SerializeStructVariant = Open<'a>;

    numbers! {
        serialize_i8: i8 as i64, serialize_i16: i16 as i64, serialize_i32: i32 as i64, serialize_i64: i64 as i64,
        serialize_u8: u8 as u64, serialize_u16: u16 as u64, serialize_u32: u32 as u64, serialize_u64: u64 as u64,
    }

    refused! { serialize_f32: f32, serialize_f64: f64, serialize_char: char, serialize_bytes: &[u8], }

    fn serialize_bool(self, value: bool) -> Result<(), Never> {
        self.put(if value { "true" } else { "false" })
    }

    fn serialize_str(self, value: &str) -> Result<(), Never> {
        quote(self.0, value);
        Ok(())
    }

    fn serialize_none(self) -> Result<(), Never> {
        self.put("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_unit(self) -> Result<(), Never> {
        self.put("null")
    }

    fn serialize_unit_struct(self, _: &'static str) -> Result<(), Never> {
        self.put("null")
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, name: &'static str) -> Result<(), Never> {
        self.serialize_str(name)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        value.serialize(self)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        value: &T,
    ) -> Result<(), Never> {
        let writer = self.variant(name);
        value.serialize(Writer(&mut *writer.0))?;
        writer.put("}")
    }

    fn serialize_seq(self, _: Option<usize>) -> Result<Open<'a>, Never> {
        Ok(self.open("[", "]"))
    }

    fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Never> {
        super::broken()
    }

    fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Never> {
        super::broken()
    }

    fn serialize_tuple_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeTupleVariant, Never> {
        super::broken()
    }

    fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Never> {
        super::broken()
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Open<'a>, Never> {
        Ok(self.open("{", "}"))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        name: &'static str,
        _: usize,
    ) -> Result<Open<'a>, Never> {
        Ok(self.variant(name).open("{", "}}"))
    }
}

impl ser::SerializeSeq for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_element<T: Serialize + ?Sized>(&mut self, value: &T) -> Result<(), Never> {
        self.next();
        value.serialize(Writer(self.text))
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl ser::SerializeStruct for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

impl ser::SerializeStructVariant for Open<'_> {
    type Ok = ();
    type Error = Never;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, name: &'static str, value: &T) -> Result<(), Never> {
        self.field(name, value)
    }

    fn end(self) -> Result<(), Never> {
        self.close()
    }
}

#[cfg(test)]
#[cfg(target_arch = "wasm32")]
mod tests {
    use certwright_protocol::ui::{
        Authentication, ExportFormat, InputFile, KeyChoice, MergeMode, MergeSource, ProbePlan, Request,
        StoreId, ToWorker, Validity,
    };
    use certwright_protocol::{Bytes, Password};
    use wasm_bindgen_test::wasm_bindgen_test;

    use super::*;

    #[wasm_bindgen_test]
    fn requests_are_written_so_that_serde_json_reads_them() {
        let files =
            vec![InputFile { name: "a\"\\\n\u{1}\u{7f} “ü”.pem".into(), content: Bytes(vec![0, 255]) }];
        let passwords = vec![Password::new("p\u{1F511}\t"), Password::default()];
        let mut plan = ProbePlan::new("h", 443);
        plan.authentication = Authentication::Alias { alias: "a".into() };
        plan.route.address = Some(std::net::Ipv6Addr::LOCALHOST.into());
        plan.offer.suites = vec![0x1301, u16::MAX];
        for request in [
            Request::Undo,
            Request::GenerateKey { alias: String::new(), key: KeyChoice::EcP256 },
            Request::Look { files, passwords },
            Request::Export {
                aliases: vec!["a".into(), "b".into()],
                what: ExportFormat::Calendar { remind_days: vec![u32::MAX, 0] },
            },
            Request::Merge {
                from: MergeSource::Store { store: StoreId(7) },
                aliases: None,
                mode: MergeMode::Add,
                overwrite: true,
                apply: false,
            },
            Request::SelfSign {
                alias: "a".into(),
                plan: Box::default(),
                validity: Validity { not_before: Some(i64::MIN), days: 1 },
            },
            Request::Probe(Box::new(plan)),
            Request::SetLocked { aliases: Vec::new(), locked: false },
        ] {
            let message = ToWorker { id: 3, store: StoreId::HOME, request };
            // The same value; `\n` may be written as `\u000a`.
            let read: serde_json::Value = serde_json::from_str(&to_json(&message)).unwrap();
            assert_eq!(read, serde_json::to_value(&message).unwrap());
        }
    }
}

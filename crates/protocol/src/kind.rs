//! The name of an enum's variant, as JSON has it: what a problem is called in the page's messages and `data-` attributes.
//!
//! A serializer that takes the first text it is given, which is the name, and refuses all else. What a variant holds is never written,
//! so the compiler leaves out the code for it: with a JSON serializer it is a good part of the page's first download.

use std::fmt::{self, Display, Formatter};

use serde::ser::{Impossible, Serialize, SerializeStruct, SerializeStructVariant, Serializer};

/// What is no name.
#[derive(Debug)]
struct Broken;

impl std::error::Error for Broken {}

impl Display for Broken {
    fn fmt(&self, f: &mut Formatter<'_>) -> fmt::Result {
        f.write_str("not the name of a variant")
    }
}

/// The variant of one of this crate's enums as JSON names it; empty for what is no enum.
pub fn kind_of(value: &impl Serialize) -> String {
    value.serialize(Kind).unwrap_or_default()
}

/// Takes the name of a variant.
struct Kind;
/// Takes a text.
struct Text;
/// Takes the first field, which is the tag `kind`.
struct First(String);

impl SerializeStruct for First {
    type Ok = String;
    type Error = Broken;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, value: &T) -> Result<(), Broken> {
        if self.0.is_empty() {
            self.0 = value.serialize(Text)?;
        }
        Ok(())
    }

    fn end(self) -> Result<String, Broken> {
        Ok(self.0)
    }
}

impl SerializeStructVariant for First {
    type Ok = String;
    type Error = Broken;

    fn serialize_field<T: Serialize + ?Sized>(&mut self, _: &'static str, _: &T) -> Result<(), Broken> {
        Ok(())
    }

    fn end(self) -> Result<String, Broken> {
        Ok(self.0)
    }
}

impl serde::ser::Error for Broken {
    fn custom<T: Display>(_: T) -> Self {
        Self
    }
}

/// What both serializers refuse.
macro_rules! refuse {
    ($($method:ident($type:ty)),*) => {
        type Ok = String;
        type Error = Broken;
        type SerializeSeq = Impossible<String, Broken>;
        type SerializeTuple = Impossible<String, Broken>;
        type SerializeTupleStruct = Impossible<String, Broken>;
        type SerializeTupleVariant = Impossible<String, Broken>;
        type SerializeMap = Impossible<String, Broken>;

        $(fn $method(self, _: $type) -> Result<String, Broken> { Err(Broken) })*
        fn serialize_none(self) -> Result<String, Broken> { Err(Broken) }
        fn serialize_some<T: Serialize + ?Sized>(self, _: &T) -> Result<String, Broken> { Err(Broken) }
        fn serialize_unit(self) -> Result<String, Broken> { Err(Broken) }
        fn serialize_seq(self, _: Option<usize>) -> Result<Self::SerializeSeq, Broken> { Err(Broken) }
        fn serialize_tuple(self, _: usize) -> Result<Self::SerializeTuple, Broken> { Err(Broken) }
        fn serialize_tuple_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeTupleStruct, Broken> { Err(Broken) }
        fn serialize_tuple_variant(self, _: &'static str, _: u32, _: &'static str, _: usize) -> Result<Self::SerializeTupleVariant, Broken> { Err(Broken) }
        fn serialize_map(self, _: Option<usize>) -> Result<Self::SerializeMap, Broken> { Err(Broken) }
        fn serialize_unit_struct(self, _: &'static str) -> Result<String, Broken> { Err(Broken) }
        fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _: &'static str, _: &T) -> Result<String, Broken> { Err(Broken) }
    };
}

impl Serializer for Kind {
    refuse! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_u8(u8),
        serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32), serialize_f64(f64), serialize_char(char),
        serialize_bytes(&[u8]), serialize_str(&str)
    }
    type SerializeStruct = First;
    type SerializeStructVariant = First;

    fn serialize_unit_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
    ) -> Result<String, Broken> {
        Ok(variant.to_owned())
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: &T,
    ) -> Result<String, Broken> {
        Ok(variant.to_owned())
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<First, Broken> {
        Ok(First(String::new()))
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        variant: &'static str,
        _: usize,
    ) -> Result<First, Broken> {
        Ok(First(variant.to_owned()))
    }
}

impl Serializer for Text {
    refuse! {
        serialize_bool(bool), serialize_i8(i8), serialize_i16(i16), serialize_i32(i32), serialize_i64(i64), serialize_u8(u8),
        serialize_u16(u16), serialize_u32(u32), serialize_u64(u64), serialize_f32(f32), serialize_f64(f64), serialize_char(char),
        serialize_bytes(&[u8])
    }
    type SerializeStruct = Impossible<String, Broken>;
    type SerializeStructVariant = Impossible<String, Broken>;

    fn serialize_str(self, text: &str) -> Result<String, Broken> {
        Ok(text.to_owned())
    }

    fn serialize_unit_variant(self, _: &'static str, _: u32, _: &'static str) -> Result<String, Broken> {
        Err(Broken)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: &T,
    ) -> Result<String, Broken> {
        Err(Broken)
    }

    fn serialize_struct(self, _: &'static str, _: usize) -> Result<Self::SerializeStruct, Broken> {
        Err(Broken)
    }

    fn serialize_struct_variant(
        self,
        _: &'static str,
        _: u32,
        _: &'static str,
        _: usize,
    ) -> Result<Self::SerializeStructVariant, Broken> {
        Err(Broken)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Problem;
    use crate::conversation::RefusedTarget;

    #[test]
    fn kinds_are_those_of_the_json() {
        assert_eq!(kind_of(&Problem::WorkerFailed), "worker_failed");
        assert_eq!(kind_of(&Problem::AliasTaken { alias: "a\"b".into() }), "alias_taken");
        assert_eq!(kind_of(&RefusedTarget::LinkLocal), "link_local");
    }
}

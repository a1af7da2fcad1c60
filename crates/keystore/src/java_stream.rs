//! Java's object serialization stream (Java Object Serialization Specification, chapter 6), as far as is needed to take
//! the fields of an object and to find where it ends. No class is ever made from what is read: values stay slices of
//! the file.
//!
//! Refused: nesting deeper than [`MAX_DEPTH`], more than [`MAX_VALUES`] values in one object. A class that writes itself in
//! a way that only it can read (`Externalizable` of the first version of the protocol) is told apart by name.

use std::rc::Rc;

use crate::{
    java_bytes::{Broken, Input},
    java_utf::parse_modified_utf8,
};

/// Deepest nesting of objects, classes and annotations.
pub(crate) const MAX_DEPTH: usize = 24;
/// Most values, classes and fields in one stream.
pub(crate) const MAX_VALUES: usize = 10_000;

const MAGIC_AND_VERSION: u32 = 0xaced_0005;
const FIRST_HANDLE: u32 = 0x7e_0000;
const PART: &str = "serialised object";

const NULL: u8 = 0x70;
const REFERENCE: u8 = 0x71;
const CLASS_DESCRIPTION: u8 = 0x72;
const OBJECT: u8 = 0x73;
const STRING: u8 = 0x74;
const ARRAY: u8 = 0x75;
const CLASS: u8 = 0x76;
const BLOCK_DATA: u8 = 0x77;
const END_BLOCK_DATA: u8 = 0x78;
const BLOCK_DATA_LONG: u8 = 0x7a;
const LONG_STRING: u8 = 0x7c;
const PROXY_CLASS_DESCRIPTION: u8 = 0x7d;
const ENUM: u8 = 0x7e;

const WRITES_ITSELF: u8 = 0x01;
const SERIALIZABLE: u8 = 0x02;
const EXTERNALIZABLE: u8 = 0x04;
const IN_BLOCKS: u8 = 0x08;

/// Why a stream cannot be walked to its end.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum StreamError {
    /// It is cut off, malformed, or beyond the limits.
    Broken(Broken),
    /// An object of this class has no end that can be found without the class.
    Opaque {
        /// Name of the class.
        class: String,
    },
}

/// A value in a stream.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Value<'a> {
    Null,
    /// Modified UTF-8.
    Text(&'a [u8]),
    /// An array of bytes.
    Bytes(&'a [u8]),
    /// Place of an object in [`Stream::objects`].
    Object(usize),
    /// Numbers, other arrays, classes, constants of an enumeration.
    Other,
}

/// An object with the fields of its class and those above it.
#[derive(Debug)]
pub(crate) struct Object<'a> {
    class: &'a [u8],
    fields: Vec<(&'a [u8], Value<'a>)>,
}

/// The objects of a stream with one value at its top.
#[derive(Debug)]
pub(crate) struct Stream<'a> {
    objects: Vec<Object<'a>>,
    top: Value<'a>,
    /// Where it ends in the bytes that were given.
    pub(crate) end: usize,
}

/// Reads the stream that begins at `start` of `bytes`, up to the end of the one value in it.
pub(crate) fn parse_stream(bytes: &[u8], start: usize) -> Result<Stream<'_>, StreamError> {
    let mut walk = Walk {
        input: Input::starting_at(bytes, start),
        handles: Vec::new(),
        classes: Vec::new(),
        objects: Vec::new(),
        left: MAX_VALUES,
    };
    if walk.input.u32(PART)? != MAGIC_AND_VERSION {
        return Err(Broken { part: PART, offset: start }.into());
    }
    let top = walk.value(0)?;
    Ok(Stream { objects: walk.objects, top, end: walk.input.position() })
}

impl<'a> Stream<'a> {
    /// The object at the top, if it is one.
    pub(crate) fn object(&self) -> Option<&Object<'a>> {
        match self.top {
            Value::Object(place) => self.objects.get(place),
            _ => None,
        }
    }
}

impl<'a> Object<'a> {
    /// Name of its class.
    pub(crate) fn class(&self) -> String {
        to_text(self.class)
    }

    /// The bytes of a field.
    pub(crate) fn bytes(&self, name: &str) -> Option<&'a [u8]> {
        match self.field(name)? {
            Value::Bytes(bytes) => Some(bytes),
            _ => None,
        }
    }

    /// The text of a field.
    pub(crate) fn text(&self, name: &str) -> Option<String> {
        match self.field(name)? {
            Value::Text(text) => parse_modified_utf8(text).ok(),
            _ => None,
        }
    }

    fn field(&self, name: &str) -> Option<Value<'a>> {
        self.fields.iter().find(|(field, _)| *field == name.as_bytes()).map(|(_, value)| *value)
    }
}

impl From<Broken> for StreamError {
    fn from(broken: Broken) -> Self {
        Self::Broken(broken)
    }
}

/// What a class says of itself.
#[derive(Clone, Debug, Default)]
struct Class<'a> {
    name: &'a [u8],
    flags: u8,
    fields: Rc<[Field<'a>]>,
    above: Option<usize>,
}

/// The type of a field by its first letter, and its name.
type Field<'a> = (u8, &'a [u8]);

/// What a later reference may mean.
#[derive(Clone, Copy, Debug)]
enum Handle<'a> {
    Class(usize),
    Value(Value<'a>),
}

struct Walk<'a> {
    input: Input<'a>,
    handles: Vec<Handle<'a>>,
    classes: Vec<Class<'a>>,
    objects: Vec<Object<'a>>,
    /// How many more values there may be.
    left: usize,
}

type Walked<T> = Result<T, StreamError>;

impl<'a> Walk<'a> {
    fn broken<T>(&self) -> Walked<T> {
        Err(self.input.broken(PART).into())
    }

    /// Counts a value, and how deep it stands.
    fn enter(&mut self, depth: usize) -> Walked<()> {
        self.left = self.left.saturating_sub(1);
        if self.left == 0 || depth > MAX_DEPTH { self.broken() } else { Ok(()) }
    }

    /// One object, string, array, constant or class.
    fn value(&mut self, depth: usize) -> Walked<Value<'a>> {
        self.enter(depth)?;
        let at = self.input.position();
        match self.input.u8(PART)? {
            NULL => Ok(Value::Null),
            REFERENCE => match self.reference()? {
                Handle::Value(value) => Ok(value),
                Handle::Class(_) => Ok(Value::Other),
            },
            STRING => {
                let text = self.input.raw_text(PART)?;
                Ok(self.remember(Value::Text(text)))
            }
            LONG_STRING => {
                let length = self.input.u64(PART)?;
                let length = usize::try_from(length).or_else(|_| self.broken())?;
                let text = self.input.bytes(length, PART)?;
                Ok(self.remember(Value::Text(text)))
            }
            ARRAY => self.array(depth),
            OBJECT => self.object(depth),
            ENUM => {
                self.class(depth + 1)?;
                let constant = self.remember(Value::Other);
                self.value(depth + 1)?;
                Ok(constant)
            }
            CLASS => {
                self.class(depth + 1)?;
                Ok(self.remember(Value::Other))
            }
            CLASS_DESCRIPTION => self.new_class(depth).map(|_| Value::Other),
            PROXY_CLASS_DESCRIPTION => self.new_proxy_class(depth).map(|_| Value::Other),
            _ => Err(Broken { part: PART, offset: at }.into()),
        }
    }

    fn remember(&mut self, value: Value<'a>) -> Value<'a> {
        self.handles.push(Handle::Value(value));
        value
    }

    fn reference(&mut self) -> Walked<Handle<'a>> {
        let at = self.input.broken(PART);
        let handle = self.input.u32(PART)?.checked_sub(FIRST_HANDLE);
        let place = handle.and_then(|handle| usize::try_from(handle).ok());
        Ok(*place.and_then(|place| self.handles.get(place)).ok_or(at)?)
    }

    /// A description of a class, by which the rest is read; `None` for the end of a line of classes.
    fn class(&mut self, depth: usize) -> Walked<Option<usize>> {
        self.enter(depth)?;
        let at = self.input.broken(PART);
        match self.input.u8(PART)? {
            NULL => Ok(None),
            REFERENCE => match self.reference()? {
                Handle::Class(class) => Ok(Some(class)),
                Handle::Value(_) => Err(at.into()),
            },
            CLASS_DESCRIPTION => self.new_class(depth).map(Some),
            PROXY_CLASS_DESCRIPTION => self.new_proxy_class(depth).map(Some),
            _ => Err(at.into()),
        }
    }

    fn new_class(&mut self, depth: usize) -> Walked<usize> {
        let name = self.input.raw_text(PART)?;
        let _serial_version = self.input.u64(PART)?;
        let place = self.start_class(name);
        let flags = self.input.u8(PART)?;
        let mut fields = Vec::new();
        for _ in 0..self.input.u16(PART)? {
            self.enter(depth)?;
            let kind = self.input.u8(PART)?;
            let name = self.input.raw_text(PART)?;
            if matches!(kind, b'L' | b'[') {
                // The name of its type, which may be a reference to an earlier one.
                self.value(depth + 1)?;
            }
            fields.push((kind, name));
        }
        self.end_class(place, flags, fields, depth)
    }

    fn new_proxy_class(&mut self, depth: usize) -> Walked<usize> {
        let place = self.start_class(b"java.lang.reflect.Proxy");
        for _ in 0..self.input.u32(PART)? {
            self.enter(depth)?;
            self.input.raw_text(PART)?;
        }
        self.end_class(place, SERIALIZABLE, Vec::new(), depth)
    }

    fn start_class(&mut self, name: &'a [u8]) -> usize {
        let place = self.classes.len();
        self.classes.push(Class { name, ..Class::default() });
        self.handles.push(Handle::Class(place));
        place
    }

    fn end_class(&mut self, place: usize, flags: u8, fields: Vec<Field<'a>>, depth: usize) -> Walked<usize> {
        self.annotation(depth)?;
        let above = self.class(depth + 1)?;
        if let Some(class) = self.classes.get_mut(place) {
            *class = Class { name: class.name, flags, fields: fields.into(), above };
        }
        Ok(place)
    }

    /// What a class has written by itself, up to the mark of its end.
    fn annotation(&mut self, depth: usize) -> Walked<()> {
        loop {
            self.enter(depth)?;
            let mut ahead = self.input.clone();
            match ahead.u8(PART)? {
                END_BLOCK_DATA => {
                    self.input = ahead;
                    return Ok(());
                }
                BLOCK_DATA => {
                    let length = ahead.u8(PART)?;
                    ahead.bytes(length.into(), PART)?;
                    self.input = ahead;
                }
                BLOCK_DATA_LONG => {
                    ahead.counted(PART)?;
                    self.input = ahead;
                }
                _ => {
                    self.value(depth + 1)?;
                }
            }
        }
    }

    fn array(&mut self, depth: usize) -> Walked<Value<'a>> {
        let class = self.class(depth + 1)?;
        let kind =
            class.and_then(|class| self.classes.get(class)).and_then(|class| class.name.get(1).copied());
        let place = self.handles.len();
        self.remember(Value::Other);
        let at = self.input.broken(PART);
        let count = usize::try_from(self.input.u32(PART)?).map_err(|_| at)?;
        match kind {
            Some(b'B') => {
                let value = Value::Bytes(self.input.bytes(count, PART)?);
                if let Some(handle) = self.handles.get_mut(place) {
                    *handle = Handle::Value(value);
                }
                return Ok(value);
            }
            Some(b'L' | b'[') => {
                for _ in 0..count {
                    self.value(depth + 1)?;
                }
            }
            kind => {
                let width = kind.and_then(width).ok_or(at)?;
                self.input.bytes(count.checked_mul(width).ok_or(at)?, PART)?;
            }
        }
        Ok(Value::Other)
    }

    fn object(&mut self, depth: usize) -> Walked<Value<'a>> {
        let at = self.input.broken(PART);
        let class = self.class(depth + 1)?.ok_or(at)?;
        let place = self.objects.len();
        let name = self.classes.get(class).map_or(&b""[..], |class| class.name);
        self.objects.push(Object { class: name, fields: Vec::new() });
        let object = self.remember(Value::Object(place));
        // The highest class comes first. A line of classes may lead back to itself, so its length is bounded.
        let mut line = Vec::new();
        let mut next = Some(class);
        while let Some(class) = next {
            if line.len() > MAX_DEPTH {
                return Err(at.into());
            }
            line.push(class);
            next = self.classes.get(class).and_then(|class| class.above);
        }
        let mut values = Vec::new();
        for class in line.into_iter().rev() {
            self.fields_of(class, depth, &mut values)?;
        }
        if let Some(object) = self.objects.get_mut(place) {
            object.fields = values;
        }
        Ok(object)
    }

    /// What an object has for one of its classes.
    fn fields_of(
        &mut self,
        place: usize,
        depth: usize,
        values: &mut Vec<(&'a [u8], Value<'a>)>,
    ) -> Walked<()> {
        let Some(class) = self.classes.get(place) else { return self.broken() };
        let Class { name: class, flags, fields, .. } = class.clone();
        if flags & EXTERNALIZABLE != 0 {
            if flags & IN_BLOCKS == 0 {
                return Err(StreamError::Opaque { class: to_text(class) });
            }
            return self.annotation(depth);
        }
        if flags & SERIALIZABLE == 0 {
            return Ok(());
        }
        for (kind, name) in fields.iter() {
            let value = match width(*kind) {
                Some(width) => {
                    self.enter(depth)?;
                    self.input.bytes(width, PART)?;
                    Value::Other
                }
                None if matches!(kind, b'L' | b'[') => self.value(depth + 1)?,
                None => return self.broken(),
            };
            values.push((name, value));
        }
        if flags & WRITES_ITSELF != 0 { self.annotation(depth) } else { Ok(()) }
    }
}

/// Bytes that a number of this type takes.
fn width(kind: u8) -> Option<usize> {
    match kind {
        b'B' | b'Z' => Some(1),
        b'C' | b'S' => Some(2),
        b'I' | b'F' => Some(4),
        b'J' | b'D' => Some(8),
        _ => None,
    }
}

fn to_text(name: &[u8]) -> String {
    parse_modified_utf8(name).unwrap_or_else(|_| String::from_utf8_lossy(name).into_owned())
}

//! Where and why bytes could not be read as DER (X.690).

/// A place in the input, and what is wrong there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
#[error("{problem} at offset {offset}")]
pub struct Fault {
    /// Octets from the start of the input that was given to the reading function. For an extension: from the
    /// start of its value.
    pub offset: usize,
    /// What is wrong there.
    pub problem: Problem,
}

/// What can be wrong with an encoding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, thiserror::Error)]
pub enum Problem {
    /// The input ends inside an element.
    #[error("truncated")]
    Truncated,
    /// A length that DER does not know: indefinite, not minimal, or above 4 octets.
    #[error("bad length")]
    BadLength,
    /// An identifier octet that is not the one that belongs here.
    #[error("found tag {found:#04x}, wanted {wanted:#04x}")]
    UnexpectedTag {
        /// The identifier octet in the input.
        found: u8,
        /// The identifier octet that the standard has here.
        wanted: u8,
    },
    /// More octets after the end of the structure.
    #[error("trailing data")]
    TrailingData,
    /// An INTEGER that is empty, not minimal, or out of the range that makes sense here.
    #[error("bad integer")]
    BadInteger,
    /// A BOOLEAN that is not one octet.
    #[error("bad boolean")]
    BadBoolean,
    /// A BIT STRING whose count of unused bits is impossible.
    #[error("bad bit string")]
    BadBitString,
    /// An OBJECT IDENTIFIER that is empty or ends in the middle of an arc.
    #[error("bad object identifier")]
    BadOid,
    /// A time that does not exist or is not written as RFC 5280 section 4.1.2.5 wants it.
    #[error("bad time")]
    BadTime,
    /// A character string with octets that its type does not allow, or a value that must be a character string and is none.
    #[error("bad text")]
    BadText,
    /// A list that must have at least one element has none.
    #[error("empty")]
    Empty,
    /// A version that does not exist.
    #[error("bad version")]
    BadVersion,
}

impl Fault {
    pub(crate) fn at(offset: usize, problem: Problem) -> Self {
        Self { offset, problem }
    }
}

//! What an alias may be.
//!
//! The rules are those of the stores that a keystore is moved to: at most 250 characters, and two aliases differ
//! in more than case, since Java folds case when it looks one up. What else a certain receiver reserves is in
//! [`crate::profile`].

use thiserror::Error;

/// Longest alias, in characters.
pub const MAX_LENGTH: usize = 250;

/// Why an alias cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum AliasError {
    /// There is none, or white space only.
    #[error("empty alias")]
    Empty,
    /// Longer than [`MAX_LENGTH`].
    #[error("alias of {length} characters, more than {MAX_LENGTH}")]
    TooLong {
        /// Its length in characters.
        length: usize,
    },
    /// A control character, such as a line break.
    #[error("control character at {position}")]
    ControlCharacter {
        /// Its position in characters.
        position: usize,
    },
    /// The profile reserves it (see [`crate::profile`]).
    #[error("alias {alias:?} is reserved by {reserved:?}")]
    Reserved {
        /// The alias.
        alias: String,
        /// What is reserved: the whole alias, or how it begins.
        reserved: &'static str,
    },
    /// Another entry has it, perhaps in other case.
    #[error("alias {alias:?} is taken")]
    Taken {
        /// The alias of that entry, as it is spelled there.
        alias: String,
    },
}

/// Checks an alias by itself and gives it without white space around it.
///
/// # Errors
/// All of [`AliasError`] but `Reserved` and `Taken`.
pub fn parse_alias(text: &str) -> Result<String, AliasError> {
    let alias = text.trim();
    if alias.is_empty() {
        return Err(AliasError::Empty);
    }
    if let Some(position) = alias.chars().position(char::is_control) {
        return Err(AliasError::ControlCharacter { position });
    }
    let length = alias.chars().count();
    if length > MAX_LENGTH {
        return Err(AliasError::TooLong { length });
    }
    Ok(alias.to_owned())
}

/// The alias as Java looks it up: in lower case, by Unicode's full mapping, as `String.toLowerCase(Locale.ENGLISH)` does. (Java 17 differs
/// in letters that are newer than its tables, and in a Greek sigma beside some modifier letters.)
pub fn fold_alias(alias: &str) -> String {
    alias.to_lowercase()
}

/// Whether two aliases are the same to Java.
pub fn same_alias(a: &str, b: &str) -> bool {
    a == b || fold_alias(a) == fold_alias(b)
}

/// The nearest alias that can be used: control characters become spaces, what is too long is cut.
pub(crate) fn nearest_alias(suggestion: &str, fallback: &str) -> String {
    let cleaned: String = suggestion.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    let cut: String = cleaned.trim().chars().take(MAX_LENGTH).collect();
    if cut.trim().is_empty() { fallback.to_owned() } else { cut.trim().to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rules() {
        assert_eq!(parse_alias("  mein Schlüssel "), Ok("mein Schlüssel".to_owned()));
        assert_eq!(parse_alias(" \t"), Err(AliasError::Empty));
        assert_eq!(parse_alias("a\nb"), Err(AliasError::ControlCharacter { position: 1 }));
        assert_eq!(parse_alias(&"ä".repeat(250)).map(|alias| alias.chars().count()), Ok(250));
        assert_eq!(parse_alias(&"ä".repeat(251)), Err(AliasError::TooLong { length: 251 }));
        assert!(same_alias("Schlüssel", "SCHLÜSSEL"));
        assert!(!same_alias("a", "b"));
        // As Java 17 does it: the last sigma of a word is another letter, and a dotted capital I becomes two characters.
        assert_eq!(fold_alias("ΟΔΟΣ İ"), "οδος i\u{307}");
    }

    #[test]
    fn the_nearest_alias_is_one() {
        for suggestion in ["", "\n", " a\tb ", &"x".repeat(900), &format!("{} y", "x".repeat(249))] {
            let alias = nearest_alias(suggestion, "entry");
            assert_eq!(parse_alias(&alias), Ok(alias));
        }
    }
}

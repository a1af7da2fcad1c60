//! What an alias may be.
//!
//! The rules are those of the stores that a keystore is moved to: at most 250 characters, and two aliases differ
//! in more than case, since Java folds case when it looks one up.

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
/// All of [`AliasError`] but `Taken`.
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

/// Whether two aliases are the same to Java.
pub fn same_alias(a: &str, b: &str) -> bool {
    a == b || a.to_lowercase() == b.to_lowercase()
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
    }

    #[test]
    fn the_nearest_alias_is_one() {
        for suggestion in ["", "\n", " a\tb ", &"x".repeat(900), &format!("{} y", "x".repeat(249))] {
            let alias = nearest_alias(suggestion, "entry");
            assert_eq!(parse_alias(&alias), Ok(alias));
        }
    }
}

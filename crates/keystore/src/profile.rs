//! Rules for aliases of one kind of receiver, beside those of [`crate::alias`] that always hold.
//!
//! A profile is about names that the user chooses. What lies in a keystore already, or comes from a file under a reserved name, stays
//! readable; merging it is another matter (see [`crate::merge`]).
//!
//! SAP Integration Suite reserves the prefix `sap_` and three names of its own entries (SAP help, *Managing Keystore Entries*).
//! Java turns every alias into lower case when it looks it up in a JKS, JCEKS or PKCS#12 keystore (`convertAlias` of its
//! `JavaKeyStore`): nothing is refused for that, but it is told.

use crate::alias::{self, AliasError, fold_alias};

/// Whose rules aliases follow.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum Profile {
    /// Nobody's.
    #[default]
    None,
    /// The keystore of an SAP Integration Suite tenant.
    SapIntegrationSuite,
    /// Keystores of Java.
    Java,
}

/// What a receiver will make of an alias that can be used.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AliasRemark {
    /// Java will list it in lower case.
    LoweredByJava {
        /// What it becomes.
        becomes: String,
    },
}

/// How the names of SAP's own entries begin.
const SAP_PREFIX: &str = "sap_";
/// Names of SAP's own entries.
const SAP_NAMES: [&str; 3] = ["hcicertificate", "hcicertificate1", "hcimsgcertificate"];

impl Profile {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::None, Self::SapIntegrationSuite, Self::Java];

    /// What reserves this alias, without regard to case: a whole alias, or how it begins.
    pub fn reserved(self, alias: &str) -> Option<&'static str> {
        if self != Self::SapIntegrationSuite {
            return None;
        }
        let folded = fold_alias(alias.trim());
        if folded.starts_with(SAP_PREFIX) {
            return Some(SAP_PREFIX);
        }
        SAP_NAMES.into_iter().find(|name| *name == folded)
    }
}

/// Checks an alias that the user has chosen, and gives it without white space around it.
///
/// # Errors
/// All of [`AliasError`] but `Taken`.
pub fn parse_alias(profile: Profile, text: &str) -> Result<String, AliasError> {
    let alias = alias::parse_alias(text)?;
    match profile.reserved(&alias) {
        Some(reserved) => Err(AliasError::Reserved { alias, reserved }),
        None => Ok(alias),
    }
}

/// What is to be said about an alias that [`parse_alias`] takes.
pub fn remarks(profile: Profile, alias: &str) -> Vec<AliasRemark> {
    let becomes = fold_alias(alias);
    if profile == Profile::Java && becomes != alias {
        vec![AliasRemark::LoweredByJava { becomes }]
    } else {
        Vec::new()
    }
}

/// The nearest suggestion that is not reserved by its beginning.
pub(crate) fn without_reserved_prefix(profile: Profile, suggestion: &str) -> &str {
    let mut rest = suggestion.trim();
    while profile.reserved(rest) == Some(SAP_PREFIX) {
        // A beginning that folds to the prefix may be longer or shorter than it (none is known); then nothing is kept.
        rest = rest.get(SAP_PREFIX.len()..).unwrap_or_default().trim();
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sap_reserves_names() {
        for (alias, reserved) in [
            ("sap_cloudintegrationcertificate", "sap_"),
            (" SAP_x", "sap_"),
            ("HciCertificate", "hcicertificate"),
            ("hcicertificate1", "hcicertificate1"),
            ("hcimsgcertificate", "hcimsgcertificate"),
        ] {
            let error = AliasError::Reserved { alias: alias.trim().to_owned(), reserved };
            assert_eq!(parse_alias(Profile::SapIntegrationSuite, alias), Err(error));
            assert_eq!(parse_alias(Profile::None, alias).as_deref(), Ok(alias.trim()));
            assert_eq!(parse_alias(Profile::Java, alias).as_deref(), Ok(alias.trim()));
        }
        for alias in ["sap", "sapling", "hcicertificate2", "my_sap_key", "ſap_x"] {
            assert_eq!(parse_alias(Profile::SapIntegrationSuite, alias).as_deref(), Ok(alias));
        }
        for profile in Profile::ALL {
            assert_eq!(parse_alias(profile, " "), Err(AliasError::Empty));
        }
    }

    #[test]
    fn java_lowers() {
        let lowered = |becomes: &str| vec![AliasRemark::LoweredByJava { becomes: becomes.to_owned() }];
        assert_eq!(remarks(Profile::Java, "Schlüssel Ä"), lowered("schlüssel ä"));
        assert_eq!(remarks(Profile::Java, "schlüssel"), []);
        assert_eq!(remarks(Profile::None, "Schlüssel"), []);
        assert_eq!(remarks(Profile::SapIntegrationSuite, "Schlüssel"), []);
    }

    #[test]
    fn suggestions_lose_the_prefix() {
        let of = |suggestion| without_reserved_prefix(Profile::SapIntegrationSuite, suggestion);
        assert_eq!((of("SAP_sap_x"), of("sap_"), of("client")), ("x", "", "client"));
        assert_eq!(without_reserved_prefix(Profile::Java, "sap_x"), "sap_x");
    }
}

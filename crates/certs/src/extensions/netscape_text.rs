//! The extensions of Netscape that are a text (Netscape certificate extensions, 1998): a comment, a host name, and addresses.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension};
use crate::describe::Fact;
use crate::fault::Fault;
use crate::name::strings;
use crate::oid;
use certwright_language::{mark, t};

macro_rules! texts {
    ($($(#[$doc:meta])* $name:ident, $oid:ident, $title:expr, $fact:ident($label:expr);)*) => {$(
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq)]
        pub struct $name(pub String);

        impl KnownExtension for $name {
            const OID: ObjectIdentifier = oid::$oid;

            fn from_value(value: &[u8]) -> Result<Self, Fault> {
                strings::single(value).map(Self)
            }
        }

        impl DescribedExtension for $name {
            const NAME: &'static str = $title;
            const SOURCE: &'static str = "Netscape certificate extensions";

            fn facts(&self) -> Vec<Fact> {
                vec![Fact::$fact($label, self.0.as_str())]
            }
        }
    )*};
}

texts! {
    /// A text for people.
    NetscapeComment, NETSCAPE_COMMENT, mark!("Netscape comment"), text(t!("Comment"));
    /// What comes before the other addresses.
    NetscapeBaseUrl, NETSCAPE_BASE_URL, mark!("Netscape base URL"), url(t!("Base"));
    /// Where to ask whether the certificate is revoked.
    NetscapeRevocationUrl, NETSCAPE_REVOCATION_URL, mark!("Netscape revocation URL"), url(t!("Address"));
    /// Where to ask whether a certificate of the CA is revoked.
    NetscapeCaRevocationUrl, NETSCAPE_CA_REVOCATION_URL, mark!("Netscape CA revocation URL"), url(t!("Address"));
    /// Where to renew the certificate.
    NetscapeRenewalUrl, NETSCAPE_RENEWAL_URL, mark!("Netscape renewal URL"), url(t!("Address"));
    /// Where the rules of the issuer are.
    NetscapeCaPolicyUrl, NETSCAPE_CA_POLICY_URL, mark!("Netscape CA policy URL"), url(t!("Address"));
    /// The host name of the server, as a pattern.
    NetscapeSslServerName, NETSCAPE_SSL_SERVER_NAME, mark!("Netscape SSL server name"), text(t!("Host"));
}

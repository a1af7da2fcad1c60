//! Host names beyond ASCII.

use std::borrow::Cow;

use idna::AsciiDenyList;
use idna::uts46::{DnsLength, Hyphens, Uts46};

/// The longest name has 253 octets in A-labels, and fewer than four times as many in UTF-8.
const MAX_OCTETS: usize = 4 * 253;

/// A host name in A-labels (RFC 5890 section 2.3.2.1, by UTS #46): ASCII as it is, `None` if what is beyond ASCII is no host name. Which ASCII
/// characters occur is not looked at; `_` is usual in private networks.
pub fn to_a_labels(text: &str) -> Option<Cow<'_, str>> {
    if text.is_ascii() {
        return Some(Cow::Borrowed(text));
    }
    if text.len() > MAX_OCTETS {
        return None;
    }
    Uts46::new()
        .to_ascii(text.as_bytes(), AsciiDenyList::EMPTY, Hyphens::Check, DnsLength::VerifyAllowRootDot)
        .ok()
}

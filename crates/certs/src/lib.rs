//! Certificates, signing requests, revocation lists, OCSP responses, names and extensions.
//!
//! Reads what RFC 5280 (certificates, revocation lists), RFC 2986 (signing requests) and RFC 6960 (OCSP) describe, and also what real issuers
//! write although the standard forbids it: what is odd is kept as an [`certificate::Irregularity`] (or [`crl::Irregularity`]) for whoever
//! judges, and only what has no meaning at all is refused. Encodings are DER with definite lengths; the bytes that
//! were read are kept and never written anew, because a signature covers them.
//!
//! Nothing here decides about trust: that is the job of `certwright-chain`.

mod a_labels;
pub mod certificate;
pub mod content;
pub mod crl;
pub mod describe;
pub mod extensions;
pub mod fault;
pub mod issue;
pub mod key_identifier;
pub mod key_strength;
pub mod lint;
pub mod name;
pub mod ocsp;
pub mod oid;
pub mod purpose;
pub mod request;
pub mod san;
mod signed;
pub mod time;
mod tlv;

pub use a_labels::to_a_labels;
pub use certificate::Certificate;
pub use crl::Crl;
pub use name::Name;
pub use ocsp::OcspResponse;
pub use oid::Oid;
pub use request::SigningRequest;
pub use san::GeneralName;

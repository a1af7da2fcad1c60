//! Signed certificate timestamps (RFC 6962 section 3.3): the promises of transparency logs to publish the certificate.
//!
//! The list is in the encoding of TLS inside of an OCTET STRING. A timestamp of a version that is not 1 is kept as octets. Whether a log's
//! signature holds is not checked.

use const_oid::ObjectIdentifier;

use super::{DescribedExtension, KnownExtension, transparency_logs};
use crate::describe::Fact;
use crate::fault::{Fault, Problem};
use crate::oid;
use crate::tlv::{self, Elements};
use certwright_language::{mark, t};

/// The timestamps, in the order of the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignedCertificateTimestamps(pub Vec<SignedCertificateTimestamp>);

/// A timestamp.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignedCertificateTimestamp {
    /// Version 1.
    V1 {
        /// SHA-256 of the log's public key.
        log_id: [u8; 32],
        /// Milliseconds since 1970-01-01T00:00:00Z.
        timestamp: u64,
        /// Usually empty; logs of the static kind put the number of the entry here.
        extensions: Vec<u8>,
        /// `HashAlgorithm` of RFC 5246 section 7.4.1.4.1, for example 4 (SHA-256).
        hash_algorithm: u8,
        /// `SignatureAlgorithm` of RFC 5246 section 7.4.1.4.1, for example 3 (ECDSA).
        signature_algorithm: u8,
        /// The octets of the signature.
        signature: Vec<u8>,
    },
    /// A version that is not known.
    Unknown {
        /// The number in the encoding, which is 0 for version 1.
        version: u8,
        /// What follows it.
        content: Vec<u8>,
    },
}

impl KnownExtension for SignedCertificateTimestamps {
    const OID: ObjectIdentifier = oid::SIGNED_CERTIFICATE_TIMESTAMPS;

    fn from_value(value: &[u8]) -> Result<Self, Fault> {
        let octets = Elements::single(value, tlv::OCTET_STRING)?;
        let mut outer = Reader { rest: octets.content, offset: octets.content_offset() };
        let mut list = outer.vector()?;
        outer.finish()?;
        let mut timestamps = Vec::new();
        while !list.rest.is_empty() {
            timestamps.push(SignedCertificateTimestamp::read(list.vector()?)?);
        }
        Ok(Self(timestamps))
    }
}

impl SignedCertificateTimestamp {
    fn read(mut reader: Reader<'_>) -> Result<Self, Fault> {
        let version = reader.number(1)? as u8;
        if version != 0 {
            return Ok(Self::Unknown { version, content: reader.rest.to_vec() });
        }
        let start = reader.offset;
        let log_id = reader.take(32)?.try_into().map_err(|_| Fault::at(start, Problem::Truncated))?;
        let timestamp = reader.number(8)?;
        let extensions = reader.vector()?.rest.to_vec();
        let hash_algorithm = reader.number(1)? as u8;
        let signature_algorithm = reader.number(1)? as u8;
        let signature = reader.vector()?.rest.to_vec();
        reader.finish()?;
        Ok(Self::V1 { log_id, timestamp, extensions, hash_algorithm, signature_algorithm, signature })
    }

    /// The name of the log, if it is known.
    pub fn log(&self) -> Option<&'static str> {
        match self {
            Self::V1 { log_id, .. } => transparency_logs::name(log_id),
            Self::Unknown { .. } => None,
        }
    }

    fn facts(&self) -> Vec<Fact> {
        match self {
            Self::V1 { log_id, timestamp, extensions, hash_algorithm, signature_algorithm, signature } => {
                let mut facts = vec![Fact::text(t!("Version"), "1")];
                facts.extend(transparency_logs::name(log_id).map(|name| Fact::text(t!("Log"), name)));
                facts.push(Fact::octets(t!("Log identifier"), log_id.as_slice()));
                // Neither quotient nor remainder of 64 bits by 1000 overflows.
                let time = Fact::time(t!("Time"), (timestamp / 1000) as i64);
                facts.push(time.remark(t!("and {timestamp} ms", timestamp = timestamp % 1000)));
                if !extensions.is_empty() {
                    facts.push(match leaf_index(extensions) {
                        Some(index) => Fact::number(t!("Number of the entry"), index),
                        None => Fact::octets(t!("Extensions"), extensions.as_slice()),
                    });
                }
                facts.push(Fact::text(
                    t!("Signature algorithm"),
                    algorithm(*hash_algorithm, *signature_algorithm),
                ));
                facts.push(Fact::octets(t!("Signature"), signature.as_slice()));
                facts
            }
            Self::Unknown { version, content } => vec![
                Fact::number(t!("Version"), u16::from(*version) + 1),
                Fact::octets(t!("Content"), content.as_slice()),
            ],
        }
    }
}

impl DescribedExtension for SignedCertificateTimestamps {
    const NAME: &'static str = mark!("Signed certificate timestamps");
    const SOURCE: &'static str = "RFC 6962 section 3.3";

    fn facts(&self) -> Vec<Fact> {
        self.0.iter().map(|timestamp| Fact::facts(t!("Timestamp"), timestamp.facts())).collect()
    }
}

/// The one extension in use: a type of 0, a length of 5, a number of 40 bits (C2SP static-ct-api).
fn leaf_index(extensions: &[u8]) -> Option<u64> {
    match extensions {
        [0, 0, 5, index @ ..] if index.len() == 5 => {
            Some(index.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
        }
        _ => None,
    }
}

fn algorithm(hash: u8, signature: u8) -> String {
    let signature = match signature {
        1 => "RSA".to_owned(),
        2 => "DSA".to_owned(),
        3 => "ECDSA".to_owned(),
        other => t!("signature algorithm {other}", other),
    };
    let hash = match hash {
        2 => "SHA-1".to_owned(),
        3 => "SHA-224".to_owned(),
        4 => "SHA-256".to_owned(),
        5 => "SHA-384".to_owned(),
        6 => "SHA-512".to_owned(),
        other => t!("hash algorithm {other}", other),
    };
    t!("{signature} with {hash}", signature, hash)
}

/// Reads the encoding of TLS (RFC 8446 section 3).
struct Reader<'a> {
    rest: &'a [u8],
    offset: usize,
}

impl<'a> Reader<'a> {
    fn take(&mut self, count: usize) -> Result<&'a [u8], Fault> {
        let (taken, rest) =
            self.rest.split_at_checked(count).ok_or(Fault::at(self.offset, Problem::Truncated))?;
        self.rest = rest;
        self.offset += count;
        Ok(taken)
    }

    /// A number of up to 8 octets.
    fn number(&mut self, octets: usize) -> Result<u64, Fault> {
        Ok(self.take(octets)?.iter().fold(0, |number, octet| number << 8 | u64::from(*octet)))
    }

    /// A vector with a length of 2 octets.
    fn vector(&mut self) -> Result<Self, Fault> {
        let length = self.number(2)? as usize;
        let offset = self.offset;
        Ok(Self { rest: self.take(length)?, offset })
    }

    fn finish(&self) -> Result<(), Fault> {
        if self.rest.is_empty() { Ok(()) } else { Err(Fault::at(self.offset, Problem::TrailingData)) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(timestamps: &[Vec<u8>]) -> Vec<u8> {
        let vector = |content: &[u8]| [&(content.len() as u16).to_be_bytes()[..], content].concat();
        let inner: Vec<u8> = timestamps.iter().flat_map(|timestamp| vector(timestamp)).collect();
        tlv::to_element(tlv::OCTET_STRING, &vector(&inner))
    }

    fn timestamp(extensions: &[u8]) -> Vec<u8> {
        let mut out = vec![0];
        out.extend([7; 32]);
        out.extend(1_700_000_000_123u64.to_be_bytes());
        out.extend((extensions.len() as u16).to_be_bytes());
        out.extend(extensions);
        out.extend([4, 3, 0, 2, 0xab, 0xcd]);
        out
    }

    #[test]
    fn every_field() {
        let value = list(&[timestamp(&[0, 0, 5, 0, 0, 0, 1, 2]), vec![1, 9]]);
        let read = SignedCertificateTimestamps::from_value(&value).unwrap();
        let expected = SignedCertificateTimestamp::V1 {
            log_id: [7; 32],
            timestamp: 1_700_000_000_123,
            extensions: vec![0, 0, 5, 0, 0, 0, 1, 2],
            hash_algorithm: 4,
            signature_algorithm: 3,
            signature: vec![0xab, 0xcd],
        };
        let unknown = SignedCertificateTimestamp::Unknown { version: 1, content: vec![9] };
        assert_eq!(read.0, [expected.clone(), unknown]);
        let facts = expected.facts();
        assert!(facts.contains(&Fact::time("Time", 1_700_000_000).remark("and 123 ms")));
        assert!(facts.contains(&Fact::number("Number of the entry", 258)));
        assert!(facts.contains(&Fact::text("Signature algorithm", "ECDSA with SHA-256")));
    }

    #[test]
    fn every_truncation_is_refused() {
        let whole = timestamp(&[]);
        for length in 0..whole.len() {
            let value = list(&[whole[..length].to_vec()]);
            assert!(SignedCertificateTimestamps::from_value(&value).is_err(), "{length}");
        }
        let longer = [&whole[..], &[0]].concat();
        let fault = SignedCertificateTimestamps::from_value(&list(&[longer])).unwrap_err();
        assert_eq!(fault, Fault { offset: 6 + whole.len(), problem: Problem::TrailingData });
        assert_eq!(SignedCertificateTimestamps::from_value(&[4, 2, 0, 0]).unwrap().0, []);
    }
}

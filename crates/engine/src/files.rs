//! Files, read for the command line: what is in them, and what of it serves a probe.

use certwright_certs::certificate::Certificate;
use certwright_chain::Anchor;
use certwright_keys::secret;
use certwright_keystore::contents::FoundKeyPair;
use certwright_keystore::entry::{Content, Entry, KeyPair};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::parse_file;
use certwright_protocol::report::{InspectReport, InspectedCertificate, InspectedKeyPair};
use certwright_protocol::{Password, Problem};

use crate::convert::{entry_problem, file_problem, format_name};
use crate::found::{chain_of, lone_key};
use crate::show;

/// What is in a file. Private keys are told by their public half alone.
pub fn inspect(name: &str, bytes: &[u8], password: Option<&Password>) -> Result<InspectReport, Problem> {
    let password = password.map(|password| secret::Password::new(password.as_str()));
    let found = parse_file(name, bytes, password.as_ref()).map_err(|error| file_problem(name, error))?;
    Ok(InspectReport {
        format: format_name(found.kind).into(),
        key_pairs: found
            .contents
            .key_pairs
            .into_iter()
            .chain(found.lone_keys.into_iter().map(lone_key))
            .map(|pair| inspected_key_pair(&pair))
            .collect(),
        certificates: found
            .contents
            .certificates
            .iter()
            .map(|found| InspectedCertificate {
                alias: found.alias.clone(),
                certificate: show::certificate(&found.certificate),
            })
            .collect(),
        requests: found.requests.iter().map(|request| show::request(request, &Keystore::default())).collect(),
        bytes: u64::try_from(bytes.len()).unwrap_or(u64::MAX),
    })
}

/// The certificates of a file as trust anchors, labelled by their subject.
pub fn anchors(name: &str, bytes: &[u8]) -> Result<Vec<Anchor>, Problem> {
    let found = parse_file(name, bytes, None).map_err(|error| file_problem(name, error))?;
    let anchors: Vec<Anchor> =
        found.contents.certificates.into_iter().map(|found| anchor(found.certificate)).collect();
    if anchors.is_empty() { Err(Problem::NothingToImport { file: name.into() }) } else { Ok(anchors) }
}

/// Trust anchors from DER certificates that are known to be well-formed; others are passed over.
pub fn anchors_from_der<'a>(certificates: impl IntoIterator<Item = &'a [u8]>) -> Vec<Anchor> {
    certificates.into_iter().filter_map(|der| Certificate::from_der(der).ok()).map(anchor).collect()
}

/// A keystore with one key pair for a probe, from a file with the certificates and one with the key (they may be the same file, such as
/// a PKCS#12). The entry's alias is the name of the certificate's subject.
pub fn client_keystore(
    certificates: (&str, &[u8]),
    key: (&str, &[u8]),
    password: Option<&Password>,
) -> Result<Keystore, Problem> {
    let password = password.map(|password| secret::Password::new(password.as_str()));
    let read = |(name, bytes): (&str, &[u8])| {
        parse_file(name, bytes, password.as_ref()).map_err(|error| file_problem(name, error))
    };
    let key_file = read(key)?;
    let certificate_file = read(certificates)?;
    let mut keys =
        key_file.contents.key_pairs.into_iter().chain(key_file.lone_keys.into_iter().map(lone_key));
    let Some(FoundKeyPair { key: private, chain, .. }) = keys.next() else {
        return Err(Problem::NothingToImport { file: key.0.into() });
    };
    let mut known: Vec<Certificate> = chain;
    known.extend(certificate_file.contents.certificates.into_iter().map(|found| found.certificate));
    known.extend(certificate_file.contents.key_pairs.into_iter().flat_map(|pair| pair.chain));
    let chain = chain_of(private.public_key(), &known);
    let Some(leaf) = chain.first() else {
        let subjects = known.iter().map(Certificate::display_name).collect();
        return Err(Problem::ReplyFitsNoKey { subjects });
    };
    let mut keystore = Keystore::default();
    let alias = keystore.unique_alias(&leaf.display_name());
    let content = Content::KeyPair(KeyPair { key: private, chain, request: None });
    keystore
        .insert(Entry { alias: alias.clone(), content, created_ms: 0, modified_ms: 0 })
        .map_err(|error| entry_problem(error, &alias))?;
    Ok(keystore)
}

fn anchor(certificate: Certificate) -> Anchor {
    Anchor { label: certificate.display_name(), certificate }
}

fn inspected_key_pair(pair: &FoundKeyPair) -> InspectedKeyPair {
    InspectedKeyPair {
        alias: pair.alias.clone(),
        key: pair.key.algorithm().to_string(),
        spki_pin: show::spki_pin(pair.key.public_key().spki_der()),
        certificates: pair.chain.iter().map(show::certificate).collect(),
    }
}

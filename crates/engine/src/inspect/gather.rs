//! What a file or paste holds, whatever it is: certificates, requests, revocation lists, OCSP, keys, keystores, archives, ASN.1.
//!
//! Text is searched for encodings ([`certwright_encoding::find`]); octets are recognised by content; containers with keys are read by
//! [`certwright_keystore::open`], with the passwords. Of private keys only the public half is taken. Archives are opened one within the
//! other at most [`MAX_NESTING`] deep. Of what is encrypted, [`MAX_SEALED`] pieces are tried, since each may ask for seconds. What is broken or of no known kind and still well-formed ASN.1 is taken as that.

use certwright_certs::ocsp::{OcspRequest, OcspResponse};
use certwright_certs::{Certificate, Crl, SigningRequest};
use certwright_encoding::der::{Fields, Tag, Tlv};
use certwright_encoding::find::{Found, Piece, Writing, find};
use certwright_encoding::pem::to_pem_secret;
use certwright_encoding::sniff::{Kind, recognise};
use certwright_encoding::{asn1, ber};
use certwright_keys::read::is_private_key_label;
use certwright_keys::secret::Passwords;
use certwright_keystore::entry::Content as EntryContent;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::open::{self, OpenError};
use certwright_keystore::vault;
use certwright_protocol::Problem;

use super::place::{Gathering, Part, Place, What};
use super::{Content, Item, MAX_THINGS};
use crate::archive::unpack;
use crate::convert::errors;
use crate::convert::{file_problem, format_name};
use crate::session::{open_vault, parse_with_each};
use certwright_language::t;

/// Largest file, in octets.
const MAX_SIZE: usize = 64 << 20;
/// Most encrypted files and keys of one file that are tried to be opened.
const MAX_SEALED: usize = 50;
/// How deep archives are opened.
const MAX_NESTING: usize = 2;

/// What was gathered from a file.
pub(super) struct Gathered {
    pub(super) items: Vec<Item>,
    pub(super) source: Gathering,
    pub(super) problems: Vec<Problem>,
}

/// Looks at a file. `room` is how many things may be taken.
pub(super) fn gather(name: &str, bytes: &[u8], passwords: &Passwords, room: usize) -> Gathered {
    let mut gatherer = Gatherer {
        file: name,
        passwords,
        items: Vec::new(),
        problems: Vec::new(),
        room,
        cut: false,
        sealed: 0,
    };
    let what = if bytes.len() > MAX_SIZE {
        let (bytes, limit) = (bytes.len() as u64, MAX_SIZE as u64);
        gatherer.problems.push(Problem::FileTooLarge { file: name.into(), bytes, limit });
        What::TooLarge
    } else {
        gatherer.file(bytes, &Place::file(name), 0)
    };
    if gatherer.cut {
        let detail = t!("more than {MAX_THINGS} things to be looked at", MAX_THINGS);
        gatherer.problems.push(Problem::TooExpensive { file: name.into(), detail });
    }
    if gatherer.sealed > MAX_SEALED {
        let detail = t!("more than {MAX_SEALED} encrypted files and keys to be opened", MAX_SEALED);
        gatherer.problems.push(Problem::TooExpensive { file: name.into(), detail });
    }
    let Gatherer { items, problems, .. } = gatherer;
    Gathered { source: Gathering::new(name, what, &items), items, problems }
}

struct Gatherer<'a> {
    file: &'a str,
    passwords: &'a Passwords,
    items: Vec<Item>,
    problems: Vec<Problem>,
    room: usize,
    cut: bool,
    /// Encrypted files and keys so far.
    sealed: usize,
}

impl Gatherer<'_> {
    /// Takes what a file holds, which is the dropped one or (with its place there) one inside it, and says what it is.
    fn file(&mut self, bytes: &[u8], place: &Place, nesting: usize) -> What {
        if vault::is_vault(bytes) {
            if !self.may_open() {
                return What::Vault;
            }
            match open_vault(self.file, bytes, self.passwords) {
                Ok(keystore) => self.keystore(&keystore, place),
                Err(problem) => self.problems.push(problem),
            }
            return What::Vault;
        }
        let kind = recognise(bytes);
        match kind {
            Kind::Zip if nesting < MAX_NESTING => self.archive(bytes, place, nesting),
            Kind::Certificate
            | Kind::CertificateRequest
            | Kind::CertificateList
            | Kind::Pkcs7
            | Kind::PkiPath
            | Kind::OcspResponse
            | Kind::OcspRequest
            | Kind::OtherDer => self.elements(bytes, place),
            Kind::Pem | Kind::Base64 | Kind::Html | Kind::Text | Kind::Unknown | Kind::Pgp | Kind::Jwk => {
                return self.text(bytes, kind, place);
            }
            _ => self.container(bytes, place),
        }
        What::Kind(kind)
    }

    fn text(&mut self, bytes: &[u8], kind: Kind, place: &Place) -> What {
        let Found { form, pieces, broken, cut } = find(bytes);
        self.cut |= cut;
        let is_found = !pieces.is_empty();
        for piece in pieces {
            self.piece(piece, place);
        }
        for broken in &broken {
            let format = broken
                .block
                .label
                .as_ref()
                .map_or(t!("a PEM block").into(), |label| t!("the PEM block {label}", label));
            let detail = Some(t!(
                "line {line}: {error}",
                line = broken.line,
                error = errors::pem(&broken.block.error)
            ));
            self.problems.push(Problem::FileDamaged { file: self.file.into(), format, detail });
        }
        // A JWK has a key besides its certificates; base64 may be that of a Java keystore; anything may be an encoding that begins oddly.
        if kind == Kind::Jwk || (!is_found && broken.is_empty()) {
            if kind == Kind::Unknown && is_asn1(bytes) {
                self.push(Content::Asn1(bytes.to_vec()), place.clone());
                return What::Kind(Kind::OtherDer);
            }
            if kind == Kind::Base64 && !self.may_open() {
                return What::Kind(kind);
            }
            match parse_with_each(self.file, bytes, self.passwords) {
                Ok((mut found, _)) => {
                    // The certificates of a JWK were found in its text.
                    if is_found {
                        found.contents.certificates.clear();
                        found.contents.key_pairs.iter_mut().for_each(|pair| pair.chain.clear());
                    }
                    self.found(found, place);
                }
                Err(_) if is_found => {}
                Err(error) => self.problems.push(file_problem(self.file, error)),
            }
        }
        if is_found { What::Form(form) } else { What::Kind(kind) }
    }

    fn piece(&mut self, piece: Piece, place: &Place) {
        let Piece { octets, writing, line, field } = piece;
        let mut place = place.at(Part::Line(line));
        if let Some(field) = field {
            place = place.at(Part::Name(field));
        }
        match &writing {
            Writing::Pem { label, headers } if is_private_key_label(label) => {
                let mut text = to_pem_secret(label, &octets);
                // Headers say how the key is encrypted, so what is copied here is no secret.
                if !headers.is_empty() {
                    let lines: String =
                        headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
                    let first = format!("-----BEGIN {label}-----\n");
                    *text = text.replacen(&first, &format!("{first}{lines}\n"), 1);
                }
                self.container(text.as_bytes(), &place);
            }
            _ => match recognise(&octets) {
                Kind::Pkcs12
                | Kind::Pkcs8
                | Kind::Pkcs8Encrypted
                | Kind::Pkcs1
                | Kind::Sec1
                | Kind::PublicKey => self.container(&octets, &place),
                _ => self.elements_at(&octets, &place, false),
            },
        }
    }

    /// DER or BER elements, one after the other.
    fn elements(&mut self, bytes: &[u8], place: &Place) {
        self.elements_at(bytes, place, true);
    }

    fn elements_at(&mut self, bytes: &[u8], place: &Place, with_offset: bool) {
        let mut at = 0;
        while at < bytes.len() {
            // What ends with a mark, and not with a length, is the last.
            let end = Tlv::parse(bytes, at, bytes.len()).map_or(bytes.len(), |element| element.content.end);
            let element = bytes.get(at..end).unwrap_or_default();
            let is_whole = at == 0 && end == bytes.len();
            let here = if with_offset && !is_whole { place.at(Part::Octet(at)) } else { place.clone() };
            self.element(element, &here);
            at = end;
            // What stands behind a certificate in a PEM block (as OpenSSL's TRUSTED CERTIFICATE has it) is not another thing.
            if self.cut || !with_offset {
                return;
            }
        }
    }

    fn element(&mut self, der: &[u8], place: &Place) {
        let content = match recognise(der) {
            Kind::Certificate => Certificate::from_der(der).ok().map(Content::Certificate),
            Kind::CertificateRequest => SigningRequest::from_der(der).ok().map(Content::Request),
            Kind::CertificateList => Crl::from_der(der).ok().map(Content::Crl),
            Kind::OcspResponse => OcspResponse::from_der(der).ok().map(Content::OcspResponse),
            Kind::OcspRequest => OcspRequest::from_der(der)
                .ok()
                .map(|request| Content::OcspRequest(Box::new(request), der.to_vec())),
            Kind::Pkcs7 => return self.signed_data(der, place),
            Kind::PkiPath => {
                let whole = Tlv::parse_document(der).ok();
                let parts = whole.into_iter().flat_map(|path| path.children().filter_map(Result::ok));
                for (number, part) in parts.enumerate().take(MAX_THINGS) {
                    self.element(part.bytes(), &place.at(Part::Certificate(number + 1)));
                }
                return;
            }
            _ => None,
        };
        if content.is_none() && recognise(der) != Kind::OtherDer {
            let format = format_name(recognise(der)).to_owned();
            self.problems.push(Problem::FileDamaged {
                file: self.file.into(),
                format,
                detail: Some(place.words_within()),
            });
        }
        self.push(content.unwrap_or_else(|| Content::Asn1(der.to_vec())), place.clone());
    }

    /// Certificates and revocation lists of PKCS#7 (RFC 5652 section 5.1).
    fn signed_data(&mut self, bytes: &[u8], place: &Place) {
        let before = self.items.len();
        if let Ok(der) = ber::to_der(bytes)
            && let Ok(parts) = signed_parts(&der)
        {
            for (number, part) in parts.iter().enumerate().take(MAX_THINGS) {
                self.element(part, &place.at(Part::Element(number + 1)));
            }
        }
        if self.items.len() == before {
            self.push(Content::Asn1(bytes.to_vec()), place.clone());
        }
    }

    /// A keystore or a key, with the passwords.
    fn container(&mut self, bytes: &[u8], place: &Place) {
        if is_sealed(bytes) && !self.may_open() {
            return;
        }
        match parse_with_each(self.file, bytes, self.passwords) {
            Ok((found, _)) => self.found(found, place),
            Err(OpenError::Empty) => self.problems.push(Problem::FileEmpty { file: self.file.into() }),
            Err(error) => self.problems.push(file_problem(self.file, error)),
        }
    }

    /// Counts one more thing that is encrypted.
    fn may_open(&mut self) -> bool {
        self.sealed += 1;
        self.sealed <= MAX_SEALED
    }

    fn found(&mut self, found: open::Found, place: &Place) {
        let entry = |alias: &Option<String>| match alias {
            Some(alias) => place.at(Part::Entry(alias.clone())),
            None => place.clone(),
        };
        let contents = found.contents;
        for pair in &contents.key_pairs {
            let place = entry(&pair.alias);
            self.push(Content::PrivateKey(pair.key.public_key().clone()), place.clone());
            pair.chain.iter().for_each(|one| self.push(Content::Certificate(one.clone()), place.clone()));
        }
        for key in &found.lone_keys {
            self.push(Content::PrivateKey(key.public_key().clone()), place.clone());
        }
        for one in contents.certificates {
            let place = entry(&one.alias);
            self.push(Content::Certificate(one.certificate), place);
        }
        for locked in &contents.locked {
            let place = entry(&locked.alias);
            locked.chain.iter().for_each(|one| self.push(Content::Certificate(one.clone()), place.clone()));
        }
        if !contents.locked.is_empty() {
            self.problems.push(Problem::PasswordNeeded { file: self.file.into() });
        }
        found.requests.into_iter().for_each(|one| self.push(Content::Request(one), place.clone()));
        contents.public_keys.into_iter().for_each(|one| self.push(Content::PublicKey(one), place.clone()));
    }

    fn keystore(&mut self, keystore: &Keystore, place: &Place) {
        for entry in keystore.iter() {
            let place = place.at(Part::Entry(entry.alias.clone()));
            for content in of_entry(&entry.content) {
                self.push(content, place.clone());
            }
        }
    }

    fn archive(&mut self, bytes: &[u8], place: &Place, nesting: usize) {
        let Some(archive) = unpack(bytes) else {
            return self.problems.push(Problem::FileDamaged {
                file: self.file.into(),
                format: format_name(Kind::Zip).into(),
                detail: None,
            });
        };
        self.cut |= archive.cut;
        for (name, content) in archive.files {
            // Other files of an archive (a README, an image) are no problem.
            let problems = self.problems.len();
            self.file(&content, &place.at(Part::Name(name)), nesting + 1);
            let is_foreign = |problem: &Problem| {
                matches!(problem, Problem::NotRecognised { .. } | Problem::FileEmpty { .. })
            };
            let mut new = self.problems.split_off(problems);
            new.retain(|problem| !is_foreign(problem));
            self.problems.append(&mut new);
        }
    }

    fn push(&mut self, content: Content, place: Place) {
        if self.items.len() >= self.room {
            self.cut = true;
            return;
        }
        self.items.push(Item { id: 0, content, place, same_as: None });
    }
}

/// What of an entry of a keystore can be looked at.
pub(super) fn of_entry(content: &EntryContent) -> Vec<Content> {
    match content {
        EntryContent::KeyPair(pair) => {
            let chain = pair.chain.iter().cloned().map(Content::Certificate);
            chain.chain(pair.request.iter().cloned().map(Content::Request)).collect()
        }
        EntryContent::TrustedCertificate(certificate) => vec![Content::Certificate(certificate.clone())],
        EntryContent::SecretKey(_) => Vec::new(),
    }
}

/// The certificates and revocation lists of signed data, DER.
fn signed_parts(der: &[u8]) -> Result<Vec<Vec<u8>>, certwright_encoding::der::DerError> {
    let mut info = Fields::of_document(der, Tag::SEQUENCE)?;
    info.expect(Tag::OBJECT_IDENTIFIER)?;
    let wrapper = info.expect(Tag::context(0))?;
    let mut parts = Vec::new();
    for data in wrapper.children() {
        for field in data?.children() {
            let field = field?;
            if field.tag == Tag::context(0) || field.tag == Tag::context(1) {
                for part in field.children() {
                    parts.push(part?.bytes().to_vec());
                }
            }
        }
    }
    Ok(parts)
}

/// Whether opening it may take long, or takes a password: how long is for its maker to say.
fn is_sealed(bytes: &[u8]) -> bool {
    match recognise(bytes) {
        Kind::Pkcs8 | Kind::Pkcs1 | Kind::Sec1 | Kind::PublicKey | Kind::Jks => false,
        Kind::Pem => {
            bytes.windows(9).any(|word| word == b"ENCRYPTED")
                || bytes.windows(7).any(|word| word == b"OPENSSH")
        }
        _ => true,
    }
}

/// Whether octets are one element without anything broken.
fn is_asn1(bytes: &[u8]) -> bool {
    let elements = asn1::read(bytes).elements;
    let is_sound = |element: &asn1::Element| element.fault.is_none() && element.tag.number < 31;
    elements.iter().filter(|element| element.depth == 0).count() == 1 && elements.iter().all(is_sound)
}

//! Looking closely: the bag of all that was dropped or pasted to be inspected, and what is shown of each thing in it.
//!
//! The session and the command line share [`Inspection`]. It has no storage, and holds no private key: of those only the public half is taken.
//! Bounded: [`MAX_THINGS`] things, and what each reader bounds by itself.

mod asn1;
mod bag;
mod compare;
mod export;
mod gather;
mod judge;
mod place;
mod rows;
mod sheet;
mod text;

use std::collections::HashSet;

use certwright_certs::ocsp::{OcspRequest, OcspResponse};
use certwright_certs::{Certificate, Crl, SigningRequest};
use certwright_encoding::pem::to_pem;
use certwright_keys::PublicKey;
use certwright_keys::secret::Passwords;
use certwright_keystore::entry::Entry;
use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::ThingKind;

pub use export::Exported;
pub use judge::{Lenience, Trust};
use place::{Gathering, Place};

/// Most things in a bag.
pub const MAX_THINGS: usize = 10_000;

/// All that is there to be looked at.
#[derive(Default)]
pub struct Inspection {
    items: Vec<Item>,
    sources: Vec<Gathering>,
    last_id: u32,
}

/// A thing with the place where it was found.
#[derive(Clone)]
struct Item {
    id: u32,
    content: Content,
    place: Place,
    same_as: Option<u32>,
}

/// What a thing is.
#[derive(Clone)]
enum Content {
    Certificate(Certificate),
    Request(SigningRequest),
    Crl(Crl),
    OcspResponse(OcspResponse),
    /// With its octets.
    OcspRequest(Box<OcspRequest>, Vec<u8>),
    PublicKey(PublicKey),
    /// Its public half.
    PrivateKey(PublicKey),
    Asn1(Vec<u8>),
}

impl Content {
    /// The octets that are shown: of a private key those of its public half.
    fn der(&self) -> &[u8] {
        match self {
            Self::Certificate(certificate) => certificate.der(),
            Self::Request(request) => request.der(),
            Self::Crl(list) => list.der(),
            Self::OcspResponse(response) => response.der(),
            Self::OcspRequest(_, der) => der,
            Self::PublicKey(key) | Self::PrivateKey(key) => key.spki_der(),
            Self::Asn1(octets) => octets,
        }
    }

    fn kind(&self) -> ThingKind {
        match self {
            Self::Certificate(_) => ThingKind::Certificate,
            Self::Request(_) => ThingKind::Request,
            Self::Crl(_) => ThingKind::Crl,
            Self::OcspResponse(_) => ThingKind::OcspResponse,
            Self::OcspRequest(..) => ThingKind::OcspRequest,
            Self::PublicKey(_) => ThingKind::PublicKey,
            Self::PrivateKey(_) => ThingKind::PrivateKey,
            Self::Asn1(_) => ThingKind::Asn1,
        }
    }

    /// PEM, for what has a label (RFC 7468; OpenSSL's for OCSP) and may be passed on.
    fn pem(&self) -> Option<String> {
        let label = match self {
            Self::Certificate(_) => "CERTIFICATE",
            Self::Request(_) => "CERTIFICATE REQUEST",
            Self::Crl(_) => "X509 CRL",
            Self::OcspResponse(_) => "OCSP RESPONSE",
            Self::OcspRequest(..) => "OCSP REQUEST",
            Self::PublicKey(_) => "PUBLIC KEY",
            Self::PrivateKey(_) | Self::Asn1(_) => return None,
        };
        Some(to_pem(label, self.der()))
    }
}

impl Inspection {
    /// Puts what a file or paste holds into the bag, and gives what could not be read of it. What is there already, the same and from
    /// the same place, is not added again.
    pub fn add(&mut self, name: &str, bytes: &[u8], passwords: &Passwords) -> Vec<Problem> {
        let room = MAX_THINGS.saturating_sub(self.items.len());
        let gathered = gather::gather(name, bytes, passwords, room);
        self.sources.retain(|source| *source != gathered.source);
        self.sources.push(gathered.source);
        self.put(gathered.items);
        gathered.problems
    }

    /// Puts what can be looked at of an entry of a keystore into the bag.
    pub fn add_entry(&mut self, entry: &Entry) {
        let place = Place::own_entry(&entry.alias);
        let contents = gather::of_entry(&entry.content);
        self.put(contents.into_iter().map(|content| Item {
            id: 0,
            content,
            place: place.clone(),
            same_as: None,
        }));
    }

    /// Takes things out; none is all.
    pub fn discard(&mut self, things: &[u32]) {
        let gone: HashSet<u32> = things.iter().copied().collect();
        self.items.retain(|item| !gone.is_empty() && !gone.contains(&item.id));
        if self.items.is_empty() {
            self.sources.clear();
        }
        // What was the same as a thing that is gone is now the first of its kind, or the same as another.
        let left = std::mem::take(&mut self.items);
        for mut item in left {
            item.same_as = self.first_same(&item.content);
            self.items.push(item);
        }
    }

    fn put(&mut self, items: impl IntoIterator<Item = Item>) {
        for item in items {
            let is_there =
                |other: &&Item| other.place == item.place && other.content.kind() == item.content.kind();
            if self.items.iter().filter(is_there).any(|other| other.content.der() == item.content.der()) {
                continue;
            }
            self.last_id += 1;
            let same_as = self.first_same(&item.content);
            self.items.push(Item { id: self.last_id, same_as, ..item });
        }
    }

    fn first_same(&self, content: &Content) -> Option<u32> {
        let is_same =
            |item: &&Item| item.content.kind() == content.kind() && item.content.der() == content.der();
        self.items.iter().find(is_same).map(|item| item.id)
    }

    fn item(&self, id: u32) -> Result<&Item, Problem> {
        self.items.iter().find(|item| item.id == id).ok_or(Problem::NothingFound)
    }

    /// Each certificate once, with the number of its first thing.
    pub(crate) fn certificates(&self) -> impl Iterator<Item = (u32, &Certificate)> {
        self.items.iter().filter(|item| item.same_as.is_none()).filter_map(|item| match &item.content {
            Content::Certificate(certificate) => Some((item.id, certificate)),
            _ => None,
        })
    }

    /// The addresses from which the server may fetch: those that certificates of the bag name for their issuers (RFC 5280 section 4.2.2.1)
    /// and their revocation lists (section 4.2.1.13), `http` and `https` alone.
    pub fn may_fetch(&self, url: &str) -> bool {
        let scheme = url.split("://").next().unwrap_or_default();
        let is_web = scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
        is_web
            && self.certificates().any(|(_, certificate)| {
                certificate.ca_issuers_urls().iter().chain(&certificate.crl_urls()).any(|named| named == url)
            })
    }
}

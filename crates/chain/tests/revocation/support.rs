//! Certificates, lists and responses as the tests want them, written element by element and signed with keys made here.

use certwright_certs::{Certificate, Crl, GeneralName, Name, OcspResponse};
use certwright_chain::revocation::{Answer, Inquiry, SignerPath, Work, status};
use certwright_keys::verify::Lenience;
use certwright_keys::{KeySpec, PrivateKey, generate::generate_key};
use getrandom::SysRng;
use rand_core::UnwrapErr;

/// 2024-06-01T00:00:00Z, the time of all questions.
pub(crate) const AT: i64 = 1_717_200_000;
pub(crate) const DAY: i64 = 86_400;

/// Somebody with a key.
pub(crate) struct Party {
    pub(crate) name: Name,
    pub(crate) key: PrivateKey,
}

impl Party {
    pub(crate) fn new(name: &str) -> Self {
        let key = generate_key(KeySpec::EcP256, &mut UnwrapErr(SysRng));
        Self { name: Name::parse_rfc4514(name).unwrap(), key }
    }

    /// A certificate for another.
    pub(crate) fn issue(&self, to: &Self, serial: u8, extensions: &[Vec<u8>]) -> Certificate {
        let validity = [time(AT - 100 * DAY), time(AT + 100 * DAY)].concat();
        let tbs = [
            element(0xa0, &[2, 1, 2]),
            vec![2, 1, serial],
            self.algorithm(),
            self.name.der().to_vec(),
            element(0x30, &validity),
            to.name.der().to_vec(),
            to.key.public_key().spki_der().to_vec(),
            wrapped(0xa3, extensions),
        ];
        Certificate::from_der(&self.sign(&element(0x30, &tbs.concat()))).unwrap()
    }

    /// A certificate for itself that may sign certificates and lists.
    pub(crate) fn root(&self) -> Certificate {
        self.issue(self, 1, &[ca(), key_usage(0x06)])
    }

    pub(crate) fn list(&self, list: &List) -> Crl {
        let mut tbs = vec![vec![2, 1, 1], self.algorithm(), self.name.der().to_vec(), time(list.this_update)];
        tbs.extend(list.next_update.map(time));
        if !list.entries.is_empty() {
            tbs.push(element(0x30, &list.entries.concat()));
        }
        let number = list.number.map(|number| extension("551d14", false, &[2, 1, number]));
        let extensions: Vec<Vec<u8>> = number.into_iter().chain(list.extensions.iter().cloned()).collect();
        if !extensions.is_empty() {
            tbs.push(wrapped(0xa0, &extensions));
        }
        Crl::from_der(&self.sign(&element(0x30, &tbs.concat()))).unwrap()
    }

    /// A response with one answer, signed by this party.
    pub(crate) fn respond(&self, answer: &[u8], certificates: &[&Certificate]) -> OcspResponse {
        let data = [element(0xa1, self.name.der()), general_time(AT - DAY), element(0x30, answer)].concat();
        let signed = self.sign(&element(0x30, &data));
        let mut basic = Certificateless::content(&signed);
        if !certificates.is_empty() {
            let list: Vec<u8> =
                certificates.iter().flat_map(|certificate| certificate.der().to_vec()).collect();
            basic.extend(element(0xa0, &element(0x30, &list)));
        }
        let basic = element(0x30, &basic);
        let bytes = [element(6, &hex("2b0601050507300101")), element(4, &basic)].concat();
        let response = [vec![0x0a, 1, 0], element(0xa0, &element(0x30, &bytes))].concat();
        OcspResponse::from_der(&element(0x30, &response)).unwrap()
    }

    fn algorithm(&self) -> Vec<u8> {
        let signature = *self.key.x509_signatures().first().unwrap();
        der::Encode::to_der(&signature.algorithm_identifier()).unwrap()
    }

    fn sign(&self, tbs: &[u8]) -> Vec<u8> {
        let signature = *self.key.x509_signatures().first().unwrap();
        let octets = self.key.sign_x509(signature, tbs, &mut UnwrapErr(SysRng)).unwrap();
        let bits = element(3, &[&[0], &octets[..]].concat());
        element(0x30, &[tbs, &self.algorithm(), &bits].concat())
    }
}

/// Takes the header off again.
struct Certificateless;

impl Certificateless {
    fn content(element: &[u8]) -> Vec<u8> {
        let header = match element[1] {
            0x81 => 3,
            0x82 => 4,
            _ => 2,
        };
        element[header..].to_vec()
    }
}

/// A list, by default made a day ago, good for another week, with the number 5 and no entries.
pub(crate) struct List {
    pub(crate) this_update: i64,
    pub(crate) next_update: Option<i64>,
    pub(crate) number: Option<u8>,
    pub(crate) entries: Vec<Vec<u8>>,
    pub(crate) extensions: Vec<Vec<u8>>,
}

impl Default for List {
    fn default() -> Self {
        Self {
            this_update: AT - DAY,
            next_update: Some(AT + 7 * DAY),
            number: Some(5),
            entries: Vec::new(),
            extensions: Vec::new(),
        }
    }
}

pub(crate) fn list(entries: &[Vec<u8>], extensions: &[Vec<u8>]) -> List {
    List { entries: entries.to_vec(), extensions: extensions.to_vec(), ..List::default() }
}

/// An entry of two days ago.
pub(crate) fn entry(serial: u8, extensions: &[Vec<u8>]) -> Vec<u8> {
    let mut content = [vec![2, 1, serial], time(AT - 2 * DAY)].concat();
    if !extensions.is_empty() {
        content.extend(element(0x30, &extensions.concat()));
    }
    element(0x30, &content)
}

pub(crate) fn reason(number: u8) -> Vec<u8> {
    extension("551d15", false, &[0x0a, 1, number])
}

/// The certificate issuer of an entry.
pub(crate) fn of(issuer: &Party) -> Vec<u8> {
    extension("551d1d", true, &element(0x30, &directory(&issuer.name)))
}

pub(crate) fn ca() -> Vec<u8> {
    extension("551d13", true, &[0x30, 3, 1, 1, 0xff])
}

/// The first octet of the BIT STRING.
pub(crate) fn key_usage(octet: u8) -> Vec<u8> {
    extension("551d0f", true, &[3, 2, octet.trailing_zeros() as u8, octet])
}

pub(crate) fn delta_of(base: u8) -> Vec<u8> {
    extension("551d1b", true, &[2, 1, base])
}

/// An issuing distribution point of these fields.
pub(crate) fn scope(fields: &[Vec<u8>]) -> Vec<u8> {
    extension("551d1c", true, &element(0x30, &fields.concat()))
}

pub(crate) const ONLY_USERS: [u8; 3] = [0x81, 1, 0xff];
pub(crate) const ONLY_CAS: [u8; 3] = [0x82, 1, 0xff];
pub(crate) const INDIRECT: [u8; 3] = [0x84, 1, 0xff];
pub(crate) const ONLY_ATTRIBUTES: [u8; 3] = [0x85, 1, 0xff];

/// Reasons as a field of an issuing distribution point (3) or of a distribution point (1).
pub(crate) fn reasons(field: u8, octets: [u8; 2]) -> Vec<u8> {
    element(0x80 | field, &[&[0], &octets[..]].concat())
}

/// The field `distributionPoint` with a URI.
pub(crate) fn at_uri(uri: &str) -> Vec<u8> {
    element(0xa0, &element(0xa0, &GeneralName::Uri(uri.into()).to_der()))
}

/// The field `distributionPoint` relative to the issuer of the list: one more common name.
pub(crate) fn at_relative(common_name: &str) -> Vec<u8> {
    let name = Name::parse_rfc4514(&format!("CN={common_name}")).unwrap();
    // SEQUENCE, SET: two octets of header each.
    element(0xa0, &element(0xa1, &name.der()[4..]))
}

/// The field `distributionPoint` with a directory name.
pub(crate) fn at_name(name: &str) -> Vec<u8> {
    element(0xa0, &element(0xa0, &directory(&Name::parse_rfc4514(name).unwrap())))
}

/// The field `cRLIssuer` of a distribution point.
pub(crate) fn by(issuer: &Party) -> Vec<u8> {
    element(0xa2, &directory(&issuer.name))
}

/// CRL distribution points, each of these fields.
pub(crate) fn points(points: &[&[Vec<u8>]]) -> Vec<u8> {
    let points: Vec<u8> = points.iter().flat_map(|fields| element(0x30, &fields.concat())).collect();
    extension("551d1f", false, &element(0x30, &points))
}

/// `GeneralName` of a directory name.
fn directory(name: &Name) -> Vec<u8> {
    GeneralName::DirectoryName(name.clone()).to_der()
}

pub(crate) fn extension(oid: &str, critical: bool, value: &[u8]) -> Vec<u8> {
    let mut content = element(6, &hex(oid));
    if critical {
        content.extend([1, 1, 0xff]);
    }
    content.extend(element(4, value));
    element(0x30, &content)
}

fn wrapped(tag: u8, extensions: &[Vec<u8>]) -> Vec<u8> {
    if extensions.is_empty() { Vec::new() } else { element(tag, &element(0x30, &extensions.concat())) }
}

pub(crate) fn hex(digits: &str) -> Vec<u8> {
    (0..digits.len()).step_by(2).map(|at| u8::from_str_radix(&digits[at..at + 2], 16).unwrap()).collect()
}

/// UTCTime.
fn time(unix: i64) -> Vec<u8> {
    element(0x17, &digits(unix).as_bytes()[2..])
}

/// GeneralizedTime.
pub(crate) fn general_time(unix: i64) -> Vec<u8> {
    element(0x18, digits(unix).as_bytes())
}

fn digits(unix: i64) -> String {
    let (year, month, day) = certwright_certs::time::date(unix.div_euclid(DAY));
    let second = unix.rem_euclid(DAY);
    format!("{year:04}{month:02}{day:02}{:02}{:02}{:02}Z", second / 3600, second / 60 % 60, second % 60)
}

pub(crate) fn element(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len();
    let octets: Vec<u8> = length.to_be_bytes().into_iter().skip_while(|octet| *octet == 0).collect();
    let mut out = vec![tag];
    if length < 0x80 {
        out.push(length as u8);
    } else {
        out.push(0x80 | octets.len() as u8);
        out.extend(octets);
    }
    out.extend_from_slice(content);
    out
}

/// The answer by lists alone. Those in `trusted` have a valid path, and are at hand with the others.
pub(crate) fn by_lists(
    certificate: &Certificate,
    issuer: &Certificate,
    crls: &[Crl],
    at_hand: &[&Certificate],
    trusted: &[&Certificate],
) -> Answer {
    let certificates: Vec<&Certificate> = at_hand.iter().chain(trusted).copied().collect();
    let inquiry = Inquiry {
        certificate,
        issuer,
        working_key: None,
        crls,
        ocsp: &[],
        certificates: &certificates,
        at: AT,
        strict: false,
        lenience: Lenience::default(),
    };
    let mut signers = |signer: &Certificate| {
        if trusted.contains(&signer) { SignerPath::Valid } else { SignerPath::Invalid }
    };
    status(&inquiry, &mut signers, &mut Work::default())
}

//! Certificates made to order: openssl makes one with the extensions and the key that are asked for, and what openssl does not let one say
//! (dates, names in any string type, odd encodings) is put in afterwards.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;

use certwright_certs::name::Attribute;
use certwright_certs::{Certificate, Name, Oid};
use certwright_keys::{PrivateKey, read::read_private_key};

use super::support::{element, openssl};

pub(crate) struct Workshop {
    folder: tempfile::TempDir,
    keys: RefCell<BTreeMap<String, Vec<u8>>>,
}

/// What a certificate shall be.
#[derive(Clone)]
pub(crate) struct Recipe {
    extensions: Vec<(String, String)>,
    key: &'static str,
    digest: &'static str,
    signer: &'static str,
    subject: Vec<u8>,
    issuer: Option<Vec<u8>>,
    serial: Vec<u8>,
    validity: Vec<u8>,
    version: Option<u8>,
    inner_algorithm: Option<Vec<u8>>,
    outer_algorithm: Option<Vec<u8>>,
    spki: Option<Vec<u8>>,
    extra: Vec<u8>,
    unique_identifier: bool,
    signature_unused: u8,
    self_signed: bool,
    no_extensions: bool,
    empty_extensions: bool,
}

pub(crate) const SCTS: &str = "1.3.6.1.4.1.11129.2.4.2";

/// A server's certificate as a public authority issues it in 2026.
pub(crate) fn leaf() -> Recipe {
    recipe(
        "CN=www.example.com",
        &[
            ("keyUsage", "critical,digitalSignature"),
            ("extendedKeyUsage", "serverAuth"),
            ("basicConstraints", "critical,CA:FALSE"),
            ("authorityKeyIdentifier", "keyid"),
            ("subjectAltName", "DNS:www.example.com,DNS:*.example.com,IP:1.1.1.1"),
            (
                "authorityInfoAccess",
                "caIssuers;URI:http://ca.example.com/ca.cer,OCSP;URI:http://ocsp.example.com",
            ),
            ("crlDistributionPoints", "URI:http://ca.example.com/ca.crl"),
            ("certificatePolicies", "2.23.140.1.2.1"),
            (SCTS, "DER:04:0b:00:09:00:01:aa:00:01:bb:00:01:cc"),
        ],
    )
}

/// An authority under a public root.
pub(crate) fn intermediate() -> Recipe {
    recipe(
        "CN=Issuing CA,O=Example,C=DE",
        &[
            ("keyUsage", "critical,keyCertSign,cRLSign"),
            ("extendedKeyUsage", "serverAuth"),
            ("basicConstraints", "critical,CA:TRUE,pathlen:0"),
            ("subjectKeyIdentifier", "hash"),
            ("authorityKeyIdentifier", "keyid"),
            ("authorityInfoAccess", "caIssuers;URI:http://ca.example.com/root.cer"),
            ("crlDistributionPoints", "URI:http://ca.example.com/root.crl"),
            ("certificatePolicies", "2.5.29.32.0"),
        ],
    )
}

/// A public root.
pub(crate) fn root() -> Recipe {
    let mut root = recipe(
        "CN=Root,O=Example,C=DE",
        &[
            ("keyUsage", "critical,keyCertSign,cRLSign"),
            ("basicConstraints", "critical,CA:TRUE"),
            ("subjectKeyIdentifier", "hash"),
        ],
    );
    root.self_signed = true;
    root
}

fn recipe(subject: &str, extensions: &[(&str, &str)]) -> Recipe {
    let owned = |(name, value): &(&str, &str)| ((*name).to_owned(), (*value).to_owned());
    Recipe {
        extensions: extensions.iter().map(owned).collect(),
        key: "p256",
        digest: "sha256",
        signer: "ca",
        subject: Name::parse_rfc4514(subject).unwrap().der().to_vec(),
        issuer: None,
        serial: b"\x5a\x10\x20\x30\x40\x50\x60\x70\x80\x90\xa0\xb0".to_vec(),
        validity: validity(&utc("260401000000Z"), &utc("260930000000Z")),
        version: None,
        inner_algorithm: None,
        outer_algorithm: None,
        spki: None,
        extra: Vec::new(),
        unique_identifier: false,
        signature_unused: 0,
        self_signed: false,
        no_extensions: false,
        empty_extensions: false,
    }
}

pub(crate) fn utc(text: &str) -> Vec<u8> {
    element(0x17, text.as_bytes())
}

pub(crate) fn general(text: &str) -> Vec<u8> {
    element(0x18, text.as_bytes())
}

fn validity(from: &[u8], to: &[u8]) -> Vec<u8> {
    element(0x30, &[from, to].concat())
}

/// An attribute with its string type.
pub(crate) fn attribute(oid: &str, tag: u8, value: &[u8]) -> Attribute {
    Attribute { oid: Oid::parse_dotted(oid).unwrap(), tag, value: value.to_vec() }
}

/// `AlgorithmIdentifier` of an identifier and the DER of its parameters.
pub(crate) fn algorithm(oid: &str, parameters: &[u8]) -> Vec<u8> {
    element(0x30, &[&Oid::parse_dotted(oid).unwrap().to_der(), parameters].concat())
}

/// `SubjectPublicKeyInfo`.
pub(crate) fn spki(algorithm: &[u8], bits: &[u8]) -> Vec<u8> {
    element(0x30, &[algorithm, &element(3, &[&[0], bits].concat())].concat())
}

/// The bits of an RSA key: both numbers big-endian.
pub(crate) fn rsa_bits(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let integer = |number: &[u8]| {
        let sign: &[u8] = if number.first().is_some_and(|first| first & 0x80 != 0) { &[0] } else { &[] };
        element(2, &[sign, number].concat())
    };
    element(0x30, &[integer(modulus), integer(exponent)].concat())
}

impl Recipe {
    /// With this value of an extension, in the words of openssl's configuration.
    pub(crate) fn set(mut self, name: &str, value: &str) -> Self {
        match self.extensions.iter_mut().find(|(known, _)| known == name) {
            Some((_, old)) => *old = value.to_owned(),
            None => self.extensions.push((name.to_owned(), value.to_owned())),
        }
        self
    }

    pub(crate) fn drop(mut self, name: &str) -> Self {
        self.extensions.retain(|(known, _)| known != name);
        // Unless it is told not to, openssl adds the key identifiers.
        if name.ends_with("KeyIdentifier") {
            return self.set(name, "none");
        }
        self
    }

    /// With an extension whose value openssl does not make.
    pub(crate) fn raw(mut self, oid: &str, critical: bool, value: &[u8]) -> Self {
        let critical: &[u8] = if critical { &[1, 1, 0xff] } else { &[] };
        let content = [&Oid::parse_dotted(oid).unwrap().to_der(), critical, &element(4, value)].concat();
        self.extra.extend(element(0x30, &content));
        self
    }

    pub(crate) fn key(mut self, key: &'static str) -> Self {
        self.key = key;
        self
    }

    pub(crate) fn spki(mut self, spki: Vec<u8>) -> Self {
        self.spki = Some(spki);
        self
    }

    pub(crate) fn digest(mut self, digest: &'static str) -> Self {
        self.digest = digest;
        self
    }

    pub(crate) fn signer(mut self, signer: &'static str) -> Self {
        self.signer = signer;
        self
    }

    pub(crate) fn subject(mut self, subject: &str) -> Self {
        self.subject = Name::parse_rfc4514(subject).unwrap().der().to_vec();
        self
    }

    pub(crate) fn attributes(mut self, rdns: Vec<Vec<Attribute>>) -> Self {
        self.subject = Name::from_rdns(rdns).der().to_vec();
        self
    }

    pub(crate) fn issuer(mut self, issuer: &str) -> Self {
        self.issuer = Some(Name::parse_rfc4514(issuer).unwrap().der().to_vec());
        self
    }

    pub(crate) fn serial(mut self, octets: &[u8]) -> Self {
        self.serial = octets.to_vec();
        self
    }

    /// UTCTime `YYMMDDHHMMSSZ`, or GeneralizedTime with four digits of the year.
    pub(crate) fn dates(mut self, from: &str, to: &str) -> Self {
        let time = |text: &str| if text.len() == 15 { general(text) } else { utc(text) };
        self.validity = validity(&time(from), &time(to));
        self
    }

    pub(crate) fn version(mut self, number: u8) -> Self {
        self.version = Some(number);
        self
    }

    pub(crate) fn algorithms(mut self, inner: Vec<u8>, outer: Vec<u8>) -> Self {
        (self.inner_algorithm, self.outer_algorithm) = (Some(inner), Some(outer));
        self
    }

    pub(crate) fn unique_identifier(mut self) -> Self {
        self.unique_identifier = true;
        self
    }

    pub(crate) fn unused_signature_bits(mut self) -> Self {
        self.signature_unused = 1;
        self
    }

    pub(crate) fn self_signed(mut self) -> Self {
        self.self_signed = true;
        self
    }

    /// With the list of extensions, and nothing in it.
    pub(crate) fn empty_extensions(mut self) -> Self {
        self.empty_extensions = true;
        self
    }

    pub(crate) fn no_extensions(mut self) -> Self {
        self.no_extensions = true;
        self
    }
}

impl Workshop {
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        for (name, options) in
            [("ca", "-newkey ec -pkeyopt ec_paramgen_curve:P-256"), ("rsaca", "-newkey rsa:2048")]
        {
            openssl(
                path,
                &format!(
                    "req -x509 {options} -nodes -keyout {name}.key -subj /C=DE/O=Example/CN=Authority -days 60 -out {name}.pem"
                ),
            );
        }
        openssl(path, "req -new -key ca.key -subj /CN=x -out x.csr");
        Self { folder, keys: RefCell::default() }
    }

    pub(crate) fn path(&self) -> &Path {
        self.folder.path()
    }

    /// Makes the public key of a kind once.
    fn public_key(&self, kind: &'static str) -> Vec<u8> {
        let path = self.path();
        let options = match kind {
            "p256" => "EC -pkeyopt ec_paramgen_curve:P-256",
            "p224" => "EC -pkeyopt ec_paramgen_curve:P-224",
            "p192" => "EC -pkeyopt ec_paramgen_curve:P-192",
            "explicit" => "EC -pkeyopt ec_paramgen_curve:P-256 -pkeyopt ec_param_enc:explicit",
            "rsa" => "RSA -pkeyopt rsa_keygen_bits:2048",
            "rsa1024" => "RSA -pkeyopt rsa_keygen_bits:1024",
            "rsa2050" => "RSA -pkeyopt rsa_keygen_bits:2050",
            "rsa3" => "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:3",
            "rsabig" => "RSA -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_keygen_pubexp:4294967297",
            "pss" => "RSA-PSS -pkeyopt rsa_keygen_bits:2048",
            "ed25519" => "ED25519",
            "x25519" => "X25519",
            other => panic!("{other}"),
        };
        let mut keys = self.keys.borrow_mut();
        keys.entry(kind.to_owned())
            .or_insert_with(|| {
                openssl(path, &format!("genpkey -quiet -algorithm {options} -out {kind}.key"));
                openssl(path, &format!("pkey -in {kind}.key -pubout -outform DER -out {kind}.der"));
                std::fs::read(path.join(format!("{kind}.der"))).unwrap()
            })
            .clone()
    }

    /// The private key of a file that openssl wrote.
    fn private_key(&self, name: &str) -> PrivateKey {
        openssl(self.path(), &format!("pkey -in {name}.key -outform DER -out {name}.p8"));
        let der = std::fs::read(self.path().join(format!("{name}.p8"))).unwrap();
        read_private_key(&der, None).unwrap()
    }

    pub(crate) fn make(&self, recipe: &Recipe) -> Certificate {
        let path = self.path();
        let lines: Vec<String> =
            recipe.extensions.iter().map(|(name, value)| format!("{name}={value}\n")).collect();
        std::fs::write(path.join("x.cnf"), lines.concat()).unwrap();
        let key = if recipe.self_signed { "ca" } else { recipe.key };
        if recipe.self_signed {
            openssl(path, "pkey -in ca.key -pubout -outform DER -out ca.der");
        } else {
            self.public_key(key);
        }
        let (signer, digest) = (recipe.signer, recipe.digest);
        openssl(
            path,
            &format!(
                "x509 -req -in x.csr -CA {signer}.pem -CAkey {signer}.key -set_serial 1 -days 10 -{digest} -extfile x.cnf -force_pubkey {key}.der -outform DER -out x.der"
            ),
        );
        let made = std::fs::read(path.join("x.der")).unwrap();
        let [tbs, algorithm, signature] = children(&made).try_into().unwrap();
        let [_, _, inner, issuer, _, _, key, extensions] = children(&tbs).try_into().unwrap();
        let mut list = children(&children(&extensions).concat()).concat();
        if recipe.empty_extensions {
            list.clear();
        }
        let list = element(0xa3, &element(0x30, &[list, recipe.extra.clone()].concat()));
        let version = match recipe.version {
            None => element(0xa0, &[2, 1, 2]),
            Some(1) => Vec::new(),
            Some(number) => element(0xa0, &[2, 1, number - 1]),
        };
        let issuer = if recipe.self_signed { recipe.subject.clone() } else { issuer };
        let tbs = [
            version,
            element(2, &recipe.serial),
            recipe.inner_algorithm.clone().unwrap_or(inner),
            recipe.issuer.clone().unwrap_or(issuer),
            recipe.validity.clone(),
            recipe.subject.clone(),
            recipe.spki.clone().unwrap_or(key),
            if recipe.unique_identifier { element(0x81, &[0, 1]) } else { Vec::new() },
            if recipe.no_extensions { Vec::new() } else { list },
        ];
        let tbs = element(0x30, &tbs.concat());
        let mut signature = signature;
        if recipe.signature_unused > 0 {
            let first = signature.len() - children_offset(&signature).1;
            signature[first] = recipe.signature_unused;
        }
        let der = if recipe.self_signed {
            super::support::sign(&self.private_key("ca"), &tbs)
        } else {
            let algorithm = recipe.outer_algorithm.clone().unwrap_or(algorithm);
            element(0x30, &[tbs, algorithm, signature].concat())
        };
        Certificate::from_der(&der).unwrap()
    }
}

/// Length of the header and of the content of the first element.
fn children_offset(der: &[u8]) -> (usize, usize) {
    match der[1] {
        length @ 0..=0x7f => (2, usize::from(length)),
        count => {
            let count = usize::from(count & 0x7f);
            (2 + count, der[2..2 + count].iter().fold(0, |length, octet| length << 8 | usize::from(*octet)))
        }
    }
}

/// The elements inside of an element, each with its header.
fn children(der: &[u8]) -> Vec<Vec<u8>> {
    let (header, length) = children_offset(der);
    let mut rest = &der[header..header + length];
    let mut out = Vec::new();
    while !rest.is_empty() {
        let (header, length) = children_offset(rest);
        out.push(rest[..header + length].to_vec());
        rest = &rest[header + length..];
    }
    out
}

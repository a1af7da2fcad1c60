//! The kinds of files that entries can be written as, in the words of those who need them.

use std::rc::Rc;

use certwright_protocol::Password;
use certwright_protocol::mark;
use certwright_protocol::ui::{
    CertificateChoice, Encoding, ExportFormat, KeyFileFormat, Pkcs12Target, PublicKeyFileFormat,
};
use certwright_protocol::view::{EntryDetail, EntryKind};

/// A kind of file.
pub(super) struct Format {
    pub(super) id: &'static str,
    pub(super) group: Group,
    pub(super) label: &'static str,
    /// Who wants it, in a sentence.
    pub(super) about: &'static str,
    pub(super) secret: Secret,
}

/// Where it stands in the list, and what an entry needs to be written so.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Group {
    Keystore,
    Certificates,
    PrivateKey,
    PublicKey,
    Request,
    Lists,
}

impl Group {
    pub(super) const ALL: [(Self, &str); 6] = [
        (Self::Keystore, mark!("Keystore files")),
        (Self::Certificates, mark!("Certificates")),
        (Self::PrivateKey, mark!("Private key")),
        (Self::PublicKey, mark!("Public key")),
        (Self::Request, mark!("Signing request")),
        (Self::Lists, mark!("Lists")),
    ];
}

/// How a file protects what is secret in it.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Secret {
    /// Nothing in it is secret.
    None,
    /// Always under a password.
    Password,
    /// Under a password, or in clear if that is wished.
    Optional,
    /// Always in clear.
    Clear,
}

const fn format(
    group: Group,
    secret: Secret,
    id: &'static str,
    label: &'static str,
    about: &'static str,
) -> Format {
    Format { id, group, label, about, secret }
}

/// All kinds of files, in the order of their groups.
pub(super) const FORMATS: [Format; 22] = {
    use Group::{Certificates, Keystore, Lists, PrivateKey, PublicKey, Request};
    use Secret::{Clear, None, Optional, Password};
    [
        format(
            Keystore,
            Password,
            "p12",
            "PKCS#12 (.p12, .pfx)",
            mark!("Keys and certificates in one encrypted file, which nearly everything reads."),
        ),
        format(
            Keystore,
            Password,
            "jks",
            mark!("Java keystore (.jks)"),
            mark!("For Java programs that ask for it. Its encryption is old: take PKCS#12 where you can."),
        ),
        format(
            Keystore,
            Password,
            "jceks",
            mark!("Java keystore with secret keys (.jceks)"),
            mark!("Java’s older format that holds secret keys too."),
        ),
        format(
            Certificates,
            None,
            "cer",
            mark!("One certificate (.cer, .pem)"),
            mark!("To hand on, without any key: the entry’s own, an issuer’s, or the root."),
        ),
        format(
            Certificates,
            None,
            "p7b",
            mark!("Chain, PKCS#7 (.p7b)"),
            mark!("All certificates of the chain, without the key. Windows and SAP read it."),
        ),
        format(
            Certificates,
            None,
            "pem",
            mark!("Chain, text (.pem)"),
            mark!("All certificates of the chain as text, without the key."),
        ),
        format(
            PrivateKey,
            Optional,
            "key_chain",
            mark!("Key and chain (.pem)"),
            mark!("Both in one text file, as nginx, HAProxy and curl want them."),
        ),
        format(
            PrivateKey,
            Optional,
            "pkcs8",
            mark!("Key, PKCS#8 (.key)"),
            mark!("The key alone, as text: what most programs read."),
        ),
        format(
            PrivateKey,
            Password,
            "pkcs8_scrypt",
            mark!("Key, PKCS#8 with scrypt (.pem)"),
            mark!("Guessing its password costs memory too; OpenSSL 1.1 and newer read it."),
        ),
        format(
            PrivateKey,
            Password,
            "pkcs8_3des",
            mark!("Key, PKCS#8 with 3DES (.pem)"),
            mark!("For programs that know no AES. Choose a long password."),
        ),
        format(
            PrivateKey,
            Optional,
            "pkcs8_der",
            mark!("Key, PKCS#8 binary (.der)"),
            mark!("The key alone, as Java’s own code reads it."),
        ),
        format(
            PrivateKey,
            Optional,
            "traditional",
            mark!("Key, traditional (.pem)"),
            mark!("“BEGIN RSA PRIVATE KEY” or “EC PRIVATE KEY”, for programs with an old OpenSSL."),
        ),
        format(PrivateKey, Optional, "openssh", mark!("Key, OpenSSH"), mark!("For ssh and SFTP programs.")),
        format(PrivateKey, Clear, "jwk", mark!("Key, JWK (.json)"), mark!("For JSON web tokens.")),
        format(
            PublicKey,
            None,
            "public",
            mark!("Public key (.pem)"),
            mark!("The public half as text: nothing secret."),
        ),
        format(
            PublicKey,
            None,
            "public_der",
            mark!("Public key, binary (.der)"),
            mark!("The public half as DER: nothing secret."),
        ),
        format(
            PublicKey,
            None,
            "public_ssh",
            mark!("Public key, OpenSSH (.pub)"),
            mark!("One line for authorized_keys."),
        ),
        format(
            PublicKey,
            None,
            "public_jwk",
            mark!("Public key, JWK (.json)"),
            mark!("For those who verify your JSON web tokens."),
        ),
        format(
            Request,
            None,
            "csr",
            mark!("Signing request (.csr)"),
            mark!("The last signing request, as authorities take it."),
        ),
        format(
            Lists,
            None,
            "csv",
            mark!("Table (.csv)"),
            mark!("One line for each entry, for a spreadsheet."),
        ),
        format(Lists, None, "json", mark!("Inventory (.json)"), mark!("The same for programs.")),
        format(
            Lists,
            None,
            "ics",
            mark!("Calendar (.ics)"),
            mark!("The day on which each certificate expires, with reminders, for your calendar."),
        ),
    ]
};

/// The entries that are to be written.
#[derive(Clone, PartialEq)]
pub(in super::super) struct Scope {
    /// None is all.
    pub(super) aliases: Rc<Vec<String>>,
    /// Its facts, if it is one.
    pub(super) one: Option<Rc<EntryDetail>>,
}

impl Scope {
    /// These entries; none is all.
    pub(in super::super) fn many(aliases: Rc<Vec<String>>) -> Self {
        Self { aliases, one: None }
    }

    /// One entry.
    pub(in super::super) fn one(detail: &Rc<EntryDetail>) -> Self {
        Self { aliases: Rc::new(vec![detail.entry.alias.clone()]), one: Some(detail.clone()) }
    }

    /// Whether what is secret of it stays here.
    pub(super) fn sealed(&self) -> bool {
        self.one.as_ref().is_some_and(|detail| {
            let entry = &detail.entry;
            entry.kind != EntryKind::TrustedCertificate && (entry.locked || entry.closed)
        })
    }

    /// Whether it can be written so. Of several entries, the worker says what cannot be.
    pub(super) fn fits(&self, format: &Format) -> bool {
        let Some(detail) = &self.one else { return true };
        let kind = detail.entry.kind;
        match format.group {
            Group::Keystore => !self.sealed() && (kind != EntryKind::SecretKey || format.id != "jks"),
            Group::Certificates => !detail.certificates.is_empty(),
            Group::PrivateKey => {
                kind == EntryKind::KeyPair
                    && !self.sealed()
                    && (format.id != "key_chain" || !detail.certificates.is_empty())
            }
            Group::PublicKey => detail.public_key_pem.is_some(),
            Group::Request => detail.request.is_some(),
            Group::Lists => false,
        }
    }
}

/// What is chosen beside the kind of file.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Options {
    pub(super) target: Pkcs12Target,
    /// Position in the chain.
    pub(super) which: u32,
    pub(super) binary: bool,
    pub(super) remind: String,
}

/// The order to the worker.
pub(super) fn order(id: &str, options: &Options, one: bool, password: Option<Password>) -> ExportFormat {
    let encoding = if options.binary { Encoding::Der } else { Encoding::Pem };
    let key = |format, password| ExportFormat::PrivateKey { format, password };
    let public = |format| ExportFormat::PublicKey { format };
    match id {
        "p12" => ExportFormat::Pkcs12 { password: password.unwrap_or_default(), target: options.target },
        "jks" => ExportFormat::Jks { password: password.unwrap_or_default() },
        "jceks" => ExportFormat::Jceks { password: password.unwrap_or_default() },
        "cer" => ExportFormat::Certificate {
            which: match (options.which, one) {
                (0, _) => CertificateChoice::Own,
                (index, true) => CertificateChoice::At { index },
                (_, false) => CertificateChoice::Root,
            },
            encoding,
        },
        "p7b" => ExportFormat::Chain,
        "pem" => ExportFormat::ChainPem,
        "key_chain" => ExportFormat::KeyAndChainPem { password },
        "pkcs8" => key(KeyFileFormat::Pkcs8Pem, password),
        "pkcs8_scrypt" => key(KeyFileFormat::Pkcs8ScryptPem, password),
        "pkcs8_3des" => key(KeyFileFormat::Pkcs8TripleDesPem, password),
        "pkcs8_der" => key(KeyFileFormat::Pkcs8Der, password),
        "traditional" => key(KeyFileFormat::TraditionalPem, password),
        "openssh" => key(KeyFileFormat::OpenSsh, password),
        "jwk" => key(KeyFileFormat::Jwk, None),
        "public" => public(PublicKeyFileFormat::SpkiPem),
        "public_der" => public(PublicKeyFileFormat::SpkiDer),
        "public_ssh" => public(PublicKeyFileFormat::OpenSsh),
        "public_jwk" => public(PublicKeyFileFormat::Jwk),
        "csr" => ExportFormat::SigningRequest { encoding },
        "csv" => ExportFormat::InventoryCsv,
        "json" => ExportFormat::InventoryJson,
        _ => ExportFormat::Calendar {
            remind_days: options.remind.split([',', ' ', ';']).filter_map(|day| day.parse().ok()).collect(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_of_file_has_its_order() {
        let options = Options { binary: true, remind: "30, 7 x".into(), ..Options::default() };
        let mut orders: Vec<String> = FORMATS
            .iter()
            .map(|format| serde_json::to_string(&order(format.id, &options, true, None)).unwrap())
            .collect();
        assert!(orders.last().unwrap().contains("[30,7]"));
        orders.sort();
        orders.dedup();
        assert_eq!(orders.len(), FORMATS.len());
    }
}

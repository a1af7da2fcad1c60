//! Errors and verdicts of the crates below as the plain types of the protocol.

use certwright_certs::Oid;
use certwright_certs::certificate::{Certificate, Irregularity};
use certwright_certs::name::ParseNameError;
use certwright_chain::{FailureKind, Host, Notes, Origin, PathEnd, Verdict};
use certwright_encoding::sniff::Kind;
use certwright_keys::ReadKeyError;
use certwright_keystore::alias::AliasError;
use certwright_keystore::contents::{HiddenFromJava, Remark};
use certwright_keystore::entry::EntryError;
use certwright_keystore::inventory::{self, InventoryChain, InventoryKind};
use certwright_keystore::merge::{MergeResult, MergeRow, NotImported};
use certwright_keystore::open::OpenError;
use certwright_keystore::vault::OpenVaultError;
use certwright_protocol::Problem;
use certwright_protocol::problem::AliasRule;
use certwright_protocol::report::InventoryRow;
use certwright_protocol::ui::{self, MergeOutcome, MergeReason};
use certwright_protocol::view::{
    ChainFailure, ChainFailureReason as Reason, ChainLink, ChainRemark, ChainState, ChainView, EntryKind,
    FileRemark, JavaBlindness, LinkOrigin,
};

use crate::show;
use certwright_language::{mark, t};

pub(crate) mod errors;
mod revocation;
mod rules;

pub(crate) use revocation::{dismissed_words, evidence_name};
pub(crate) use rules::broken_rule;

/// A verdict, with the certificates as sent.
pub(crate) fn verdict(verdict: &Verdict, sent: &[Certificate]) -> ChainView {
    let mut path: Vec<ChainLink> = verdict
        .links()
        .iter()
        .map(|link| ChainLink::Certificate {
            certificate: Box::new(show::certificate(&link.certificate)),
            origin: origin(&link.origin),
        })
        .collect();
    if let Some(PathEnd::MissingIssuer { issuer, ca_issuers_urls }) = verdict.best().map(|path| &path.end) {
        path.push(ChainLink::Missing { subject: issuer.to_rfc4514(), ca_issuers: ca_issuers_urls.clone() });
    }
    let failures = verdict
        .failures
        .iter()
        .map(|failure| ChainFailure {
            at: failure.at.map(count),
            certificate: failure
                .at
                .and_then(|at| verdict.links().get(at))
                .map(|link| link.certificate.display_name()),
            reason: reason(&failure.kind),
        })
        .collect();
    ChainView {
        trusted: verdict.trusted,
        path,
        failures,
        remarks: remarks(&verdict.notes, verdict, sent),
        sent: sent.iter().map(show::certificate).collect(),
    }
}

fn origin(origin: &Origin) -> LinkOrigin {
    match origin {
        Origin::Sent { index } => LinkOrigin::Sent { index: count(*index) },
        Origin::Extra => LinkOrigin::Keystore,
        Origin::Anchor { label } => LinkOrigin::Anchor { label: label.clone() },
    }
}

pub(crate) fn reason(kind: &FailureKind) -> Reason {
    match kind {
        FailureKind::NoCertificate => Reason::NoCertificate,
        FailureKind::BadSignature => Reason::BadSignature,
        FailureKind::IssuerKeyDiffers { issuer, ca_issuers_urls } => {
            Reason::IssuerKeyDiffers { subject: issuer.to_rfc4514(), ca_issuers: ca_issuers_urls.clone() }
        }
        FailureKind::WeakAlgorithm { algorithm } => Reason::WeakAlgorithm { algorithm: algorithm.clone() },
        FailureKind::RetiredAlgorithm { algorithm } => {
            Reason::RetiredAlgorithm { algorithm: algorithm.clone() }
        }
        FailureKind::UnsupportedAlgorithm { algorithm } => {
            Reason::UnsupportedAlgorithm { algorithm: algorithm.clone() }
        }
        FailureKind::MalformedKey => Reason::Malformed { detail: t!("its public key cannot be read").into() },
        FailureKind::Expired { not_after, at } => Reason::Expired { not_after: *not_after, at: *at },
        FailureKind::NotYetValid { not_before, at } => {
            Reason::NotYetValid { not_before: *not_before, at: *at }
        }
        FailureKind::HostMismatch { host, names, common_name_would_match } => Reason::HostMismatch {
            host: match host {
                Host::Dns(name) => name.clone(),
                Host::Ip(address) => address.to_string(),
            },
            names: names.iter().map(ToString::to_string).collect(),
            common_name_would_match: *common_name_would_match,
        },
        FailureKind::NotACa => Reason::NotACa,
        FailureKind::PathTooLong { allowed } => Reason::PathTooLong { allowed: *allowed },
        FailureKind::KeyUsage { needed, .. } => Reason::KeyUsage { needed: (*needed).into() },
        FailureKind::ExtendedKeyUsage { needed, found } => {
            Reason::ExtendedKeyUsage { needed: needed.clone(), found: found.clone() }
        }
        FailureKind::NameConstraint { name, .. } => Reason::NameConstraint { name: name.to_string() },
        FailureKind::UnusableNameConstraint { number } => Reason::Malformed {
            detail: t!("it has a name constraint of a kind (number {number}) that cannot be applied", number),
        },
        FailureKind::UnknownCriticalExtension { oid } => {
            Reason::UnknownCriticalExtension { oid: oid.to_string() }
        }
        FailureKind::MalformedExtension(error) => Reason::Malformed { detail: errors::extension(error) },
        FailureKind::Irregular(irregularity) => {
            Reason::Malformed { detail: irregularity_words(irregularity) }
        }
        FailureKind::Rule(rule) => {
            let (rule, source) = broken_rule(rule);
            Reason::RuleBroken { rule, source: source.into() }
        }
        FailureKind::UntrustedRoot { subject } => Reason::UntrustedRoot { subject: subject.to_rfc4514() },
        FailureKind::SelfSigned => Reason::SelfSigned,
        FailureKind::MissingIssuer { issuer, ca_issuers_urls } => {
            Reason::MissingIssuer { subject: issuer.to_rfc4514(), ca_issuers: ca_issuers_urls.clone() }
        }
        FailureKind::Distrusted => Reason::Distrusted,
        FailureKind::Revoked { at, reason, by, .. } => {
            Reason::Revoked { since: *at, reason: reason.name(), by: evidence_name(*by).into() }
        }
        FailureKind::RevocationUnknown { dismissed, lists, responders, .. } => Reason::RevocationUnknown {
            dismissed: dismissed.iter().map(dismissed_words).collect(),
            lists: lists.clone(),
            responders: responders.clone(),
        },
        FailureKind::MailboxMismatch { mailbox, names } => {
            Reason::MailboxMismatch { mailbox: mailbox.clone(), names: names.clone() }
        }
        FailureKind::NoValidPolicy { .. } => Reason::NoPolicy { valid: Vec::new() },
        FailureKind::NoAcceptablePolicy { valid } => {
            Reason::NoPolicy { valid: valid.iter().map(Oid::name_or_dotted).collect() }
        }
        FailureKind::MappingOfAnyPolicy => {
            Reason::Malformed { detail: t!("it maps from or to the policy that stands for all").into() }
        }
        FailureKind::AnchorOutOfPlace => Reason::AnchorOutOfPlace,
        FailureKind::Cycle => Reason::Circle,
        FailureKind::BudgetExhausted => Reason::TooComplex,
    }
}

fn irregularity_words(irregularity: &Irregularity) -> String {
    match irregularity {
        Irregularity::SerialNotPositive => t!("its serial number is not positive").into(),
        Irregularity::SerialTooLong { octets } => {
            t!("its serial number has {octets} octets, more than 20", octets)
        }
        Irregularity::SerialNotMinimal => t!("its serial number is not encoded as DER demands").into(),
        Irregularity::TimeForm => t!("a time in it is not encoded as DER demands").into(),
        Irregularity::ValidityReversed => t!("its validity ends before it begins").into(),
        Irregularity::SignatureAlgorithmMismatch { inside, outside } => {
            t!("its signature claims the algorithm {outside} and covers {inside}", outside, inside)
        }
        Irregularity::ExtensionsBeforeVersion3 { version } => {
            t!("it has extensions and is of version {version}", version)
        }
        Irregularity::UniqueIdentifiersInVersion1 => {
            t!("it has unique identifiers and is of version 1").into()
        }
        Irregularity::UnusedSignatureBits => t!("its signature does not fill whole octets").into(),
        Irregularity::NoExtensions => t!("its list of extensions is empty").into(),
        Irregularity::DuplicateExtension { oid } => t!("it has the extension {oid} twice", oid),
    }
}

fn remarks(notes: &Notes, verdict: &Verdict, sent: &[Certificate]) -> Vec<ChainRemark> {
    let mut remarks: Vec<ChainRemark> = notes
        .intermediate_missing_but_known
        .iter()
        .filter_map(|&at| verdict.links().get(at))
        .map(|link| ChainRemark::IntermediateNotSent { subject: link.certificate.subject().to_rfc4514() })
        .collect();
    if notes.order_wrong {
        remarks.push(ChainRemark::OutOfOrder);
    }
    let subjects: Vec<String> = notes
        .unneeded
        .iter()
        .filter_map(|&index| sent.get(index))
        .map(|certificate| certificate.subject().to_rfc4514())
        .collect();
    if !subjects.is_empty() {
        remarks.push(ChainRemark::Unneeded { subjects });
    }
    if notes.root_sent {
        remarks.push(ChainRemark::RootSent);
    }
    remarks
}

/// What an operation on entries refused.
pub(crate) fn entry_problem(error: EntryError, alias: &str) -> Problem {
    match error {
        EntryError::Alias(error) => alias_problem(error, alias),
        EntryError::NotFound { alias } => Problem::NoSuchEntry { alias },
        EntryError::NotAKeyPair { alias } => Problem::NoPrivateKey { alias },
        EntryError::Locked { alias } => Problem::EntryLocked { alias },
        EntryError::NoSuchPrevious { alias, .. } => Problem::NoSuchPrevious { alias },
        error => Problem::Internal { detail: error.to_string() },
    }
}

/// What is wrong with an alias.
pub(crate) fn alias_problem(error: AliasError, alias: &str) -> Problem {
    let invalid = |rule| Problem::AliasInvalid { alias: alias.to_owned(), rule };
    match error {
        AliasError::Empty => invalid(AliasRule::Empty),
        AliasError::TooLong { .. } => invalid(AliasRule::TooLong),
        AliasError::ControlCharacter { .. } => invalid(AliasRule::ControlCharacter),
        AliasError::Taken { alias } => Problem::AliasTaken { alias },
        AliasError::Reserved { reserved, .. } => {
            Problem::AliasReserved { alias: alias.to_owned(), reserved: reserved.into() }
        }
    }
}

/// What is wrong with the text of a subject.
pub(crate) fn name_problem(error: &ParseNameError) -> Problem {
    Problem::SubjectInvalid { position: count(error.position), detail: errors::name(&error.problem) }
}

/// Why a file could not be read.
pub(crate) fn file_problem(file: &str, error: OpenError) -> Problem {
    let file = file.to_owned();
    match error {
        OpenError::Empty => Problem::FileEmpty { file },
        OpenError::TooLarge { bytes, limit } => {
            Problem::FileTooLarge { file, bytes: bytes as u64, limit: limit as u64 }
        }
        OpenError::NotRecognised { kind } => {
            Problem::NotRecognised { file, looks_like: format_name(kind).into() }
        }
        OpenError::NeedsPassword { .. } => Problem::PasswordNeeded { file },
        OpenError::WrongPassword { .. } => Problem::PasswordWrong { file },
        OpenError::UnsupportedAlgorithm { oid, .. } => {
            Problem::AlgorithmNotSupported { file, algorithm: algorithm_name(&oid) }
        }
        OpenError::NotSupportedYet { kind } => {
            Problem::FormatNotSupported { file, format: format_name(kind).into() }
        }
        OpenError::TooExpensive { iterations, .. } => Problem::TooExpensive {
            file,
            detail: t!("{iterations} iterations of its password derivation", iterations),
        },
        OpenError::TooManyItems { limit, .. } => {
            Problem::TooExpensive { file, detail: t!("more than {limit} entries and certificates", limit) }
        }
        OpenError::UnsupportedVersion { kind, version } => Problem::FormatNotSupported {
            file,
            format: t!("{kind} of version {version}", kind = format_name(kind), version),
        },
        OpenError::DigestMismatch { kind, alias } => Problem::FileDamaged {
            file,
            format: format_name(kind).into(),
            detail: Some(match alias {
                Some(alias) => t!(
                    "its digest does not fit, although the password opens the key “{alias}”: the file was changed, or \
                     the keystore has another password than the key",
                    alias
                ),
                None => t!("its digest does not fit, although the password opens what is within").into(),
            }),
        },
        OpenError::Malformed { kind, offset, part } => {
            let detail = match (part, offset) {
                (Some(part), Some(offset)) => {
                    Some(t!("{part}, near byte {offset}", part = errors::part(part), offset))
                }
                (Some(part), None) => Some(errors::part(part).to_owned()),
                (None, Some(offset)) => Some(t!("near byte {offset}", offset)),
                (None, None) => None,
            };
            Problem::FileDamaged { file, format: format_name(kind).into(), detail }
        }
        OpenError::UnusableKey { error, .. } => unusable_key(file, &error),
    }
}

/// Why a private key inside a file cannot be used.
pub(crate) fn unusable_key(file: String, error: &ReadKeyError) -> Problem {
    match error {
        ReadKeyError::NeedsPassword => Problem::PasswordNeeded { file },
        ReadKeyError::WrongPassword => Problem::PasswordWrong { file },
        ReadKeyError::UnsupportedAlgorithm { oid } => {
            Problem::AlgorithmNotSupported { file, algorithm: algorithm_name(oid) }
        }
        ReadKeyError::PublicKeyUnknown { oid } => {
            Problem::AlgorithmNotSupported { file, algorithm: algorithm_name(oid) }
        }
        ReadKeyError::ExplicitCurve => {
            Problem::AlgorithmNotSupported { file, algorithm: t!("EC on a curve without a name").into() }
        }
        ReadKeyError::UnsupportedName { name } => {
            Problem::AlgorithmNotSupported { file, algorithm: name.clone() }
        }
        ReadKeyError::UnsupportedPemEncryption { cipher } => {
            Problem::AlgorithmNotSupported { file, algorithm: t!("the old PEM encryption {cipher}", cipher) }
        }
        ReadKeyError::MultiPrime => {
            Problem::AlgorithmNotSupported { file, algorithm: t!("RSA with more than two primes").into() }
        }
        ReadKeyError::TooExpensive { iterations } => Problem::TooExpensive {
            file,
            detail: t!("{iterations} iterations of its password derivation", iterations),
        },
        ReadKeyError::KeyTooLarge { bits, .. } | ReadKeyError::KeyTooSmall { bits, .. } => {
            Problem::AlgorithmNotSupported { file, algorithm: t!("RSA with {bits} bits", bits) }
        }
        ReadKeyError::NoKey
        | ReadKeyError::Malformed { .. }
        | ReadKeyError::InvalidKey
        | ReadKeyError::Mismatch => Problem::FileDamaged {
            file,
            format: t!("a private key").into(),
            detail: Some(errors::key(error)),
        },
    }
}

/// An object identifier with its name, where it has one.
fn algorithm_name(dotted: &str) -> String {
    match Oid::parse_dotted(dotted).as_ref().and_then(Oid::name) {
        Some(name) => format!("{name} ({dotted})"),
        None => t!("the algorithm {dotted}", dotted),
    }
}

/// Why the vault could not be opened.
pub(crate) fn vault_problem(error: OpenVaultError) -> Problem {
    match error {
        OpenVaultError::WrongPassphrase => Problem::PassphraseWrong,
        OpenVaultError::UnsupportedVersion { found } => Problem::VaultTooNew { version: found.into() },
        _ => Problem::VaultDamaged,
    }
}

/// A kept keystore that was saved as a file, as a format in words.
pub(crate) const VAULT_FORMAT: &str = mark!("a kept keystore of Certwright");

/// What is odd about a file.
pub(crate) fn file_remark(remark: &Remark) -> FileRemark {
    let blind = |alias: &str, reason| FileRemark::NotVisibleToJava { alias: alias.to_owned(), reason };
    match remark {
        Remark::IntegrityNotChecked => FileRemark::IntegrityNotChecked,
        Remark::NoMac => FileRemark::NoIntegrityCheck,
        Remark::UnsupportedMac { oid } => FileRemark::UnsupportedMac { algorithm: algorithm_name(oid) },
        Remark::EncryptedPartHidden => FileRemark::EncryptedPartHidden,
        Remark::UnsupportedPart { oid } => FileRemark::UnsupportedPart { algorithm: algorithm_name(oid) },
        Remark::AliasesDifferOnlyInCase { aliases } => {
            FileRemark::AliasesCollide { aliases: aliases.clone() }
        }
        Remark::NotVisibleToJava { alias, why } => blind(
            alias,
            match why {
                HiddenFromJava::NotMarkedAsTrusted => JavaBlindness::NotMarkedAsTrusted,
                HiddenFromJava::NoLocalKeyId => JavaBlindness::KeyNotTied,
                HiddenFromJava::NotEncrypted => JavaBlindness::NotEncrypted,
            },
        ),
        Remark::MixedCaseUnreachable { alias } => blind(alias, JavaBlindness::MixedCase),
        Remark::WeakEncryption { oid } => FileRemark::WeakEncryption { algorithm: algorithm_name(oid) },
        Remark::MissingAlias { alias } => FileRemark::AliasMissing { alias: alias.clone() },
        Remark::KeyPasswordDiffers { alias } => FileRemark::KeyPasswordDiffers { alias: alias.clone() },
    }
}

/// A row of the inventory.
pub(crate) fn inventory_row(row: &inventory::InventoryRow) -> InventoryRow {
    InventoryRow {
        alias: row.alias.clone(),
        entry: match row.kind {
            InventoryKind::KeyPair => EntryKind::KeyPair,
            InventoryKind::TrustedCertificate => EntryKind::TrustedCertificate,
        },
        owner: row.owner.clone(),
        subject: row.subject.clone(),
        issuer: row.issuer.clone(),
        serial: row.serial.clone(),
        not_before: row.not_before,
        not_after: row.not_after,
        days_left: row.days_left,
        key: row.key.clone(),
        signature_algorithm: row.signature_algorithm.clone(),
        subject_alternative_names: row.subject_alternative_names.clone(),
        sha256: row.sha256.clone(),
        chain_state: match &row.chain {
            InventoryChain::Complete => ChainState::Complete,
            InventoryChain::SelfSigned => ChainState::SelfSigned,
            InventoryChain::Incomplete { missing } => {
                ChainState::Incomplete { missing: missing.clone(), ca_issuers: Vec::new() }
            }
        },
        locked: row.locked,
        modified_ms: row.modified_ms,
    }
}

/// What becomes of an entry in a merge.
pub(crate) fn merge_row(row: &MergeRow) -> ui::MergeRow {
    let outcome = match &row.result {
        MergeResult::Created => MergeOutcome::Created,
        MergeResult::Updated => MergeOutcome::Updated,
        MergeResult::Unchanged => MergeOutcome::Unchanged,
        MergeResult::Removed => MergeOutcome::Removed,
        MergeResult::Kept => MergeOutcome::Kept,
        MergeResult::NotImported { reason } => MergeOutcome::NotImported {
            reason: match reason {
                NotImported::AliasTaken => MergeReason::AliasTaken,
                NotImported::Locked => MergeReason::Locked,
                NotImported::Alias(AliasError::Reserved { .. }) => MergeReason::AliasReserved,
                NotImported::Alias(_) => MergeReason::AliasInvalid,
                NotImported::AliasTwice => MergeReason::AliasTwice,
                NotImported::Unsound(_) => MergeReason::Unsound,
            },
        },
    };
    ui::MergeRow { alias: row.alias.clone(), outcome, same_as: row.same_as.clone(), key_lost: row.key_lost }
}

/// A format in words, as they stand after "is".
pub(crate) fn format_name(kind: Kind) -> &'static str {
    match kind {
        Kind::Pem => t!("PEM text"),
        Kind::Certificate => t!("a certificate (DER)"),
        Kind::CertificateRequest => t!("a signing request (PKCS#10)"),
        Kind::CertificateList => t!("a revocation list (CRL)"),
        Kind::OcspResponse => t!("an OCSP response"),
        Kind::OcspRequest => t!("an OCSP request"),
        Kind::Pkcs7 => "PKCS#7",
        Kind::Pkcs12 => "PKCS#12",
        Kind::PkiPath => t!("a certificate path (PkiPath)"),
        Kind::Pkcs8 => t!("a private key (PKCS#8)"),
        Kind::Pkcs8Encrypted => t!("an encrypted private key (PKCS#8)"),
        Kind::Pkcs1 => t!("an RSA private key (PKCS#1)"),
        Kind::Sec1 => t!("an EC private key (SEC1)"),
        Kind::PublicKey => t!("a public key"),
        Kind::Jks => t!("a Java keystore (JKS)"),
        Kind::Jceks => t!("a Java keystore (JCEKS)"),
        Kind::Bks => t!("a Bouncy Castle keystore (BKS)"),
        Kind::Uber => t!("a Bouncy Castle keystore (UBER)"),
        Kind::OpenSshKey => t!("an OpenSSH key"),
        Kind::SshPublicKey => t!("an OpenSSH public key"),
        Kind::PuttyKey => t!("a PuTTY key"),
        Kind::Jwk => t!("a JSON Web Key"),
        Kind::Base64 => t!("base64 text"),
        Kind::OtherDer => t!("DER of another kind"),
        Kind::Html => t!("a web page (HTML)"),
        Kind::Pgp => t!("something of OpenPGP"),
        Kind::Zip => t!("a ZIP archive"),
        Kind::Empty => t!("empty"),
        Kind::Text => t!("plain text"),
        Kind::Unknown => t!("no format that Certwright knows"),
    }
}

/// A number of things.
pub(crate) fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

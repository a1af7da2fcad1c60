//! Entries as files.

use std::io::{Cursor, Write};

use certwright_certs::certificate::Certificate;
use certwright_keys::write::{
    KeyFormat, PublicKeyFormat, WriteKeyError, generate_key_file, to_public_key_file,
};
use certwright_keys::{PrivateKey, SecretBytes, secret};
use certwright_keystore::alias::AliasError;
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::jks::WriteJksError;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::pkcs12::WritePkcs12Error;
use certwright_keystore::reply::Issuers;
use certwright_keystore::{calendar, inventory, jceks, jks, pkcs7, pkcs12};
use certwright_protocol::ui::{
    CertificateChoice, Encoding, ExportFormat, KeyFileFormat, Pkcs12Target, PublicKeyFileFormat, Response,
    StoreId,
};
use certwright_protocol::{Password, Problem};
use rand_core::CryptoRng;
use zip::write::SimpleFileOptions;

use super::Session;
use crate::convert::{alias_problem, entry_problem};
use crate::opened::{StoreFormat, format_of};
use crate::trust::whole_chain;
use certwright_language::t;

/// A file that was written. It may hold keys.
struct Written {
    extension: &'static str,
    media_type: &'static str,
    content: SecretBytes,
}

impl Session {
    pub(super) fn export(
        &mut self,
        store: StoreId,
        aliases: &[String],
        format: &ExportFormat,
        now_ms: i64,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        let keystore = self.open(store)?;
        let entries: Vec<&Entry> = if aliases.is_empty() {
            keystore.iter().collect()
        } else {
            aliases.iter().map(|alias| self.entry(store, alias)).collect::<Result<_, _>>()?
        };
        let name = match (entries.as_slice(), aliases) {
            ([one], [_]) => file_stem(&one.alias),
            _ => self.work.sheet(store).map_or_else(|_| "keystore".into(), |sheet| stem_of_file(&sheet.name)),
        };
        let resolved = self.as_opened(store, format)?;
        let format = resolved.as_ref().unwrap_or(format);
        let writer = Writer { keystore, now: now_ms.div_euclid(1000) };
        let written = match writer.together(&entries, format, rng)? {
            Some(written) => written,
            None => match entries.as_slice() {
                [one] => writer.alone(one, format, rng)?,
                [] => return Err(Problem::NothingToImport { file: name }),
                several => writer.zipped(several, format, rng)?,
            },
        };
        let is_store = matches!(
            format,
            ExportFormat::Pkcs12 { .. } | ExportFormat::Jks { .. } | ExportFormat::Jceks { .. }
        );
        let whole = entries.len() == keystore.len();
        if is_store
            && whole
            && let Ok(sheet) = self.work.sheet_mut(store)
        {
            sheet.changed = false;
            self.revision += 1;
        }
        Ok(Response::File {
            name: format!("{name}.{}", written.extension),
            media_type: written.media_type.into(),
            content: written.content.as_bytes().to_vec().into(),
        })
    }

    /// The format and password that a file was opened with, if that is what is asked for.
    fn as_opened(&self, store: StoreId, format: &ExportFormat) -> Result<Option<ExportFormat>, Problem> {
        if !matches!(format, ExportFormat::AsOpened) {
            return Ok(None);
        }
        let sheet = self.work.sheet(store)?;
        let file = sheet.file.as_ref().ok_or(Problem::NoSuchStore)?;
        if let Some(alias) = sheet.closed.first().and_then(|closed| closed.alias.clone()) {
            // What cannot be opened cannot be written, and must not be lost in silence.
            return Err(Problem::EntryClosed { alias });
        }
        let password = || {
            let password = file.passwords.first().map_or("", secret::Password::as_str);
            Password::new(password)
        };
        match format_of(file) {
            Some(StoreFormat::Pkcs12) => {
                Ok(Some(ExportFormat::Pkcs12 { password: password(), target: Pkcs12Target::Modern }))
            }
            Some(StoreFormat::Jks) => Ok(Some(ExportFormat::Jks { password: password() })),
            Some(StoreFormat::Jceks) => Ok(Some(ExportFormat::Jceks { password: password() })),
            None => Err(Problem::NoSuchStore),
        }
    }
}

struct Writer<'a> {
    keystore: &'a Keystore,
    now: i64,
}

impl Writer<'_> {
    /// Formats that hold any number of entries; `None` for the others.
    fn together(
        &self,
        entries: &[&Entry],
        format: &ExportFormat,
        rng: &mut impl CryptoRng,
    ) -> Result<Option<Written>, Problem> {
        Ok(Some(match format {
            ExportFormat::Pkcs12 { password, target } => {
                let file = pkcs12::generate_pkcs12(
                    &refs(&self.completed(entries)?),
                    pkcs12_target(*target),
                    &secret_password(password)?,
                    rng,
                )
                .map_err(pkcs12_problem)?;
                written("p12", "application/x-pkcs12", file)
            }
            ExportFormat::Jks { password } => {
                let completed = self.completed(entries)?;
                let file = jks::generate_jks(&refs(&completed), &secret_password(password)?, rng)
                    .map_err(|error| jks_problem(error, "JKS"))?;
                written("jks", "application/x-java-keystore", file)
            }
            ExportFormat::Jceks { password } => {
                let completed = self.completed(entries)?;
                let file = jceks::generate_jceks(&refs(&completed), &secret_password(password)?, rng)
                    .map_err(|error| jks_problem(error, "JCEKS"))?;
                written("jceks", "application/x-java-jce-keystore", file)
            }
            ExportFormat::Chain => {
                let certificates = self.all_certificates(entries)?;
                let file = pkcs7::to_pkcs7(&certificates)
                    .map_err(|error| Problem::Internal { detail: error.to_string() })?;
                // A set has no order, and DER sorts it.
                let same = pkcs7::parse_pkcs7_der(&file).is_ok_and(|read| {
                    read.len() == certificates.len() && certificates.iter().all(|c| read.contains(c))
                });
                if !same {
                    return Err(Problem::WriteCheckFailed);
                }
                written("p7b", "application/x-pkcs7-certificates", file)
            }
            ExportFormat::ChainPem => {
                let text: String = self.all_certificates(entries)?.iter().map(Certificate::to_pem).collect();
                written("pem", "application/x-pem-file", text.into_bytes())
            }
            ExportFormat::InventoryCsv => {
                let rows = self.inventory(entries);
                written("csv", "text/csv", inventory::to_inventory_csv(&rows, true).into_bytes())
            }
            ExportFormat::InventoryJson => {
                let rows: Vec<_> =
                    self.inventory(entries).iter().map(crate::convert::inventory_row).collect();
                let text = serde_json::to_string_pretty(&rows)
                    .map_err(|error| Problem::Internal { detail: error.to_string() })?;
                written("json", "application/json", text.into_bytes())
            }
            ExportFormat::Calendar { remind_days } => {
                let text = calendar::to_calendar(entries.iter().copied(), self.now, remind_days)
                    .ok_or(Problem::NothingExpires)?;
                written("ics", "text/calendar", text.into_bytes())
            }
            _ => return Ok(None),
        }))
    }

    /// Formats of one entry.
    fn alone(
        &self,
        entry: &Entry,
        format: &ExportFormat,
        rng: &mut impl CryptoRng,
    ) -> Result<Written, Problem> {
        match format {
            ExportFormat::Certificate { which, encoding } => {
                let chain = self.chain(entry)?;
                let certificate = match which {
                    CertificateChoice::Own => chain.first(),
                    CertificateChoice::At { index } => {
                        usize::try_from(*index).ok().and_then(|index| chain.get(index))
                    }
                    CertificateChoice::Root => chain.last().filter(|last| last.is_self_issued()),
                };
                let certificate =
                    certificate.ok_or_else(|| Problem::NoSuchCertificate { alias: entry.alias.clone() })?;
                Ok(match encoding {
                    Encoding::Der => written("cer", "application/pkix-cert", certificate.der().to_vec()),
                    Encoding::Pem => {
                        written("pem", "application/x-pem-file", certificate.to_pem().into_bytes())
                    }
                })
            }
            ExportFormat::PrivateKey { format, password } => {
                let key = self.exportable_key(entry)?;
                let format = key_format(*format, password.is_some());
                let content = key_file(entry, key, format, password.as_ref(), rng)?;
                let media_type = match format {
                    KeyFormat::Jwk => "application/jwk+json",
                    KeyFormat::Pkcs8Der | KeyFormat::Pkcs8EncryptedDer => "application/pkcs8",
                    _ => "application/x-pem-file",
                };
                Ok(Written { extension: format.extension(), media_type, content })
            }
            ExportFormat::KeyAndChainPem { password } => {
                let key = self.exportable_key(entry)?;
                let format = key_format(KeyFileFormat::Pkcs8Pem, password.is_some());
                let key = key_file(entry, key, format, password.as_ref(), rng)?;
                let chain: String = self.chain(entry)?.iter().map(Certificate::to_pem).collect();
                let mut content = Vec::with_capacity(key.len() + chain.len());
                content.extend_from_slice(key.as_bytes());
                content.extend_from_slice(chain.as_bytes());
                Ok(written("pem", "application/x-pem-file", content))
            }
            ExportFormat::PublicKey { format } => self.public_key(entry, *format),
            ExportFormat::SigningRequest { encoding } => {
                let pair =
                    entry.key_pair().ok_or_else(|| Problem::NoPrivateKey { alias: entry.alias.clone() })?;
                let request = pair
                    .request
                    .as_ref()
                    .ok_or_else(|| Problem::NoSigningRequest { alias: entry.alias.clone() })?;
                let content = match encoding {
                    Encoding::Pem => request.to_pem().into_bytes(),
                    Encoding::Der => request.der().to_vec(),
                };
                Ok(written("csr", "application/pkcs10", content))
            }
            other => Err(Problem::Internal { detail: format!("no format of one entry: {other:?}") }),
        }
    }

    /// A ZIP with one file for each entry.
    fn zipped(
        &self,
        entries: &[&Entry],
        format: &ExportFormat,
        rng: &mut impl CryptoRng,
    ) -> Result<Written, Problem> {
        let internal = |error: &dyn std::fmt::Display| Problem::Internal { detail: error.to_string() };
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let mut names: Vec<String> = Vec::new();
        for entry in entries {
            let file = self.alone(entry, format, rng)?;
            let mut name = format!("{}.{}", file_stem(&entry.alias), file.extension);
            let mut number = 2;
            while names.contains(&name.to_lowercase()) {
                name = format!("{} {number}.{}", file_stem(&entry.alias), file.extension);
                number += 1;
            }
            names.push(name.to_lowercase());
            let options = SimpleFileOptions::default()
                .compression_method(zip::CompressionMethod::Stored)
                .unix_permissions(0o600);
            zip.start_file(name, options).map_err(|error| internal(&error))?;
            zip.write_all(file.content.as_bytes()).map_err(|error| internal(&error))?;
        }
        let content = zip.finish().map_err(|error| internal(&error))?.into_inner();
        Ok(written("zip", "application/zip", content))
    }

    /// The entries with their chains completed from the whole keystore, so that the file stands on its own.
    ///
    /// A key that waits for its certificate is left out of nothing: formats that cannot hold it say so.
    fn completed(&self, entries: &[&Entry]) -> Result<Vec<Entry>, Problem> {
        let issuers = Issuers::new(self.keystore);
        entries
            .iter()
            .map(|entry| {
                self.keystore.exportable(&entry.alias).map_err(|error| entry_problem(error, &entry.alias))?;
                let mut entry = (*entry).clone();
                if let Content::KeyPair(pair) = &mut entry.content {
                    pair.chain = whole_chain(&pair.chain, &issuers);
                }
                Ok(entry)
            })
            .collect()
    }

    /// The chains of all entries, each certificate once.
    fn all_certificates(&self, entries: &[&Entry]) -> Result<Vec<Certificate>, Problem> {
        let mut all: Vec<Certificate> = Vec::new();
        let mut seen = std::collections::HashSet::new();
        for entry in entries {
            // Among several, entries without certificates are passed over; of one it is said.
            match self.chain(entry) {
                Ok(chain) => all.extend(chain.into_iter().filter(|c| seen.insert(c.fingerprint_sha256()))),
                Err(problem) if entries.len() == 1 => return Err(problem),
                Err(_) => {}
            }
        }
        match entries.first() {
            Some(entry) if all.is_empty() => Err(no_certificate(entry)),
            _ => Ok(all),
        }
    }

    fn inventory(&self, entries: &[&Entry]) -> Vec<inventory::InventoryRow> {
        let chosen: std::collections::HashSet<&str> =
            entries.iter().map(|entry| entry.alias.as_str()).collect();
        let mut rows = inventory::inventory(self.keystore, self.now);
        rows.retain(|row| chosen.contains(row.alias.as_str()));
        rows
    }

    fn chain(&self, entry: &Entry) -> Result<Vec<Certificate>, Problem> {
        let chain = match &entry.content {
            Content::KeyPair(pair) => whole_chain(&pair.chain, &Issuers::new(self.keystore)),
            Content::TrustedCertificate(certificate) => vec![certificate.clone()],
            Content::SecretKey(_) => Vec::new(),
        };
        if chain.is_empty() { Err(no_certificate(entry)) } else { Ok(chain) }
    }

    fn exportable_key<'e>(&self, entry: &'e Entry) -> Result<&'e PrivateKey, Problem> {
        self.keystore.exportable(&entry.alias).map_err(|error| entry_problem(error, &entry.alias))?;
        let pair = entry.key_pair();
        pair.map(|pair| &pair.key).ok_or_else(|| Problem::NoPrivateKey { alias: entry.alias.clone() })
    }

    fn public_key(&self, entry: &Entry, format: PublicKeyFileFormat) -> Result<Written, Problem> {
        let no_key = || Problem::NoPrivateKey { alias: entry.alias.clone() };
        let key = match &entry.content {
            Content::KeyPair(pair) => pair.key.public_key().clone(),
            Content::TrustedCertificate(certificate) => certificate.public_key().map_err(|_| no_key())?,
            Content::SecretKey(_) => return Err(no_key()),
        };
        let (format, extension, media_type) = match format {
            PublicKeyFileFormat::SpkiPem => (PublicKeyFormat::Spki, "pub.pem", "application/x-pem-file"),
            PublicKeyFileFormat::SpkiDer => (PublicKeyFormat::SpkiDer, "pub.der", "application/octet-stream"),
            PublicKeyFileFormat::OpenSsh => (PublicKeyFormat::OpenSsh, "pub", "text/plain"),
            PublicKeyFileFormat::Jwk => (PublicKeyFormat::Jwk, "pub.jwk", "application/jwk+json"),
        };
        let content = to_public_key_file(&key, format).map_err(|error| key_problem(&error, entry))?;
        Ok(written(extension, media_type, content))
    }
}

fn written(extension: &'static str, media_type: &'static str, content: Vec<u8>) -> Written {
    Written { extension, media_type, content: SecretBytes::new(content) }
}

fn refs(entries: &[Entry]) -> Vec<&Entry> {
    entries.iter().collect()
}

fn secret_password(password: &Password) -> Result<secret::Password, Problem> {
    if password.is_empty() {
        return Err(Problem::PasswordEmpty);
    }
    Ok(secret::Password::new(password.as_str()))
}

pub(crate) fn key_format(format: KeyFileFormat, encrypted: bool) -> KeyFormat {
    match (format, encrypted) {
        (KeyFileFormat::Pkcs8Pem, false) => KeyFormat::Pkcs8Pem,
        (KeyFileFormat::Pkcs8Pem, true) => KeyFormat::Pkcs8EncryptedPem,
        (KeyFileFormat::Pkcs8ScryptPem, _) => KeyFormat::Pkcs8ScryptPem,
        (KeyFileFormat::Pkcs8TripleDesPem, _) => KeyFormat::Pkcs8TripleDesPem,
        (KeyFileFormat::Pkcs8Der, false) => KeyFormat::Pkcs8Der,
        (KeyFileFormat::Pkcs8Der, true) => KeyFormat::Pkcs8EncryptedDer,
        (KeyFileFormat::TraditionalPem, false) => KeyFormat::TraditionalPem,
        (KeyFileFormat::TraditionalPem, true) => KeyFormat::TraditionalEncryptedPem,
        (KeyFileFormat::OpenSsh, false) => KeyFormat::OpenSsh,
        (KeyFileFormat::OpenSsh, true) => KeyFormat::OpenSshEncrypted,
        (KeyFileFormat::Jwk, _) => KeyFormat::Jwk,
    }
}

fn key_file(
    entry: &Entry,
    key: &PrivateKey,
    format: KeyFormat,
    password: Option<&Password>,
    rng: &mut impl CryptoRng,
) -> Result<SecretBytes, Problem> {
    let password = password.filter(|_| format.is_encrypted()).map(secret_password).transpose()?;
    generate_key_file(key, format, password.as_ref(), rng).map_err(|error| key_problem(&error, entry))
}

fn key_problem(error: &WriteKeyError, entry: &Entry) -> Problem {
    match error {
        WriteKeyError::NoPlace { algorithm, .. } => Problem::FormatCannotHold {
            format: t!("This format").into(),
            alias: entry.alias.clone(),
            what: t!("a key {algorithm}", algorithm),
        },
        WriteKeyError::PasswordTooShort => {
            Problem::PasswordNotPossible { detail: t!("It is too short for this format").into() }
        }
        WriteKeyError::NeedsPassword => Problem::PasswordEmpty,
        _ => Problem::WriteCheckFailed,
    }
}

fn pkcs12_target(target: Pkcs12Target) -> pkcs12::Pkcs12Target {
    match target {
        Pkcs12Target::Modern => pkcs12::Pkcs12Target::Modern,
        Pkcs12Target::Java8 => pkcs12::Pkcs12Target::Java8,
        Pkcs12Target::WindowsServer2016 => pkcs12::Pkcs12Target::WindowsServer2016,
        Pkcs12Target::MacOs => pkcs12::Pkcs12Target::MacOs,
        Pkcs12Target::OpenSsl11 => pkcs12::Pkcs12Target::OpenSsl11,
    }
}

fn pkcs12_problem(error: WritePkcs12Error) -> Problem {
    match error {
        WritePkcs12Error::NoEntries => Problem::NothingToImport { file: t!("The selection").into() },
        WritePkcs12Error::SecretKey { alias, target } => Problem::FormatCannotHold {
            format: t!("PKCS#12 for this reader ({target})", target = target.name()),
            alias,
            what: t!("a secret key").into(),
        },
        WritePkcs12Error::UnknownSecretAlgorithm { alias, algorithm } => Problem::FormatCannotHold {
            format: "PKCS#12".into(),
            alias,
            what: t!("a secret key of an algorithm without an identifier ({algorithm})", algorithm),
        },
        _ => Problem::WriteCheckFailed,
    }
}

fn jks_problem(error: WriteJksError, format: &str) -> Problem {
    match error {
        WriteJksError::NoEntries => Problem::NothingToImport { file: t!("The selection").into() },
        WriteJksError::SameAlias { first, second } => {
            Problem::AliasesCollide { aliases: vec![first, second], format: format.into() }
        }
        WriteJksError::AliasTooLong { alias } => {
            alias_problem(AliasError::TooLong { length: alias.chars().count() }, &alias)
        }
        WriteJksError::SecretKeyInJks { alias } => {
            Problem::FormatCannotHold { format: format.into(), alias, what: t!("a secret key").into() }
        }
        WriteJksError::NoCertificate { alias } => Problem::FormatCannotHold {
            format: format.into(),
            alias,
            what: t!("a key without a certificate").into(),
        },
        WriteJksError::PasswordNotAscii => Problem::PasswordNotPossible {
            detail: t!("Java’s encryption of keys in JCEKS takes printable ASCII characters alone").into(),
        },
        _ => Problem::WriteCheckFailed,
    }
}

fn no_certificate(entry: &Entry) -> Problem {
    Problem::NoCertificateYet { alias: entry.alias.clone() }
}

/// The name of an opened file without what says its format.
fn stem_of_file(name: &str) -> String {
    file_stem(name.rsplit_once('.').map_or(name, |(stem, _)| stem))
}

/// An alias as a file's name: characters that some file system refuses become `_`.
pub(crate) fn file_stem(alias: &str) -> String {
    let stem: String = alias
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c })
        .take(100)
        .collect();
    let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if stem.is_empty() { t!("entry").into() } else { stem.into() }
}

#[cfg(test)]
mod tests {
    use super::file_stem;

    #[test]
    fn file_names_stay_in_their_folder() {
        assert_eq!(file_stem("erp client"), "erp client");
        assert_eq!(file_stem("../../etc/passwd"), "_.._etc_passwd");
        assert_eq!(file_stem(".."), "entry");
        assert_eq!(file_stem("schlüssel:1"), "schlüssel_1");
    }
}

//! Entries as files.

use certwright_certs::certificate::Certificate;
use certwright_encoding::pem::to_pem;
use certwright_keys::secret;
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::{pkcs7, pkcs12};
use certwright_protocol::ui::{ExportFormat, Response};
use certwright_protocol::{Password, Problem};
use rand_core::CryptoRng;

use super::{Session, file_extension};
use crate::trust::complete_chain;

impl Session {
    pub(super) fn export(
        &self,
        alias: &str,
        format: &ExportFormat,
        rng: &mut impl CryptoRng,
    ) -> Result<Response, Problem> {
        self.open()?;
        let entry = self.entry(alias)?;
        let (media_type, content) = match format {
            ExportFormat::Pkcs12 { password } => {
                self.key_pair(alias)?;
                ("application/x-pkcs12", self.pkcs12(entry, password, rng)?)
            }
            ExportFormat::Chain => {
                let file = pkcs7::to_pkcs7(&self.chain(entry)?)
                    .map_err(|error| Problem::Internal { detail: error.to_string() })?;
                ("application/x-pkcs7-certificates", file)
            }
            ExportFormat::ChainPem => {
                let text: String =
                    self.chain(entry)?.iter().map(|c| to_pem("CERTIFICATE", c.der())).collect();
                ("application/x-pem-file", text.into_bytes())
            }
            ExportFormat::Certificate => {
                let chain = self.chain(entry)?;
                let first = chain.first().ok_or_else(|| no_certificate(entry))?;
                ("application/pkix-cert", first.der().to_vec())
            }
            ExportFormat::SigningRequest => {
                let (_, pair) = self.key_pair(alias)?;
                let request = pair
                    .request
                    .as_ref()
                    .ok_or_else(|| Problem::NoSigningRequest { alias: entry.alias.clone() })?;
                ("application/pkcs10", request.to_pem().into_bytes())
            }
        };
        let name = format!("{}.{}", file_stem(&entry.alias), file_extension(format));
        Ok(Response::File { name, media_type: media_type.into(), content: content.into() })
    }

    fn pkcs12(
        &self,
        entry: &Entry,
        password: &Password,
        rng: &mut impl CryptoRng,
    ) -> Result<Vec<u8>, Problem> {
        if password.is_empty() {
            return Err(Problem::PasswordEmpty);
        }
        pkcs12::to_pkcs12(&[&self.completed(entry)], &secret::Password::new(password.as_str()), rng)
            .map_err(|_| Problem::WriteCheckFailed)
    }

    /// The entry with its chain completed from the whole keystore, so that the file stands on its own.
    fn completed(&self, entry: &Entry) -> Entry {
        let mut entry = entry.clone();
        if let Content::KeyPair(pair) = &mut entry.content {
            pair.chain = complete_chain(&pair.chain, &self.keystore).0;
        }
        entry
    }

    fn chain(&self, entry: &Entry) -> Result<Vec<Certificate>, Problem> {
        let chain = match &entry.content {
            Content::KeyPair(pair) => complete_chain(&pair.chain, &self.keystore).0,
            Content::TrustedCertificate(certificate) => vec![certificate.clone()],
        };
        if chain.is_empty() { Err(no_certificate(entry)) } else { Ok(chain) }
    }
}

fn no_certificate(entry: &Entry) -> Problem {
    Problem::NoCertificateYet { alias: entry.alias.clone() }
}

/// An alias as a file's name: characters that some file system refuses become `_`.
fn file_stem(alias: &str) -> String {
    let stem: String = alias
        .chars()
        .map(|c| if c.is_control() || r#"/\:*?"<>|"#.contains(c) { '_' } else { c })
        .take(100)
        .collect();
    let stem = stem.trim_matches(|c: char| c == '.' || c.is_whitespace());
    if stem.is_empty() { "entry".into() } else { stem.into() }
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

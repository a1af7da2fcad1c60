//! `certwright sign`: signs somebody's request, as a small certification authority.

use std::path::PathBuf;
use std::process::ExitCode;

use certwright_engine::files::{self, IssueWish, Use};
use certwright_protocol::view::CertificateView;
use clap::ValueEnum;
use getrandom::SysRng;
use getrandom::rand_core::UnwrapErr;

use super::content::{Usages, alternative_names, describe_made, signer};
use super::reading::SourceFile;
use super::writing::{Output, Readers};
use super::{Exit, complain, print, print_json};

/// Sign a request with the key of a certification authority of your own.
///
/// Serial number, key identifiers and issuer are set as RFC 5280 has it. Refused are requests whose own signature is wrong or whose key is
/// weak, and issuers that may not issue.
#[derive(Debug, clap::Args)]
pub(crate) struct Arguments {
    /// File with the issuer's certificate, and its key unless that is in another (PKCS#12, JKS, PEM, …); with a key the mode must be 0600.
    #[arg(long, value_name = "FILE")]
    issuer: PathBuf,
    /// File with the issuer's private key, mode 0600.
    #[arg(long, value_name = "FILE")]
    issuer_key: Option<PathBuf>,
    /// The issuer's entry, if there are several.
    #[arg(long, value_name = "ALIAS")]
    alias: Option<String>,
    /// File whose first line is the issuer's password, mode 0600. May be repeated.
    #[arg(long, value_name = "F")]
    password_file: Vec<PathBuf>,
    /// File with the signing request, PEM or DER.
    #[arg(long, value_name = "FILE")]
    request: PathBuf,
    /// How long the certificate is valid; 365 days unless told otherwise, for an authority ten years, but no longer than the issuer.
    #[arg(long, value_name = "N")]
    days: Option<u32>,
    /// Cut a validity that ends after the issuer's, rather than refuse it.
    #[arg(long)]
    cut_validity: bool,
    /// Requested extensions to honour: san, key-usage, extended-key-usage, other names or identifiers, or all; the first three unless told
    /// otherwise (with --ca san alone). Only basic-constraints in so many words lets a request ask for an authority.
    #[arg(long, value_name = "WHAT", value_delimiter = ',')]
    honour: Option<Vec<String>>,
    /// Honour no requested extension.
    #[arg(long, conflicts_with = "honour")]
    no_honour: bool,
    /// Another subject than the requested one.
    #[arg(long, value_name = "DN")]
    subject: Option<String>,
    /// Alternative name beside the honoured ones. May be repeated.
    #[arg(long, value_name = "NAME")]
    san: Vec<String>,
    #[command(flatten)]
    usages: Usages,
    /// Signature algorithm, such as sha384, pss-sha256, or a full name; the issuer key's usual one if there is none.
    #[arg(long, value_name = "NAME")]
    signature: Option<String>,
    #[command(flatten)]
    output: Output,
    /// What the file holds.
    #[arg(long, value_enum, default_value_t = Format::Chain)]
    format: Format,
    /// Print the certificate's facts as JSON (see docs/json.md).
    #[arg(long)]
    json: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    /// The certificate and its issuers, PEM, its own first.
    Chain,
    /// The certificate alone, PEM.
    Pem,
    /// The certificate alone, DER.
    Der,
    /// The certificate and its issuers, PKCS#7 (DER).
    Pkcs7,
}

impl Arguments {
    /// Signs.
    pub(crate) fn run(self) -> ExitCode {
        let (json, out) = (self.json, self.output.name());
        match self.sign() {
            Ok(certificate) if json => print_json(&certificate, Exit::Yes),
            Ok(certificate) => print(&describe_made(&out, &certificate), Exit::Yes),
            Err(message) => complain(message),
        }
    }

    fn sign(self) -> Result<CertificateView, String> {
        self.output.check()?;
        let source = SourceFile::read(&self.request)?;
        let request = files::signing_request(&source.input()).map_err(|problem| problem.to_line())?;
        let paths: Vec<PathBuf> = [Some(self.issuer), self.issuer_key].into_iter().flatten().collect();
        let mut signer = signer(&paths, self.alias.as_deref(), &self.password_file, Use::Issuing)?;
        let (is_ca, path_length) = self.usages.authority();
        let wish = IssueWish {
            days: self.days,
            cut_validity: self.cut_validity,
            subject: self.subject,
            alternative_names: alternative_names(&self.san),
            honour: if self.no_honour { Some(Vec::new()) } else { self.honour },
            purpose: self.usages.purpose(),
            key_usage: self.usages.key_usage(),
            extended_key_usage: self.usages.extended_key_usage(),
            is_ca,
            path_length,
            signature: self.signature,
        };
        let made =
            signer.issue(&request, &wish, &mut UnwrapErr(SysRng)).map_err(|problem| problem.to_line())?;
        let content = match self.format {
            Format::Chain => made.chain_pem.as_bytes(),
            Format::Pem => first_block(&made.chain_pem).as_bytes(),
            Format::Der => &made.certificate.der.0,
            Format::Pkcs7 => made.chain_pkcs7.as_deref().unwrap_or_default(),
        };
        self.output.write(content, Readers::Usual)?;
        Ok(made.certificate)
    }
}

/// The first block of a PEM text.
fn first_block(pem: &str) -> &str {
    const END: &str = "-----END CERTIFICATE-----\n";
    pem.find(END).and_then(|at| pem.get(..at + END.len())).unwrap_or(pem)
}

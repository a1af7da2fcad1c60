//! Writing things as files: text like OpenSSL's, JSON (the sheet in full), PEM, DER. Several things of one PEM or text go into one file, of
//! the other formats into a ZIP archive. Of a private key there is only what its sheet shows.

use std::io::{Cursor, Write};

use certwright_protocol::Problem;
use certwright_protocol::ui::inspect::ThingFormat;
use zip::write::SimpleFileOptions;

use super::rows::Extent;
use super::{Content, Inspection, Item, text};
use crate::session::file_stem;
use certwright_language::t;

/// A file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exported {
    /// Suggested name.
    pub name: String,
    /// Media type.
    pub media_type: &'static str,
    /// Content.
    pub content: Vec<u8>,
}

impl Inspection {
    /// Things as a file. `now` is in Unix seconds.
    ///
    /// # Errors
    /// If there is no such thing, or the format cannot hold one of them.
    pub fn export(&self, things: &[u32], format: ThingFormat, now: i64) -> Result<Exported, Problem> {
        let items: Vec<&Item> = things.iter().map(|id| self.item(*id)).collect::<Result<_, _>>()?;
        let Some(first) = items.first() else { return Err(Problem::NothingFound) };
        let stem = file_stem(&first.thing(now).title);
        let mut files: Vec<Vec<u8>> = Vec::new();
        for item in &items {
            files.push(self.written(item, format, now)?);
        }
        let (extension, media_type) = match format {
            ThingFormat::Text => ("txt", "text/plain"),
            ThingFormat::Json => ("json", "application/json"),
            ThingFormat::Pem => ("pem", "application/x-pem-file"),
            ThingFormat::Der => der_type(&first.content),
        };
        let one_file = files.len() == 1 || matches!(format, ThingFormat::Text | ThingFormat::Pem);
        if one_file {
            let name = format!("{stem}.{extension}");
            return Ok(Exported { name, media_type, content: files.concat() });
        }
        let mut zip = zip::ZipWriter::new(Cursor::new(Vec::new()));
        let internal = |error: &dyn core::fmt::Display| Problem::Internal { detail: error.to_string() };
        for (number, (item, file)) in items.iter().zip(files).enumerate() {
            let extension = if format == ThingFormat::Der { der_type(&item.content).0 } else { extension };
            let name = format!("{:02} {}.{extension}", number + 1, file_stem(&item.thing(now).title));
            let options = SimpleFileOptions::default().compression_method(zip::CompressionMethod::Stored);
            zip.start_file(name, options).map_err(|error| internal(&error))?;
            zip.write_all(&file).map_err(|error| internal(&error))?;
        }
        let content = zip.finish().map_err(|error| internal(&error))?.into_inner();
        Ok(Exported { name: format!("{stem}.zip"), media_type: "application/zip", content })
    }

    fn written(&self, item: &Item, format: ThingFormat, now: i64) -> Result<Vec<u8>, Problem> {
        Ok(match format {
            ThingFormat::Text => text::to_text(&item.content).into_bytes(),
            ThingFormat::Json => {
                let sheet = self.sheet_to(item.id, &[], now, Extent::Whole)?;
                let internal = |error: serde_json::Error| Problem::Internal { detail: error.to_string() };
                let mut json = serde_json::to_vec_pretty(&sheet).map_err(internal)?;
                json.push(b'\n');
                json
            }
            ThingFormat::Pem => item.content.pem().ok_or_else(|| cannot_hold(item, "PEM", now))?.into_bytes(),
            ThingFormat::Der => match &item.content {
                Content::PrivateKey(_) => return Err(cannot_hold(item, "DER", now)),
                content => content.der().to_vec(),
            },
        })
    }
}

fn cannot_hold(item: &Item, format: &str, now: i64) -> Problem {
    let thing = item.thing(now);
    let what = match &item.content {
        Content::PrivateKey(_) => t!("a private key, of which only the public half is at hand here"),
        _ => t!("something without a label of its own"),
    };
    Problem::FormatCannotHold { format: format.into(), alias: thing.title, what: what.into() }
}

/// Extension and media type of DER.
fn der_type(content: &Content) -> (&'static str, &'static str) {
    match content {
        Content::Certificate(_) => ("cer", "application/pkix-cert"),
        Content::Request(_) => ("csr", "application/pkcs10"),
        Content::Crl(_) => ("crl", "application/pkix-crl"),
        Content::OcspResponse(_) => ("ors", "application/ocsp-response"),
        Content::OcspRequest(..) => ("orq", "application/ocsp-request"),
        Content::PublicKey(_) | Content::PrivateKey(_) | Content::Asn1(_) => {
            ("der", "application/octet-stream")
        }
    }
}

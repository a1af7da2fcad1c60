//! ZIP archives that come from outside: their files, within bounds.
//!
//! Refused: what is no archive. Left out: folders, files that cannot be read, and whatever goes beyond [`MAX_FILES`] or [`MAX_UNPACKED`]; the sizes that
//! the archive states are not believed.

use std::io::{Cursor, Read};

/// Largest content of an archive together, in octets.
const MAX_UNPACKED: u64 = 16 << 20;
/// Most files in an archive.
const MAX_FILES: usize = 1_000;

/// What an archive holds.
pub(crate) struct Archive {
    /// Name, perhaps with folders, and content, in the archive's order.
    pub(crate) files: Vec<(String, Vec<u8>)>,
    /// Whether there is more than is unpacked.
    pub(crate) cut: bool,
}

/// Unpacks an archive; `None` if it is none.
pub(crate) fn unpack(bytes: &[u8]) -> Option<Archive> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).ok()?;
    let mut unpacked = Archive { files: Vec::new(), cut: archive.len() > MAX_FILES };
    let mut left = MAX_UNPACKED;
    for number in 0..archive.len().min(MAX_FILES) {
        let Ok(mut file) = archive.by_index(number) else { continue };
        if !file.is_file() {
            continue;
        }
        let name = String::from_utf8_lossy(file.name_raw()).into_owned();
        let mut content = Vec::new();
        let read = file.by_ref().take(left).read_to_end(&mut content);
        left = left.saturating_sub(content.len() as u64);
        if left == 0 {
            unpacked.cut = true;
            break;
        }
        if read.is_ok() {
            unpacked.files.push((name, content));
        }
    }
    Some(unpacked)
}

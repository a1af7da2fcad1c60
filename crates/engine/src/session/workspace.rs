//! The keystores that are open: that of the browser, and files and new ones beside it.

use std::sync::Arc;

use certwright_encoding::sniff::Kind;
use certwright_keys::SecretBytes;
use certwright_keys::secret::Passwords;
use certwright_keystore::contents::LockedEntry;
use certwright_keystore::keystore::Keystore;
use certwright_language::t;
use certwright_protocol::Problem;
use certwright_protocol::ui::StoreId;
use certwright_protocol::view::FileRemark;

/// Most keystores that are open beside the first.
const MOST_SHEETS: usize = 50;

/// All open keystores. Cloning is cheap, since entries are shared.
#[derive(Clone, Default)]
pub(super) struct Workspace {
    pub(super) home: Keystore,
    pub(super) sheets: Vec<Sheet>,
}

/// A keystore beside the first.
#[derive(Clone)]
pub(super) struct Sheet {
    pub(super) id: StoreId,
    pub(super) name: String,
    pub(super) keystore: Keystore,
    /// The file from which it was opened.
    pub(super) file: Option<Arc<SheetFile>>,
    /// Entries of the file that none of the passwords opened.
    pub(super) closed: Vec<LockedEntry>,
    pub(super) remarks: Vec<FileRemark>,
    /// Whether it differs from what was opened or written last.
    pub(super) changed: bool,
}

/// A file from which a keystore was opened.
pub(crate) struct SheetFile {
    pub(crate) kind: Kind,
    pub(crate) bytes: SecretBytes,
    pub(crate) passwords: Passwords,
}

impl Workspace {
    /// Entries of all keystores: what a copy of this takes.
    pub(super) fn places(&self) -> usize {
        self.home.len() + self.sheets.iter().map(|sheet| sheet.keystore.len()).sum::<usize>()
    }

    pub(super) fn keystore(&self, store: StoreId) -> Result<&Keystore, Problem> {
        if store == StoreId::HOME { Ok(&self.home) } else { Ok(&self.sheet(store)?.keystore) }
    }

    pub(super) fn sheet(&self, store: StoreId) -> Result<&Sheet, Problem> {
        self.sheets.iter().find(|sheet| sheet.id == store).ok_or(Problem::NoSuchStore)
    }

    pub(super) fn sheet_mut(&mut self, store: StoreId) -> Result<&mut Sheet, Problem> {
        self.sheets.iter_mut().find(|sheet| sheet.id == store).ok_or(Problem::NoSuchStore)
    }

    pub(super) fn add(&mut self, sheet: Sheet) -> Result<(), Problem> {
        if self.sheets.len() >= MOST_SHEETS {
            return Err(Problem::Internal {
                detail: t!("more than {MOST_SHEETS} open keystores", MOST_SHEETS),
            });
        }
        self.sheets.push(sheet);
        Ok(())
    }

    pub(super) fn set(&mut self, store: StoreId, keystore: Keystore) -> Result<(), Problem> {
        if store == StoreId::HOME {
            self.home = keystore;
        } else {
            let sheet = self.sheet_mut(store)?;
            sheet.keystore = keystore;
            sheet.changed = true;
        }
        Ok(())
    }
}

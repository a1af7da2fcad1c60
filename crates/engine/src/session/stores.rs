//! Keystores beside each other: opening, closing, unlocking entries, merging.

use std::sync::Arc;

use certwright_keys::secret;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::merge::{self, apply_merge, plan_merge};
use certwright_keystore::note::Note;
use certwright_keystore::open::parse_file;
use certwright_protocol::ui::{
    MergeMode, MergeOutcome, MergeReason, MergeRow, MergeSource, Response, StoreId,
};
use certwright_protocol::{Password, Problem};

use super::Session;
use super::plans::note_problem;
use super::workspace::{Sheet, SheetFile};
use crate::convert::{entry_problem, file_problem, merge_row};
use crate::opened::{Opened, opened};
use certwright_language::t;

impl Session {
    /// Opens a file that was found. Its things can still be imported one by one.
    pub(super) fn open_store(&mut self, id: u32) -> Result<Response, Problem> {
        let file = self.found.file(id).ok_or(Problem::NothingFound)?;
        let (name, file, Opened { keystore, closed, remarks }) =
            (file.name.clone(), file.file.clone(), file.opened.clone());
        let sheet = Sheet {
            id: self.next_store(),
            name,
            keystore,
            file: Some(file),
            closed,
            remarks,
            changed: false,
        };
        self.add_sheet(t!("Open {name}", name = sheet.name), sheet)
    }

    pub(super) fn new_store(&mut self, name: &str) -> Result<Response, Problem> {
        let name = match name.trim() {
            "" => t!("new keystore"),
            name => name,
        };
        let sheet = Sheet {
            id: self.next_store(),
            name: name.to_owned(),
            keystore: Keystore::new(),
            file: None,
            closed: Vec::new(),
            remarks: Vec::new(),
            changed: false,
        };
        self.add_sheet(t!("New keystore “{name}”", name), sheet)
    }

    pub(super) fn add_sheet(&mut self, name: String, sheet: Sheet) -> Result<Response, Problem> {
        let store = sheet.id;
        let mut work = self.work.clone();
        work.add(sheet)?;
        self.change_all(name, work);
        Ok(Response::Store { store })
    }

    pub(super) fn close_store(&mut self, store: StoreId) -> Result<Response, Problem> {
        let name = t!("Close {name}", name = self.work.sheet(store)?.name);
        let mut work = self.work.clone();
        work.sheets.retain(|sheet| sheet.id != store);
        self.change_all(name, work);
        Ok(Response::Done)
    }

    /// Reads the file again with one more password. Entries that it opens come to those that are there; what was changed stays.
    pub(super) fn unlock_entries(
        &mut self,
        store: StoreId,
        password: &Password,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let sheet = self.work.sheet(store)?;
        let Some(file) = &sheet.file else { return Err(Problem::NoSuchStore) };
        let mut passwords = file.passwords.clone();
        passwords.push(secret::Password::new(password.as_str()));
        let found = parse_file(&sheet.name, file.bytes.as_bytes(), &passwords)
            .map_err(|error| file_problem(&sheet.name, error))?;
        let Opened { keystore: read, closed, remarks } = opened(&found, now_ms);
        if closed.len() >= sheet.closed.len() {
            return Err(Problem::PasswordWrong { file: sheet.name.clone() });
        }
        let mut work = self.work.clone();
        let sheet = work.sheet_mut(store)?;
        for entry in read.iter() {
            let was_closed =
                sheet.closed.iter().any(|closed| closed.alias.as_deref() == Some(entry.alias.as_str()));
            if was_closed {
                let mut entry = entry.clone();
                entry.alias = sheet.keystore.unique_alias(&entry.alias);
                let alias = entry.alias.clone();
                sheet.keystore.insert(entry).map_err(|error| entry_problem(error, &alias))?;
            }
        }
        sheet.closed = closed;
        sheet.remarks = remarks;
        sheet.file = Some(Arc::new(SheetFile { kind: file.kind, bytes: file.bytes.clone(), passwords }));
        let name = t!("Open entries of {name}", name = sheet.name);
        self.change_all(name, work);
        Ok(Response::Done)
    }

    #[allow(clippy::too_many_arguments, reason = "they are the fields of one request")]
    pub(super) fn merge(
        &mut self,
        store: StoreId,
        from: MergeSource,
        aliases: Option<&[String]>,
        mode: MergeMode,
        overwrite: bool,
        apply: bool,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let target = self.open(store)?;
        let (source, closed) = match from {
            MergeSource::Store { store: other } if other == store => return Err(Problem::NoSuchStore),
            MergeSource::Store { store: other } => {
                let closed = self.work.sheet(other).map(|sheet| sheet.closed.clone()).unwrap_or_default();
                (self.open(other)?, closed)
            }
            MergeSource::File { id } => {
                let file = self.found.file(id).ok_or(Problem::NothingFound)?;
                (&file.opened.keystore, file.opened.closed.clone())
            }
        };
        let chosen = |alias: &str| aliases.is_none_or(|aliases| aliases.iter().any(|a| a == alias));
        let mode = match mode {
            MergeMode::Add => merge::MergeMode::AddOrReplace,
            MergeMode::Replace => merge::MergeMode::Replace,
        };
        let mut plan =
            plan_merge(target, source.iter().filter(|entry| chosen(&entry.alias)), mode, overwrite);
        // What comes under their aliases cannot be read, so nothing takes their place.
        for alias in closed.iter().filter_map(|closed| closed.alias.as_deref()).filter(|alias| chosen(alias))
        {
            plan.keep(alias);
        }
        let mut rows: Vec<MergeRow> = plan.rows().iter().map(merge_row).collect();
        rows.extend(
            closed.iter().filter_map(|closed| closed.alias.as_deref()).filter(|alias| chosen(alias)).map(
                |alias| MergeRow {
                    alias: alias.to_owned(),
                    outcome: MergeOutcome::NotImported { reason: MergeReason::NotOpened },
                    same_as: Vec::new(),
                    key_lost: false,
                },
            ),
        );
        // A kept keystore that was saved as a file brings its plans and lists along, where all of it is merged; none replaces one that is here.
        let notes: Vec<&Note> = source
            .notes()
            .filter(|note| {
                aliases.is_none() && store == StoreId::HOME && target.note(note.kind, &note.name).is_none()
            })
            .collect();
        if apply && !(plan.changes_nothing() && notes.is_empty()) {
            let mut merged = target.clone();
            apply_merge(&mut merged, &plan, now_ms)
                .map_err(|error| Problem::Internal { detail: error.to_string() })?;
            for note in notes {
                merged.set_note(note.clone()).map_err(note_problem)?;
            }
            self.change(store, t!("Merge").into(), merged)?;
        }
        Ok(Response::Merged { rows, applied: apply })
    }
}

//! Requests about single entries: details, renaming, deleting, locking, history, trusting a certificate.

use certwright_certs::certificate::Certificate;
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::profile::Profile;
use certwright_protocol::Problem;
use certwright_protocol::ui::{Response, StoreId};
use certwright_protocol::view::AliasProfile;

use super::Session;
use crate::convert::errors;
use crate::convert::{alias_problem, entry_problem};
use crate::show;
use certwright_language::t;

impl Session {
    pub(super) fn detail(&self, store: StoreId, alias: &str) -> Result<Response, Problem> {
        let keystore = self.open(store)?;
        if let Some(entry) = keystore.find(alias) {
            return Ok(Response::Detail { entry: Box::new(show::detail(entry, keystore)) });
        }
        let closed = self.work.sheet(store).ok().and_then(|sheet| {
            sheet.closed.iter().find(|closed| closed.alias.as_deref().is_some_and(|name| name == alias))
        });
        let closed = closed.ok_or_else(|| Problem::NoSuchEntry { alias: alias.to_owned() })?;
        Ok(Response::Detail { entry: Box::new(show::closed_detail(closed)) })
    }

    pub(super) fn rename(
        &mut self,
        store: StoreId,
        alias: &str,
        to: &str,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        keystore.rename(alias, to, now_ms).map_err(|error| entry_problem(error, to))?;
        self.change(store, t!("Rename “{alias}” to “{to}”", alias, to = to.trim()), keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn delete(&mut self, store: StoreId, aliases: &[String]) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        let removed = keystore.remove_many(aliases).map_err(|error| entry_problem(error, ""))?;
        let name = match removed.as_slice() {
            [] => return Ok(Response::Done),
            [one] => t!("Delete “{alias}”", alias = one.alias),
            more => t!("Delete {count} entries", count = more.len()),
        };
        self.change(store, name, keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn set_locked(
        &mut self,
        store: StoreId,
        aliases: &[String],
        locked: bool,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        keystore.set_locked(aliases, locked, now_ms).map_err(|error| entry_problem(error, ""))?;
        let name = match (aliases, locked) {
            ([], _) => return Ok(Response::Done),
            ([alias], true) => t!("Lock “{alias}”", alias),
            ([alias], false) => t!("Unlock “{alias}”", alias),
            (more, true) => t!("Lock {count} entries", count = more.len()),
            (more, false) => t!("Unlock {count} entries", count = more.len()),
        };
        self.change(store, name, keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn restore_previous(
        &mut self,
        store: StoreId,
        alias: &str,
        index: u32,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        keystore
            .restore_previous(alias, position(index), now_ms)
            .map_err(|error| entry_problem(error, alias))?;
        self.change(store, t!("Earlier certificate of “{alias}”", alias), keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn drop_previous(
        &mut self,
        store: StoreId,
        alias: &str,
        index: u32,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        keystore
            .drop_previous(alias, position(index), now_ms)
            .map_err(|error| entry_problem(error, alias))?;
        self.change(store, t!("Drop an earlier certificate of “{alias}”", alias), keystore)?;
        Ok(Response::Done)
    }

    pub(super) fn set_profile(&mut self, store: StoreId, profile: AliasProfile) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        let new = keystore.is_empty();
        keystore.set_profile(match profile {
            AliasProfile::None => Profile::None,
            AliasProfile::SapIntegrationSuite => Profile::SapIntegrationSuite,
            AliasProfile::Java => Profile::Java,
        });
        if new {
            // What a keystore begins with is no change that anybody would take back.
            let mut work = self.work.clone();
            work.set(store, keystore)?;
            self.put(work);
        } else {
            self.change(store, t!("Rules for aliases").into(), keystore)?;
        }
        Ok(Response::Done)
    }

    pub(super) fn trust(
        &mut self,
        store: StoreId,
        der: &[u8],
        alias: Option<String>,
        now_ms: i64,
    ) -> Result<Response, Problem> {
        let mut keystore = self.open(store)?.clone();
        let certificate = Certificate::from_der(der).map_err(|error| Problem::FileDamaged {
            file: t!("certificate").into(),
            format: t!("a certificate").into(),
            detail: Some(errors::certificate(&error)),
        })?;
        if let Some(existing) = keystore.find_trusted(&certificate) {
            return Err(Problem::CertificateAlreadyThere { alias: existing.alias.clone() });
        }
        let alias = match alias {
            Some(alias) => keystore.choose_alias(&alias).map_err(|error| alias_problem(error, &alias))?,
            None => keystore.unique_alias(&certificate.display_name()),
        };
        let content = Content::TrustedCertificate(certificate);
        keystore
            .insert(Entry::new(alias.clone(), content, now_ms))
            .map_err(|error| entry_problem(error, &alias))?;
        self.change(store, t!("Trust “{alias}”", alias), keystore)?;
        Ok(Response::Entry { alias })
    }
}

fn position(index: u32) -> usize {
    usize::try_from(index).unwrap_or(usize::MAX)
}

//! The keystore at rest: kept under a passphrase, opened, locked, forgotten, and shared with other tabs.

use certwright_keys::secret;
use certwright_keystore::keystore::Keystore;
use certwright_keystore::vault::{self, OpenVaultError, Parameters, VaultKey};
use certwright_protocol::ui::Response;
use certwright_protocol::view::Persistence;
use certwright_protocol::{Password, Problem};
use rand_core::CryptoRng;

use super::sync::three_way;
use super::{History, OpenVault, Session};
use crate::convert::vault_problem;
use crate::found::FoundThings;
use crate::plans::still_needed;

impl Session {
    /// Derives the vault's key from a passphrase; from now on [`Self::seal`] gives the vault. Takes about a second.
    pub fn keep(&mut self, passphrase: &Password, rng: &mut impl CryptoRng) -> Result<(), Problem> {
        match self.persistence {
            Persistence::Locked => return Err(Problem::VaultLocked),
            Persistence::Kept => return Err(Problem::VaultExists),
            Persistence::MemoryOnly => {}
        }
        let key = derive(passphrase, rng)?;
        self.vault = Some(OpenVault { key, stored: self.work.home.clone() });
        self.persistence = Persistence::Kept;
        self.home_changed();
        Ok(())
    }

    /// Chooses another passphrase, if `old` opens the stored vault. Takes about two seconds.
    pub fn change_passphrase(
        &mut self,
        vault: &[u8],
        old: &Password,
        new: &Password,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Problem> {
        let Some(open) = &mut self.vault else { return Err(Problem::NothingKept) };
        vault::open(vault, &secret::Password::new(old.as_str())).map_err(vault_problem)?;
        open.key = derive(new, rng)?;
        self.home_changed();
        Ok(())
    }

    /// The vault as it has to be stored; `None` if the keystore is not kept.
    pub fn seal(&self, rng: &mut impl CryptoRng) -> Result<Option<Vec<u8>>, Problem> {
        let Some(open) = &self.vault else { return Ok(None) };
        vault::seal(&self.work.home, &open.key, rng)
            .map(Some)
            .map_err(|error| Problem::Internal { detail: error.to_string() })
    }

    /// What [`Self::seal`] gave last is stored now.
    pub fn stored(&mut self) {
        if let Some(open) = &mut self.vault {
            open.stored = self.work.home.clone();
        }
    }

    /// Takes over what another tab stored. What was changed here and is not stored yet stays, and has yet to be stored.
    ///
    /// # Errors
    /// If this tab's key does not open it: then another tab chose another passphrase, and nothing is changed here.
    pub fn take_over(&mut self, vault: &[u8]) -> Result<(), Problem> {
        let Some(open) = &mut self.vault else { return Err(Problem::NothingKept) };
        let theirs = vault::open_with_key(vault, &open.key).map_err(|error| match error {
            OpenVaultError::WrongPassphrase => Problem::PassphraseChangedElsewhere,
            error => vault_problem(error),
        })?;
        self.work.home = three_way(&open.stored, &self.work.home, &theirs);
        open.stored = theirs;
        self.revision += 1;
        Ok(())
    }

    /// Opens a stored vault. One whose key was derived with less effort than is usual now gets a better key, and has to be stored
    /// ([`Self::home_revision`] tells).
    pub fn unlock(
        &mut self,
        vault: &[u8],
        passphrase: &Password,
        rng: &mut impl CryptoRng,
    ) -> Result<(), Problem> {
        if self.persistence != Persistence::Locked {
            return Err(Problem::VaultExists);
        }
        let (keystore, mut key) =
            vault::open(vault, &secret::Password::new(passphrase.as_str())).map_err(vault_problem)?;
        if key.needs_upgrade() {
            key = derive(passphrase, rng)?;
            self.home_revision += 1;
        }
        self.work.home = keystore.clone();
        self.vault = Some(OpenVault { key, stored: keystore });
        self.persistence = Persistence::Kept;
        self.history = History::default();
        self.found = FoundThings::default();
        self.revision += 1;
        Ok(())
    }

    /// Forgets what is in memory; the vault stays, and so do files that are open beside it and were changed, because they are stored
    /// nowhere.
    pub fn lock(&mut self) -> Result<(), Problem> {
        if self.persistence != Persistence::Kept {
            return Err(Problem::NothingKept);
        }
        let mut sheets = core::mem::take(&mut self.work.sheets);
        sheets.retain(|sheet| sheet.changed);
        let last_store = self.last_store;
        *self = Self::new(true);
        self.work.sheets = sheets;
        self.last_store = last_store;
        Ok(())
    }

    /// Whether the vault may go from the device: not while a guided job says that a root of the keystore is still needed.
    ///
    /// # Errors
    /// If it may not, with the reason.
    pub fn may_forget(&self, now_ms: i64) -> Result<(), Problem> {
        match still_needed(&self.work.home, &Keystore::new(), now_ms) {
            Some(why) if self.persistence == Persistence::Kept => Err(Problem::PlanRefused { why }),
            _ => Ok(()),
        }
    }

    /// The vault is gone from the device: what is open stays, in memory only.
    pub fn forget(&mut self) {
        self.vault = None;
        self.persistence = Persistence::MemoryOnly;
        self.revision += 1;
    }

    pub(super) fn export_vault(&self, rng: &mut impl CryptoRng) -> Result<Response, Problem> {
        let content = self.seal(rng)?.ok_or(Problem::NothingKept)?;
        Ok(Response::File {
            name: "keystore.certwright".into(),
            media_type: "application/octet-stream".into(),
            content: content.into(),
        })
    }

    fn home_changed(&mut self) {
        self.revision += 1;
        self.home_revision += 1;
    }
}

fn derive(passphrase: &Password, rng: &mut impl CryptoRng) -> Result<VaultKey, Problem> {
    if passphrase.is_empty() {
        return Err(Problem::PasswordEmpty);
    }
    VaultKey::generate(&secret::Password::new(passphrase.as_str()), Parameters::default(), rng)
        .map_err(|error| Problem::Internal { detail: error.to_string() })
}

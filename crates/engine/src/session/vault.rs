//! The keystore at rest: kept under a passphrase, opened, locked, forgotten.

use certwright_keys::secret;
use certwright_keystore::vault::{self, Parameters, VaultKey};
use certwright_protocol::view::Persistence;
use certwright_protocol::{Password, Problem};
use rand_core::CryptoRng;

use super::{History, Session};
use crate::convert::vault_problem;
use crate::found::FoundThings;

impl Session {
    /// Derives the vault's key from a passphrase; from now on [`Self::seal`] gives the vault. Takes about a second.
    pub fn keep(&mut self, passphrase: &Password, rng: &mut impl CryptoRng) -> Result<(), Problem> {
        match self.persistence {
            Persistence::Locked => return Err(Problem::VaultLocked),
            Persistence::Kept => return Err(Problem::VaultExists),
            Persistence::MemoryOnly => {}
        }
        if passphrase.is_empty() {
            return Err(Problem::PasswordEmpty);
        }
        let key = VaultKey::generate(&secret::Password::new(passphrase.as_str()), Parameters::default(), rng)
            .map_err(|error| Problem::Internal { detail: error.to_string() })?;
        self.vault_key = Some(key);
        self.persistence = Persistence::Kept;
        self.revision += 1;
        Ok(())
    }

    /// The vault as it has to be stored; `None` if the keystore is not kept.
    pub fn seal(&self, rng: &mut impl CryptoRng) -> Result<Option<Vec<u8>>, Problem> {
        let Some(key) = &self.vault_key else { return Ok(None) };
        vault::seal(&self.keystore, key, rng)
            .map(Some)
            .map_err(|error| Problem::Internal { detail: error.to_string() })
    }

    /// Opens a stored vault.
    pub fn unlock(&mut self, vault: &[u8], passphrase: &Password) -> Result<(), Problem> {
        if self.persistence != Persistence::Locked {
            return Err(Problem::VaultExists);
        }
        let (keystore, key) =
            vault::open(vault, &secret::Password::new(passphrase.as_str())).map_err(vault_problem)?;
        self.keystore = keystore;
        self.vault_key = Some(key);
        self.persistence = Persistence::Kept;
        self.history = History::default();
        self.found = FoundThings::default();
        self.revision += 1;
        Ok(())
    }

    /// Forgets what is in memory; the vault stays.
    pub fn lock(&mut self) -> Result<(), Problem> {
        if self.persistence != Persistence::Kept {
            return Err(Problem::Internal { detail: "nothing is kept".into() });
        }
        *self = Self::new(true);
        Ok(())
    }

    /// The vault is gone from the device: what is open stays, in memory only.
    pub fn forget(&mut self) {
        self.vault_key = None;
        self.persistence = Persistence::MemoryOnly;
        self.revision += 1;
    }
}

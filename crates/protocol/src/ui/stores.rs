//! Keystores beside each other, and merging one into another.

use serde::{Deserialize, Serialize};

/// Number of an open keystore. 0 is the keystore of this browser, which can be kept on the device; the others are opened files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize)]
pub struct StoreId(pub u32);

impl StoreId {
    /// The keystore of this browser.
    pub const HOME: Self = Self(0);
}

/// From where entries are merged.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum MergeSource {
    /// Another open keystore.
    Store {
        /// Which.
        store: StoreId,
    },
    /// A keystore file that was found.
    File {
        /// Number of the file, from [`super::FoundStore::id`].
        id: u32,
    },
}

/// How entries are merged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MergeMode {
    /// New entries are added, those of the same alias overwritten if that is wished.
    Add,
    /// Afterwards the keystore holds the merged entries alone; the others are removed.
    Replace,
}

/// What became, or would become, of one entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct MergeRow {
    /// Its alias.
    pub alias: String,
    /// What.
    pub outcome: MergeOutcome,
    /// Aliases of other entries that hold the same key or certificate already.
    pub same_as: Vec<String>,
    /// Whether a private or secret key of the keystore is gone afterwards (undo brings it back).
    pub key_lost: bool,
}

/// What became of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum MergeOutcome {
    /// It is new.
    Created,
    /// It was there, and was overwritten.
    Updated,
    /// It was there, the same.
    Unchanged,
    /// It was left out.
    NotImported {
        /// Why.
        reason: MergeReason,
    },
    /// It was there and is not any more.
    Removed,
    /// It was to be removed and stays, since it is locked or has a reserved alias.
    Kept,
}

/// Why an entry was left out of a merge.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum MergeReason {
    /// Another entry has the alias, and overwriting was not wished.
    AliasTaken,
    /// The entry that has the alias is locked.
    Locked,
    /// The rules for aliases reserve it.
    AliasReserved,
    /// The alias breaks another rule.
    AliasInvalid,
    /// Another that came before it has the same alias, perhaps in other case.
    AliasTwice,
    /// Its certificates are not those of its key.
    Unsound,
    /// The entry could not be opened.
    NotOpened,
}

/// A keystore to try things out with, made on the spot.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Sample {
    /// A client's key pair with its complete chain, and two trusted roots.
    MutualTls,
    /// A key pair whose issuer's certificate is missing.
    MissingIntermediate,
    /// A certificate that has expired, one that soon will, and a request for the next.
    Renewal,
}

impl Sample {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::MutualTls, Self::MissingIntermediate, Self::Renewal];
}

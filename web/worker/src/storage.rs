//! The vault in IndexedDB: one record, the sealed keystore and its revision.
//!
//! A record is replaced only if it is still the one that was read last, within one transaction: two open tabs cannot overwrite each
//! other unseen. Nothing but the sealed vault is ever stored.

use certwright_protocol::Problem;
use idb::{Database, DatabaseEvent, Error, Factory, ObjectStoreParams, Query, Transaction, TransactionMode};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::IdbDatabase;

const DATABASE: &str = "certwright";
const STORE: &str = "vault";
const RECORD: &str = "keystore";

/// The device's storage.
pub(crate) struct Storage {
    database: Database,
    /// Revision of the record that this tab knows; 0 if there is none.
    revision: f64,
}

impl Storage {
    /// Opens the storage; makes it if it is not there.
    pub(crate) async fn open() -> Result<Self, Problem> {
        Ok(Self { database: database().await.map_err(refused)?, revision: 0.0 })
    }

    /// The stored vault. From then on this tab knows its revision.
    pub(crate) async fn load(&mut self) -> Result<Option<Vec<u8>>, Problem> {
        let record = self.peek().await?;
        self.know(record.as_ref());
        Ok(record.map(|record| record.vault))
    }

    /// The stored vault with its revision. What this tab knows stays as it is: see [`Self::know`].
    pub(crate) async fn peek(&mut self) -> Result<Option<Record>, Problem> {
        let transaction = self.transaction(TransactionMode::ReadOnly).await?;
        read(&transaction).await.map_err(refused)
    }

    /// From now on this tab knows that record, and may replace it.
    pub(crate) fn know(&mut self, record: Option<&Record>) {
        self.revision = record.map_or(0.0, |record| record.revision);
    }

    /// Which record this tab knows, for [`Self::know_again`].
    pub(crate) fn known(&self) -> Known {
        Known(self.revision)
    }

    /// This tab knows what it knew before: a change that was to be stored together with what another tab had stored is taken back.
    pub(crate) fn know_again(&mut self, known: Known) {
        self.revision = known.0;
    }

    /// Whether that is the record that this tab knows.
    pub(crate) fn knows(&self, record: Option<&Record>) -> bool {
        self.revision == record.map_or(0.0, |record| record.revision)
    }

    /// Replaces the stored vault.
    pub(crate) async fn store(&mut self, vault: &[u8]) -> Result<(), Problem> {
        let transaction = self.transaction(TransactionMode::ReadWrite).await?;
        self.check_revision(&transaction).await?;
        let revision = self.revision + 1.0;
        let record = Array::of2(&JsValue::from_f64(revision), &Uint8Array::from(vault));
        write(transaction, Some(&record)).await.map_err(refused)?;
        self.revision = revision;
        Ok(())
    }

    /// Removes the stored vault.
    pub(crate) async fn remove(&mut self) -> Result<(), Problem> {
        let transaction = self.transaction(TransactionMode::ReadWrite).await?;
        write(transaction, None).await.map_err(refused)?;
        self.revision = 0.0;
        Ok(())
    }

    async fn transaction(&mut self, mode: TransactionMode) -> Result<Transaction, Problem> {
        if let Ok(transaction) = self.database.transaction(&[STORE], mode) {
            return Ok(transaction);
        }
        // Another tab had it removed, and this one let go of it.
        self.database = database().await.map_err(refused)?;
        self.database.transaction(&[STORE], mode).map_err(refused)
    }

    async fn check_revision(&self, transaction: &Transaction) -> Result<(), Problem> {
        let found = read(transaction).await.map_err(refused)?.map_or(0.0, |record| record.revision);
        if found == self.revision { Ok(()) } else { Err(Problem::ChangedInAnotherTab) }
    }
}

/// Opens the database; makes it if it is not there. It lets go when another tab removes it.
async fn database() -> Result<Database, Error> {
    let mut request = Factory::new()?.open(DATABASE, Some(1))?;
    request.on_upgrade_needed(|event| {
        if let Ok(database) = event.database() {
            // A failure aborts the upgrade, which the opening then reports.
            let _ = database.create_object_store(STORE, ObjectStoreParams::new());
        }
    });
    let mut database = request.await?;
    database.on_version_change(|event| {
        if let Some(database) = event.target().and_then(|target| target.dyn_into::<IdbDatabase>().ok()) {
            database.close();
        }
    });
    Ok(database)
}

/// Which record a tab knew.
#[derive(Clone, Copy)]
pub(crate) struct Known(f64);

/// What is stored.
pub(crate) struct Record {
    revision: f64,
    /// The sealed keystore.
    pub(crate) vault: Vec<u8>,
}

async fn read(transaction: &Transaction) -> Result<Option<Record>, Error> {
    let store = transaction.object_store(STORE)?;
    let value = store.get(Query::from(JsValue::from_str(RECORD)))?.await?;
    Ok(value.and_then(|value| value.dyn_into::<Array>().ok()).and_then(|pair| {
        let revision = pair.get(0).as_f64()?;
        let vault = pair.get(1).dyn_into::<Uint8Array>().ok()?.to_vec();
        Some(Record { revision, vault })
    }))
}

/// Writes or deletes the record, and waits until the browser says that it is on disk.
async fn write(transaction: Transaction, record: Option<&Array>) -> Result<(), Error> {
    let store = transaction.object_store(STORE)?;
    let key = JsValue::from_str(RECORD);
    match record {
        Some(record) => {
            store.put(record, Some(&key))?.await?;
        }
        None => store.delete(Query::from(key))?.await?,
    }
    transaction.commit()?.await?;
    Ok(())
}

fn refused(error: Error) -> Problem {
    let detail = error.to_string();
    // The name of the exception by which every browser says so (Storage Standard).
    if detail.contains("QuotaExceededError") {
        Problem::StorageFull
    } else {
        Problem::StorageRefused { detail }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use wasm_bindgen_test::wasm_bindgen_test;
    use web_sys::DomException;

    #[wasm_bindgen_test]
    fn a_full_device_is_told_apart() {
        let thrown = |name| Error::DomException(DomException::new_with_message_and_name("x", name).unwrap());
        assert_eq!(refused(thrown("QuotaExceededError")), Problem::StorageFull);
        assert!(matches!(refused(thrown("InvalidStateError")), Problem::StorageRefused { .. }));
    }

    // One test, because all share the browser's one database.
    #[wasm_bindgen_test]
    async fn two_tabs_do_not_overwrite_each_other() {
        let mut first = Storage::open().await.unwrap();
        let mut second = Storage::open().await.unwrap();
        first.remove().await.unwrap();
        assert_eq!(first.load().await.unwrap(), None);
        assert_eq!(second.load().await.unwrap(), None);

        first.store(b"one").await.unwrap();
        first.store(b"two").await.unwrap();
        assert_eq!(second.store(b"lost?").await, Err(Problem::ChangedInAnotherTab));
        assert_eq!(second.load().await.unwrap().as_deref(), Some(&b"two"[..]));

        second.store(b"three").await.unwrap();
        assert_eq!(first.store(b"lost?").await, Err(Problem::ChangedInAnotherTab));

        // What a tab has seen counts only once its own change is stored with it.
        let known = first.known();
        let seen = first.peek().await.unwrap();
        first.know(seen.as_ref());
        first.know_again(known);
        assert_eq!(first.store(b"lost?").await, Err(Problem::ChangedInAnotherTab));

        let mut later = Storage::open().await.unwrap();
        assert_eq!(later.load().await.unwrap().as_deref(), Some(&b"three"[..]));
        later.remove().await.unwrap();
        assert_eq!(later.load().await.unwrap(), None);

        // All of them let go of a database that is removed, and make it again when they need it.
        Factory::new().unwrap().delete(DATABASE).unwrap().await.unwrap();
        assert_eq!(later.load().await.unwrap(), None);
        later.store(b"anew").await.unwrap();
        assert_eq!(first.load().await.unwrap().as_deref(), Some(&b"anew"[..]));
        first.remove().await.unwrap();
    }
}

//! What surrounds every page: header, notes, toasts, palette, the list of keys, and the window as a place to drop files.

pub(crate) mod auto_lock;
pub(crate) mod drop;
pub(crate) mod errand;
pub(crate) mod handles;
pub(crate) mod header;
pub(crate) mod keys;
pub(crate) mod notes;
pub(crate) mod palette;
pub(crate) mod persistence;
pub(crate) mod taken;
pub(crate) mod toasts;
pub(crate) mod updates;

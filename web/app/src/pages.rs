//! The pages: the keystore at the centre, what is inspected, the probe, and many hosts.

pub(crate) mod inspect;
pub(crate) mod keystore;
pub(crate) mod many;
pub(crate) mod probe;

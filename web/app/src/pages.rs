//! The pages: the keystore at the centre, what is inspected, and the probe.

pub(crate) mod inspect;
pub(crate) mod keystore;
pub(crate) mod probe;

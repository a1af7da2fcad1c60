//! The pages: the keystore at the centre, and the probe.

pub(crate) mod keystore;
pub(crate) mod probe;

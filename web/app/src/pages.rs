//! The pages: the keystore at the centre, the guided jobs, what is inspected, the probe, many hosts, and what there is to read.

pub(crate) mod glossary;
pub(crate) mod guide;
pub(crate) mod inspect;
pub(crate) mod jobs;
pub(crate) mod keystore;
pub(crate) mod many;
pub(crate) mod probe;
pub(crate) mod settings;

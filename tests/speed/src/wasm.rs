//! The entries for JavaScript, which holds the clock.

use certwright_chain::Anchor;
use wasm_bindgen::prelude::wasm_bindgen;

use crate::ours;
use crate::set::Set;

/// A set and what is trusted, inside the module.
#[wasm_bindgen]
#[derive(Debug)]
pub struct Work {
    file: Vec<u8>,
    anchors: Vec<Anchor>,
}

#[wasm_bindgen]
impl Work {
    /// Takes the file over.
    #[wasm_bindgen(constructor)]
    pub fn new(file: Vec<u8>) -> Self {
        let anchors = Set::parse(&file).map(|set| ours::anchors(&set)).unwrap_or_default();
        Self { file, anchors }
    }

    /// The octets of all summaries.
    pub fn summarise(&self) -> usize {
        Set::parse(&self.file).map_or(0, |set| ours::summarise_all(&set))
    }

    /// How many of some RSA keys have no weakness.
    pub fn sound_keys(&self) -> usize {
        Set::parse(&self.file).map_or(0, |set| ours::sound_keys(&set))
    }

    /// How many chains of a kind are to be trusted.
    pub fn validate(&self, kind: &str) -> usize {
        Set::parse(&self.file).map_or(0, |set| ours::validate(&set, kind, &self.anchors))
    }
}

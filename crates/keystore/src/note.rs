//! Notes: plain data that is kept with a keystore, such as the plans of guided jobs and lists of hosts.
//!
//! What is in a note is not known here. It holds no secret; it lies in the vault, is undone with the keystore, and goes into no container. Refused:
//! more or larger notes than a vault should carry.

use std::sync::Arc;

use thiserror::Error;

/// Most notes of a keystore.
pub const MAX_NOTES: usize = 500;
/// Largest note, in octets.
pub const MAX_NOTE: usize = 1024 * 1024;
/// Most octets of all notes together.
pub const MAX_ALL_NOTES: usize = 8 * 1024 * 1024;
/// Longest name of a note, in octets.
pub const MAX_NAME: usize = 400;

/// What a note is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum NoteKind {
    /// The plan of a guided job.
    Plan,
    /// A list of hosts.
    Hosts,
}

impl NoteKind {
    /// All.
    pub const ALL: [Self; 2] = [Self::Plan, Self::Hosts];
}

/// Plain data under a name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// What it is about.
    pub kind: NoteKind,
    /// Unique among the notes of its kind.
    pub name: String,
    /// What it says.
    pub content: Vec<u8>,
}

/// Why a note is not kept.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum NoteError {
    /// It has no name, or one that is too long.
    #[error("a note without a name, or with one that is too long")]
    BadName,
    /// It is larger than [`MAX_NOTE`].
    #[error("a note of {octets} octets")]
    TooLarge {
        /// Its size.
        octets: usize,
    },
    /// There are [`MAX_NOTES`] already, or they come to more than [`MAX_ALL_NOTES`].
    #[error("too many notes")]
    TooMany,
}

/// The notes of a keystore, in the order in which they came. Cloning is cheap, since they are shared.
#[derive(Clone, Debug, Default)]
pub(crate) struct Notes(Vec<Arc<Note>>);

impl Notes {
    pub(crate) fn iter(&self) -> impl Iterator<Item = &Note> {
        self.0.iter().map(Arc::as_ref)
    }

    pub(crate) fn find(&self, kind: NoteKind, name: &str) -> Option<&Note> {
        self.iter().find(|note| note.kind == kind && note.name == name)
    }

    /// Puts a note in the place of the one of its name, or at the end.
    pub(crate) fn set(&mut self, note: Note) -> Result<(), NoteError> {
        if note.name.is_empty() || note.name.len() > MAX_NAME {
            return Err(NoteError::BadName);
        }
        if note.content.len() > MAX_NOTE {
            return Err(NoteError::TooLarge { octets: note.content.len() });
        }
        let at = self.0.iter().position(|known| known.kind == note.kind && known.name == note.name);
        let others = self.0.iter().enumerate().filter(|(place, _)| Some(*place) != at);
        let octets: usize = others.map(|(_, known)| known.content.len()).sum();
        if octets + note.content.len() > MAX_ALL_NOTES {
            return Err(NoteError::TooMany);
        }
        if at.is_none() && self.0.len() >= MAX_NOTES {
            return Err(NoteError::TooMany);
        }
        match at.and_then(|at| self.0.get_mut(at)) {
            Some(place) => *place = Arc::new(note),
            None => self.0.push(Arc::new(note)),
        }
        Ok(())
    }

    pub(crate) fn remove(&mut self, kind: NoteKind, name: &str) -> Option<Arc<Note>> {
        let at = self.0.iter().position(|note| note.kind == kind && note.name == name)?;
        Some(self.0.remove(at))
    }

    /// Whether both are the very same, one being a clone of the other with nothing changed since.
    pub(crate) fn is_unchanged_since(&self, other: &Self) -> bool {
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(|(a, b)| Arc::ptr_eq(a, b))
    }
}

//! Bringing two changed copies of a keystore together: two tabs, or an undone step and what came after it.
//!
//! Notes go by their names in the same way; where both changed a plan, its parts are brought together, and of a list of hosts both stay, ours with a number
//! behind its name.
//!
//! Entry by entry: what only one side changed is taken from it, what both changed alike is the same. Where both changed an entry
//! differently, both stay, ours under another alias; a deletion gives way to a change. So nothing that either side made is lost.

use certwright_keystore::alias::same_alias;
use certwright_keystore::entry::{Content, Entry};
use certwright_keystore::keystore::Keystore;
use certwright_keystore::note::Note;

use crate::plans;

/// `base` is what both began with.
pub(super) fn three_way(base: &Keystore, ours: &Keystore, theirs: &Keystore) -> Keystore {
    if theirs.is_unchanged_since(base) {
        return ours.clone();
    }
    if ours.is_unchanged_since(base) {
        return theirs.clone();
    }
    let mut merged = Keystore::new();
    merged.set_profile(if ours.profile() == base.profile() { theirs.profile() } else { ours.profile() });
    let mut clashing = Vec::new();
    for entry in theirs.iter() {
        match (base.find(&entry.alias), ours.find(&entry.alias)) {
            // Deleted here, and not touched there.
            (Some(before), None) if is_same(before, entry) => {}
            (_, None) => keep(&mut merged, entry),
            (Some(before), Some(own)) if is_same(before, entry) => keep(&mut merged, own),
            (before, Some(own)) => {
                keep(&mut merged, entry);
                if !is_same(own, entry) && !before.is_some_and(|before| is_same(before, own)) {
                    clashing.push(own);
                }
            }
        }
    }
    for own in ours.iter().filter(|own| theirs.find(&own.alias).is_none()) {
        match base.find(&own.alias) {
            // Deleted there, and not touched here.
            Some(before) if is_same(before, own) => {}
            _ => keep(&mut merged, own),
        }
    }
    for own in clashing {
        let alias = merged.unique_alias(&own.alias);
        keep(&mut merged, &Entry { alias, ..own.clone() });
    }
    notes(&mut merged, base, ours, theirs);
    merged
}

fn notes(merged: &mut Keystore, base: &Keystore, ours: &Keystore, theirs: &Keystore) {
    let new = |note: &&Note| theirs.note(note.kind, &note.name).is_none();
    for note in theirs.notes().chain(ours.notes().filter(new)) {
        let (kind, name) = (note.kind, note.name.as_str());
        let (before, own, other) = (base.note(kind, name), ours.note(kind, name), theirs.note(kind, name));
        match (own, other) {
            // Deleted by one, and not touched by the other.
            (None, Some(other)) if before == Some(other) => {}
            (Some(own), None) if before == Some(own) => {}
            (None, Some(note)) | (Some(note), None) => keep_note(merged, note.clone()),
            (Some(own), Some(other)) if own == other || before == Some(own) => {
                keep_note(merged, other.clone())
            }
            (Some(own), Some(other)) if before == Some(other) => keep_note(merged, own.clone()),
            (Some(own), Some(other)) => match plans::both(before, own, other) {
                Some(plan) => keep_note(merged, plan),
                None => {
                    let is_free = |name: &String| {
                        [&*merged, ours, theirs].iter().all(|known| known.note(kind, name).is_none())
                    };
                    // There are fewer notes than numbers, so one is free.
                    let name = (2_u32..).map(|number| format!("{name} ({number})")).find(is_free);
                    keep_note(merged, other.clone());
                    keep_note(merged, Note { name: name.unwrap_or_default(), ..own.clone() });
                }
            },
            (None, None) => {}
        }
    }
}

/// There may be too many of both together; then the last ones are left out.
fn keep_note(keystore: &mut Keystore, note: Note) {
    let _ = keystore.set_note(note);
}

/// The alias is free, and the entry was in a keystore already, so this cannot fail.
fn keep(keystore: &mut Keystore, entry: &Entry) {
    let kept = keystore.insert(entry.clone());
    debug_assert!(kept.is_ok(), "an entry did not fit: {kept:?}");
}

fn is_same(a: &Entry, b: &Entry) -> bool {
    let content = match (&a.content, &b.content) {
        (Content::KeyPair(a), Content::KeyPair(b)) => {
            a.key.public_key() == b.key.public_key() && a.chain == b.chain && a.request == b.request
        }
        (Content::TrustedCertificate(a), Content::TrustedCertificate(b)) => a == b,
        (Content::SecretKey(a), Content::SecretKey(b)) => a == b,
        _ => false,
    };
    content
        && same_alias(&a.alias, &b.alias)
        && a.alias == b.alias
        && a.locked == b.locked
        && a.previous == b.previous
}

//! From the frame of JKS and JCEKS to what is found in it: opening keys with the passwords that there are.

use core::mem;

use certwright_keys::{Password, ReadKeyError, SecretBytes, password_based::Budget, secret::Passwords};

use super::{
    ReadJksError,
    frame::{Frame, RawContent},
    protector,
};
use crate::{
    contents::{Contents, FoundSecretKey, LockedKind, OtherItem, OtherKind, Remark},
    java_entries::{Label, Lookup, distinct_aliases},
    jceks::sealed::{ForeignKey, Sealed, parse_key},
};

pub(super) fn read(bytes: &[u8], magics: &[u32], passwords: &Passwords) -> Result<Contents, ReadJksError> {
    let frame = Frame::read(bytes, magics)?;
    let empty = Passwords::from(Password::new(""));
    let given = if passwords.is_empty() { &empty } else { passwords };
    let of_store = given.iter().find(|password| frame.is_whole(password));
    let mut budget = Budget::default();
    // The password of the store comes first, as almost all keys have the same.
    let mut order: Vec<&Password> = Vec::new();
    if let Some(of_store) = of_store {
        order.push(of_store);
        order.extend(given.iter().filter(|password| password.as_str() != of_store.as_str()));
    } else if !passwords.is_empty() {
        return Err(wrong_password(&frame, passwords, &mut budget));
    }
    let mut reader = Reader { order, contents: Contents::default(), budget };
    if of_store.is_none() {
        reader.contents.remarks.push(Remark::IntegrityNotChecked);
    }
    reader.read(frame);
    Ok(reader.contents)
}

/// Why no password fits the digest. One key is tried, since a password that opens it is none that is merely wrong.
fn wrong_password(frame: &Frame<'_>, passwords: &Passwords, budget: &mut Budget) -> ReadJksError {
    let first_key = frame.entries.iter().find_map(|entry| match &entry.content {
        RawContent::PrivateKey { protected, .. } => Some((&entry.alias, protected)),
        _ => None,
    });
    if let Some((alias, protected)) = first_key
        && passwords.iter().any(|password| protector::open(protected, password, budget).is_ok())
    {
        return ReadJksError::DigestMismatch { alias: alias.clone() };
    }
    ReadJksError::WrongPassword
}

struct Reader<'a> {
    /// Passwords in the order in which they are tried.
    order: Vec<&'a Password>,
    contents: Contents,
    budget: Budget,
}

impl Reader<'_> {
    fn read(&mut self, mut frame: Frame<'_>) {
        let aliases = frame.entries.iter_mut().map(|entry| mem::take(&mut entry.alias)).collect();
        let aliases = distinct_aliases(aliases, Lookup::LowerCase, &mut self.contents.remarks);
        for (entry, alias) in frame.entries.into_iter().zip(&aliases) {
            let label = Label { alias, created_ms: entry.created_ms };
            match entry.content {
                RawContent::PrivateKey { protected, chain } => {
                    let chain = self.contents.take_chain(label, &chain);
                    match self.open(label, |password, budget| protector::open(protected, password, budget)) {
                        Ok(Some(pkcs8)) => self.contents.push_private_key(label, pkcs8.as_bytes(), chain),
                        Ok(None) => self.contents.push_locked(label, LockedKind::PrivateKey, chain),
                        Err(error) => self.contents.push_unusable(label, error, chain),
                    }
                }
                RawContent::Trusted(certificate) => self.contents.push_trusted(label, &certificate),
                RawContent::Secret(sealed) => self.read_secret(label, &sealed),
            }
        }
        let rest = |what| OtherItem { alias: None, what };
        if let Some((count, offset)) = frame.unread {
            self.contents.others.push(rest(OtherKind::UnreadEntries { count, offset }));
        }
        if let Some((offset, count)) = frame.trailing {
            self.contents.others.push(rest(OtherKind::TrailingBytes { offset, count }));
        }
    }

    /// Tries the passwords; `None` if none of them opens it.
    fn open(
        &mut self,
        label: Label<'_>,
        mut attempt: impl FnMut(&Password, &mut Budget) -> Result<SecretBytes, ReadKeyError>,
    ) -> Result<Option<SecretBytes>, ReadKeyError> {
        for (number, password) in self.order.iter().enumerate() {
            match attempt(password, &mut self.budget) {
                Err(ReadKeyError::WrongPassword) => {}
                Err(error) => return Err(error),
                Ok(plain) => {
                    if number > 0 {
                        let alias = label.alias.to_owned();
                        self.contents.remarks.push(Remark::KeyPasswordDiffers { alias });
                    }
                    return Ok(Some(plain));
                }
            }
        }
        Ok(None)
    }

    fn read_secret(&mut self, label: Label<'_>, sealed: &Sealed<'_>) {
        let alias = Some(label.alias.to_owned()).filter(|alias| !alias.is_empty());
        let contents = match sealed {
            Sealed::Foreign { class } => {
                return self.contents.push_other(label, OtherKind::ForeignObject { class: class.clone() });
            }
            Sealed::OtherAlgorithm { algorithm } => {
                let algorithm = algorithm.clone();
                return self.contents.push_other(label, OtherKind::ForeignSeal { algorithm });
            }
            Sealed::Key(contents) => contents,
        };
        match self.open(label, |password, budget| contents.open(password, budget)) {
            Ok(None) => self.contents.push_locked(label, LockedKind::SecretKey, Vec::new()),
            Ok(Some(stream)) => match parse_key(stream.as_bytes()) {
                Ok(key) => {
                    let created_ms = Some(label.created_ms);
                    self.contents.secret_keys.push(FoundSecretKey { alias, key, created_ms });
                }
                Err(ForeignKey { class }) => {
                    self.contents.push_other(label, OtherKind::ForeignObject { class });
                }
            },
            Err(error) => self.contents.push_unusable(label, error, Vec::new()),
        }
    }
}

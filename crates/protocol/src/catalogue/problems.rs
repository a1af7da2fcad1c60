//! Words for problems outside of a probe.

use super::{Explanation, listed};
use crate::problem::{AliasRule, Problem};
use crate::ui::Told;

impl Problem {
    /// The problem in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::AliasTaken { alias } => Explanation::new(
                "That alias is taken",
                format!(
                    "The keystore has an entry “{alias}” already (upper and lower case count as the same)."
                ),
                "Choose another alias.",
            ),
            Self::AliasInvalid { alias, rule } => Explanation::new(
                "That alias cannot be used",
                match rule {
                    AliasRule::Empty => "An alias needs at least one character.".into(),
                    AliasRule::TooLong => format!(
                        "An alias has at most 250 characters; this one has {}.",
                        alias.chars().count()
                    ),
                    AliasRule::ControlCharacter => "An alias cannot hold control characters.".into(),
                },
                "Choose another alias.",
            ),
            Self::AliasReserved { reserved, .. } => Explanation::new(
                "That alias is reserved",
                format!(
                    "The rules that were chosen for aliases keep “{reserved}” for the platform’s own entries."
                ),
                "Choose another alias, or other rules for aliases.",
            ),
            Self::AliasesCollide { aliases, format } => Explanation::new(
                "Two entries would become one",
                format!("{format} takes these aliases for the same: {}.", listed(aliases, 5)),
                "Rename one of them.",
            ),
            Self::EntryLocked { alias } => Explanation::new(
                "The entry is locked",
                format!("“{alias}” can be used, but not exported, changed or deleted."),
                "Unlock it first, if that is what you want.",
            ),
            Self::EntryClosed { alias } => Explanation::new(
                "The entry has a password of its own",
                format!("The key of “{alias}” could not be opened yet: only its certificates are there."),
                "Give the entry’s password.",
            ),
            Self::NoSuchPrevious { alias } => Explanation::new(
                "That certificate is not in the history",
                format!("The history of “{alias}” has no such certificate any more."),
                "Undo brings back what was dropped.",
            ),
            Self::NoSuchStore => Explanation::new(
                "That keystore is closed",
                "The keystore that this concerns is not open any more.",
                "Undo opens it again.",
            ),
            Self::KeyCannotSign { alias, detail } => Explanation::new(
                "This key signs nothing here",
                format!("The key of “{alias}” can be looked at, kept and exported: {detail}."),
                "Make a new key for signing requests, certificates and connections.",
            ),
            Self::SignatureNotPossible { key, signature } => Explanation::new(
                "Key and signature do not fit",
                format!("A key {key} cannot sign with {signature}."),
                "Choose another signature algorithm.",
            ),
            Self::FormatCannotHold { format, alias, what } => Explanation::new(
                "The format cannot hold that",
                format!("{format} has no place for “{alias}”: it is {what}."),
                "Leave the entry out, or choose another format.",
            ),
            Self::NothingExpires => Explanation::new(
                "Nothing to remind of",
                "None of the certificates will expire: there is none, or they have expired already.",
                "Choose other entries.",
            ),
            Self::NoSuchCertificate { alias } => Explanation::new(
                "No such certificate",
                format!("The chain of “{alias}” has no certificate there."),
                "Import the missing certificates first.",
            ),
            Self::WordNotKnown { word } => Explanation::new(
                "A word is not known",
                format!("“{word}” is neither a known name nor a dotted object identifier."),
                "Choose from the list, or write the identifier like 1.3.6.1.5.5.7.3.2.",
            ),
            Self::ValidityInvalid { issuer_until: Some(until) } => Explanation::new(
                "It would outlive its issuer",
                format!("The issuer’s own certificate ends on {}.", super::format_time(*until)),
                "Choose a shorter validity, or have it cut to the issuer’s.",
            ),
            Self::ValidityInvalid { issuer_until: None } => Explanation::new(
                "The validity makes no sense",
                "It has to be at least one day, and to end before the year 10000.",
                "Choose another number of days.",
            ),
            Self::RequestRefused { detail } => Explanation::new(
                "The request cannot be signed",
                format!("{detail}."),
                "Ask for a new signing request.",
            ),
            Self::IssuerUnfit { alias, detail } => Explanation::new(
                "This entry cannot sign certificates",
                format!("“{alias}” cannot be the issuer: {detail}."),
                "Choose an entry that is a certification authority, or make one: a new key with a self-signed certificate for an authority.",
            ),
            Self::PasswordNotPossible { detail } => Explanation::new(
                "That password is not possible here",
                format!("{detail}."),
                "Choose another password.",
            ),
            Self::NoSuchEntry { alias } => Explanation::new(
                "No such entry",
                format!("The keystore has no entry “{alias}”."),
                "It may have been renamed or deleted; Undo brings it back.",
            ),
            Self::NoPrivateKey { alias } => Explanation::new(
                "No private key there",
                format!("“{alias}” is a trusted certificate: it has no private key."),
                "Choose an entry with a key pair.",
            ),
            Self::NoCertificateYet { alias } => Explanation::new(
                "No certificate yet",
                format!("“{alias}” is a key that still waits for its certificate."),
                "Make a signing request, have it signed, and drop the reply here.",
            ),
            Self::NoSigningRequest { alias } => Explanation::new(
                "No signing request",
                format!("“{alias}” has no signing request that waits for its reply."),
                "Make a new signing request first.",
            ),
            Self::SubjectInvalid { position, detail } => Explanation::new(
                "The subject cannot be read",
                format!("At character {}: {detail}.", position + 1),
                "Write it like CN=client.example.com,O=Example GmbH,C=DE.",
            ),
            Self::SubjectAttributeInvalid { name, detail, .. } => Explanation::new(
                "A field of the subject cannot be read",
                format!(
                    "{}: {detail}.",
                    if name.is_empty() { "A field without a type" } else { name.as_str() }
                ),
                "Types are short names like CN, O and C, or identifiers like 2.5.4.3; C is two letters.",
            ),
            Self::SubjectEmpty => Explanation::new(
                "The request would name nobody",
                "There is neither a subject nor an alternative name.",
                "Give at least a common name (CN).",
            ),
            Self::AlternativeNameInvalid { text } => Explanation::new(
                "An alternative name cannot be read",
                format!("“{text}” is neither a host name nor an IP address, e-mail address or URI."),
                "Write it like erp.example.com, 10.0.0.1, admin@example.com or https://example.com/.",
            ),
            Self::FileUnreadable { file, detail } => Explanation::new(
                "The file cannot be read",
                format!("“{file}”: {detail}."),
                "Check the path and your rights.",
            ),
            Self::FileEmpty { file } => Explanation::new(
                "The file is empty",
                format!("“{file}” has no content."),
                "Download or copy it again.",
            ),
            Self::FileTooLarge { file, bytes, limit } => Told::file_too_large(file, *bytes, *limit).words,
            Self::NotRecognised { file, looks_like } => Told::not_recognised(file, looks_like).words,
            Self::FileDamaged { file, format, detail } => Explanation::new(
                "The file is damaged",
                match detail {
                    Some(detail) => format!("“{file}” is {format}, but broken: {detail}."),
                    None => format!("“{file}” is {format}, but broken or cut off."),
                },
                "Copy or download it again, in binary mode.",
            ),
            Self::FormatNotSupported { file, format } => Explanation::new(
                "This format is not read yet",
                format!("“{file}” is {format}, which this version of Certwright does not read."),
                "Convert it to PKCS#12 first, for example with keytool -importkeystore.",
            ),
            Self::AlgorithmNotSupported { file, algorithm } => Explanation::new(
                "An algorithm is not supported",
                format!("“{file}” uses {algorithm}. The password may well be right."),
                "Write the file again with a current algorithm (AES), for example with openssl pkcs12.",
            ),
            Self::TooExpensive { file, detail } => Explanation::new(
                "Opening it would take too long",
                format!("“{file}” asks for {detail}."),
                "Write it again with fewer iterations.",
            ),
            Self::PasswordNeeded { file } => Explanation::new(
                "A password is needed",
                format!("“{file}” is encrypted."),
                "Type the password that its maker gave you.",
            ),
            Self::PasswordWrong { file } => Explanation::new(
                "Wrong password",
                format!("The password does not open “{file}”."),
                "Type it again; upper and lower case count.",
            ),
            Self::PasswordEmpty => {
                Explanation::new("No password", "An empty password protects nothing.", "Choose a password.")
            }
            Self::NothingToImport { file } => Explanation::new(
                "Nothing to import",
                format!("“{file}” was read, and holds no key and no certificate."),
                "Check that it is the right file.",
            ),
            Self::ReplyFitsNoKey { subjects } => Explanation::new(
                "That reply fits no key here",
                format!("No key in this keystore belongs to the certificate for {}.", listed(subjects, 3)),
                "Check that it is the reply to a request made with this keystore. If the key was made elsewhere, import it as a PKCS#12 file.",
            ),
            Self::KeyAlreadyThere { alias } => Explanation::new(
                "That key is here already",
                format!("The entry “{alias}” holds the same key."),
                "Nothing needs to be done.",
            ),
            Self::CertificateAlreadyThere { alias } => Explanation::new(
                "That certificate is here already",
                format!("The entry “{alias}” holds the same certificate."),
                "Nothing needs to be done.",
            ),
            Self::NothingFound => Explanation::new(
                "That is gone",
                "What was found in the file is not there any more.",
                "Drop the file again.",
            ),
            Self::NothingToUndo => {
                Explanation::new("Nothing to undo", "There is no change to take back.", "")
            }
            Self::PassphraseWrong => Explanation::new(
                "Wrong passphrase",
                "The passphrase does not open the keystore that is kept on this device.",
                "Type it again; upper and lower case count. Nobody can open it without.",
            ),
            Self::VaultTooNew { version } => Explanation::new(
                "Kept by a newer Certwright",
                format!(
                    "The keystore on this device has version {version}, which this Certwright does not read."
                ),
                "Use the newer Certwright. Nothing was changed.",
            ),
            Self::VaultDamaged => Explanation::new(
                "The kept keystore is damaged",
                "What is stored on this device is not a keystore that Certwright wrote.",
                "If you have an export (.p12), import it.",
            ),
            Self::NothingKept => Explanation::new(
                "Nothing is kept",
                "The keystore lives in the memory of this page only.",
                "Keep it on this device first.",
            ),
            Self::StorageFull => Explanation::new(
                "No room left",
                "The browser gives this page no more room on this device; nothing was lost or half saved.",
                "Free some space, or export the keystore as a file.",
            ),
            Self::VaultGone => Explanation::new(
                "The kept keystore is gone",
                "Another tab removed the keystore from this device. What you see here is in memory only now.",
                "Keep it again, or export it as a file.",
            ),
            Self::PassphraseChangedElsewhere => Explanation::new(
                "The passphrase was changed in another tab",
                "Another tab chose another passphrase for the kept keystore, so this one cannot read it any more.",
                "Export what you changed here if you need it, lock the keystore and open it with the new passphrase.",
            ),
            Self::VaultLocked => Explanation::new(
                "The keystore is locked",
                "A keystore is kept on this device, and not open.",
                "Open it with its passphrase first.",
            ),
            Self::VaultExists => Explanation::new(
                "A keystore is kept here already",
                "This device keeps a keystore, and another one must not overwrite it.",
                "Open the kept one, or forget it first.",
            ),
            Self::ChangedInAnotherTab => Explanation::new(
                "Changed in another tab",
                "Another tab has changed the keystore on this device. This change was not stored, so that the other one is not lost.",
                "Reload this page, open the keystore, and make the change again.",
            ),
            Self::StorageRefused { detail } => Explanation::new(
                "The browser does not store",
                format!("The browser refused to store the keystore: {detail}."),
                "Private windows and full disks do that. Export the entries as PKCS#12 before you close the page.",
            ),
            Self::Cancelled => Explanation::new("Cancelled", "You cancelled it. Nothing was changed.", ""),
            Self::AlreadyGenerating => Explanation::new(
                "A key is being made",
                "One key is made at a time.",
                "Wait for it, or cancel it.",
            ),
            Self::HostInvalid { text } => Told::host_invalid(text).words,
            Self::PortInvalid { text } => Told::port_invalid(text).words,
            Self::NoHostRows => Explanation::new(
                "No run to compare with",
                "The file holds no rows of an earlier run.",
                "Take a file that “Export as JSON” wrote here, or `certwright probe --file … --jsonl`.",
            ),
            Self::AlreadyProbing => Explanation::new(
                "A probe is running",
                "One probe runs at a time.",
                "Wait for it, or stop it.",
            ),
            Self::NotFetched { failure } => failure.explain(),
            Self::AddressNotNamed { url } => Explanation::new(
                "Not an address of these certificates",
                format!("None of the certificates that are here names {url}."),
                "Only addresses that a certificate names are fetched. Fetch the file yourself and drop it here.",
            ),
            Self::WriteCheckFailed => Explanation::new(
                "The file was not written",
                "What was written could not be read back, so it is not offered.",
                "Report this with the kind of key and file.",
            ),
            Self::WorkerFailed => Told::worker_failed().words,
            Self::Internal { detail } => Told::internal(detail).words,
        }
    }

    /// The problem as one line for a terminal.
    pub fn to_line(&self) -> String {
        let Explanation { title, what_happened, what_to_try } = self.explain();
        [format!("{title}."), what_happened, what_to_try].join(" ").trim_end().to_owned()
    }
}

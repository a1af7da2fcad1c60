//! Words for problems outside of a probe.

use super::{Explanation, listed};
use crate::problem::{AliasRule, Problem};
use crate::t;
use crate::ui::Told;

impl Problem {
    /// The problem in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::AliasTaken { alias } => Explanation::new(
                t!("That alias is taken"),
                t!(
                    "The keystore has an entry “{alias}” already (upper and lower case count as the same).",
                    alias
                ),
                t!("Choose another alias."),
            ),
            Self::AliasInvalid { alias, rule } => Explanation::new(
                t!("That alias cannot be used"),
                match rule {
                    AliasRule::Empty => t!("An alias needs at least one character.").into(),
                    AliasRule::TooLong => t!(
                        "An alias has at most 250 characters; this one has {count}.",
                        count = alias.chars().count()
                    ),
                    AliasRule::ControlCharacter => t!("An alias cannot hold control characters.").into(),
                },
                t!("Choose another alias."),
            ),
            Self::AliasReserved { reserved, .. } => Explanation::new(
                t!("That alias is reserved"),
                t!(
                    "The rules that were chosen for aliases keep “{reserved}” for the platform’s own entries.",
                    reserved
                ),
                t!("Choose another alias, or other rules for aliases."),
            ),
            Self::AliasesCollide { aliases, format } => Explanation::new(
                t!("Two entries would become one"),
                t!(
                    "{format} takes these aliases for the same: {aliases}.",
                    format,
                    aliases = listed(aliases, 5)
                ),
                t!("Rename one of them."),
            ),
            Self::EntryLocked { alias } => Explanation::new(
                t!("The entry is locked"),
                t!("“{alias}” can be used, but not exported, changed or deleted.", alias),
                t!("Unlock it first, if that is what you want."),
            ),
            Self::EntryClosed { alias } => Explanation::new(
                t!("The entry has a password of its own"),
                t!("The key of “{alias}” could not be opened yet: only its certificates are there.", alias),
                t!("Give the entry’s password."),
            ),
            Self::NoSuchPrevious { alias } => Explanation::new(
                t!("That certificate is not in the history"),
                t!("The history of “{alias}” has no such certificate any more.", alias),
                t!("Undo brings back what was dropped."),
            ),
            Self::NoSuchPlan => Explanation::new(
                t!("That is not here any more"),
                t!("The plan or list that this concerns was deleted."),
                t!("Undo brings back what was deleted."),
            ),
            Self::PlanStepGone => Explanation::new(
                t!("That step has changed"),
                t!("The step does not offer this any more: the plan or the keystore has changed since."),
                t!("Look at the plan again."),
            ),
            Self::PlanRefused { why } => {
                Explanation::new(t!("Not now"), why.clone(), t!("Do what is missing first."))
            }
            Self::PlanValueInvalid { label, text } => Explanation::new(
                t!("That does not fit"),
                t!("“{label}” cannot be “{text}”.", label, text),
                t!("Fill in something else."),
            ),
            Self::PlanUnreadable { file } => Explanation::new(
                t!("This plan cannot be read"),
                t!("{file} looks like a plan of Certwright, and is damaged or of another version.", file),
                t!("Ask whoever sent it to save the plan again, with the same version of Certwright."),
            ),
            Self::TooManyPlans { most } => Explanation::new(
                t!("No more is kept"),
                t!(
                    "A keystore keeps {most} plans at most, and as many lists as have room beside them.",
                    most
                ),
                t!("Delete plans that are done, and lists that are not needed."),
            ),
            Self::NoSuchStore => Explanation::new(
                t!("That keystore is closed"),
                t!("The keystore that this concerns is not open any more."),
                t!("Undo opens it again."),
            ),
            Self::KeyCannotSign { alias, detail } => Explanation::new(
                t!("This key signs nothing here"),
                t!("The key of “{alias}” can be looked at, kept and exported: {detail}.", alias, detail),
                t!("Make a new key for signing requests, certificates and connections."),
            ),
            Self::SignatureNotPossible { key, signature } => Explanation::new(
                t!("Key and signature do not fit"),
                t!("A key {key} cannot sign with {signature}.", key, signature),
                t!("Choose another signature algorithm."),
            ),
            Self::FormatCannotHold { format, alias, what } => Explanation::new(
                t!("The format cannot hold that"),
                t!("{format} has no place for “{alias}”: it is {what}.", format, alias, what),
                t!("Leave the entry out, or choose another format."),
            ),
            Self::NothingExpires => Explanation::new(
                t!("Nothing to remind of"),
                t!("None of the certificates will expire: there is none, or they have expired already."),
                t!("Choose other entries."),
            ),
            Self::NoSuchCertificate { alias } => Explanation::new(
                t!("No such certificate"),
                t!("The chain of “{alias}” has no certificate there.", alias),
                t!("Import the missing certificates first."),
            ),
            Self::WordNotKnown { word } => Explanation::new(
                t!("A word is not known"),
                t!("“{word}” is neither a known name nor a dotted object identifier.", word),
                t!("Choose from the list, or write the identifier like 1.3.6.1.5.5.7.3.2."),
            ),
            Self::ValidityInvalid { issuer_until: Some(until) } => Explanation::new(
                t!("It would outlive its issuer"),
                t!("The issuer’s own certificate ends on {until}.", until = super::format_time(*until)),
                t!("Choose a shorter validity, or have it cut to the issuer’s."),
            ),
            Self::ValidityInvalid { issuer_until: None } => Explanation::new(
                t!("The validity makes no sense"),
                t!("It has to be at least one day, and to end before the year 10000."),
                t!("Choose another number of days."),
            ),
            Self::RequestRefused { detail } => Explanation::new(
                t!("The request cannot be signed"),
                format!("{detail}."),
                t!("Ask for a new signing request."),
            ),
            Self::IssuerUnfit { alias, detail } => Explanation::new(
                t!("This entry cannot sign certificates"),
                t!("“{alias}” cannot be the issuer: {detail}.", alias, detail),
                t!(
                    "Choose an entry that is a certification authority, or make one: a new key with a self-signed certificate for an authority."
                ),
            ),
            Self::PasswordNotPossible { detail } => Explanation::new(
                t!("That password is not possible here"),
                format!("{detail}."),
                t!("Choose another password."),
            ),
            Self::NoSuchEntry { alias } => Explanation::new(
                t!("No such entry"),
                t!("The keystore has no entry “{alias}”.", alias),
                t!("It may have been renamed or deleted; Undo brings it back."),
            ),
            Self::NoPrivateKey { alias } => Explanation::new(
                t!("No private key there"),
                t!("“{alias}” is a trusted certificate: it has no private key.", alias),
                t!("Choose an entry with a key pair."),
            ),
            Self::NoCertificateYet { alias } => Explanation::new(
                t!("No certificate yet"),
                t!("“{alias}” is a key that still waits for its certificate.", alias),
                t!("Make a signing request, have it signed, and drop the reply here."),
            ),
            Self::NoSigningRequest { alias } => Explanation::new(
                t!("No signing request"),
                t!("“{alias}” has no signing request that waits for its reply.", alias),
                t!("Make a new signing request first."),
            ),
            Self::SubjectInvalid { position, detail } => Explanation::new(
                t!("The subject cannot be read"),
                t!("At character {position}: {detail}.", position = position + 1, detail),
                t!("Write it like CN=client.example.com,O=Example GmbH,C=DE."),
            ),
            Self::SubjectAttributeInvalid { name, detail, .. } => Explanation::new(
                t!("A field of the subject cannot be read"),
                format!(
                    "{}: {detail}.",
                    if name.is_empty() { t!("A field without a type") } else { name.as_str() }
                ),
                t!("Types are short names like CN, O and C, or identifiers like 2.5.4.3; C is two letters."),
            ),
            Self::SubjectEmpty => Explanation::new(
                t!("The request would name nobody"),
                t!("There is neither a subject nor an alternative name."),
                t!("Give at least a common name (CN)."),
            ),
            Self::AlternativeNameInvalid { text } => Explanation::new(
                t!("An alternative name cannot be read"),
                t!("“{text}” is neither a host name nor an IP address, e-mail address or URI.", text),
                t!("Write it like erp.example.com, 10.0.0.1, admin@example.com or https://example.com/."),
            ),
            Self::FileUnreadable { file, detail } => Explanation::new(
                t!("The file cannot be read"),
                format!("“{file}”: {detail}."),
                t!("Check the path and your rights."),
            ),
            Self::FileEmpty { file } => Explanation::new(
                t!("The file is empty"),
                t!("“{file}” has no content.", file),
                t!("Download or copy it again."),
            ),
            Self::FileTooLarge { file, bytes, limit } => Told::file_too_large(file, *bytes, *limit).words,
            Self::NotRecognised { file, looks_like } => Told::not_recognised(file, looks_like).words,
            Self::FileDamaged { file, format, detail } => Explanation::new(
                t!("The file is damaged"),
                match detail {
                    Some(detail) => t!("“{file}” is {format}, but broken: {detail}.", file, format, detail),
                    None => t!("“{file}” is {format}, but broken or cut off.", file, format),
                },
                t!("Copy or download it again, in binary mode."),
            ),
            Self::FormatNotSupported { file, format } => Explanation::new(
                t!("This format is not read yet"),
                t!("“{file}” is {format}, which this version of Certwright does not read.", file, format),
                t!("Convert it to PKCS#12 first, for example with keytool -importkeystore."),
            ),
            Self::AlgorithmNotSupported { file, algorithm } => Explanation::new(
                t!("An algorithm is not supported"),
                t!("“{file}” uses {algorithm}. The password may well be right.", file, algorithm),
                t!("Write the file again with a current algorithm (AES), for example with openssl pkcs12."),
            ),
            Self::TooExpensive { file, detail } => Explanation::new(
                t!("Opening it would take too long"),
                t!("“{file}” asks for {detail}.", file, detail),
                t!("Write it again with fewer iterations, or take its parts one by one."),
            ),
            Self::PasswordNeeded { file } => Explanation::new(
                t!("A password is needed"),
                t!("“{file}” is encrypted.", file),
                t!("Type the password that its maker gave you."),
            ),
            Self::PasswordWrong { file } => Explanation::new(
                t!("Wrong password"),
                t!("The password does not open “{file}”.", file),
                t!("Type it again; upper and lower case count."),
            ),
            Self::PasswordEmpty => Explanation::new(
                t!("No password"),
                t!("An empty password protects nothing."),
                t!("Choose a password."),
            ),
            Self::NothingToImport { file } => Explanation::new(
                t!("Nothing to import"),
                t!("“{file}” was read, and holds no key and no certificate.", file),
                t!("Check that it is the right file."),
            ),
            Self::ReplyFitsNoKey { subjects } => Explanation::new(
                t!("That reply fits no key here"),
                t!(
                    "No key in this keystore belongs to the certificate for {subjects}.",
                    subjects = listed(subjects, 3)
                ),
                t!(
                    "Check that it is the reply to a request made with this keystore. If the key was made elsewhere, import it as a PKCS#12 file."
                ),
            ),
            Self::KeyAlreadyThere { alias } => Explanation::new(
                t!("That key is here already"),
                t!("The entry “{alias}” holds the same key.", alias),
                t!("Nothing needs to be done."),
            ),
            Self::CertificateAlreadyThere { alias } => Explanation::new(
                t!("That certificate is here already"),
                t!("The entry “{alias}” holds the same certificate.", alias),
                t!("Nothing needs to be done."),
            ),
            Self::NothingFound => Explanation::new(
                t!("That is gone"),
                t!("What was found in the file is not there any more."),
                t!("Drop the file again."),
            ),
            Self::NothingToUndo => {
                Explanation::new(t!("Nothing to undo"), t!("There is no change to take back."), "")
            }
            Self::PassphraseWrong => Explanation::new(
                t!("Wrong passphrase"),
                t!("The passphrase does not open the keystore that is kept on this device."),
                t!("Type it again; upper and lower case count. Nobody can open it without."),
            ),
            Self::VaultTooNew { version } => Explanation::new(
                t!("Kept by a newer Certwright"),
                t!(
                    "The keystore on this device has version {version}, which this Certwright does not read.",
                    version
                ),
                t!("Use the newer Certwright. Nothing was changed."),
            ),
            Self::VaultDamaged => Explanation::new(
                t!("The kept keystore is damaged"),
                t!("What is stored on this device is not a keystore that Certwright wrote."),
                t!("If you have an export (.p12), import it."),
            ),
            Self::NothingKept => Explanation::new(
                t!("Nothing is kept"),
                t!("The keystore lives in the memory of this page only."),
                t!("Keep it on this device first."),
            ),
            Self::StorageFull => Explanation::new(
                t!("No room left"),
                t!(
                    "The browser gives this page no more room on this device; nothing was lost or half saved."
                ),
                t!("Free some space, or export the keystore as a file."),
            ),
            Self::VaultGone => Explanation::new(
                t!("The kept keystore is gone"),
                t!(
                    "Another tab removed the keystore from this device. What you see here is in memory only now."
                ),
                t!("Keep it again, or export it as a file."),
            ),
            Self::PassphraseChangedElsewhere => Explanation::new(
                t!("The passphrase was changed in another tab"),
                t!(
                    "Another tab chose another passphrase for the kept keystore, so this one cannot read it any more."
                ),
                t!(
                    "Export what you changed here if you need it, lock the keystore and open it with the new passphrase."
                ),
            ),
            Self::VaultLocked => Explanation::new(
                t!("The keystore is locked"),
                t!("A keystore is kept on this device, and not open."),
                t!("Open it with its passphrase first."),
            ),
            Self::VaultExists => Explanation::new(
                t!("A keystore is kept here already"),
                t!("This device keeps a keystore, and another one must not overwrite it."),
                t!("Open the kept one, or forget it first."),
            ),
            Self::ChangedInAnotherTab => Explanation::new(
                t!("Changed in another tab"),
                t!(
                    "Another tab has changed the keystore on this device. This change was not stored, so that the other one is not lost."
                ),
                t!("Reload this page, open the keystore, and make the change again."),
            ),
            Self::StorageRefused { detail } => Explanation::new(
                t!("The browser does not store"),
                t!("The browser refused to store the keystore: {detail}.", detail),
                t!(
                    "Private windows and full disks do that. Export the entries as PKCS#12 before you close the page."
                ),
            ),
            Self::Cancelled => {
                Explanation::new(t!("Cancelled"), t!("You cancelled it. Nothing was changed."), "")
            }
            Self::AlreadyGenerating => Explanation::new(
                t!("A key is being made"),
                t!("One key is made at a time."),
                t!("Wait for it, or cancel it."),
            ),
            Self::HostInvalid { text } => Told::host_invalid(text).words,
            Self::PortInvalid { text } => Told::port_invalid(text).words,
            Self::NoHostRows => Explanation::new(
                t!("No run to compare with"),
                t!("The file holds no rows of an earlier run."),
                t!("Take a file that “Export as JSON” wrote here, or `certwright probe --file … --jsonl`."),
            ),
            Self::AlreadyProbing => Explanation::new(
                t!("A probe is running"),
                t!("One probe runs at a time."),
                t!("Wait for it, or stop it."),
            ),
            Self::NotFetched { failure } => failure.explain(),
            Self::AddressNotNamed { url } => Explanation::new(
                t!("Not an address of these certificates"),
                t!("None of the certificates that are here names {url}.", url),
                t!(
                    "Only addresses that a certificate names are fetched. Fetch the file yourself and drop it here."
                ),
            ),
            Self::WriteCheckFailed => Explanation::new(
                t!("The file was not written"),
                t!("What was written could not be read back, so it is not offered."),
                t!("Report this with the kind of key and file."),
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

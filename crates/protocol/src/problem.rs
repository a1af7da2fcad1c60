//! Everything that can go wrong outside of a probe, as facts. The words are in [`crate::catalogue`].

use serde::{Deserialize, Serialize};

use crate::fetch::FetchFailure;

/// A problem with its facts. The keystore is unchanged whenever one is returned.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))]
pub enum Problem {
    /// The alias is taken (without regard to case).
    AliasTaken {
        /// The alias.
        alias: String,
    },
    /// The alias breaks a rule.
    AliasInvalid {
        /// The alias.
        alias: String,
        /// Which rule.
        rule: AliasRule,
    },
    /// The rules for aliases that were chosen reserve it.
    AliasReserved {
        /// The alias.
        alias: String,
        /// What is reserved: the whole alias, or how it begins.
        reserved: String,
    },
    /// Two aliases that the format takes for one.
    AliasesCollide {
        /// The aliases.
        aliases: Vec<String>,
        /// The format.
        format: String,
    },
    /// The entry is locked.
    EntryLocked {
        /// The alias.
        alias: String,
    },
    /// No password has opened the entry yet.
    EntryClosed {
        /// The alias.
        alias: String,
    },
    /// The entry's history has no such chain.
    NoSuchPrevious {
        /// The alias.
        alias: String,
    },
    /// No guided job, or kept list of hosts, of that name is there.
    NoSuchPlan,
    /// The step of a guided job does not offer that any more.
    PlanStepGone,
    /// The step of a guided job refuses that now.
    PlanRefused {
        /// Why, in a sentence.
        why: String,
    },
    /// A field of a guided job cannot hold that.
    PlanValueInvalid {
        /// The field's label.
        label: String,
        /// What was filled in.
        text: String,
    },
    /// A file that looks like a guided job is none that is read here.
    PlanUnreadable {
        /// Its name.
        file: String,
    },
    /// No more guided jobs and lists are kept.
    TooManyPlans {
        /// How many guided jobs at most.
        most: u32,
    },
    /// No open keystore has that number.
    NoSuchStore,
    /// The key is only kept and signs nothing.
    KeyCannotSign {
        /// The alias.
        alias: String,
        /// Why.
        detail: String,
    },
    /// The key cannot make that signature.
    SignatureNotPossible {
        /// The key, for example `EC P-256`.
        key: String,
        /// The signature algorithm's name.
        signature: String,
    },
    /// The format cannot hold what was chosen.
    FormatCannotHold {
        /// The format.
        format: String,
        /// The entry.
        alias: String,
        /// What it is.
        what: String,
    },
    /// No certificate of what was chosen will expire.
    NothingExpires,
    /// The chain has no certificate there.
    NoSuchCertificate {
        /// The alias.
        alias: String,
    },
    /// A usage, an OID or another word of a request is not known.
    WordNotKnown {
        /// The word.
        word: String,
    },
    /// The validity makes no sense, or lies outside of the issuer's.
    ValidityInvalid {
        /// End of the issuer's validity, Unix seconds, if that is what it lies outside of.
        issuer_until: Option<i64>,
    },
    /// The signing request cannot be honoured.
    RequestRefused {
        /// Why.
        detail: String,
    },
    /// The entry cannot sign certificates.
    IssuerUnfit {
        /// The alias.
        alias: String,
        /// Why.
        detail: String,
    },
    /// A PKCS#12 file or keystore for these readers cannot have that password.
    PasswordNotPossible {
        /// Why.
        detail: String,
    },
    /// No entry has that alias.
    NoSuchEntry {
        /// The alias.
        alias: String,
    },
    /// The entry holds no private key.
    NoPrivateKey {
        /// The alias.
        alias: String,
    },
    /// The entry has no certificate yet.
    NoCertificateYet {
        /// The alias.
        alias: String,
    },
    /// The entry has no signing request that waits for its reply.
    NoSigningRequest {
        /// The alias.
        alias: String,
    },
    /// The subject cannot be read.
    SubjectInvalid {
        /// Position of the first character that does not fit, from 0.
        position: u32,
        /// What is wrong there.
        detail: String,
    },
    /// An attribute of the subject cannot be.
    SubjectAttributeInvalid {
        /// Number of its relative distinguished name, from 0.
        rdn: u32,
        /// Its number there, from 0.
        attribute: u32,
        /// Its type as written.
        name: String,
        /// What is wrong.
        detail: String,
    },
    /// Neither a subject nor an alternative name was given.
    SubjectEmpty,
    /// An alternative name cannot be read.
    AlternativeNameInvalid {
        /// The text.
        text: String,
    },
    /// The file cannot be opened (command line).
    FileUnreadable {
        /// Its name.
        file: String,
        /// The system's words.
        detail: String,
    },
    /// The file is empty.
    FileEmpty {
        /// Its name.
        file: String,
    },
    /// The file is too large.
    FileTooLarge {
        /// Its name.
        file: String,
        /// Its size.
        bytes: u64,
        /// The limit.
        limit: u64,
    },
    /// The file is none of the formats.
    NotRecognised {
        /// Its name.
        file: String,
        /// What it looks like.
        looks_like: String,
    },
    /// The file is of a known format and broken.
    FileDamaged {
        /// Its name.
        file: String,
        /// The format.
        format: String,
        /// Where, if known.
        detail: Option<String>,
    },
    /// The format is known, and not read by this version.
    FormatNotSupported {
        /// Its name.
        file: String,
        /// The format.
        format: String,
    },
    /// An algorithm inside is not supported.
    AlgorithmNotSupported {
        /// The file's name.
        file: String,
        /// Name and OID.
        algorithm: String,
    },
    /// Opening it would cost too much work.
    TooExpensive {
        /// The file's name.
        file: String,
        /// What it asks for.
        detail: String,
    },
    /// A password is needed.
    PasswordNeeded {
        /// The file's name.
        file: String,
    },
    /// The password is wrong.
    PasswordWrong {
        /// The file's name.
        file: String,
    },
    /// An empty password or passphrase where one is needed.
    PasswordEmpty,
    /// The file holds nothing that could be imported.
    NothingToImport {
        /// Its name.
        file: String,
    },
    /// The reply fits no key of the keystore.
    ReplyFitsNoKey {
        /// Subjects of the certificates in it.
        subjects: Vec<String>,
    },
    /// The key is in the keystore already.
    KeyAlreadyThere {
        /// Under which alias.
        alias: String,
    },
    /// The certificate is in the keystore already.
    CertificateAlreadyThere {
        /// Under which alias.
        alias: String,
    },
    /// What was found before is gone (the page was reloaded in between).
    NothingFound,
    /// There is nothing to undo or redo.
    NothingToUndo,
    /// The passphrase of the vault is wrong, or the vault is damaged.
    PassphraseWrong,
    /// The vault was written by a newer version.
    VaultTooNew {
        /// Its version.
        version: u32,
    },
    /// The vault is damaged.
    VaultDamaged,
    /// The keystore is locked: open it first.
    VaultLocked,
    /// Nothing is kept on this device.
    NothingKept,
    /// The browser has no room left for the keystore.
    StorageFull,
    /// The keystore that was kept is gone: another tab removed it.
    VaultGone,
    /// Another tab chose another passphrase.
    PassphraseChangedElsewhere,
    /// A keystore is kept on this device already.
    VaultExists,
    /// Another tab saved the keystore in the meantime.
    ChangedInAnotherTab,
    /// The browser does not let the page store anything.
    StorageRefused {
        /// The browser's words.
        detail: String,
    },
    /// Key generation was cancelled.
    Cancelled,
    /// Two key generations at once.
    AlreadyGenerating,
    /// Target host cannot be read.
    HostInvalid {
        /// The text.
        text: String,
    },
    /// Target port cannot be read.
    PortInvalid {
        /// The text.
        text: String,
    },
    /// A probe is running.
    AlreadyProbing,
    /// A file holds no rows of an earlier run of many probes.
    NoHostRows,
    /// What a certificate names could not be fetched.
    NotFetched {
        /// Why.
        failure: FetchFailure,
    },
    /// No certificate that is looked at names that address, so nothing is fetched from it.
    AddressNotNamed {
        /// The address.
        url: String,
    },
    /// What was written could not be read back; nothing is offered for download.
    WriteCheckFailed,
    /// The worker died or could not be started.
    WorkerFailed,
    /// A fault in Certwright.
    Internal {
        /// Where.
        detail: String,
    },
}

/// The rules for aliases.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AliasRule {
    /// At least one character.
    Empty,
    /// At most 250 characters.
    TooLong,
    /// No control characters.
    ControlCharacter,
}

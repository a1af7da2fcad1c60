//! Who has to act when something went wrong, for every problem.
//!
//! A probe's causes have their [`Actor`](crate::report::diagnosis::Actor), who stands in its report. Problems outside of a probe concern more people: whoever
//! gave a file, the certification authority, whoever runs Certwright. Each `match` names every variant, so a new problem without an actor is not compiled.

use crate::conversation::ProbeFailure;
use crate::fetch::FetchFailure;
use crate::problem::Problem;
use crate::report::diagnosis::Actor;
use crate::t;
use crate::view::ChainFailureReason;

/// Who has to act.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    /// Whoever reads it.
    You,
    /// Whoever gave the file or the text.
    Sender,
    /// The authority that issued a certificate, or is to issue it.
    Authority,
    /// The owner of the machine that shows the certificate or was called.
    ServerOwner,
    /// Whoever runs the network between.
    Network,
    /// Whoever runs the Certwright server.
    Operator,
    /// Nobody but those who write Certwright.
    Certwright,
}

impl Who {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::You,
        Self::Sender,
        Self::Authority,
        Self::ServerOwner,
        Self::Network,
        Self::Operator,
        Self::Certwright,
    ];

    /// Who it is, as the end of “To be put right by: …”.
    pub fn words(self) -> &'static str {
        match self {
            Self::You => t!("you"),
            Self::Sender => t!("whoever gave you the file"),
            Self::Authority => t!("the certification authority"),
            Self::ServerOwner => t!("the server’s owner"),
            Self::Network => t!("whoever runs the network"),
            Self::Operator => t!("whoever runs this Certwright server"),
            Self::Certwright => t!("the makers of Certwright"),
        }
    }
}

impl From<Actor> for Who {
    fn from(actor: Actor) -> Self {
        match actor {
            Actor::You => Self::You,
            Actor::ServerOwner => Self::ServerOwner,
            Actor::Network => Self::Network,
        }
    }
}

impl Problem {
    /// Who has to act.
    pub fn who(&self) -> Who {
        match self {
            Self::AliasTaken { .. }
            | Self::AliasInvalid { .. }
            | Self::AliasReserved { .. }
            | Self::AliasesCollide { .. }
            | Self::EntryLocked { .. }
            | Self::EntryClosed { .. }
            | Self::NoSuchPrevious { .. }
            | Self::NoSuchStore
            | Self::NoSuchPlan
            | Self::PlanStepGone
            | Self::PlanRefused { .. }
            | Self::PlanValueInvalid { .. }
            | Self::TooManyPlans { .. }
            | Self::KeyCannotSign { .. }
            | Self::SignatureNotPossible { .. }
            | Self::FormatCannotHold { .. }
            | Self::NothingExpires
            | Self::NoSuchCertificate { .. }
            | Self::WordNotKnown { .. }
            | Self::ValidityInvalid { .. }
            | Self::IssuerUnfit { .. }
            | Self::PasswordNotPossible { .. }
            | Self::NoSuchEntry { .. }
            | Self::NoPrivateKey { .. }
            | Self::NoCertificateYet { .. }
            | Self::NoSigningRequest { .. }
            | Self::SubjectInvalid { .. }
            | Self::SubjectAttributeInvalid { .. }
            | Self::SubjectEmpty
            | Self::AlternativeNameInvalid { .. }
            | Self::FileUnreadable { .. }
            | Self::FileEmpty { .. }
            | Self::FileTooLarge { .. }
            | Self::NotRecognised { .. }
            | Self::PasswordNeeded { .. }
            | Self::PasswordWrong { .. }
            | Self::PasswordEmpty
            | Self::NothingToImport { .. }
            | Self::ReplyFitsNoKey { .. }
            | Self::KeyAlreadyThere { .. }
            | Self::CertificateAlreadyThere { .. }
            | Self::NothingFound
            | Self::NothingToUndo
            | Self::PassphraseWrong
            | Self::VaultTooNew { .. }
            | Self::VaultDamaged
            | Self::VaultLocked
            | Self::NothingKept
            | Self::StorageFull
            | Self::VaultGone
            | Self::PassphraseChangedElsewhere
            | Self::VaultExists
            | Self::ChangedInAnotherTab
            | Self::StorageRefused { .. }
            | Self::Cancelled
            | Self::AlreadyGenerating
            | Self::HostInvalid { .. }
            | Self::PortInvalid { .. }
            | Self::AlreadyProbing
            | Self::NoHostRows
            | Self::AddressNotNamed { .. }
            | Self::WorkerFailed => Who::You,
            Self::FileDamaged { .. }
            | Self::FormatNotSupported { .. }
            | Self::AlgorithmNotSupported { .. }
            | Self::TooExpensive { .. }
            | Self::PlanUnreadable { .. }
            | Self::RequestRefused { .. } => Who::Sender,
            Self::NotFetched { failure } => failure.who(),
            Self::WriteCheckFailed | Self::Internal { .. } => Who::Certwright,
        }
    }
}

impl FetchFailure {
    /// Who has to act.
    pub fn who(&self) -> Who {
        match self {
            Self::BadAddress
            | Self::Status { .. }
            | Self::TooManyRedirects { .. }
            | Self::TooLarge { .. }
            | Self::NotACertificate
            | Self::TlsFailed { .. }
            | Self::BrokenOff
            | Self::TimedOut { .. } => Who::Authority,
            Self::PortRefused { .. } => Who::Operator,
            Self::NotReached { failure } => failure.who(),
            Self::Busy { .. } | Self::Throttled { .. } | Self::Stopped => Who::You,
            Self::Internal => Who::Certwright,
        }
    }
}

impl ProbeFailure {
    /// Who has to act, where no cause has been found out yet.
    pub fn who(&self) -> Who {
        match self {
            Self::BadTarget { .. }
            | Self::NameNotFound { .. }
            | Self::NoSuchAddress { .. }
            | Self::NotTls { .. }
            | Self::SignatureDeclined
            | Self::BrowserSilent { .. }
            | Self::Stopped
            | Self::BudgetUsedUp { .. }
            | Self::Busy { .. }
            | Self::Throttled { .. } => Who::You,
            Self::NameServiceFailed { .. }
            | Self::ConnectTimedOut { .. }
            | Self::Unreachable { .. }
            | Self::ProxyFailed { .. } => Who::Network,
            Self::TargetRefused { .. } | Self::ServerLost => Who::Operator,
            Self::ConnectionRefused { .. }
            | Self::HandshakeTimedOut { .. }
            | Self::StartTlsFailed { .. }
            | Self::HungUp { .. }
            | Self::Alert { .. }
            | Self::VersionTooOld
            | Self::NothingInCommon { .. }
            | Self::ServerSignatureWrong
            | Self::ServerCertificateUnreadable
            | Self::HandshakeTooLarge { .. }
            | Self::ProtocolViolation { .. } => Who::ServerOwner,
            Self::Internal => Who::Certwright,
        }
    }
}

impl ChainFailureReason {
    /// Who has to act: whoever keeps the trust store (you), the owner of the certificate, or its authority.
    pub fn who(&self) -> Who {
        match self {
            Self::UntrustedRoot { .. }
            | Self::SelfSigned
            | Self::MissingIssuer { .. }
            | Self::AnchorOutOfPlace
            | Self::RevocationUnknown { .. }
            | Self::TooComplex => Who::You,
            Self::NoCertificate
            | Self::Unreadable { .. }
            | Self::Expired { .. }
            | Self::NotYetValid { .. }
            | Self::HostMismatch { .. }
            | Self::MailboxMismatch { .. }
            | Self::WeakAlgorithm { .. }
            | Self::RetiredAlgorithm { .. }
            | Self::UnsupportedAlgorithm { .. }
            | Self::KeyUsage { .. }
            | Self::ExtendedKeyUsage { .. }
            | Self::Revoked { .. }
            | Self::Distrusted
            | Self::BadSignature
            | Self::Circle => Who::ServerOwner,
            Self::IssuerKeyDiffers { .. }
            | Self::NotACa
            | Self::PathTooLong { .. }
            | Self::NameConstraint { .. }
            | Self::UnknownCriticalExtension { .. }
            | Self::NoPolicy { .. }
            | Self::RuleBroken { .. }
            | Self::Malformed { .. } => Who::Authority,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everybody_has_words_of_their_own() {
        let words: std::collections::BTreeSet<&str> = Who::ALL.iter().map(|who| who.words()).collect();
        assert_eq!(words.len(), Who::ALL.len());
        assert!(words.iter().all(|words| !words.is_empty()));
    }

    #[test]
    fn those_who_act_after_a_probe_are_named_alike() {
        for actor in [Actor::You, Actor::ServerOwner, Actor::Network] {
            assert_eq!(Who::from(actor).words(), actor.words());
        }
    }
}

//! Words about keystores and their files: what is odd about a file, what a merge does, who reads a PKCS#12 file.

use super::{Explanation, listed};
use crate::t;
use crate::ui::{MergeReason, Pkcs12Target};
use crate::view::{FileRemark, JavaBlindness};

impl FileRemark {
    /// The remark in words.
    pub fn explain(&self) -> Explanation {
        match self {
            Self::IntegrityNotChecked => Explanation::new(
                t!("Opened without its password"),
                t!(
                    "Whether the file is whole can be told only with its password, and private keys stay closed until then."
                ),
                t!("Give the password to have the file checked and its keys opened."),
            ),
            Self::NoIntegrityCheck => Explanation::new(
                t!("No check of integrity"),
                t!("The file says nothing by which a change would be noticed."),
                t!("Save it again here: what Certwright writes carries such a check."),
            ),
            Self::UnsupportedMac { algorithm } => Explanation::new(
                t!("Nobody can tell here whether the file is whole"),
                t!("Its integrity is protected with {algorithm}, which Certwright does not read.", algorithm),
                t!("Have the file written with a current algorithm by the program that made it."),
            ),
            Self::EncryptedPartHidden => Explanation::new(
                t!("Part of it is encrypted"),
                t!("No password was given, so there may be more in the file than is shown."),
                t!("Give the password to see everything."),
            ),
            Self::UnsupportedPart { algorithm } => Explanation::new(
                t!("Part of it cannot be read"),
                t!("It is encrypted with {algorithm}, which Certwright does not read.", algorithm),
                t!("Have the file written with a current algorithm by the program that made it."),
            ),
            Self::KeyPasswordDiffers { alias } => Explanation::new(
                t!("“{alias}” has a password of its own", alias),
                t!("Most programs expect the password of the file on every key in it."),
                t!("Save the keystore again here: then there is one password."),
            ),
            Self::WeakEncryption { algorithm } => Explanation::new(
                t!("Weak encryption"),
                t!("The file is protected with {algorithm}, which is weak by today’s measure.", algorithm),
                t!("Save it for a modern reader, unless an old program has to open it."),
            ),
            Self::AliasesCollide { aliases } => Explanation::new(
                t!("Java sees one entry where there are several"),
                t!("These aliases are the same to Java: {aliases}.", aliases = listed(aliases, 8)),
                t!("Rename all but one of them, and save."),
            ),
            Self::NotVisibleToJava { alias, reason } => Explanation::new(
                t!("Java does not see “{alias}”", alias),
                match reason {
                    JavaBlindness::NotMarkedAsTrusted => {
                        t!(
                            "It is a certificate without the mark by which Java knows trusted certificates: to Java, the file looks empty there."
                        )
                    }
                    JavaBlindness::KeyNotTied => {
                        t!("Nothing ties its key to its certificate, so Java passes over it.")
                    }
                    JavaBlindness::NotEncrypted => {
                        t!("Its key is in clear, and Java reads encrypted ones alone.")
                    }
                    JavaBlindness::MixedCase => {
                        t!(
                            "Its alias has capital letters, and Java looks in such files for small ones alone."
                        )
                    }
                },
                t!("Save the keystore again here: it is written so that Java sees it."),
            ),
            Self::AliasMissing { alias } => Explanation::new(
                t!("An entry without alias"),
                t!("The file gives it none; here it is called “{alias}”.", alias),
                t!("Rename it, if you want another name."),
            ),
            Self::Skipped { alias, what } => Explanation::new(
                t!("Something was left out"),
                match alias {
                    Some(alias) => t!("“{alias}” is not read: {what}.", alias, what),
                    None => t!("Not read: {what}.", what),
                },
                t!("Keep the old file: it is not in what you save here."),
            ),
        }
    }
}

impl MergeReason {
    /// The reason in words.
    pub fn words(&self) -> &'static str {
        match self {
            Self::AliasTaken => t!("another entry has this alias, and is kept"),
            Self::Locked => t!("the entry of this alias is locked"),
            Self::AliasReserved => t!("the rules for aliases reserve this one"),
            Self::AliasInvalid => t!("the alias breaks a rule"),
            Self::AliasTwice => t!("another entry of the same alias came before it"),
            Self::Unsound => t!("its certificates are not those of its key"),
            Self::NotOpened => t!("its password is not known"),
        }
    }
}

impl Pkcs12Target {
    /// The readers, in a few words.
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => t!("Anything of today"),
            Self::Java8 => t!("Java 8 before update 301"),
            Self::WindowsServer2016 => t!("Windows Server 2016 and older"),
            Self::MacOs => t!("macOS keychain"),
            Self::OpenSsl11 => "OpenSSL 1.1",
        }
    }

    /// What that means for the file, in a sentence.
    pub fn about(self) -> &'static str {
        match self {
            Self::Modern => {
                t!(
                    "Java 17, OpenSSL 3, Windows Server 2019, browsers, SAP Integration Suite. Well encrypted: take this one unless it is refused."
                )
            }
            Self::Java8 => {
                t!(
                    "For old Java that says “keystore password was incorrect” to newer files. Weaker encryption: choose a long password."
                )
            }
            Self::WindowsServer2016 => {
                t!(
                    "For Windows that says that the password is wrong although it is not. Weaker encryption: choose a long password."
                )
            }
            Self::MacOs => {
                t!(
                    "Apple’s keychain refuses newer files with “MAC verification failed”. Weaker encryption: choose a long password."
                )
            }
            Self::OpenSsl11 => t!("For OpenSSL before 3.0 and what is built on it."),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn remarks_name_what_they_are_about() {
        let remark = FileRemark::NotVisibleToJava { alias: "Root".into(), reason: JavaBlindness::MixedCase };
        let words = remark.explain();
        assert!(words.title.contains("Root") && !words.what_to_try.is_empty());
        let remark = FileRemark::AliasesCollide { aliases: vec!["A".into(), "a".into()] };
        assert!(remark.explain().what_happened.contains("A and a"));
    }

    #[test]
    fn every_reader_has_its_own_words() {
        let mut names: Vec<&str> = Pkcs12Target::ALL.iter().map(|target| target.name()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), Pkcs12Target::ALL.len());
    }
}

//! For whom a PKCS#12 file is written, and what that means for its algorithms.
//!
//! | target | keys and certificates | MAC | local identifier |
//! |---|---|---|---|
//! | modern (OpenSSL 3, Java 8u301 and later, Windows 10 1709 and Server 2019) | PBES2, AES-256-CBC, HMAC-SHA-256, 100 000 | SHA-256, 100 000 | Java's date |
//! | Java 8 before update 301, and 11 before 11.0.12 | 3DES, SHA-1, 50 000 | SHA-1, 100 000 | Java's date |
//! | Windows Server 2016 and older | 3DES, SHA-1, 2 000 | SHA-1, 2 000 | SHA-1 of the certificate |
//! | macOS keychain | 3DES, SHA-1, 2 048 | SHA-1, 2 048 | SHA-1 of the certificate |
//! | OpenSSL 1.1 (and 3 without its legacy provider) | PBES2, AES-256-CBC, HMAC-SHA-256, 20 000 | SHA-256, 20 000 | SHA-1 of the certificate |
//!
//! Sources: `sun.security.pkcs12.PKCS12KeyStore` (what Java writes itself, and its limit of 5 000 000 iterations), OpenSSL's
//! `pkcs12` command, and what Windows and the keychain write themselves. Certificates are never under 40-bit RC2, as all of
//! these read 3DES for them.

use certwright_keys::Password;

/// The program that is to read a PKCS#12 file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Pkcs12Target {
    /// What is current: OpenSSL 3, Java from 8u301, 11.0.12 and 17 on, Windows from Server 2019 and Windows 10 1709 on.
    Modern,
    /// Java 8 before update 301, Java 11 before 11.0.12.
    Java8,
    /// Windows Server 2016 and older.
    WindowsServer2016,
    /// The keychain of macOS, of any version.
    MacOs,
    /// OpenSSL 1.1, and 3 without its legacy provider.
    OpenSsl11,
}

/// Why a target will not open a file under some password, whatever is in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PasswordTrouble {
    /// Java takes printable ASCII alone (up to 17 always, later ones with 3DES), and calls any other password incorrect.
    JavaTakesAsciiOnly,
    /// The keychain of macOS opens no file under the empty password.
    MacOsTakesNoEmptyPassword,
}

/// How keys and certificates are encrypted.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cipher {
    Aes256,
    TripleDes,
}

/// The digest of the MAC.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum MacDigest {
    Sha1,
    Sha256,
}

/// What is written for a target.
pub(super) struct Making {
    pub(super) cipher: Cipher,
    pub(super) iterations: u32,
    pub(super) mac: MacDigest,
    pub(super) mac_iterations: u32,
    /// Whether the local identifier is the date that Java keeps there, otherwise the SHA-1 of the certificate.
    pub(super) java_dates: bool,
    /// Java looks names up in lower case, and writes those of keys so.
    pub(super) lower_case_keys: bool,
    /// Whether the target knows symmetric keys.
    pub(super) secret_keys: bool,
}

impl Pkcs12Target {
    /// All targets.
    pub const ALL: [Self; 5] =
        [Self::Modern, Self::Java8, Self::WindowsServer2016, Self::MacOs, Self::OpenSsl11];

    /// Its name: "Modern", "Java 8", "Windows Server 2016 and older", "macOS", "OpenSSL 1.1".
    pub fn name(self) -> &'static str {
        match self {
            Self::Modern => "Modern",
            Self::Java8 => "Java 8",
            Self::WindowsServer2016 => "Windows Server 2016 and older",
            Self::MacOs => "macOS",
            Self::OpenSsl11 => "OpenSSL 1.1",
        }
    }

    /// Whether the target (for `Modern`: any of its programs) will not open a file under this password, and why.
    pub fn password_trouble(self, password: &Password) -> Option<PasswordTrouble> {
        match self {
            Self::Modern | Self::Java8 if !is_password_for_java(password) => {
                Some(PasswordTrouble::JavaTakesAsciiOnly)
            }
            Self::MacOs if password.is_empty() => Some(PasswordTrouble::MacOsTakesNoEmptyPassword),
            _ => None,
        }
    }

    pub(super) fn making(self) -> Making {
        let triple_des = |iterations, mac_iterations| Making {
            cipher: Cipher::TripleDes,
            iterations,
            mac: MacDigest::Sha1,
            mac_iterations,
            java_dates: false,
            lower_case_keys: false,
            secret_keys: false,
        };
        match self {
            // Java writes 10 000 and OpenSSL 2048, which a graphics card tries in no time. This many take a browser a tenth
            // of a second. They hold for keys, certificates and MAC alike, as a guess costs what the cheapest of them costs.
            Self::Modern => Making {
                cipher: Cipher::Aes256,
                iterations: 100_000,
                mac: MacDigest::Sha256,
                mac_iterations: 100_000,
                java_dates: true,
                lower_case_keys: false,
                secret_keys: true,
            },
            Self::Java8 => Making {
                java_dates: true,
                lower_case_keys: true,
                secret_keys: true,
                ..triple_des(50_000, 100_000)
            },
            Self::WindowsServer2016 => triple_des(2_000, 2_000),
            Self::MacOs => triple_des(2_048, 2_048),
            Self::OpenSsl11 => {
                Making { cipher: Cipher::Aes256, mac: MacDigest::Sha256, ..triple_des(20_000, 20_000) }
            }
        }
    }
}

/// Whether every Java can open a file under this password: Java 17 takes printable ASCII alone, and calls any other password
/// incorrect. Java 25 takes any for PBES2, and for 3DES turns one into other bytes than the standard says. OpenSSL takes any.
pub fn is_password_for_java(password: &Password) -> bool {
    password.as_str().bytes().all(|byte| (0x20..0x7f).contains(&byte))
}

//! What the code points of cipher suites and key exchange groups stand for, and what is wrong with them.
//!
//! Names are those of IANA's "Transport Layer Security (TLS) Parameters". A suite's name says all about it, so its parts are read from there
//! and are in no second table. What is weak follows RFC 9325 (recommendations), RFC 7465 (RC4), RFC 8996 (TLS 1.0 and 1.1) and
//! draft-ietf-tls-deprecate-obsolete-kex (static RSA and finite-field Diffie-Hellman).

mod registry;

use serde::{Deserialize, Serialize};

use crate::conversation::TlsVersion;
use registry::SUITES;

/// Says in a ClientHello that RFC 5746 is known (`TLS_EMPTY_RENEGOTIATION_INFO_SCSV`).
pub const RENEGOTIATION_INFO_SCSV: u16 = 0x00ff;
/// Says in a ClientHello that a higher version was tried before (`TLS_FALLBACK_SCSV`, RFC 7507).
pub const FALLBACK_SCSV: u16 = 0x5600;

/// A cipher suite of the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Suite {
    /// Code point.
    pub code: u16,
    /// IANA's name.
    pub name: &'static str,
}

/// How keys are exchanged.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyExchange {
    /// Said elsewhere: TLS 1.3.
    Separate,
    /// Encrypted to the server's RSA key.
    Rsa,
    /// Diffie-Hellman with the key in the certificate, also on a curve.
    StaticDh,
    /// Ephemeral Diffie-Hellman in a finite field.
    Dhe,
    /// Ephemeral Diffie-Hellman on a curve.
    Ecdhe,
    /// Ephemeral Diffie-Hellman in a finite field, signed by nobody.
    DhAnon,
    /// Ephemeral Diffie-Hellman on a curve, signed by nobody.
    EcdhAnon,
    /// A key that both know already.
    Psk,
    /// The same with ephemeral Diffie-Hellman in a finite field.
    DhePsk,
    /// The same with ephemeral Diffie-Hellman on a curve.
    EcdhePsk,
    /// The same with RSA.
    RsaPsk,
    /// A password (RFC 5054, RFC 8492).
    Password,
    /// Kerberos.
    Kerberos,
    /// Russian standards.
    Gost,
}

/// What is wrong with a cipher suite, or with the way in which a server uses it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Weakness {
    /// Nothing is encrypted.
    NoEncryption,
    /// Nobody proves who it is.
    Anonymous,
    /// Keys were made short on purpose, for export.
    Export,
    /// DES with its 56 bits.
    Des,
    /// RC2.
    Rc2,
    /// RC4 (RFC 7465).
    Rc4,
    /// A Diffie-Hellman group of less than 1024 bits.
    TinyDiffieHellman,
    /// A Diffie-Hellman group of less than 2048 bits.
    SmallDiffieHellman,
    /// Blocks of 64 bits: 3DES and IDEA (Sweet32).
    SmallBlocks,
    /// A MAC with MD5.
    Md5,
    /// No forward secrecy: who gets the server's key reads what was recorded.
    NoForwardSecrecy,
    /// CBC with a MAC, where most attacks on padding came from (Lucky 13).
    Cbc,
    /// A tag of 64 bits (CCM_8).
    ShortTag,
}

/// How a suite is to be seen as a whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Strength {
    /// Protects nothing against those who try.
    Broken,
    /// Known to be too weak.
    Weak,
    /// Holds, and is on its way out.
    Aging,
    /// As it should be.
    Good,
}

impl Weakness {
    /// How bad it is.
    pub fn strength(self) -> Strength {
        match self {
            Self::NoEncryption
            | Self::Anonymous
            | Self::Export
            | Self::Des
            | Self::Rc2
            | Self::TinyDiffieHellman => Strength::Broken,
            Self::Rc4 | Self::SmallDiffieHellman | Self::SmallBlocks | Self::Md5 => Strength::Weak,
            Self::NoForwardSecrecy | Self::Cbc | Self::ShortTag => Strength::Aging,
        }
    }
}

impl Suite {
    /// The suite with this code point.
    pub fn from_code(code: u16) -> Option<Self> {
        let at = SUITES.binary_search_by_key(&code, |(code, _)| *code).ok()?;
        SUITES.get(at).map(|&(code, name)| Self { code, name })
    }

    /// All of them, in ascending order of their code points.
    pub fn all() -> impl Iterator<Item = Self> {
        SUITES.iter().map(|&(code, name)| Self { code, name })
    }

    /// Those that a ClientHello of this version can offer, the common ones first.
    pub fn of(version: TlsVersion) -> Vec<u16> {
        let fits = |suite: &Self| match version {
            TlsVersion::Tls13 => suite.is_tls13(),
            version => !suite.is_tls13() && suite.since() <= version,
        };
        let (common, rare): (Vec<_>, Vec<_>) = Self::all().filter(fits).partition(|suite| suite.is_common());
        common.into_iter().chain(rare).map(|suite| suite.code).collect()
    }

    /// How keys are exchanged.
    pub fn key_exchange(self) -> KeyExchange {
        let Some((exchange, _)) = self.halves() else { return KeyExchange::Separate };
        match exchange.trim_end_matches("_EXPORT1024").trim_end_matches("_EXPORT") {
            "RSA" => KeyExchange::Rsa,
            "DHE_RSA" | "DHE_DSS" => KeyExchange::Dhe,
            "ECDHE_RSA" | "ECDHE_ECDSA" => KeyExchange::Ecdhe,
            "DH_anon" => KeyExchange::DhAnon,
            "ECDH_anon" => KeyExchange::EcdhAnon,
            "PSK" => KeyExchange::Psk,
            "DHE_PSK" | "PSK_DHE" => KeyExchange::DhePsk,
            "ECDHE_PSK" => KeyExchange::EcdhePsk,
            "RSA_PSK" => KeyExchange::RsaPsk,
            "KRB5" => KeyExchange::Kerberos,
            other if other.starts_with("DH_") || other.starts_with("ECDH_") => KeyExchange::StaticDh,
            other if other.starts_with("GOST") => KeyExchange::Gost,
            _ => KeyExchange::Password,
        }
    }

    /// Whether it is one of TLS 1.3.
    pub fn is_tls13(self) -> bool {
        self.halves().is_none()
    }

    /// The first version that has it. Suites with AEAD or with SHA-256 and SHA-384 came with TLS 1.2; those with a pre-shared key and CBC among
    /// them may be used before that too (RFC 5487 section 3, RFC 5489 section 2).
    pub fn since(self) -> TlsVersion {
        let Some((exchange, cipher)) = self.halves() else { return TlsVersion::Tls13 };
        let aead = self.is_aead() || cipher.contains("MGM");
        let digest = cipher.ends_with("SHA256") || cipher.ends_with("SHA384");
        if aead || exchange.starts_with("GOST") || (digest && !exchange.ends_with("PSK")) {
            TlsVersion::Tls12
        } else if exchange.starts_with("EC") || exchange.ends_with("PSK") || exchange.starts_with("SRP") {
            TlsVersion::Tls10
        } else {
            TlsVersion::Ssl3
        }
    }

    /// What is wrong with the suite by itself, the worst first.
    pub fn weaknesses(self) -> Vec<Weakness> {
        let Some((exchange, cipher)) = self.halves() else {
            return match self.name {
                "TLS_SHA256_SHA256" | "TLS_SHA384_SHA384" => vec![Weakness::NoEncryption],
                name if name.contains("CCM_8") => vec![Weakness::ShortTag],
                _ => Vec::new(),
            };
        };
        let has = |part: &str| cipher.split('_').any(|word| word == part);
        let block = has("CBC") || has("IDEA");
        let kind = self.key_exchange();
        let forward = matches!(
            kind,
            KeyExchange::Dhe
                | KeyExchange::Ecdhe
                | KeyExchange::DhAnon
                | KeyExchange::EcdhAnon
                | KeyExchange::DhePsk
                | KeyExchange::EcdhePsk
                | KeyExchange::Password
                | KeyExchange::Gost
        );
        let all = [
            (Weakness::NoEncryption, has("NULL")),
            (Weakness::Anonymous, matches!(kind, KeyExchange::DhAnon | KeyExchange::EcdhAnon)),
            (Weakness::Export, exchange.contains("EXPORT")),
            (Weakness::Des, has("DES") || has("DES40")),
            (Weakness::Rc2, has("RC2")),
            (Weakness::Rc4, has("RC4")),
            (Weakness::SmallBlocks, has("3DES") || has("IDEA")),
            (Weakness::Md5, has("MD5")),
            (Weakness::NoForwardSecrecy, !forward),
            (Weakness::Cbc, block),
            (Weakness::ShortTag, cipher.contains("CCM_8")),
        ];
        all.into_iter().filter_map(|(weakness, there)| there.then_some(weakness)).collect()
    }

    /// Whether it encrypts and authenticates in one (AEAD).
    fn is_aead(self) -> bool {
        ["_GCM", "_CCM", "POLY1305"].iter().any(|part| self.name.contains(part))
    }

    /// What stands before and after `_WITH_`; nothing in TLS 1.3.
    fn halves(self) -> Option<(&'static str, &'static str)> {
        self.name.trim_start_matches("TLS_").split_once("_WITH_")
    }

    /// Whether servers are met with that speak it, other than by configuration on purpose.
    fn is_common(self) -> bool {
        let exotic =
            ["ARIA", "SEED", "PSK", "KRB5", "SRP", "GOST", "ECCPWD", "SM4", "AEGIS", "DH_DSS", "DH_RSA"];
        let name = self.name;
        !exotic.iter().any(|part| name.contains(part)) && !name.contains("ECDH_ECDSA")
    }
}

/// What is wrong with a suite as it is used, with a Diffie-Hellman group of this size; the worst first.
pub fn weaknesses(code: u16, dh_bits: Option<u32>) -> Vec<Weakness> {
    let mut all = Suite::from_code(code).map(Suite::weaknesses).unwrap_or_default();
    match dh_bits {
        Some(..1024) => all.push(Weakness::TinyDiffieHellman),
        Some(..2048) => all.push(Weakness::SmallDiffieHellman),
        _ => {}
    }
    all.sort();
    all
}

/// How a suite with these weaknesses is to be seen.
pub fn strength(weaknesses: &[Weakness]) -> Strength {
    weaknesses.iter().map(|weakness| weakness.strength()).min().unwrap_or(Strength::Good)
}

/// A suite's name; its code point in hex where IANA has none.
pub fn suite_name(code: u16) -> String {
    Suite::from_code(code).map_or_else(|| format!("0x{code:04x}"), |suite| suite.name.to_owned())
}

/// Key exchange groups by their code points: the registry "TLS Supported Groups", and one draft that was widely spoken.
const GROUPS: [(u16, &str); 55] = [
    (1, "sect163k1"),
    (2, "sect163r1"),
    (3, "sect163r2"),
    (4, "sect193r1"),
    (5, "sect193r2"),
    (6, "sect233k1"),
    (7, "sect233r1"),
    (8, "sect239k1"),
    (9, "sect283k1"),
    (10, "sect283r1"),
    (11, "sect409k1"),
    (12, "sect409r1"),
    (13, "sect571k1"),
    (14, "sect571r1"),
    (15, "secp160k1"),
    (16, "secp160r1"),
    (17, "secp160r2"),
    (18, "secp192k1"),
    (19, "secp192r1"),
    (20, "secp224k1"),
    (21, "secp224r1"),
    (22, "secp256k1"),
    (23, "secp256r1"),
    (24, "secp384r1"),
    (25, "secp521r1"),
    (26, "brainpoolP256r1"),
    (27, "brainpoolP384r1"),
    (28, "brainpoolP512r1"),
    (29, "x25519"),
    (30, "x448"),
    (31, "brainpoolP256r1tls13"),
    (32, "brainpoolP384r1tls13"),
    (33, "brainpoolP512r1tls13"),
    (34, "GC256A"),
    (35, "GC256B"),
    (36, "GC256C"),
    (37, "GC256D"),
    (38, "GC512A"),
    (39, "GC512B"),
    (40, "GC512C"),
    (41, "curveSM2"),
    (0x0100, "ffdhe2048"),
    (0x0101, "ffdhe3072"),
    (0x0102, "ffdhe4096"),
    (0x0103, "ffdhe6144"),
    (0x0104, "ffdhe8192"),
    (0x0200, "MLKEM512"),
    (0x0201, "MLKEM768"),
    (0x0202, "MLKEM1024"),
    (0x11eb, "SecP256r1MLKEM768"),
    (0x11ec, "X25519MLKEM768"),
    (0x11ed, "SecP384r1MLKEM1024"),
    (0x11ee, "curveSM2MLKEM768"),
    (0x6399, "X25519Kyber768Draft00"),
    (0xff01, "arbitrary_explicit_prime_curves"),
];

/// A group's name; its code point in hex where IANA has none.
pub fn group_name(code: u16) -> String {
    let known = GROUPS.iter().find(|(group, _)| *group == code);
    known.map_or_else(|| format!("0x{code:04x}"), |(_, name)| (*name).to_owned())
}

/// The groups that a ClientHello of this version can offer, the common ones first.
pub fn groups_of(version: TlsVersion) -> Vec<u16> {
    let first: &[u16] = match version {
        TlsVersion::Tls13 => &[29, 23, 24, 25, 30],
        _ => &[29, 23, 24, 25, 30, 28, 27, 26],
    };
    let fits = |code: u16| match version {
        TlsVersion::Tls13 => matches!(code, 31..=33 | 41 | 0x0100..=0x0104 | 0x0200..=0x6399),
        _ => code <= 22,
    };
    let rest = GROUPS.iter().map(|(code, _)| *code).filter(|code| fits(*code));
    first.iter().copied().chain(rest).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(code: u16) -> Suite {
        Suite::from_code(code).unwrap()
    }

    #[test]
    fn registries_are_in_order() {
        assert!(SUITES.is_sorted_by(|a, b| a.0 < b.0));
        assert!(GROUPS.is_sorted_by(|a, b| a.0 < b.0));
    }

    #[test]
    fn names_say_what_is_wrong() {
        use Weakness::*;
        for (code, expected) in [
            (0x1301, &[][..]),
            (0x1305, &[ShortTag]),
            (0xc0b4, &[NoEncryption]),
            (0xc02f, &[]),
            (0xcca8, &[]),
            (0xc013, &[Cbc]),
            (0x009c, &[NoForwardSecrecy]),
            (0x002f, &[NoForwardSecrecy, Cbc]),
            (0x000a, &[SmallBlocks, NoForwardSecrecy, Cbc]),
            (0x0004, &[Rc4, Md5, NoForwardSecrecy]),
            (0x0001, &[NoEncryption, Md5, NoForwardSecrecy]),
            (0x0014, &[Export, Des, Cbc]),
            (0x0018, &[Anonymous, Rc4, Md5]),
            (0xc018, &[Anonymous, Cbc]),
            (0xc0ae, &[ShortTag]),
        ] {
            assert_eq!(of(code).weaknesses(), expected, "{}", of(code).name);
        }
        assert_eq!(weaknesses(0x0033, Some(1024)), [SmallDiffieHellman, Cbc]);
        assert_eq!(weaknesses(0x009e, Some(512)), [TinyDiffieHellman]);
        assert_eq!(weaknesses(0x009e, Some(2048)), []);
        assert_eq!(strength(&weaknesses(0x0033, Some(1024))), Strength::Weak);
        assert_eq!(strength(&[]), Strength::Good);
    }

    #[test]
    fn each_version_has_its_suites() {
        let tls13 = Suite::of(TlsVersion::Tls13);
        assert_eq!(tls13.get(..3), Some(&[0x1301, 0x1302, 0x1303][..]));
        for version in [TlsVersion::Ssl3, TlsVersion::Tls10, TlsVersion::Tls12] {
            assert!(Suite::of(version).iter().all(|code| !tls13.contains(code)));
        }
        assert!(!Suite::of(TlsVersion::Tls11).contains(&0xc02f));
        assert!(!Suite::of(TlsVersion::Ssl3).contains(&0xc013));
        assert!(Suite::of(TlsVersion::Ssl3).contains(&0x0004));
        assert!(Suite::of(TlsVersion::Tls12).contains(&0x0004));
        let common = Suite::of(TlsVersion::Tls12);
        let first = common.get(..128).unwrap();
        for code in [0xc02f, 0xc030, 0xcca8, 0x009e, 0x002f, 0x000a, 0x0005, 0x0018, 0xc018, 0x0001] {
            assert!(first.contains(&code), "{code:#06x}");
        }
    }

    #[test]
    fn what_is_unknown_has_its_number() {
        assert_eq!(suite_name(0xfafa), "0xfafa");
        assert_eq!(group_name(0x11ec), "X25519MLKEM768");
        assert_eq!(group_name(0xfafa), "0xfafa");
    }
}

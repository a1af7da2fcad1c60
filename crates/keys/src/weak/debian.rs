//! Keys of Debian's OpenSSL 0.9.8c-1 to 0.9.8g-8, of September 2006 to May 2008, and of the systems made from Debian, such as Ubuntu 7.04 to
//! 8.04 (CVE-2008-0166, DSA-1571-1).
//!
//! Nothing random entered its random numbers but the number of the process, of which there are 32 767. What each of them makes is computed
//! here again, for the program `openssl` on the usual processors; the tables hold, for each process, how many candidates were
//! tried before the first prime, and some bits of the modulus. Where these bits are found the prime is computed, and only if it divides
//! the modulus the key is said to be weak: so that is no guess, and none is told wrongly.
//!
//! That the computation is right is shown by a published key, of i386 with a `~/.rnd`; the other tables rest on the same sources, and on no key.
//!
//! Not found: keys of programs that used the library in another way, such as `ssh-keygen`; of other processors and other lengths; of a
//! `~/.rnd` of another length than OpenSSL's own. `cargo xtask debian-weak-keys` makes the tables.

mod pool;
mod search;

use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, Resize};

use super::WeakKey;
use search::{Search, Sieve};

/// For which processor OpenSSL was built.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Processor {
    /// 32 bits of Intel's kind.
    I386,
    /// 64 bits of the same kind.
    Amd64,
}

impl Processor {
    /// As Debian calls the architecture.
    pub fn name(self) -> &'static str {
        match self {
            Self::I386 => "i386",
            Self::Amd64 => "amd64",
        }
    }
}

/// What the program `openssl` found in the user's `~/.rnd` before it made a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SeedFile {
    /// The 1024 octets that each run of it leaves behind.
    Read,
    /// One that could not be read; or none, in a version that adds what it knows of the file nevertheless.
    Unread,
    /// None, in a version that then adds nothing; or the user had no home folder.
    Absent,
}

/// A process of Debian's `openssl` that makes an RSA key: all that decides which one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DebianProcess {
    /// What it runs on.
    pub processor: Processor,
    /// What it finds.
    pub seed_file: SeedFile,
    /// Its number, 1 to 32767.
    pub number: u16,
}

/// How many processes a table has: all numbers that Linux gave to them by default.
pub const PROCESSES: u16 = 32_767;

/// So many low bits of an entry are bits of the modulus, from the second lowest on, for the lowest is always set.
const MODULUS_BITS: u32 = 22;
const MODULUS_MASK: u32 = (1 << MODULUS_BITS) - 1;
/// The high bits of an entry if the number of candidates that failed is too large, or a prime was given up.
const UNKNOWN: u32 = u32::MAX >> MODULUS_BITS;
/// So many entries are compared at once.
const BLOCK: usize = 64;

impl DebianProcess {
    /// The modulus of the key of so many octets that the process makes, big-endian, and its entry of a table.
    ///
    /// Takes some hundred milliseconds for 256 octets. The length has to be even, and 128 or more.
    pub fn modulus(self, octets: usize) -> (Vec<u8>, [u8; 4]) {
        let (first, second, failed) = Search::new(self, octets).primes();
        let modulus = first.concatenating_mul(&second).to_be_bytes_trimmed_vartime();
        let failed = failed.map_or(UNKNOWN, |count| UNKNOWN.min(count.into()));
        let entry = failed << MODULUS_BITS | some_bits(&modulus);
        (modulus.into_vec(), entry.to_le_bytes())
    }
}

/// The keys of one length that the same program made in the same circumstances.
pub struct DebianTable {
    /// The file's name.
    pub name: &'static str,
    /// The length of the modulus.
    pub octets: usize,
    /// What the processes ran on.
    pub processor: Processor,
    /// What they found.
    pub seed_file: SeedFile,
    /// An entry of four octets for each process from 1 to [`PROCESSES`].
    pub entries: &'static [u8],
}

/// All tables.
pub const DEBIAN_TABLES: &[DebianTable] = &[
    table!("2048-i386-read", 256, I386, Read),
    table!("2048-amd64-read", 256, Amd64, Read),
    table!("2048-i386-unread", 256, I386, Unread),
    table!("2048-amd64-unread", 256, Amd64, Unread),
    table!("2048-i386-absent", 256, I386, Absent),
    table!("2048-amd64-absent", 256, Amd64, Absent),
];

macro_rules! table {
    ($name:literal, $octets:literal, $processor:ident, $seed_file:ident) => {
        DebianTable {
            name: $name,
            octets: $octets,
            processor: Processor::$processor,
            seed_file: SeedFile::$seed_file,
            entries: include_bytes!(concat!("debian/", $name, ".bin")),
        }
    };
}
use table;

pub(super) fn find(modulus: &[u8]) -> Option<WeakKey> {
    let bits = some_bits(modulus);
    let number = BoxedUint::from_be_slice_vartime(modulus);
    let tables = DEBIAN_TABLES.iter().filter(|table| table.octets == modulus.len());
    tables.flat_map(|table| candidates(table, bits)).find_map(|(process, failed)| {
        made(process, modulus.len(), failed, &number).then_some(WeakKey::Debian(process))
    })
}

/// The processes of a table whose keys have these bits, and how many candidates fail in each.
fn candidates(table: &DebianTable, bits: u32) -> impl Iterator<Item = (DebianProcess, u32)> {
    let fits = move |entry: &[u8; 4]| (u32::from_le_bytes(*entry) ^ bits) & MODULUS_MASK == 0;
    let (entries, _) = table.entries.as_chunks();
    // Whole blocks are compared first, without a branch for each entry: that is several times faster.
    let blocks = (1..).step_by(BLOCK).zip(entries.chunks(BLOCK));
    let hits = blocks.filter(move |(_, block)| block.iter().fold(false, |any, entry| any | fits(entry)));
    let entries = hits.flat_map(|(first, block)| (first..).zip(block));
    entries.filter(move |(_, entry)| fits(entry)).map(|(number, entry)| {
        let process = DebianProcess { processor: table.processor, seed_file: table.seed_file, number };
        (process, u32::from_le_bytes(*entry) >> MODULUS_BITS)
    })
}

/// Whether the first prime that a process finds, after so many candidates, divides the modulus.
fn made(process: DebianProcess, octets: usize, failed: u32, modulus: &BoxedUint) -> bool {
    let prime = match u16::try_from(failed) {
        Ok(failed) if u32::from(failed) < UNKNOWN => {
            let start = Search::new(process, octets).start_after(failed);
            Sieve::new().candidate(&start)
        }
        // Some hundred milliseconds, for one entry in 65 537.
        _ => Search::new(process, octets).primes().0,
    };
    let prime = NonZero::new(prime.resize(modulus.bits_precision())).into_option();
    prime.is_some_and(|prime| modulus.rem_vartime(&prime).is_zero().into())
}

/// Some low bits of a number, without the lowest.
fn some_bits(number: &[u8]) -> u32 {
    let low = number.iter().rev().take(4).rev().fold(0u32, |all, octet| all << 8 | u32::from(*octet));
    low >> 1 & MODULUS_MASK
}

//! The keys of Debian's broken OpenSSL are computed again, and recognised; no other key is.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use certwright_keys::PublicKey;
use certwright_keys::weak::{
    DEBIAN_TABLES, DebianProcess, PROCESSES, Processor, SeedFile, WeakKey, weaknesses,
};
use crypto_bigint::{BoxedUint, RandomBits};
use support::{public_key, rng};

/// "RSA private key generated in the flawed Debian PRNG": the modulus of the one in the tests of letsencrypt/boulder
/// (`goodkey/weak_test.go`).
const PUBLISHED: &str = "\
    d673252af6723c3f72529403eab7c30def3c52f97e799825f4a70191c616adcf1ece1113f1625971074c492c592025fdeadbdb146a081826bdf0d77c3c913dcf\
    1b6f0b3b78f5108d2e493ad0eee8ca5c021711adc13d358e61133870fcd19c8e5c22403959782aa82e72aee53a3d491e3912ce27b27e1a85ea69c19a527d28f7\
    934c9823b7e56fdd657dac83fdc65bb22a98d843df73238919781b714c81a5e2afec71f5c54aa2a27c590ad94c03c1062d50efcffac743e3c8a3ae056846a1d7\
    56eb862bf4224169d467c35215ade0afcc11e85fe629afb802c4786ff2e9c929bccf502b3d3b8876c6a11785cc398b389f1d86bdd9cb0bd4ec13956ec3fa270d";
const PUBLISHED_BY: DebianProcess =
    DebianProcess { processor: Processor::I386, seed_file: SeedFile::Read, number: 4096 };

fn published() -> Vec<u8> {
    let digits = |index: usize| u8::from_str_radix(&PUBLISHED[index..index + 2], 16).unwrap();
    (0..PUBLISHED.len()).step_by(2).map(digits).collect()
}

fn found(modulus: &[u8]) -> Option<DebianProcess> {
    weaknesses(&key(modulus)).into_iter().find_map(|weakness| match weakness {
        WeakKey::Debian(process) => Some(process),
        _ => None,
    })
}

fn key(modulus: &[u8]) -> PublicKey {
    public_key(modulus, &[1, 0, 1])
}

#[test]
fn the_published_key_is_computed_and_recognised() {
    assert_eq!(PUBLISHED_BY.modulus(256).0, published());
    assert_eq!(weaknesses(&key(&published())), [WeakKey::Debian(PUBLISHED_BY)]);
}

/// The processes at both ends, and some that find their primes soon; two of them give a prime up, for it follows a
/// multiple of 65537: 21165 the second, 22946 the first.
#[test]
fn the_tables_are_what_the_processes_make() {
    let processes = |name| -> &[u16] {
        match name {
            "2048-i386-read" => &[36, 214, 287, 21_165],
            "2048-amd64-read" => &[678, 1069, 1373, 1810],
            "2048-i386-unread" => &[284, 385, 521, 22_946],
            "2048-amd64-unread" => &[71, 781, 858, 1692],
            "2048-i386-absent" => &[62, 931, 1474, 1524],
            "2048-amd64-absent" => &[56, 279, 573, 675],
            other => panic!("{other} has no processes here"),
        }
    };
    for table in DEBIAN_TABLES {
        assert_eq!(table.entries.len(), usize::from(PROCESSES) * 4, "{}", table.name);
        for number in [&[1, PROCESSES], processes(table.name)].concat() {
            let process = DebianProcess { processor: table.processor, seed_file: table.seed_file, number };
            let (modulus, entry) = process.modulus(table.octets);
            assert_eq!(
                table.entries.as_chunks().0[usize::from(number) - 1],
                entry,
                "{} {number}",
                table.name
            );
            assert_eq!(found(&modulus), Some(process));
        }
    }
}

#[test]
fn other_keys_are_not_found() {
    let octets = published();
    // Cut, lengthened, and changed where nothing but the division tells; keys have to be odd, and without leading zeros.
    let odd = |octets: &[u8]| {
        let mut octets = octets.to_vec();
        octets[0] |= 0x80;
        *octets.last_mut().unwrap() |= 1;
        octets
    };
    for length in 64..256 {
        assert_eq!(found(&odd(&octets[256 - length..])), None);
        assert_eq!(found(&odd(&octets[..length])), None);
    }
    assert_eq!(found(&[&octets[..], &[1]].concat()), None);
    for index in 0..252 {
        let mut changed = octets.clone();
        changed[index] ^= 1 << (index % 7);
        assert_eq!(found(&changed), None);
    }
    for index in 0..2000 {
        let octets = odd(&BoxedUint::random_bits(&mut rng(), 2048).to_be_bytes());
        assert_eq!(found(&octets), None, "{index}: {octets:02x?}");
    }
}

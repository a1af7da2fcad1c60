//! Keys with a known weakness, made here prime by prime, are recognised; keys that openssl makes have none.

#![allow(clippy::unwrap_used, clippy::panic, clippy::indexing_slicing, reason = "a test may panic")]

mod support;

use certwright_keys::PublicKey;
use certwright_keys::weak::{BOUND, MAX_KEYS, ROUNDS, Shared, WeakKey, shared_primes, weaknesses};
use crypto_bigint::{BoxedUint, ConcatenatingMul, NonZero, RandomBits, Resize};
use crypto_primes::{Flavor, is_prime, random_prime};
use support::{Bench, public_key, rng};

const E: [u8; 3] = [1, 0, 1];

/// A key of these numbers.
fn key(modulus: &BoxedUint, exponent: &[u8]) -> PublicKey {
    public_key(&modulus.to_be_bytes_trimmed_vartime(), exponent)
}

fn prime(bits: u32) -> BoxedUint {
    random_prime(&mut rng(), Flavor::Any, bits)
}

/// The first prime from a number on.
fn next_prime(start: &BoxedUint) -> BoxedUint {
    let two = BoxedUint::one_with_precision(start.bits_precision()).shl(1);
    let mut candidate = start.clone();
    if !candidate.bit_vartime(0) {
        candidate = candidate.wrapping_add(BoxedUint::one_with_precision(start.bits_precision()));
    }
    while !is_prime(Flavor::Any, &candidate) {
        candidate = candidate.wrapping_add(&two);
    }
    candidate
}

fn small_primes() -> impl Iterator<Item = u64> {
    (2u64..).filter(|number| (2..*number).all(|divisor| !number.is_multiple_of(divisor)))
}

/// A prime `k * M + (65537^a mod M)` of 512 bits, `M` being the product of the first 39 primes.
fn infineon_prime() -> BoxedUint {
    let m = small_primes()
        .take(39)
        .fold(BoxedUint::one(), |all, prime| all.concatenating_mul(&BoxedUint::from(prime)));
    let m = m.resize(512);
    let divisor = NonZero::new(m.clone()).unwrap();
    loop {
        let mut power = BoxedUint::one_with_precision(512);
        for _ in 0..u8::from_str_radix(&rand_hex(), 16).unwrap() {
            power = power.concatenating_mul(&BoxedUint::from(65_537u64)).rem_vartime(&divisor);
        }
        let k = BoxedUint::random_bits(&mut rng(), 512 - m.bits());
        let candidate = m.wrapping_mul(&k).wrapping_add(&power);
        if candidate.bits() == 512 && is_prime(Flavor::Any, &candidate) {
            return candidate;
        }
    }
}

/// Two random hexadecimal digits.
fn rand_hex() -> String {
    format!("{:02x}", BoxedUint::random_bits(&mut rng(), 8).as_words()[0])
}

#[test]
fn keys_of_openssl_have_no_weakness() {
    let bench = Bench::new();
    for options in [
        "RSA -pkeyopt rsa_keygen_bits:1024",
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048",
        "ED25519",
    ] {
        bench.openssl(&format!("genpkey -quiet -algorithm {options} -out k.pem"));
        let spki = bench.openssl("pkey -in k.pem -pubout -outform DER");
        assert_eq!(weaknesses(&PublicKey::from_spki_der(&spki).unwrap()), []);
    }
}

#[test]
fn infineons_keys_are_recognised() {
    let modulus = infineon_prime().concatenating_mul(&infineon_prime());
    assert_eq!(weaknesses(&key(&modulus, &E)), [WeakKey::Roca]);
    // One such prime is not enough to be recognised, and none is.
    let modulus = infineon_prime().concatenating_mul(&prime(512));
    assert_eq!(weaknesses(&key(&modulus, &E)), []);
}

#[test]
fn close_primes_are_found() {
    let first = prime(1024);
    let second = next_prime(&first.wrapping_add(BoxedUint::one_with_precision(1024)));
    let found = weaknesses(&key(&first.concatenating_mul(&second), &E));
    assert!(matches!(found[..], [WeakKey::ClosePrimes { steps: 0..=2 }]), "{found:?}");
    // The same prime twice.
    let found = weaknesses(&key(&first.concatenating_mul(&first), &E));
    assert_eq!(found, [WeakKey::ClosePrimes { steps: 0 }]);
    // A distance at which Fermat's method takes a few steps: 2^516, of which the square is some 40 times 8 * 2^1024.
    let far = next_prime(&first.wrapping_add(BoxedUint::one_with_precision(1024).shl(516)));
    let found = weaknesses(&key(&first.concatenating_mul(&far), &E));
    assert!(matches!(found[..], [WeakKey::ClosePrimes { steps: 3..ROUNDS }]), "{found:?}");
    // And one at which it takes too many.
    let farther = next_prime(&first.wrapping_add(BoxedUint::one_with_precision(1024).shl(600)));
    assert_eq!(weaknesses(&key(&first.concatenating_mul(&farther), &E)), []);
}

#[test]
fn small_factors_are_found() {
    let large = prime(2030);
    for factor in [3u32, 257, 65_521] {
        let modulus = large.concatenating_mul(&BoxedUint::from(factor));
        assert!(factor < BOUND);
        assert_eq!(weaknesses(&key(&modulus, &E)), [WeakKey::SmallFactor { factor }]);
    }
    let modulus = large.concatenating_mul(&BoxedUint::from(65_537u32));
    assert_eq!(weaknesses(&key(&modulus, &E)), []);
}

#[test]
fn repetitions_are_found() {
    for period in [1usize, 3, 16] {
        let octets: Vec<u8> = (0..256)
            .map(|index| [0x93, 0x17, 0xb5, 0xd1][index % period % 4] ^ ((index % period) as u8) << 1)
            .collect();
        let modulus = BoxedUint::from_be_slice_vartime(&octets);
        let found = weaknesses(&key(&modulus, &E));
        assert!(found.contains(&WeakKey::Pattern { period: period as u32 }), "{found:?}");
    }
}

#[test]
fn exponents_are_judged() {
    let modulus = prime(1024).concatenating_mul(&prime(1024));
    assert_eq!(weaknesses(&key(&modulus, &[3])), [WeakKey::SmallExponent { exponent: 3 }]);
    assert_eq!(weaknesses(&key(&modulus, &[1, 0, 0, 0, 1])), [WeakKey::LargeExponent { bits: 33 }]);
    // Short keys are kept whatever their exponent is.
    let short = prime(256).concatenating_mul(&prime(256));
    assert_eq!(weaknesses(&key(&short, &[4])), [WeakKey::BrokenExponent]);
}

#[test]
fn shared_primes_are_found() {
    let primes: Vec<BoxedUint> = (0..9).map(|_| prime(512)).collect();
    let pair = |left: usize, right: usize| key(&primes[left].concatenating_mul(&primes[right]), &E);
    let keys = [pair(0, 1), pair(2, 3), pair(0, 4), pair(5, 6), pair(0, 1), pair(4, 7), pair(7, 8)];
    let keys: Vec<&PublicKey> = keys.iter().collect();
    let mut found = shared_primes(&keys);
    found.sort_by(|a, b| a.keys.cmp(&b.keys));
    let shared = |keys: &[usize]| Shared { keys: keys.to_vec(), bits: 512 };
    // The fifth is the first again. The third and the sixth share both primes, with different keys.
    assert_eq!(found, [shared(&[0, 2]), shared(&[2, 5]), shared(&[5, 6])]);
    assert_eq!(shared_primes(&keys[1..2]), []);
    assert_eq!(shared_primes(&[]), []);
}

#[test]
fn a_full_bag_of_keys_takes_bounded_time() {
    // Not keys, but as many numbers as are compared, all different, two with a factor in common.
    let shared = prime(1024);
    let keys: Vec<PublicKey> = (0..MAX_KEYS + 8)
        .map(|index| {
            let modulus = if index == 3 || index == MAX_KEYS - 1 {
                shared.concatenating_mul(&prime(1024))
            } else {
                let mut octets = BoxedUint::random_bits(&mut rng(), 2048).to_be_bytes();
                octets[0] |= 0x80;
                octets[255] |= 1;
                BoxedUint::from_be_slice_vartime(&octets)
            };
            key(&modulus, &E)
        })
        .collect();
    let keys: Vec<&PublicKey> = keys.iter().collect();
    let start = std::time::Instant::now();
    let found = shared_primes(&keys);
    assert!(start.elapsed().as_secs() < 20, "{:?}", start.elapsed());
    assert!(found.contains(&Shared { keys: vec![3, MAX_KEYS - 1], bits: 1024 }), "{found:?}");
}

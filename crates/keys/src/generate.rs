//! Making new keys.
//!
//! RSA primes are sought as the `rsa` crate does it (random start, sieve, strong Baillie-PSW test), candidate by
//! candidate, so that the caller can show progress. The public exponent is 65537.

use core::cell::RefCell;

use crypto_primes::{
    Flavor,
    hazmat::{SetBits, SmallFactorsSieveFactory},
    is_prime, sieve_and_find,
};
use p256::elliptic_curve::Generate as _;
use rand_core::CryptoRng;
use rsa::BoxedUint;

use zeroize::Zeroizing;

use crate::{
    algorithm::KeySpec,
    ml_dsa::{MlDsaKey, ParameterSet},
    private::{MIN_RSA_SIGN_BITS, PrivateKey},
    public::MAX_RSA_BITS,
};

const PUBLIC_EXPONENT: u64 = 65_537;

/// How far the search for a key has come. It is a game of chance: `tested` may stay far below `expected`, or
/// go far beyond it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Primes found so far, of two.
    pub found: u32,
    /// Candidates tested so far, for both primes.
    pub tested: u32,
    /// Candidates that such a key takes on average.
    pub expected: u32,
}

/// Makes a new key. RSA takes seconds in a browser (of 8192 bits, minutes), the others no time at all.
pub fn generate_key(spec: KeySpec, rng: &mut impl CryptoRng) -> PrivateKey {
    generate_key_with_progress(spec, rng, |_| {})
}

/// As [`generate_key`]; `report` is called after each candidate for a prime (some 80 in all for RSA 2048, some 160
/// for RSA 4096), and never for the others.
pub fn generate_key_with_progress(
    spec: KeySpec,
    rng: &mut impl CryptoRng,
    mut report: impl FnMut(Progress),
) -> PrivateKey {
    // Another attempt is needed once in tens of thousands of RSA keys, and never for the others.
    loop {
        let key = match spec {
            // A length that no key may have becomes the nearest one that it may.
            KeySpec::Rsa { bits } => {
                let bits = bits.clamp(MIN_RSA_SIGN_BITS, MAX_RSA_BITS) / 8 * 8;
                generate_rsa(bits, rng, &mut report).map(|key| PrivateKey::from_rsa(key, None))
            }
            KeySpec::EcP256 => Some(PrivateKey::from_p256(p256::SecretKey::generate_from_rng(rng))),
            KeySpec::EcP384 => Some(PrivateKey::from_p384(p384::SecretKey::generate_from_rng(rng))),
            KeySpec::EcP521 => Some(PrivateKey::from_p521(p521::SecretKey::generate_from_rng(rng))),
            KeySpec::Ed25519 => Some(PrivateKey::from_ed25519(&seed(rng))),
            KeySpec::MlDsa44 => {
                Some(PrivateKey::from_ml_dsa(MlDsaKey::from_seed(ParameterSet::MlDsa44, &seed(rng))))
            }
            KeySpec::MlDsa65 => {
                Some(PrivateKey::from_ml_dsa(MlDsaKey::from_seed(ParameterSet::MlDsa65, &seed(rng))))
            }
            KeySpec::MlDsa87 => {
                Some(PrivateKey::from_ml_dsa(MlDsaKey::from_seed(ParameterSet::MlDsa87, &seed(rng))))
            }
        };
        if let Some(Ok(key)) = key {
            return key;
        }
    }
}

fn seed(rng: &mut impl CryptoRng) -> Zeroizing<[u8; 32]> {
    let mut seed = Zeroizing::new([0; 32]);
    rng.fill_bytes(seed.as_mut_slice());
    seed
}

fn generate_rsa(
    bits: u32,
    rng: &mut impl CryptoRng,
    report: &mut impl FnMut(Progress),
) -> Option<rsa::RsaPrivateKey> {
    // One number in 0.69 * bits / 2 is a prime of that size (for odd ones, half as many); the sieve by the primes
    // below 2^14 leaves one number in about 17 (Mertens' third theorem).
    let expected = bits * 69 / 100 / 17;
    let mut progress = Progress { expected, ..Progress::default() };
    let p = generate_prime(bits / 2, rng, &mut progress, report)?;
    let q = generate_prime(bits / 2, rng, &mut progress, report)?;
    // This refuses p = q, and primes for which the public exponent has no inverse. The private exponent is the one
    // modulo lcm(p - 1, q - 1), as FIPS 186-5, appendix A.1.1, asks.
    rsa::RsaPrivateKey::from_p_q(p, q, BoxedUint::from(PUBLIC_EXPONENT)).ok()
}

/// A random prime with its two highest bits set, so that the product of two has its full length.
fn generate_prime(
    bits: u32,
    rng: &mut impl CryptoRng,
    progress: &mut Progress,
    report: &mut impl FnMut(Progress),
) -> Option<BoxedUint> {
    let sieve = SmallFactorsSieveFactory::new(Flavor::Any, bits, SetBits::TwoMsb).ok()?;
    let state = RefCell::new((progress, report));
    sieve_and_find(rng, sieve, |_, candidate| {
        let prime = is_prime(Flavor::Any, candidate);
        let mut state = state.borrow_mut();
        let (progress, report) = &mut *state;
        progress.tested += 1;
        progress.found += u32::from(prime);
        report(**progress);
        prime
    })
    .ok()
    .flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rand_core::UnwrapErr;

    #[test]
    fn progress_is_reported() {
        let mut reports = Vec::new();
        let mut rng = UnwrapErr(getrandom::SysRng);
        let key = generate_key_with_progress(KeySpec::Rsa { bits: 2048 }, &mut rng, |progress| {
            reports.push(progress)
        });
        assert_eq!(key.algorithm(), KeySpec::Rsa { bits: 2048 }.algorithm());
        let last = reports.last().unwrap();
        assert_eq!(last.found, 2);
        assert_eq!(last.tested as usize, reports.len());
        assert!(reports.windows(2).all(|pair| pair[0].tested + 1 == pair[1].tested));
    }
}

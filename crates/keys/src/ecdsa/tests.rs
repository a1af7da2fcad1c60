//! Beside the crates p256 and p384, with keys and numbers that meet the exceptions.

use p256::elliptic_curve::{Generate as _, PrimeField as _};
use proptest::prelude::*;
use rand_core::UnwrapErr;
use signature::hazmat::{PrehashSigner as _, PrehashVerifier as _};

use super::*;

macro_rules! beside_the_crate {
    ($name:ident, $curve:ident, $ours:ident, $verify:ident, $octets:literal) => {
        mod $name {
            use super::*;
            use $curve::{AffinePoint, ProjectivePoint, Scalar, SecretKey};
            use $curve::ecdsa::{Signature, SigningKey, VerifyingKey};

            fn scalar(number: i64) -> Scalar {
                let magnitude = Scalar::from(number.unsigned_abs());
                if number < 0 { -magnitude } else { magnitude }
            }

            fn agree(key: &VerifyingKey, hash: &[u8], signature: &Signature) -> bool {
                let expected = key.verify_prehash(hash, signature).is_ok();
                assert_eq!($verify(key, hash, signature), expected, "{key:?} {hash:02x?} {signature:?}");
                expected
            }

            /// What each scalar gives, as the crate has it.
            fn sum(a: Scalar, b: Scalar, point: ProjectivePoint) -> AffinePoint {
                (ProjectivePoint::GENERATOR * a + point * b).into()
            }

            #[test]
            fn sums_of_products_with_all_exceptions() {
                let digits = |scalar: Scalar| {
                    let mut digits = [0; $octets / OCTETS];
                    read_digits(&scalar.to_repr(), &mut digits);
                    digits
                };
                let numbers = [-33i64, -17, -16, -3, -2, -1, 0, 1, 2, 3, 4, 15, 17, 31, 128, 1 << 40];
                for key in [1i64, -1, 2, 17] {
                    let point = ProjectivePoint::GENERATOR * scalar(key);
                    let verifying = VerifyingKey::from_affine(point.into()).unwrap().to_sec1_point(false);
                    let coordinate = |octets: &[u8]| {
                        let mut digits = [0; $octets / OCTETS];
                        read_digits(octets, &mut digits);
                        Element::new(digits).unwrap()
                    };
                    let ours = Point::new(
                        coordinate(verifying.x().unwrap()),
                        coordinate(verifying.y().unwrap()),
                    );
                    for a in &numbers {
                        for b in &numbers {
                            let result = Point::<$ours, { $octets / OCTETS }>::sum_of_products(
                                &digits(scalar(*a)),
                                &digits(scalar(*b)),
                                &ours,
                            );
                            let expected = sum(scalar(*a), scalar(*b), point);
                            let expected = VerifyingKey::from_affine(expected);
                            match expected {
                                Err(_) => assert!(result.is_infinity(), "{a} {b} {key}"),
                                Ok(expected) => {
                                    let expected = expected.to_sec1_point(false);
                                    assert!(!result.is_infinity());
                                    assert!(result.has_x(&coordinate(expected.x().unwrap())), "{a} {b} {key}");
                                }
                            }
                        }
                    }
                }
            }

            proptest! {
                #[test]
                fn signatures(hash in proptest::collection::vec(any::<u8>(), $octets / 2..80), flip in 0usize..$octets * 16) {
                    let key = SigningKey::from(SecretKey::generate_from_rng(&mut UnwrapErr(getrandom::SysRng)));
                    let signature: Signature = key.sign_prehash(&hash).unwrap();
                    prop_assert!(agree(key.verifying_key(), &hash, &signature));
                    let mut octets = signature.to_bytes();
                    octets[flip / 8] ^= 1 << (flip % 8);
                    if let Ok(other) = Signature::from_bytes(&octets) {
                        prop_assert!(!agree(key.verifying_key(), &hash, &other));
                    }
                }

                #[test]
                fn any_numbers(
                    key in any::<i64>(), r in any::<i64>(), s in any::<i64>(), hash in any::<i64>()
                ) {
                    prop_assume!(key != 0 && r != 0 && s != 0);
                    let point = ProjectivePoint::GENERATOR * scalar(key);
                    let key = VerifyingKey::from_affine(point.into()).unwrap();
                    let signature = Signature::from_scalars(scalar(r), scalar(s)).unwrap();
                    agree(&key, &scalar(hash).to_repr(), &signature);
                }
            }

            #[test]
            fn hashes_of_nothing_but_ones_or_zeros() {
                let key = SigningKey::from(SecretKey::generate_from_rng(&mut UnwrapErr(getrandom::SysRng)));
                for hash in [[0; 64], [0xff; 64]] {
                    let signature: Signature = key.sign_prehash(&hash).unwrap();
                    assert!(agree(key.verifying_key(), &hash, &signature));
                }
            }
        }
    };
}

beside_the_crate!(on_p256, p256, P256, verify_p256, 32);
beside_the_crate!(on_p384, p384, P384, verify_p384, 48);

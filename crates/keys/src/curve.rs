//! Elliptic curves by name (RFC 5480, section 2.1.1.1), and the same curves written out as their equation
//! (`SpecifiedECDomain`, SEC 1, appendix C.2), as `openssl -param_enc explicit` and some smart cards do.
//!
//! An equation is taken only if it is that of P-256, P-384 or P-521 with their own generator: forged parameters were how
//! Windows once came to believe anybody's certificate. Refused: every other equation.

use const_oid::db::rfc5912::{SECP_256_R_1, SECP_384_R_1, SECP_521_R_1};
use der::{
    Sequence,
    asn1::{AnyRef, BitStringRef, ObjectIdentifier, OctetStringRef, UintRef},
};

use crate::error::ReadKeyError;

/// The curve that EC parameters mean.
///
/// # Errors
/// `ExplicitCurve` for an equation that is not one of those known here, `Malformed` for anything else.
pub(crate) fn parse_parameters(parameters: AnyRef<'_>) -> Result<ObjectIdentifier, ReadKeyError> {
    if let Ok(name) = parameters.decode_as::<ObjectIdentifier>() {
        return Ok(name);
    }
    let domain: SpecifiedDomain<'_> = parameters.decode_as().map_err(|_| ReadKeyError::ExplicitCurve)?;
    KNOWN.iter().find(|known| domain.is(known)).map(|known| known.name).ok_or(ReadKeyError::ExplicitCurve)
}

/// `SpecifiedECDomain`.
#[derive(Sequence)]
struct SpecifiedDomain<'a> {
    version: u8,
    field: Field<'a>,
    curve: Equation<'a>,
    base: &'a OctetStringRef,
    order: UintRef<'a>,
    #[asn1(optional = "true")]
    cofactor: Option<u8>,
}

/// `FieldID` of a prime field.
#[derive(Sequence)]
struct Field<'a> {
    kind: ObjectIdentifier,
    prime: UintRef<'a>,
}

/// `Curve`: y² = x³ + ax + b.
#[derive(Sequence)]
struct Equation<'a> {
    a: &'a OctetStringRef,
    b: &'a OctetStringRef,
    #[asn1(optional = "true")]
    seed: Option<BitStringRef<'a>>,
}

/// `prime-field` (ANSI X9.62).
const PRIME_FIELD: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.10045.1.1");

struct Known {
    name: ObjectIdentifier,
    prime: &'static str,
    b: &'static str,
    generator_x: &'static str,
    generator_y: &'static str,
    order: &'static str,
}

/// The curves of FIPS 186-4, appendix D.1.2; for all three a = p - 3 and the cofactor is 1.
const KNOWN: [Known; 3] = [
    Known {
        name: SECP_256_R_1,
        prime: "ffffffff00000001000000000000000000000000ffffffffffffffffffffffff",
        b: "5ac635d8aa3a93e7b3ebbd55769886bc651d06b0cc53b0f63bce3c3e27d2604b",
        generator_x: "6b17d1f2e12c4247f8bce6e563a440f277037d812deb33a0f4a13945d898c296",
        generator_y: "4fe342e2fe1a7f9b8ee7eb4a7c0f9e162bce33576b315ececbb6406837bf51f5",
        order: "ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551",
    },
    Known {
        name: SECP_384_R_1,
        prime: "fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffeffffffff0000000000000000ffffffff",
        b: "b3312fa7e23ee7e4988e056be3f82d19181d9c6efe8141120314088f5013875ac656398d8a2ed19d2a85c8edd3ec2aef",
        generator_x: "aa87ca22be8b05378eb1c71ef320ad746e1d3b628ba79b9859f741e082542a385502f25dbf55296c3a545e3872760ab7",
        generator_y: "3617de4a96262c6f5d9e98bf9292dc29f8f41dbd289a147ce9da3113b5f0b8c00a60b1ce1d7e819d7a431d7c90ea0e5f",
        order: "ffffffffffffffffffffffffffffffffffffffffffffffffc7634d81f4372ddf581a0db248b0a77aecec196accc52973",
    },
    Known {
        name: SECP_521_R_1,
        prime: "01ffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff",
        b: "0051953eb9618e1c9a1f929a21a0b68540eea2da725b99b315f3b8b489918ef109e156193951ec7e937b1652c0bd3bb1bf073573df883d2c34f1ef451fd46b503f00",
        generator_x: "00c6858e06b70404e9cd9e3ecb662395b4429c648139053fb521f828af606b4d3dbaa14b5e77efe75928fe1dc127a2ffa8de3348b3c1856a429bf97e7e31c2e5bd66",
        generator_y: "011839296a789a3bc0045c8a5fb42c7d1bd998f54449579b446817afbd17273e662c97ee72995ef42640c550b9013fad0761353c7086a272c24088be94769fd16650",
        order: "01fffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffffa51868783bf2f966b7fcc0148f709a5d03bb5c9b8899c47aebb6fb71e91386409",
    },
];

impl SpecifiedDomain<'_> {
    fn is(&self, known: &Known) -> bool {
        let width = known.prime.len() / 2;
        let base = self.base.as_bytes();
        let is_generator = match base.split_first() {
            Some((4, point)) => point
                .split_at_checked(width)
                .is_some_and(|(x, y)| same(x, known.generator_x) && same(y, known.generator_y)),
            // Compressed: the last bit of y stands in the first byte.
            Some((first @ (2 | 3), x)) => {
                let odd = known.generator_y.ends_with(['1', '3', '5', '7', '9', 'b', 'd', 'f']);
                (*first == 3) == odd && same(x, known.generator_x)
            }
            _ => false,
        };
        // p - 3 differs from p in its last digit alone: that of each of these primes is f.
        let a = format!("{}c", known.prime.get(..known.prime.len() - 1).unwrap_or_default());
        (1..=3).contains(&self.version)
            && self.field.kind == PRIME_FIELD
            && same(self.field.prime.as_bytes(), known.prime)
            && same(self.curve.a.as_bytes(), &a)
            && same(self.curve.b.as_bytes(), known.b)
            && is_generator
            && same(self.order.as_bytes(), known.order)
            && self.cofactor.is_none_or(|cofactor| cofactor == 1)
    }
}

/// Whether big-endian bytes are this number in hexadecimal, leading zeros aside.
fn same(bytes: &[u8], hexadecimal: &str) -> bool {
    let digits: String = bytes.iter().map(|byte| format!("{byte:02x}")).collect();
    digits.trim_start_matches('0') == hexadecimal.trim_start_matches('0')
}

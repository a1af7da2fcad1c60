//! JSON Web Keys against the examples of RFC 7517, RFC 7638 and RFC 8037, and against openssl.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    KeyAlgorithm, KeyFormat, KeySpec, PublicKeyFormat, ReadKeyError,
    generate::generate_key,
    jwk::{JwkKey, parse_jwks, to_thumbprint},
    read::{read_private_key, read_public_key},
    write::{generate_key_file, to_public_key_file},
};
use support::{Bench, rng};

/// RFC 7517, appendix A.2: the private keys of appendix A.1.
const RFC_7517_A_2: &str = r#"{"keys":
  [
    {"kty":"EC",
     "crv":"P-256",
     "x":"MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
     "y":"4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
     "d":"870MB6gfuTJ4HtUnUvYMyJpr5eUZNP4Bk43bVdj3eAE",
     "use":"enc",
     "kid":"1"},

    {"kty":"RSA",
     "n":"0vx7agoebGcQSuuPiLJXZptN9nndrQmbXEps2aiAFbWhM78LhWx4cbbfAAtVT86zwu1RK7aPFFxuhDR1L6tSoc_BJECPebWKRXjBZCiFV4n3oknjhMstn64tZ_2W-5JsGY4Hc5n9yBXArwl93lqt7_RN5w6Cf0h4QyQ5v-65YGjQR0_FDW2QvzqY368QQMicAtaSqzs8KJZgnYb9c7d0zgdAZHzu6qMQvRL5hajrn1n91CbOpbISD08qNLyrdkt-bFTWhAI4vMQFh6WeZu0fM4lFd2NcRwr3XPksINHaQ-G_xBniIqbw0Ls1jF44-csFCur-kEgU8awapJzKnqDKgw",
     "e":"AQAB",
     "d":"X4cTteJY_gn4FYPsXB8rdXix5vwsg1FLN5E3EaG6RJoVH-HLLKD9M7dx5oo7GURknchnrRweUkC7hT5fJLM0WbFAKNLWY2vv7B6NqXSzUvxT0_YSfqijwp3RTzlBaCxWp4doFk5N2o8Gy_nHNKroADIkJ46pRUohsXywbReAdYaMwFs9tv8d_cPVY3i07a3t8MN6TNwm0dSawm9v47UiCl3Sk5ZiG7xojPLu4sbg1U2jx4IBTNBznbJSzFHK66jT8bgkuqsk0GjskDJk19Z4qwjwbsnn4j2WBii3RL-Us2lGVkY8fkFzme1z0HbIkfz0Y6mqnOYtqc0X4jfcKoAC8Q",
     "p":"83i-7IvMGXoMXCskv73TKr8637FiO7Z27zv8oj6pbWUQyLPQBQxtPVnwD20R-60eTDmD2ujnMt5PoqMrm8RfmNhVWDtjjMmCMjOpSXicFHj7XOuVIYQyqVWlWEh6dN36GVZYk93N8Bc9vY41xy8B9RzzOGVQzXvNEvn7O0nVbfs",
     "q":"3dfOR9cuYq-0S-mkFLzgItgMEfFzB2q3hWehMuG0oCuqnb3vobLyumqjVZQO1dIrdwgTnCdpYzBcOfW5r370AFXjiWft_NGEiovonizhKpo9VVS78TzFgxkIdrecRezsZ-1kYd_s1qDbxtkDEgfAITAG9LUnADun4vIcb6yelxk",
     "dp":"G4sPXkc6Ya9y8oJW9_ILj4xuppu0lzi_H7VTkS8xj5SdX3coE0oimYwxIi2emTAue0UOa5dpgFGyBJ4c8tQ2VF402XRugKDTP8akYhFo5tAA77Qe_NmtuYZc3C3m3I24G2GvR5sSDxUyAN2zq8Lfn9EUms6rY3Ob8YeiKkTiBj0",
     "dq":"s9lAH9fggBsoFR8Oac2R_E2gw282rT2kGOAhvIllETE1efrA6huUUvMfBcMpn8lqeW6vzznYY5SSQF7pMdC_agI3nG8Ibp1BUb0JUiraRNqUfLhcQb_d9GF4Dh7e74WbRsobRonujTYN1xCaP6TO61jvWrX-L18txXw494Q_cgk",
     "qi":"GyM_p6JrXySiz1toFgKbWV-JdI3jQ4ypu9rbMWx3rQJBfmt0FoYzgUIZEVFEcOqwemRN81zoDAaa-Bk0KWNGDjJHZDdDmFhW3AN7lI-puxk_mHZGJ11rxyR8O55XLSe3SPmRfKwZI6yU24ZxvQKFYItdldUKGzO6Ia6zTKhAVRU",
     "alg":"RS256",
     "kid":"2011-04-29"}
  ]
}"#;

/// RFC 8037, appendix A.1.
const RFC_8037_A_1: &str = r#"{"kty":"OKP","crv":"Ed25519",
   "d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A",
   "x":"11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"}"#;

#[test]
fn a_set_of_private_keys() {
    let found = parse_jwks(RFC_7517_A_2.as_bytes()).unwrap();
    let kids: Vec<_> = found.iter().map(|found| found.kid.as_deref()).collect();
    assert_eq!(kids, [Some("1"), Some("2011-04-29")]);
    let algorithms: Vec<_> = found
        .iter()
        .map(|found| match &found.key {
            Ok(JwkKey::Private(key)) => key.algorithm(),
            other => panic!("{other:?}"),
        })
        .collect();
    assert_eq!(algorithms, [KeyAlgorithm::EcP256, KeyAlgorithm::Rsa { bits: 2048 }]);
    // RFC 7638, section 3.1: the thumbprint of that RSA key.
    let Ok(JwkKey::Private(rsa)) = &found[1].key else { panic!() };
    assert_eq!(to_thumbprint(rsa.public_key()).unwrap(), "NzbLsXh8uDCcd-6MNwXF4W_7noWXFZAfHkxZsRGC9Xs");
    assert_eq!(read_private_key(RFC_7517_A_2.as_bytes(), None).unwrap().algorithm(), KeyAlgorithm::EcP256);
    // openssl takes the numbers too.
    let bench = Bench::new();
    bench.write("key.der", rsa.to_pkcs8_der().as_bytes());
    bench.openssl("pkey -in key.der -inform DER -check -noout");
}

#[test]
fn ed25519() {
    let key = read_private_key(RFC_8037_A_1.as_bytes(), None).unwrap();
    assert_eq!(key.algorithm(), KeyAlgorithm::Ed25519);
    // RFC 8037, appendix A.3.
    assert_eq!(to_thumbprint(key.public_key()).unwrap(), "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k");
    let public = RFC_8037_A_1.replace(r#""d":"nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A","#, "");
    assert_eq!(&read_public_key(public.as_bytes()).unwrap(), key.public_key());
    assert_eq!(read_private_key(public.as_bytes(), None).unwrap_err(), ReadKeyError::NoKey);
    let other = RFC_8037_A_1.replace("11qYAYKx", "21qYAYKx");
    assert_eq!(read_private_key(other.as_bytes(), None).unwrap_err(), ReadKeyError::Mismatch);
}

#[test]
fn rsa_with_less_in_it() {
    // Without the primes, which a producer ought to include (RFC 7518, section 6.3.2), and with the primes alone.
    let text = RFC_7517_A_2.replace("\n", "");
    let member = |name: &str| {
        let start = text.rfind(&format!("\"{name}\":\"")).unwrap() + name.len() + 4;
        text[start..].split('"').next().unwrap().to_owned()
    };
    let whole = parse_jwks(RFC_7517_A_2.as_bytes()).unwrap();
    let Ok(JwkKey::Private(whole)) = &whole[1].key else { panic!() };
    for names in [&["n", "e", "d"][..], &["n", "e", "d", "p", "q"]] {
        let members: Vec<String> =
            names.iter().map(|name| format!("\"{name}\":\"{}\"", member(name))).collect();
        let text = format!("{{\"kty\":\"RSA\",{}}}", members.join(","));
        let key = read_private_key(text.as_bytes(), None).unwrap();
        assert_eq!(key.public_key(), whole.public_key());
        bench_check(&key);
    }
    let zero = format!("{{\"kty\":\"RSA\",\"n\":\"{}\",\"e\":\"AQAB\",\"d\":\"AA\"}}", member("n"));
    assert_eq!(read_private_key(zero.as_bytes(), None).unwrap_err(), ReadKeyError::InvalidKey);
    let one = format!("{{\"kty\":\"RSA\",\"n\":\"{}\",\"e\":\"AQAB\",\"d\":\"AQ\"}}", member("n"));
    assert_eq!(read_private_key(one.as_bytes(), None).unwrap_err(), ReadKeyError::InvalidKey);
    let forged = RFC_7517_A_2.replace("\"dp\":\"G4sP", "\"dp\":\"G4sQ");
    assert_eq!(parse_jwks(forged.as_bytes()).unwrap()[1].key.clone().unwrap_err(), ReadKeyError::InvalidKey);
}

fn bench_check(key: &certwright_keys::PrivateKey) {
    let bench = Bench::new();
    bench.write("key.der", key.to_pkcs8_der().as_bytes());
    bench.openssl("pkey -in key.der -inform DER -check -noout");
}

#[test]
fn what_we_write_we_read() {
    for spec in
        [KeySpec::Rsa { bits: 2048 }, KeySpec::EcP256, KeySpec::EcP384, KeySpec::EcP521, KeySpec::Ed25519]
    {
        let key = generate_key(spec, &mut rng());
        let file = generate_key_file(&key, KeyFormat::Jwk, None, &mut rng()).unwrap();
        let again = read_private_key(file.as_bytes(), None).unwrap();
        assert_eq!(again.to_pkcs8_der(), key.to_pkcs8_der());
        let public = to_public_key_file(key.public_key(), PublicKeyFormat::Jwk).unwrap();
        assert_eq!(&read_public_key(&public).unwrap(), key.public_key());
        assert!(!String::from_utf8(public).unwrap().contains("\"d\""));
        serde_json::from_slice::<serde_json::Value>(file.as_bytes()).unwrap();
    }
}

#[test]
fn other_kinds_are_named() {
    let named = |name: &str| ReadKeyError::UnsupportedName { name: name.to_owned() };
    for (text, expected) in [
        (r#"{"kty":"AKP","alg":"ML-DSA-44"}"#, named("AKP")),
        (r#"{"kty":"EC","crv":"secp256k1","x":"AA","y":"AA"}"#, named("secp256k1")),
        (r#"{"kty":"OKP","crv":"X25519","x":"AA"}"#, named("X25519")),
        (r#"{"kty":"EC","crv":"P-256"}"#, ReadKeyError::Malformed { offset: None }),
        (r#"{"kty":"EC","crv":"P-256","x":"AA","y":"AA"}"#, ReadKeyError::InvalidKey),
        (r#"{"kty":"RSA","n":"!","e":"AQAB"}"#, ReadKeyError::Malformed { offset: None }),
        (r#"{"kty":"RSA","n":"AQ","e":"AQAB""#, ReadKeyError::Malformed { offset: Some(31) }),
        (r#"{"kty":"oct","k":"AAEC","alg":"HS256"}"#, ReadKeyError::NoKey),
        (r#"{"keys":[]}"#, ReadKeyError::NoKey),
        (r#"{"kty":7}"#, ReadKeyError::Malformed { offset: Some(7) }),
    ] {
        assert_eq!(read_public_key(text.as_bytes()).unwrap_err(), expected, "{text}");
    }
    let found = parse_jwks(br#"{"keys":[{"kty":"oct","k":"AAEC","alg":"HS256"},7,{"kty":"none"}]}"#).unwrap();
    assert_eq!(found.len(), 3);
    let Ok(JwkKey::Secret { bytes, algorithm }) = &found[0].key else { panic!() };
    assert_eq!((bytes.as_bytes(), algorithm.as_deref()), (&[0, 1, 2][..], Some("HS256")));
    let deep = [br#"{"kty":"#.to_vec(), b"[".repeat(10_000)].concat();
    assert!(matches!(read_public_key(&deep), Err(ReadKeyError::Malformed { .. })));
    let deep = [br#"{"kty":"oct","k":"AAEC","ext":"#.to_vec(), b"[".repeat(10_000)].concat();
    assert!(matches!(read_public_key(&deep), Err(ReadKeyError::Malformed { .. })));
}

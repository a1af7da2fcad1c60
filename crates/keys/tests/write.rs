//! Every format in which a key is written, read back by openssl and by us.
#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test that cannot run has to fail"
)]

mod support;

use certwright_keys::{
    KeyFormat, KeySpec, Password, PrivateKey, PublicKeyFormat, ReadKeyError,
    generate::generate_key,
    read::{read_private_key, read_public_key},
    write::{WriteKeyError, generate_key_file, to_public_key_file},
};
use support::{Bench, rng};

const HUNDRED: &str =
    "0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqrstuvwxyz0123456789abcdefghijklmnopqr";

#[test]
fn every_kind_in_every_format() {
    let password = Password::new("pässwörd");
    for spec in KeySpec::ALL {
        // The longest keys take minutes without optimisation, and differ from the others in nothing that is written.
        if matches!(spec, KeySpec::Rsa { bits } if bits > 2048) {
            continue;
        }
        let key = generate_key(spec, &mut rng());
        for format in KeyFormat::ALL {
            let file = generate_key_file(&key, format, Some(&password), &mut rng());
            if !format.holds(&key.algorithm()) {
                assert_eq!(
                    file,
                    Err(WriteKeyError::NoPlace { algorithm: key.algorithm() }),
                    "{spec} {format}"
                );
                continue;
            }
            let file = file.unwrap();
            let again = read_private_key(file.as_bytes(), Some(&password)).unwrap();
            assert_eq!(again.to_pkcs8_der(), key.to_pkcs8_der(), "{spec} {format}");
            if format.is_encrypted() {
                assert_eq!(
                    read_private_key(file.as_bytes(), None).unwrap_err(),
                    ReadKeyError::NeedsPassword,
                    "{spec} {format}"
                );
                assert_eq!(
                    generate_key_file(&key, format, None, &mut rng()),
                    Err(WriteKeyError::NeedsPassword)
                );
            }
        }
        for format in PublicKeyFormat::ALL {
            if let Ok(file) = to_public_key_file(key.public_key(), format) {
                assert_eq!(&read_public_key(&file).unwrap(), key.public_key(), "{spec}");
            }
        }
    }
}

#[test]
fn openssl_reads_all_that_it_knows() {
    let bench = Bench::new();
    for spec in [KeySpec::Rsa { bits: 2048 }, KeySpec::EcP256, KeySpec::EcP521] {
        let key = generate_key(spec, &mut rng());
        for (format, form) in [
            (KeyFormat::Pkcs8Pem, "PEM"),
            (KeyFormat::Pkcs8Der, "DER"),
            (KeyFormat::Pkcs8EncryptedPem, "PEM"),
            (KeyFormat::Pkcs8EncryptedDer, "DER"),
            (KeyFormat::Pkcs8ScryptPem, "PEM"),
            (KeyFormat::Pkcs8TripleDesPem, "PEM"),
            (KeyFormat::TraditionalPem, "PEM"),
            (KeyFormat::TraditionalEncryptedPem, "PEM"),
        ] {
            for password in ["secret", "pässwörd", "ლ(ಠ益ಠლ)", HUNDRED] {
                let file =
                    generate_key_file(&key, format, Some(&Password::new(password)), &mut rng()).unwrap();
                bench.write("key", file.as_bytes());
                let public = bench.openssl(&format!(
                    "pkey -in key -inform {form} -passin pass:{password} -pubout -outform DER"
                ));
                assert_eq!(public, key.public_key().spki_der(), "{spec} {format}");
                if !format.is_encrypted() {
                    break;
                }
            }
        }
        let public = to_public_key_file(key.public_key(), PublicKeyFormat::Spki).unwrap();
        bench.write("public", &public);
        assert_eq!(bench.openssl("pkey -pubin -in public -pubout"), public);
    }
    let key = generate_key(KeySpec::EcP256, &mut rng());
    let empty = Password::new("");
    let file = generate_key_file(&key, KeyFormat::Pkcs8EncryptedPem, Some(&empty), &mut rng()).unwrap();
    bench.write("key", file.as_bytes());
    bench.openssl("pkey -in key -passin pass: -noout");
    for format in [KeyFormat::TraditionalEncryptedPem, KeyFormat::OpenSshEncrypted] {
        assert_eq!(
            generate_key_file(&key, format, Some(&empty), &mut rng()),
            Err(WriteKeyError::PasswordTooShort)
        );
    }
}

#[test]
fn public_keys_of_pkcs1() {
    let bench = Bench::new();
    bench.openssl("genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048 -out key.pem");
    let expected = bench.openssl("pkey -in key.pem -pubout -outform DER");
    for arguments in [
        "rsa -in key.pem -RSAPublicKey_out",
        "rsa -in key.pem -RSAPublicKey_out -outform DER",
        "pkey -in key.pem -pubout",
        "pkey -in key.pem -pubout -outform DER",
    ] {
        assert_eq!(read_public_key(&bench.openssl(arguments)).unwrap().spki_der(), expected, "{arguments}");
    }
    assert_eq!(read_public_key(&bench.read("key.pem")).unwrap_err(), ReadKeyError::NoKey);
}

#[test]
fn rsa_of_any_length() {
    assert_eq!(KeySpec::rsa(2047), None);
    assert_eq!(KeySpec::rsa(2052), None);
    assert_eq!(KeySpec::rsa(8200), None);
    assert_eq!(KeySpec::rsa(8192), Some(KeySpec::Rsa { bits: 8192 }));
    let key = generate_key(KeySpec::rsa(2056).unwrap(), &mut rng());
    assert_eq!(key.algorithm().to_string(), "RSA 2056");
    let again = PrivateKey::from_pkcs8_der(key.to_pkcs8_der().as_bytes()).unwrap();
    assert_eq!(again.public_key(), key.public_key());
}

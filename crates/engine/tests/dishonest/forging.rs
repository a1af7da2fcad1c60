//! What a dishonest server does to a handshake: takes messages apart, puts them together in another way, signs with keys that it has, and makes the
//! hash fit. An implementation of its own, so that it does not err where the engine errs.

use certwright_keys::SignatureScheme;
use certwright_keys::read::read_private_key;
use certwright_protocol::Bytes;
use sha2::{Digest, Sha256, Sha384};

use super::super::support::random;
use super::{Asked, World};

pub(crate) const CLIENT_HELLO: u8 = 1;
pub(crate) const SERVER_HELLO: u8 = 2;
pub(crate) const ENCRYPTED_EXTENSIONS: u8 = 8;
pub(crate) const CERTIFICATE: u8 = 11;
pub(crate) const SERVER_KEY_EXCHANGE: u8 = 12;
pub(crate) const CERTIFICATE_REQUEST: u8 = 13;
pub(crate) const SERVER_HELLO_DONE: u8 = 14;
pub(crate) const CERTIFICATE_VERIFY: u8 = 15;
pub(crate) const CLIENT_KEY_EXCHANGE: u8 = 16;
pub(crate) const FINISHED: u8 = 20;

pub(crate) const SERVER_NAME: u16 = 0;

pub(crate) fn prefixed(width: usize, body: &[u8]) -> Vec<u8> {
    let length = body.len().to_be_bytes();
    [&length[length.len() - width..], body].concat()
}

pub(crate) fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    [vec![kind], prefixed(3, body)].concat()
}

/// A Certificate message of TLS 1.3.
pub(crate) fn certificate13(chain: &[Bytes]) -> Vec<u8> {
    let list: Vec<u8> = chain.iter().flat_map(|der| [prefixed(3, &der.0), vec![0, 0]].concat()).collect();
    message(CERTIFICATE, &[vec![0], prefixed(3, &list)].concat())
}

/// A Certificate message of TLS 1.2.
pub(crate) fn certificate12(chain: &[Bytes]) -> Vec<u8> {
    let list: Vec<u8> = chain.iter().flat_map(|der| prefixed(3, &der.0)).collect();
    message(CERTIFICATE, &prefixed(3, &list))
}

/// The content of a `server_name` extension.
pub(crate) fn server_name(names: &[&str]) -> Vec<u8> {
    let list: Vec<u8> =
        names.iter().flat_map(|name| [vec![0], prefixed(2, name.as_bytes())].concat()).collect();
    prefixed(2, &list)
}

/// Divides a transcript of TLS 1.2.
pub(crate) fn divide(mut bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut found = Vec::new();
    while !bytes.is_empty() {
        let length = 4 + usize::from(bytes[1]) * 65536 + usize::from(bytes[2]) * 256 + usize::from(bytes[3]);
        found.push(bytes[..length].to_vec());
        bytes = &bytes[length..];
    }
    found
}

/// Changes the extensions of a hello, an EncryptedExtensions or a CertificateRequest of TLS 1.3.
pub(crate) fn change_extensions(whole: &mut Vec<u8>, change: impl FnOnce(&mut Vec<(u16, Vec<u8>)>)) {
    let u16_at = |at: usize| usize::from(u16::from_be_bytes([whole[at], whole[at + 1]]));
    let after_session = 38 + 1 + usize::from(whole[38 % whole.len()]);
    let at = match whole[0] {
        CLIENT_HELLO => {
            let after_suites = after_session + 2 + u16_at(after_session);
            after_suites + 1 + usize::from(whole[after_suites])
        }
        SERVER_HELLO => after_session + 3,
        CERTIFICATE_REQUEST => 5 + usize::from(whole[4]),
        _ => 4,
    };
    let mut rest = whole.get(at + 2..).unwrap_or_default();
    let mut extensions = Vec::new();
    while !rest.is_empty() {
        let end = 4 + usize::from(u16::from_be_bytes([rest[2], rest[3]]));
        extensions.push((u16::from_be_bytes([rest[0], rest[1]]), rest[4..end].to_vec()));
        rest = &rest[end..];
    }
    change(&mut extensions);
    let list: Vec<u8> = extensions
        .iter()
        .flat_map(|(kind, body)| [kind.to_be_bytes().to_vec(), prefixed(2, body)].concat())
        .collect();
    *whole = message(whole[0], &[&whole[4..at], &prefixed(2, &list)].concat());
}

/// Puts another content in place of an extension's, or takes it away.
pub(crate) fn set_extension(whole: &mut Vec<u8>, kind: u16, body: Option<Vec<u8>>) {
    change_extensions(whole, |extensions| {
        extensions.retain(|(other, _)| *other != kind);
        extensions.extend(body.map(|body| (kind, body)));
    });
}

impl Asked {
    /// The first message of a type.
    pub(crate) fn find(&mut self, kind: u8) -> &mut Vec<u8> {
        self.handshake.iter_mut().find(|message| message.first() == Some(&kind)).unwrap()
    }

    /// Where the first message of a type is.
    pub(crate) fn position(&self, kind: u8) -> usize {
        self.handshake.iter().position(|message| message.first() == Some(&kind)).unwrap()
    }

    /// The hash of the messages before the first of a type, or of all of them; then of `more`.
    fn hash(&self, until: Option<u8>, more: &[u8]) -> Vec<u8> {
        let sha384 = self.message.len() == 64 + 34 + 48;
        let digest = |bytes: &[u8]| match sha384 {
            true => Sha384::digest(bytes).to_vec(),
            false => Sha256::digest(bytes).to_vec(),
        };
        let messages: Vec<&Vec<u8>> =
            self.handshake.iter().take_while(|message| message.first().copied() != until).collect();
        let retried = messages.iter().filter(|message| message.first() == Some(&CLIENT_HELLO)).count() == 2;
        let mut bytes = Vec::new();
        for (number, message) in messages.into_iter().enumerate() {
            if retried && number == 0 {
                let hash = digest(message);
                bytes.extend([&[254, 0, 0, u8::try_from(hash.len()).unwrap()], &hash[..]].concat());
            } else {
                bytes.extend(message);
            }
        }
        bytes.extend(more);
        digest(&bytes)
    }

    /// Makes the message that is to be signed fit the messages, with this chain of the client's.
    pub(crate) fn rehash(&mut self, client: &[Bytes]) {
        let hash = self.hash(None, &certificate13(client));
        self.message.truncate(64 + 34);
        self.message.extend(hash);
    }

    /// Has a peer sign the messages as they are now: everything fits, but for what was changed on purpose.
    pub(crate) fn resign13(&mut self, world: &World, key: &str, scheme: SignatureScheme) {
        let hash = self.hash(Some(CERTIFICATE_VERIFY), &[]);
        let signed = [&[b' '; 64][..], b"TLS 1.3, server CertificateVerify\0", &hash].concat();
        *self.find(CERTIFICATE_VERIFY) = message(CERTIFICATE_VERIFY, &world.signature(key, scheme, &signed));
    }
}

/// A transcript of TLS 1.2, its messages changed, with the random values and the key share signed anew if a key is given.
pub(crate) fn forge12(
    world: &World,
    asked: &Asked,
    key: Option<&str>,
    change: impl FnOnce(&mut Vec<Vec<u8>>),
) -> Asked {
    let mut messages = divide(&asked.message);
    change(&mut messages);
    if let Some(key) = key {
        let randoms = [&messages[0][6..38], &messages[1][6..38]].concat();
        let exchange = messages.iter_mut().find(|message| message[0] == SERVER_KEY_EXCHANGE).unwrap();
        let parameters = exchange[4..8 + usize::from(exchange[7])].to_vec();
        let signature = world.signature(
            key,
            SignatureScheme::EcdsaSecp256r1Sha256,
            &[randoms, parameters.clone()].concat(),
        );
        *exchange = message(SERVER_KEY_EXCHANGE, &[parameters, signature].concat());
    }
    Asked { message: messages.concat(), ..asked.clone() }
}

impl World {
    /// A signature with its scheme before it, as TLS writes it.
    fn signature(&self, key: &str, scheme: SignatureScheme, signed: &[u8]) -> Vec<u8> {
        let pem = self.authority.read(&format!("{key}.key"));
        let key = read_private_key(&pem, None).unwrap();
        let signature = key.sign(scheme, signed, &mut random()).unwrap();
        [scheme.to_u16().to_be_bytes().to_vec(), prefixed(2, &signature)].concat()
    }
}

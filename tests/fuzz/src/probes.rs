//! The probe: messages of the server, and what it wants signed.

use std::hint::black_box;

use certwright_engine::probe::Probe;
use certwright_engine::probe::transcript::{self, Expected, Wanted};
use certwright_keystore::Keystore;
use certwright_protocol::Bytes;
use certwright_protocol::conversation::{FromServer, ToServer, Versions};
use certwright_protocol::ui::ProbePlan;
use rand_core::{TryCryptoRng, TryRng};

/// 2026-01-01.
const NOW: i64 = 1_767_225_600;

/// A conversation: each line is a message of the server.
pub fn probe(input: &[u8]) {
    let plan = ProbePlan { validate: false, ..ProbePlan::new("server.example", 443) };
    let Ok((mut probe, _)) = Probe::start(plan, &Keystore::new(), Vec::new(), NOW * 1000) else { return };
    for line in input.split(|byte| *byte == b'\n') {
        black_box(serde_json::from_slice::<ToServer>(line).is_ok());
        if let Ok(message) = serde_json::from_slice::<FromServer>(line) {
            black_box(probe.receive(message, NOW, &mut Zeros));
        }
    }
    black_box(probe.report());
}

/// What a server wants signed: in TLS 1.2 a whole transcript, in TLS 1.3 a hash (of zeros) and the messages, which are divided here.
pub fn transcript(input: &[u8]) {
    let mut handshake = Vec::new();
    let mut rest = input;
    while let [_, a, b, c, ..] = *rest {
        let length = 4 + usize::from(a) * 65536 + usize::from(b) * 256 + usize::from(c);
        let (message, behind) = rest.split_at(length.min(rest.len()));
        handshake.push(Bytes::from(message));
        rest = behind;
    }
    let hash = [&[b' '; 64][..], b"TLS 1.3, client CertificateVerify\0", &[0; 32]].concat();
    for server_name in [Some("server.example"), None] {
        let expected = Expected {
            server_name,
            versions: Versions::Both,
            authorities: &[],
            server_chain: &[],
            client_chain: &[],
        };
        for (message, handshake) in [(input, &[][..]), (&hash, &handshake)] {
            let wanted = Wanted { scheme: 0x0403, message, handshake };
            // Nobody signed these.
            assert!(transcript::check(&wanted, &expected).is_err());
        }
    }
}

/// Randomness for a probe that has no key to sign with.
pub(crate) struct Zeros;

impl TryRng for Zeros {
    type Error = std::convert::Infallible;

    fn try_next_u32(&mut self) -> Result<u32, Self::Error> {
        Ok(0)
    }

    fn try_next_u64(&mut self) -> Result<u64, Self::Error> {
        Ok(0)
    }

    fn try_fill_bytes(&mut self, bytes: &mut [u8]) -> Result<(), Self::Error> {
        bytes.fill(0);
        Ok(())
    }
}

impl TryCryptoRng for Zeros {}

//! What the fuzz targets do: one function for each parser, and the bounds that hold for all of them.
//!
//! An input may be refused for any reason. It may not bring the parser to panic, to overflow a number, to allocate more than
//! [`MEMORY`] or to work longer than [`TIME`]. What is read well has to keep the promises of its type, for example that it reads
//! the same when it is written. Passwords are always [`PASSWORD`]; the seeds use it too.

mod certs;
mod chains;
mod encoding;
mod inspecting;
mod keys;
mod keystores;
mod peers;
mod plans;
mod probes;
mod revocation;

use std::alloc::System;
use std::time::Duration;

use cap::Cap;
use cpu_time::ThreadTime;

pub use certs::{certificate, describe, general_name, name_rows, name_text, request};
pub use chains::chain;
pub use encoding::{asn1, base64, ber, der, find, pem, sniff};
pub use inspecting::inspect;
pub use keys::{jwk, openssh, pbes2, private_key, public_key};
pub use keystores::{bks, jceks, jks, open, open_with_password, pkcs7, pkcs12, pkipath, uber, vault};
pub use peers::{host_list, proxy_answer, server_flight, starttls};
pub use plans::plan_file;
pub use probes::{probe, transcript};
pub use revocation::{crl, ocsp_response};

/// The password of everything.
pub const PASSWORD: &str = "changeit";
/// Most bytes that one input may hold at a time, beyond itself.
pub const MEMORY: usize = 64 << 20;
/// Longest time that one input may take, of this thread alone: what else the machine does is no fault of a parser.
pub const TIME: Duration = Duration::from_secs(1);

#[global_allocator]
static MEMORY_METER: Cap<System> = Cap::new(System, usize::MAX);

/// Runs a target within the bounds.
pub fn bounded(target: fn(&[u8]), input: &[u8]) {
    let begun = ThreadTime::now();
    // Beyond the limit the allocation fails, which ends the program; the fuzzer keeps the input.
    let limited = MEMORY_METER.set_limit(MEMORY_METER.allocated() + MEMORY);
    assert!(limited.is_ok(), "the limit is above what is allocated");
    target(input);
    assert!(MEMORY_METER.set_limit(usize::MAX).is_ok());
    let took = begun.elapsed();
    assert!(took <= TIME, "an input of {} bytes took {took:?}", input.len());
}

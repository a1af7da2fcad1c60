//! Finds out which of many codes a server takes: offers all of them, strikes out the one that it picks, and offers the rest again.

use certwright_protocol::conversation::{CutShort, ServerHelloSeen};

use super::asker::{Asker, Outcome};
use super::write::ClientHello;

/// What was found.
#[derive(Debug, Default)]
pub(super) struct Struck {
    /// The codes that the server took, in the order in which it picked them, each with its answer.
    pub(super) taken: Vec<(u16, ServerHelloSeen)>,
    /// How it refused the rest; `None` if nothing was left, or if it was cut short.
    pub(super) refusal: Option<Outcome>,
    /// Why this is not all.
    pub(super) cut_short: Option<CutShort>,
}

/// Strikes out of `codes` until the server refuses, or `most` are found. `hello` makes the ClientHello, `picked` says which code an answer stands for.
pub(super) async fn strike_out(
    asker: &Asker,
    mut codes: Vec<u16>,
    most: usize,
    hello: impl Fn(&[u16]) -> ClientHello,
    picked: impl Fn(&ServerHelloSeen) -> Option<u16>,
) -> Struck {
    let mut struck = Struck::default();
    let mut good = None;
    while !codes.is_empty() && struck.taken.len() < most {
        let offered = hello(&codes);
        let outcome = match asker.ask(offered.clone()).await {
            Ok(outcome) => outcome,
            Err(why) => {
                struck.cut_short = Some(why);
                break;
            }
        };
        let wordless = outcome.is_wordless();
        let seen = match outcome {
            Outcome::Hello(seen) => *seen,
            refusal => {
                // Some refuse by hanging up, and so do those who count connections: what was answered before tells them apart.
                if let (true, Some(before)) = (wordless, good.take()) {
                    struck.cut_short = check(asker, before).await.err();
                }
                struck.refusal = Some(refusal);
                break;
            }
        };
        let Some(code) = picked(&seen).filter(|code| codes.contains(code)) else {
            struck.refusal = Some(Outcome::Odd);
            break;
        };
        codes.retain(|known| *known != code);
        struck.taken.push((code, seen));
        good = Some(offered);
    }
    struck
}

/// Asks what was answered before.
async fn check(asker: &Asker, before: ClientHello) -> Result<(), CutShort> {
    match asker.ask(before).await?.hello() {
        Some(_) => Ok(()),
        None => Err(asker.stop(CutShort::Refused)),
    }
}

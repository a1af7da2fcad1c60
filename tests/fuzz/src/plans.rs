//! The file of a guided job, which comes from anybody.

use std::hint::black_box;

use certwright_engine::session::Session;
use certwright_protocol::ui::{InputFile, Request, Response, StoreId};

use crate::probes::Zeros;

/// When everything happens, Unix milliseconds.
const NOW: i64 = 1_800_000_000_000;

/// A file that may be a plan: it is looked at, opened, shown, and written for the other side, which opens it again.
pub fn plan_file(input: &[u8]) {
    let mut session = Session::new(false);
    let Some((id, written)) = opened(&mut session, input) else { return };
    black_box(session.view());
    // What was opened can be opened by whoever sent it.
    let mut other = Session::new(false);
    assert!(opened(&mut other, &written).is_some_and(|(again, _)| again == id));
    // And brings nothing to fall when it comes a second time.
    black_box(opened(&mut session, input));
}

/// The identifier of the plan, and its file for the other side.
fn opened(session: &mut Session, bytes: &[u8]) -> Option<(String, Vec<u8>)> {
    let mut ask = |request| session.answer(StoreId::HOME, request, NOW, &mut Zeros);
    let files = vec![InputFile { name: "plan".into(), content: bytes.into() }];
    let Ok(Response::Found { plans, .. }) = ask(Request::Look { files, passwords: Vec::new() }) else {
        panic!("looking at files never fails");
    };
    let found = plans.first()?;
    let Ok(Response::PlanSheet { sheet }) = ask(Request::OpenPlan { id: found.id }) else {
        panic!("what was found is opened");
    };
    let Ok(Response::File { content, .. }) = ask(Request::ExportPlan { id: sheet.id.clone() }) else {
        assert!(bytes.len() > 500_000, "what was opened is written, unless it is too large");
        return None;
    };
    Some((sheet.id, content.0))
}

//! Has the server fetch what a certificate names: browsers let a page read hardly any of these addresses.

use certwright_protocol::Problem;
use certwright_protocol::conversation::ProbeFailure;
use certwright_protocol::fetch::{FETCH_PATH, FetchFailure, FetchRequest};
use js_sys::Uint8Array;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{DedicatedWorkerGlobalScope, Headers, RequestInit, Response};

use crate::{Event, Events};

/// Asks the server for what lies at an address. The answer comes as [`Event::Fetched`], so the session goes on meanwhile.
pub(crate) fn start(scope: &DedicatedWorkerGlobalScope, id: u32, url: String, events: Events) {
    let scope = scope.clone();
    spawn_local(async move {
        let result = fetch(&scope, &url).await;
        // The queue lives as long as the worker.
        let _ = events.unbounded_send(Event::Fetched(id, url, result));
    });
}

async fn fetch(scope: &DedicatedWorkerGlobalScope, url: &str) -> Result<Vec<u8>, Problem> {
    let lost = |_| {
        let failure = FetchFailure::NotReached { failure: ProbeFailure::ServerLost };
        Problem::NotFetched { failure }
    };
    let answer = ask(scope, url).await.map_err(lost)?;
    if answer.ok() {
        let octets = JsFuture::from(answer.array_buffer().map_err(lost)?).await.map_err(lost)?;
        return Ok(Uint8Array::new(&octets).to_vec());
    }
    let text = JsFuture::from(answer.text().map_err(lost)?).await.map_err(lost)?;
    let told = text.as_string().and_then(|text| serde_json::from_str(&text).ok());
    Err(told.map_or_else(|| lost(JsValue::NULL), |failure| Problem::NotFetched { failure }))
}

async fn ask(scope: &DedicatedWorkerGlobalScope, url: &str) -> Result<Response, JsValue> {
    let body = serde_json::to_string(&FetchRequest { url: url.to_owned() }).unwrap_or_default();
    let headers = Headers::new()?;
    headers.set("content-type", "application/json")?;
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_headers(&headers);
    request.set_body(&JsValue::from_str(&body));
    JsFuture::from(scope.fetch_with_str_and_init(FETCH_PATH, &request)).await?.dyn_into()
}

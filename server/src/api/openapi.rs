//! What the API for scripts looks like, for programs: OpenAPI 3.1, whose schemas are made of the types that are read and written.

use std::sync::LazyLock;

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use certwright_protocol::api::{API_PROBE_PATH, ApiProbe};
use certwright_protocol::report::ProbeReport;
use schemars::generate::SchemaSettings;
use serde_json::{Value, json};

use crate::guard::METRICS_PATH;

/// Answers with the description.
pub(crate) async fn describe() -> Response {
    let fields = [(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))];
    (fields, TEXT.as_str()).into_response()
}

/// It is the same for as long as the process lives.
static TEXT: LazyLock<String> = LazyLock::new(|| description().to_string());

fn description() -> Value {
    let settings = SchemaSettings::draft2020_12()
        .with(|settings| settings.definitions_path = "/components/schemas".into());
    // What is read and what is written differ in which fields may be left out.
    let mut taken = settings.clone().for_deserialize().into_generator();
    let probe = taken.subschema_for::<ApiProbe>();
    let mut given = settings.for_serialize().into_generator();
    let report = given.subschema_for::<ProbeReport>();
    let mut schemas = given.take_definitions(true);
    schemas.extend(taken.take_definitions(true));
    let mut description = json!({
        "openapi": "3.1.0",
        "info": {
            "title": "Certwright",
            "version": env!("CARGO_PKG_VERSION"),
            "summary": "Probes of TLS servers, for scripts.",
            "description": "A probe resolves a name, connects where the server's target policy allows, speaks TLS, judges the chain, and finds out why it failed. No client key is taken.",
            "license": { "name": "MIT OR Apache-2.0", "identifier": "MIT OR Apache-2.0" }
        },
        "security": [ {}, { "token": [] } ],
        "paths": {
            API_PROBE_PATH: { "post": {
                "operationId": "probe",
                "summary": "Probe a server",
                "requestBody": { "required": true, "content": { "application/json": {
                    "schema": probe,
                    "examples": {
                        "shortest": { "value": { "host": "erp.example.com" } },
                        "mail": { "value": { "host": "mail.example.com", "port": 587, "starttls": "smtp" } }
                    }
                } } },
                "responses": {
                    "200": {
                        "description": "The probe has ended; its verdict says how.",
                        "content": { "application/json": { "schema": report } }
                    },
                    "400": refusal("The request is no probe."),
                    "401": refusal("A token is needed, or the one that was sent is not known."),
                    "403": refusal("The API is off on this server, or another site asked."),
                    "408": refusal("The request came too slowly."),
                    "413": refusal("The request is too long."),
                    "415": refusal("The request is not JSON."),
                    "429": busy("This client's limit is reached."),
                    "503": busy("The server's limit is reached, or it is about to end.")
                }
            } },
            METRICS_PATH: { "get": {
                "operationId": "metrics",
                "summary": "What the server has done, for Prometheus",
                "responses": {
                    "200": { "description": "Prometheus text format.", "content": { "text/plain": { "schema": { "type": "string" } } } },
                    "401": refusal("A token is needed, or the one that was sent is not known."),
                    "403": refusal("The API is off on this server.")
                }
            } },
            "/healthz": { "get": {
                "operationId": "health", "summary": "Whether the server lives", "security": [],
                "responses": { "200": { "description": "It does." } }
            } },
            "/readyz": { "get": {
                "operationId": "ready", "summary": "Whether the server takes work", "security": [],
                "responses": { "200": { "description": "It does." }, "503": { "description": "It is about to end." } }
            } }
        },
        "components": {
            "schemas": schemas,
            "securitySchemes": { "token": { "type": "http", "scheme": "bearer" } }
        }
    });
    if let Some(schemas) = description.pointer_mut("/components/schemas").and_then(Value::as_object_mut) {
        schemas.insert(
            "Problem".into(),
            json!({
                "type": "object",
                "description": "A problem document (RFC 9457).",
                "required": ["type", "title", "status", "detail"],
                "properties": {
                    "type": { "type": "string" },
                    "title": { "type": "string" },
                    "status": { "type": "integer" },
                    "detail": { "type": "string" }
                }
            }),
        );
    }
    without_links(&mut description);
    description
}

fn refusal(what: &str) -> Value {
    json!({
        "description": what,
        "content": { "application/problem+json": { "schema": { "$ref": "#/components/schemas/Problem" } } }
    })
}

fn busy(what: &str) -> Value {
    let mut refusal = refusal(what);
    if let Some(refusal) = refusal.as_object_mut() {
        let seconds = json!({ "schema": { "type": "integer" }, "description": "Seconds until it is worth trying again." });
        refusal.insert("headers".into(), json!({ "Retry-After": seconds }));
    }
    refusal
}

/// The types' texts link to each other for those who read the source; here the links lead nowhere.
fn without_links(value: &mut Value) {
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                match value {
                    Value::String(text) if name == "description" => {
                        *text = text.replace("[`", "`").replace("`]", "`");
                    }
                    value => without_links(value),
                }
            }
        }
        Value::Array(values) => values.iter_mut().for_each(without_links),
        _ => {}
    }
}

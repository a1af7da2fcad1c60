//! The API for scripts: what `POST /api/probe` takes. It gives a [`ProbeReport`](crate::report::ProbeReport).
//!
//! There is no field for a client's key: the server that scripts ask is not the place for it. `certwright probe` signs on the machine that it
//! runs on.

use serde::{Deserialize, Serialize};

use crate::conversation::{HttpRequest, Offer, Route, ServerNameIndication, StartTls, Versions};
use crate::ui::ProbeExtent;

/// Where scripts ask for a probe.
pub const API_PROBE_PATH: &str = "/api/probe";
/// Where the API is described (OpenAPI 3.1).
pub const OPENAPI_PATH: &str = "/api/openapi.json";

/// A probe that a script asks for. `{"host": "erp.example.com"}` is a whole one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ApiProbe {
    /// Host name (beyond ASCII it becomes A-labels) or IP address, without brackets.
    pub host: String,
    /// TCP port, 1 to 65535.
    #[serde(default = "https")]
    pub port: u16,
    /// What the server's chain is judged with.
    #[serde(default)]
    pub trust: ApiTrust,
    /// On which way the host is reached.
    #[serde(default)]
    pub route: Route,
    /// What is spoken in clear before TLS; without it, what is usual on the port.
    #[serde(default)]
    pub starttls: Option<StartTls>,
    /// What Server Name Indication says.
    #[serde(default)]
    pub server_name: ServerNameIndication,
    /// Which TLS versions to offer.
    #[serde(default)]
    pub versions: Versions,
    /// What else the ClientHello offers.
    #[serde(default)]
    pub offer: Offer,
    /// Whether something is asked in HTTP once TLS stands.
    #[serde(default)]
    pub http: HttpRequest,
    /// What else is found out, each by further connections.
    #[serde(default)]
    pub extent: ProbeExtent,
}

fn https() -> u16 {
    443
}

/// What a server's chain is judged with.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct ApiTrust {
    /// Certificates that are trusted, as PEM; a text may hold several.
    pub certificates: Vec<String>,
    /// Whether the roots that Mozilla trusts are trusted too; without a word on it they are if no certificates are given.
    pub mozilla: Option<bool>,
}

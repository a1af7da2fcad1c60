//! Plain data that crosses a border, and the words for what went wrong.
//!
//! Three borders: page and worker ([`ui`]), browser and server ([`conversation`]), program and script (the `--json`
//! output of the command line, which prints [`report`] and [`view`]). All of it is JSON; the names of fields and variants are
//! `snake_case`, enums carry their variant in `"kind"`, times are stated with their unit in the name, bytes are base64.
//!
//! Between page and worker, which are both WebAssembly and come from one build, enums have the plain form `{"variant": {…}}` instead:
//! reading a tagged enum means to hold it in between, and the code for that, once for each type, would be a fifth of the page's first
//! download. That is what `cfg_attr(not(target_arch = "wasm32"), serde(tag = "kind"))` says. [`conversation`] is tagged everywhere.
//!
//! Nothing here computes anything about certificates or keys, and nothing in [`conversation`] can hold a private key or a
//! password: there is no field for it.

pub mod api;
pub mod bytes;
pub mod catalogue;
pub mod conversation;
pub mod fetch;
pub mod handshake;
mod kind;
pub mod password;
pub mod problem;
pub mod report;
pub mod suites;
pub mod ui;
pub mod view;

pub use bytes::Bytes;
pub use catalogue::Explanation;
pub use certwright_language as language;
pub use certwright_language::{mark, t, tn};
pub use kind::kind_of;
pub use password::Password;
pub use problem::Problem;

//! The page: files embedded in the binary, or given by a test, and how they are served.
//!
//! Reads `dist/` as `cargo xtask build` leaves it: `x.br` and `x.gz` beside `x` are the same file compressed. Serves GET and HEAD. A file
//! whose name carries its hash never changes and may be kept for ever; everything else is asked for again and confirmed by its
//! ETag (RFC 9110 section 8.8.3).

use std::borrow::Cow;
use std::collections::BTreeMap;

use axum::body::Body;
use axum::http::{HeaderMap, HeaderValue, Method, StatusCode, header};
use axum::response::{IntoResponse, Response};
use base64ct::{Base64, Encoding as _};
use rust_embed::RustEmbed;
use sha2::{Digest, Sha256};

#[derive(RustEmbed)]
#[folder = "../dist"]
#[allow_missing = true]
struct Dist;

/// A page and everything that it loads.
#[derive(Debug)]
pub struct Site {
    files: BTreeMap<String, File>,
    content_security_policy: HeaderValue,
}

#[derive(Debug)]
struct File {
    mime: HeaderValue,
    immutable: bool,
    /// Plain, and compressed where that was done.
    forms: Vec<Form>,
}

/// A file as it is sent.
#[derive(Debug)]
struct Form {
    coding: Option<Coding>,
    bytes: Cow<'static, [u8]>,
    etag: HeaderValue,
}

/// Content codings (RFC 9110 section 8.4.1), best first.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Coding {
    Brotli,
    Gzip,
}

impl Coding {
    const ALL: [Self; 2] = [Self::Brotli, Self::Gzip];

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gzip",
        }
    }

    fn suffix(self) -> &'static str {
        match self {
            Self::Brotli => ".br",
            Self::Gzip => ".gz",
        }
    }
}

impl Site {
    /// The page that the binary carries; a debug build reads it from disk, once.
    pub fn embedded() -> Self {
        Self::from_files(Dist::iter().filter_map(|path| {
            let file = Dist::get(&path)?;
            Some((path.into_owned(), file.data))
        }))
    }

    /// A page of these files, each with its path from the root, without a leading slash.
    pub fn from_files(files: impl IntoIterator<Item = (String, Cow<'static, [u8]>)>) -> Self {
        let mut given: BTreeMap<String, Cow<'static, [u8]>> = files.into_iter().collect();
        let plain: Vec<String> = given.keys().filter(|path| !is_compressed(path, &given)).cloned().collect();
        let mut files = BTreeMap::new();
        for path in plain {
            let mut forms = Vec::new();
            for coding in Coding::ALL {
                if let Some(bytes) = given.remove(&format!("{path}{}", coding.suffix())) {
                    forms.push(Form::new(Some(coding), bytes));
                }
            }
            if let Some(bytes) = given.remove(&path) {
                forms.push(Form::new(None, bytes));
            }
            let file = File { mime: mime(&path), immutable: names_its_hash(&path), forms };
            files.insert(path, file);
        }
        let index = files.get("index.html").and_then(|file| file.forms.last());
        let html = index.map(|form| String::from_utf8_lossy(&form.bytes).into_owned()).unwrap_or_default();
        Self { content_security_policy: content_security_policy(&html), files }
    }

    /// The value for every answer, with the hashes of the page's inline scripts.
    pub fn content_security_policy(&self) -> HeaderValue {
        self.content_security_policy.clone()
    }

    /// Answers a request for `path`.
    pub fn answer(&self, method: &Method, path: &str, headers: &HeaderMap) -> Response {
        if !matches!(*method, Method::GET | Method::HEAD) {
            return (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response();
        }
        let path = path.strip_prefix('/').unwrap_or(path);
        let path = if path.is_empty() { "index.html" } else { path };
        let Some(file) = self.files.get(path) else {
            return if self.files.contains_key("index.html") || path != "index.html" {
                (StatusCode::NOT_FOUND, "There is nothing here.\n").into_response()
            } else {
                let message = "The page was not built: run cargo xtask build.\n";
                (StatusCode::SERVICE_UNAVAILABLE, message).into_response()
            };
        };
        let accepted = |form: &&Form| form.coding.is_none_or(|coding| accepts(headers, coding.name()));
        let Some(form) = file.forms.iter().find(accepted) else {
            return StatusCode::NOT_ACCEPTABLE.into_response();
        };
        let unchanged = names_etag(headers, &form.etag);
        let body = if unchanged || method == Method::HEAD { Body::empty() } else { form.to_body() };
        let mut response = Response::new(body);
        let fields = response.headers_mut();
        let caching = if file.immutable { "public, max-age=31536000, immutable" } else { "no-cache" };
        fields.insert(header::CACHE_CONTROL, HeaderValue::from_static(caching));
        fields.insert(header::ETAG, form.etag.clone());
        if file.forms.len() > 1 {
            fields.insert(header::VARY, HeaderValue::from_static("Accept-Encoding"));
        }
        if unchanged {
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            return response;
        }
        fields.insert(header::CONTENT_TYPE, file.mime.clone());
        fields.insert(header::CONTENT_LENGTH, form.bytes.len().into());
        if let Some(coding) = form.coding {
            fields.insert(header::CONTENT_ENCODING, HeaderValue::from_static(coding.name()));
        }
        response
    }
}

impl Form {
    fn new(coding: Option<Coding>, bytes: Cow<'static, [u8]>) -> Self {
        // Each form has bytes of its own, so each has an ETag of its own.
        let digest: String =
            Sha256::digest(&bytes).iter().take(16).map(|byte| format!("{byte:02x}")).collect();
        let etag = HeaderValue::try_from(format!("\"{digest}\""));
        Self { coding, bytes, etag: etag.unwrap_or(HeaderValue::from_static("\"\"")) }
    }

    fn to_body(&self) -> Body {
        match &self.bytes {
            Cow::Borrowed(bytes) => Body::from(*bytes),
            Cow::Owned(bytes) => Body::from(bytes.clone()),
        }
    }
}

fn is_compressed(path: &str, all: &BTreeMap<String, Cow<'static, [u8]>>) -> bool {
    Coding::ALL
        .iter()
        .any(|coding| path.strip_suffix(coding.suffix()).is_some_and(|plain| all.contains_key(plain)))
}

/// Whether the file name has a `-` and 16 hexadecimal digits before the extension, as Trunk writes it: `app-0123456789abcdef.js`,
/// `app-0123456789abcdef_bg.wasm`.
fn names_its_hash(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    name.match_indices('-').any(|(at, _)| {
        let rest = name.get(at + 1..).unwrap_or_default();
        let digits = rest.bytes().take_while(u8::is_ascii_hexdigit).count();
        digits == 16 && matches!(rest.as_bytes().get(digits), Some(b'.' | b'_'))
    })
}

fn mime(path: &str) -> HeaderValue {
    let guess = mime_guess::from_path(path).first_or_octet_stream();
    let text = match (guess.type_().as_str(), guess.subtype().as_str()) {
        // The older name of JavaScript, which RFC 9239 gave up.
        (_, "javascript") => "text/javascript; charset=utf-8".to_owned(),
        ("text", _) => format!("{guess}; charset=utf-8"),
        _ => guess.to_string(),
    };
    HeaderValue::try_from(text).unwrap_or(HeaderValue::from_static("application/octet-stream"))
}

/// Whether Accept-Encoding (RFC 9110 section 12.5.3) takes this coding.
fn accepts(headers: &HeaderMap, coding: &str) -> bool {
    let mut any = false;
    for value in headers.get_all(header::ACCEPT_ENCODING) {
        for item in value.to_str().unwrap_or_default().split(',') {
            let mut parts = item.split(';').map(str::trim);
            let name = parts.next().unwrap_or_default();
            let weight = parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
            let wanted = weight.is_none_or(|weight| weight.parse::<f32>().is_ok_and(|weight| weight > 0.0));
            if name.eq_ignore_ascii_case(coding) {
                return wanted;
            }
            any |= name == "*" && wanted;
        }
    }
    any
}

/// Whether If-None-Match (RFC 9110 section 13.1.2) names this ETag.
fn names_etag(headers: &HeaderMap, etag: &HeaderValue) -> bool {
    let Ok(etag) = etag.to_str() else { return false };
    headers.get_all(header::IF_NONE_MATCH).iter().any(|value| {
        value.to_str().unwrap_or_default().split(',').any(|item| {
            let item = item.trim();
            item == "*" || item.strip_prefix("W/").unwrap_or(item) == etag
        })
    })
}

/// Everything from this server and nothing from anywhere else. Wasm may be compiled; no script runs that is not a file here or
/// stands in the page as it was built.
fn content_security_policy(index: &str) -> HeaderValue {
    let hashes: String = inline_scripts(index)
        .map(|script| format!(" 'sha256-{}'", Base64::encode_string(&Sha256::digest(script.as_bytes()))))
        .collect();
    let policy = format!(
        "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'{hashes}; style-src 'self'; \
         img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; worker-src 'self'; manifest-src 'self'; \
         base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    );
    HeaderValue::try_from(policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

/// What stands between `<script …>` without `src` and `</script>`. Our own build wrote the page, so this need not read all of HTML.
fn inline_scripts(html: &str) -> impl Iterator<Item = &str> {
    let mut rest = html;
    std::iter::from_fn(move || {
        loop {
            let (_, after) = rest.split_once("<script")?;
            let (attributes, after) = after.split_once('>')?;
            let (script, after) = after.split_once("</script>")?;
            rest = after;
            let has_source = attributes.split_ascii_whitespace().any(|word| word.starts_with("src="));
            if !has_source {
                return Some(script);
            }
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn site(files: &[(&str, &'static [u8])]) -> Site {
        Site::from_files(files.iter().map(|&(path, bytes)| (path.to_owned(), Cow::Borrowed(bytes))))
    }

    fn answer(site: &Site, path: &str, fields: &[(header::HeaderName, &str)]) -> Response {
        let headers = fields.iter().map(|(name, value)| (name.clone(), value.parse().unwrap())).collect();
        site.answer(&Method::GET, path, &headers)
    }

    fn field(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().unwrap())
    }

    #[test]
    fn a_missing_page_says_how_to_build_it() {
        let site = site(&[]);
        assert_eq!(answer(&site, "/", &[]).status(), StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer(&site, "/app.js", &[]).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn the_best_accepted_form_is_sent() {
        let site =
            site(&[("index.html", b"plain"), ("index.html.br", b"brotli"), ("index.html.gz", b"gzip")]);
        for (accept, coding) in [
            ("gzip, deflate, br", Some("br")),
            ("gzip", Some("gzip")),
            ("br;q=0, gzip;q=0.5", Some("gzip")),
            ("*", Some("br")),
            ("br;q=0, *;q=0", None),
            ("identity", None),
            ("", None),
        ] {
            let response = answer(&site, "/", &[(header::ACCEPT_ENCODING, accept)]);
            assert_eq!(field(&response, header::CONTENT_ENCODING), coding, "{accept}");
            assert_eq!(field(&response, header::VARY), Some("Accept-Encoding"));
            assert_eq!(field(&response, header::CONTENT_TYPE), Some("text/html; charset=utf-8"));
        }
        assert_eq!(answer(&site, "/index.html.br", &[]).status(), StatusCode::NOT_FOUND);
    }

    #[test]
    fn types_are_what_browsers_insist_on() {
        let site =
            site(&[("index.html", b""), ("a.js", b""), ("a.wasm", b""), ("a.css", b""), ("a.svg", b"")]);
        for (path, expected) in [
            ("/a.js", "text/javascript; charset=utf-8"),
            ("/a.wasm", "application/wasm"),
            ("/a.css", "text/css; charset=utf-8"),
            ("/a.svg", "image/svg+xml"),
        ] {
            assert_eq!(field(&answer(&site, path, &[]), header::CONTENT_TYPE), Some(expected));
        }
    }

    #[test]
    fn hashed_files_are_kept_and_the_rest_is_confirmed() {
        let site = site(&[
            ("index.html", b"x"),
            ("app-0123456789abcdef.js", b"x"),
            ("app-0123456789abcdef_bg.wasm", b"x"),
            ("worker.js", b"x"),
            ("app-0123456789abcde.js", b"x"),
        ]);
        let caching = |path: &str| {
            answer(&site, path, &[]).headers()[header::CACHE_CONTROL].to_str().unwrap().to_owned()
        };
        assert!(caching("/app-0123456789abcdef.js").contains("immutable"));
        assert!(caching("/app-0123456789abcdef_bg.wasm").contains("immutable"));
        for path in ["/", "/worker.js", "/app-0123456789abcde.js"] {
            assert_eq!(caching(path), "no-cache", "{path}");
        }
        let etag = answer(&site, "/", &[]).headers()[header::ETAG].to_str().unwrap().to_owned();
        let again = answer(&site, "/", &[(header::IF_NONE_MATCH, &format!("\"other\", W/{etag}"))]);
        assert_eq!(again.status(), StatusCode::NOT_MODIFIED);
        let changed = answer(&site, "/", &[(header::IF_NONE_MATCH, "\"other\"")]);
        assert_eq!(changed.status(), StatusCode::OK);
    }

    #[test]
    fn only_reading_is_allowed() {
        let site = site(&[("index.html", b"x")]);
        let response = site.answer(&Method::POST, "/", &HeaderMap::new());
        assert_eq!(response.status(), StatusCode::METHOD_NOT_ALLOWED);
        assert_eq!(site.answer(&Method::HEAD, "/", &HeaderMap::new()).status(), StatusCode::OK);
    }

    #[test]
    fn inline_scripts_are_allowed_by_their_hash() {
        let site = site(&[(
            "index.html",
            b"<script src=\"a.js\"></script><script type=\"module\">alert(1)</script>",
        )]);
        let policy = site.content_security_policy().to_str().unwrap().to_owned();
        // printf 'alert(1)' | openssl dgst -sha256 -binary | base64
        assert!(
            policy.contains("'wasm-unsafe-eval' 'sha256-bhHHL3z2vDgxUt0W3dWQOrprscmda2Y5pLsLg4GF+pI=';"),
            "{policy}"
        );
        assert_eq!(policy.matches("sha256-").count(), 1);
        assert!(!policy.contains("unsafe-inline"));
    }
}

//! Tokens of scripts: missing, wrong, replaced, demanded of everybody.

use std::path::Path;

use crate::common::process::{Process, wait_until};
use crate::{CI, EXPOSED, MONITORING, bearer, tokens, write_secret};

#[test]
fn scripts_need_a_token_where_strangers_are_served() {
    let folder = tempfile::tempdir().unwrap();
    let own = Process::start(folder.path(), &[]);
    assert_eq!(own.curl("/metrics", &[]).0, 200);

    let off = Process::start(folder.path(), &EXPOSED);
    for path in ["/metrics", "/api/new"] {
        let (status, fields, body) = off.curl(path, &["-H", &bearer(CI)]);
        assert_eq!(status, 403, "{path}");
        assert!(fields.contains("content-type: application/problem+json"), "{fields}");
        let problem: serde_json::Value = serde_json::from_str(&body).unwrap();
        assert!(
            problem["detail"].as_str().unwrap().contains("token-file") && problem["status"] == 403,
            "{body}"
        );
    }
    assert_eq!(off.curl("/healthz", &[]).0, 200);

    let file = tokens(folder.path());
    for arguments in [&EXPOSED[..], &[]] {
        let server = Process::start(folder.path(), &[arguments, &["--token-file", &file]].concat());
        for (token, status, challenge) in [
            (None, 401, "www-authenticate: bearer realm=\"certwright\"\r"),
            (Some("0123456789abcdef0123456789abcdeF"), 401, "error=\"invalid_token\""),
            (Some(""), 401, "www-authenticate"),
            (Some(CI), 200, ""),
            (Some(MONITORING), 200, ""),
        ] {
            let field = token.map(bearer);
            let arguments: Vec<&str> = field.iter().flat_map(|field| ["-H", field]).collect();
            let (found, fields, body) = server.curl("/metrics", &arguments);
            assert_eq!(found, status, "{token:?}");
            assert!(fields.contains(challenge), "{fields}");
            assert!(token.is_none_or(|token| token.is_empty() || !body.contains(token)), "{body}");
        }
        // Another site cannot use a token that its page should know.
        let (status, ..) = server.curl("/metrics", &["-H", &bearer(CI), "-H", "Origin: http://evil.example"]);
        assert_eq!(status, 403);
    }
}

#[tokio::test]
async fn tokens_are_replaced_and_demanded() {
    let folder = tempfile::tempdir().unwrap();
    let file = tokens(folder.path());
    let server = Process::start(folder.path(), &["--token-file", &file, "--require-token"]);
    let status = |token: &str| server.curl("/", &["-H", &bearer(token)]).0;
    assert_eq!(server.curl("/", &[]).0, 401);
    assert_ne!(status(CI), 401);
    assert_eq!((server.curl("/healthz", &[]).0, server.curl("/readyz", &[]).0), (200, 200));
    assert_eq!(server.open(None).await.unwrap_err().0, 401, "the page needs one as well");
    assert!(server.open(Some(CI)).await.is_ok());

    write_secret(Path::new(&file), "ci too-short\n");
    server.signal("HUP");
    server.await_log("tokens not read again");
    assert_ne!(status(CI), 401);
    write_secret(Path::new(&file), &format!("monitoring {MONITORING}\n"));
    wait_until("the token is taken back", || status(CI) == 401);
    assert_ne!(status(MONITORING), 401);
    let log = server.log().join("\n");
    assert!(!log.contains(CI) && !log.contains("too-short"), "{log}");
}

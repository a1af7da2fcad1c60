//! What proxies are told, what they answer, and what is refused before.

use certwright_protocol::Password;
use proptest::prelude::*;

use super::*;
use crate::conversation::dialogue::Script;

#[test]
fn credentials_that_could_do_harm_are_refused() {
    let proxy = |user: &str, password: &str| Proxy {
        kind: ProxyKind::HttpConnect,
        host: "p.example".into(),
        port: 3128,
        credentials: Some(ProxyCredentials { user: user.into(), password: Password::new(password) }),
    };
    assert_eq!(check(&proxy("me", "pass:word")), Ok(()));
    for user in ["", "a:b", "a\r\nX: y", "a\nb", "a\0", &"x".repeat(256)] {
        let failure = ProbeFailure::BadTarget { field: "user of the proxy".into() };
        assert_eq!(check(&proxy(user, "p")), Err(failure), "{user:?}");
    }
    for password in ["a\r\nX: y", "a\nb", "a\0", &"x".repeat(256)] {
        let failure = ProbeFailure::BadTarget { field: "password of the proxy".into() };
        assert_eq!(check(&proxy("u", password)), Err(failure));
    }
}

#[test]
fn addresses_in_disguise() {
    for name in ["127.1", "0x7f000001", "2130706433", "0XA9.0xfe.43518", "a.1", "1.", "0x"] {
        assert!(may_be_address(name), "{name}");
    }
    for name in ["localhost", "a.example", "1.a", "x7f"] {
        assert!(!may_be_address(name), "{name}");
    }
    assert!(metadata_name("Metadata.Google.Internal.").is_some());
    assert!(metadata_name("a.example").is_none());
}

/// What a dialogue with a proxy came to, and what was written.
fn spoken(
    kind: ProxyKind,
    credentials: Option<ProxyCredentials>,
    destination: &Destination,
    answer: &[u8],
) -> (Result<String, ProxyFault>, Vec<u8>, Vec<u8>) {
    let mut script = Script::new(&answer.chunks(3).collect::<Vec<_>>());
    let second = Duration::from_secs(1);
    let terms = (second, Instant::now() + second);
    let (said, rest) = speak(&mut script, kind, destination, credentials.as_ref(), terms);
    (said, rest, script.written)
}

fn me() -> Option<ProxyCredentials> {
    Some(ProxyCredentials { user: "me".into(), password: Password::new("hunter2") })
}

#[test]
fn a_proxy_that_repeats_the_password_has_said_nothing() {
    let credentials = me();
    let shown = |said: &str| http_connect::without_secrets(said.to_owned(), credentials.as_ref());
    assert_eq!(shown("HTTP/1.1 403 no"), "HTTP/1.1 403 no");
    assert_eq!(shown("HTTP/1.1 403 hunter2 is wrong"), "");
    assert_eq!(shown("HTTP/1.1 400 Basic bWU6aHVudGVyMg== is odd"), "");
    assert_eq!(shown("HTTP/1.1 400 Basic bWU6aHVudGV"), "");
}

#[test]
fn connect_in_http() {
    let there = Destination::Name("erp.example".into(), 443);
    let http = |answer: &[u8]| spoken(ProxyKind::HttpConnect, None, &there, answer).0;
    let (said, _, written) = spoken(
        ProxyKind::HttpConnect,
        me(),
        &Destination::Address("[2001:db8::1]:443".parse().unwrap()),
        b"HTTP/1.1 200 OK\r\nVia: x\r\n\r\n",
    );
    assert_eq!(said, Ok("HTTP/1.1 200 OK".into()));
    let head = "CONNECT [2001:db8::1]:443 HTTP/1.1\r\nHost: [2001:db8::1]:443\r\nProxy-Authorization: Basic bWU6aHVudGVyMg==\r\n\r\n";
    assert_eq!(String::from_utf8(written).unwrap(), head);
    let tunnel = spoken(ProxyKind::HttpConnect, None, &there, b"HTTP/1.0 200 OK\r\n\r\n220").1;
    assert!(b"220".starts_with(&tunnel), "what follows belongs to the target");
    assert_eq!(http(b"HTTP/1.1 407 Authenticate\r\n"), Err(ProxyFault::AuthenticationRequired));
    let said = |text: &str| text.to_owned();
    assert_eq!(
        http(b"HTTP/1.1 403 No\x1b\r\n"),
        Err(ProxyFault::Forbidden { said: said("HTTP/1.1 403 No") })
    );
    for code in ["500", "502", "503", "504"] {
        let line = format!("HTTP/1.1 {code} x");
        let fault = ProxyFault::TargetUnreachable { said: line.clone() };
        assert_eq!(http(format!("{line}\r\n").as_bytes()), Err(fault));
    }
    assert_eq!(http(b"HTTP/1.1 302 x\r\n"), Err(ProxyFault::Refused { said: said("HTTP/1.1 302 x") }));
    assert_eq!(http(b""), Err(ProxyFault::HungUp));
    let endless = [
        &b"HTTP/1.1 200 OK\r\n"[..],
        &b"X: yyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyyy\r\n".repeat(1000),
    ]
    .concat();
    for strange in [&b"220 mail ESMTP\r\n"[..], b"\x05\xff", b"HTTP/1.1 99999 x\r\n", &endless] {
        assert_eq!(http(strange), Err(ProxyFault::NotThatKind));
    }
}

#[test]
fn connect_in_socks() {
    let there = Destination::Name("erp.example.".into(), 443);
    let bound = b"\x05\x00\x00\x01\x7f\x00\x00\x01\x01\xbb";
    let with = |credentials, answer: &[u8]| spoken(ProxyKind::Socks5, credentials, &there, answer);
    let (said, _, written) = with(None, &[b"\x05\x00", &bound[..]].concat());
    assert_eq!(said, Ok("127.0.0.1:443".into()));
    assert_eq!(written, b"\x05\x01\x00\x05\x01\x00\x03\x0berp.example\x01\xbb");
    let (said, _, written) = with(me(), &[b"\x05\x02\x01\x00", &bound[..]].concat());
    assert_eq!(said, Ok("127.0.0.1:443".into()));
    assert!(written.starts_with(b"\x05\x02\x00\x02\x01\x02me\x07hunter2\x05\x01\x00"));
    assert_eq!(with(None, b"\x05\xff").0, Err(ProxyFault::AuthenticationRequired));
    assert_eq!(with(me(), b"\x05\x02\x01\x01").0, Err(ProxyFault::AuthenticationRequired));
    assert_eq!(with(me(), b"\x05\x02").0, Err(ProxyFault::AuthenticationRequired));
    for code in 1..=9 {
        let fault = with(None, &[5, 0, 5, code]).0.unwrap_err();
        let right = match code {
            2 => matches!(fault, ProxyFault::Forbidden { .. }),
            3..=6 => matches!(fault, ProxyFault::TargetUnreachable { .. }),
            _ => matches!(fault, ProxyFault::Refused { .. }),
        };
        assert!(right, "{code}: {fault:?}");
    }
    for strange in
        [&b"HTTP/1.1 400 Bad Request\r\n"[..], b"\x04\x5a", b"\x05\x02", b"\x05\x00\x05\x00\x00\x09"]
    {
        assert_eq!(with(None, strange).0, Err(ProxyFault::NotThatKind), "{strange:?}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3000, ..ProptestConfig::default() })]

    #[test]
    fn whatever_comes(socks in any::<bool>(), start in 0_usize..3, octets in prop::collection::vec(any::<u8>(), 0..300)) {
        let kind = if socks { ProxyKind::Socks5 } else { ProxyKind::HttpConnect };
        let start: &[u8] = match (socks, start) {
            (true, 1) => b"\x05\x00",
            (true, 2) => b"\x05\x00\x05\x00\x00",
            (false, 1) => b"HTTP/1.1 ",
            (false, 2) => b"HTTP/1.1 200 OK\r\n",
            _ => b"",
        };
        let there = Destination::Name("erp.example".into(), 443);
        let (said, ..) = spoken(kind, me(), &there, &[start, &octets].concat());
        let shown = format!("{said:?}");
        prop_assert!(!shown.contains("hunter2"));
    }
}

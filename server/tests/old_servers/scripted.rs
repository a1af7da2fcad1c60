//! What real servers don't do: byte by byte, garbage, endless chains, records that are too long, alerts of each number, SSL 2.0, other
//! protocols, servers that stumble over one thing, and servers that count connections.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{
    CutShort, Feature, HelloAnswer, HelloSpec, PlainProtocol, ProbeFailure, StartTls, SurveySpec, Target,
    TlsVersion,
};

use crate::{hello, server_hello, survey, survey_of};

/// Serves each connection with `answer`, which gets the ClientHello's record. The thread ends with the test.
fn scripted(answer: impl Fn(&mut TcpStream, Vec<u8>) + Send + Sync + 'static) -> u16 {
    after(|_| (), answer)
}

/// The same after something in clear.
fn after(
    clear: impl Fn(&mut TcpStream) + Send + Sync + 'static,
    answer: impl Fn(&mut TcpStream, Vec<u8>) + Send + Sync + 'static,
) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let both = Arc::new((clear, answer));
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let both = Arc::clone(&both);
            std::thread::spawn(move || {
                let (clear, answer) = &*both;
                stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
                clear(&mut stream);
                let mut header = [0; 5];
                if stream.read_exact(&mut header).is_ok() {
                    let mut body = vec![0; usize::from(u16::from_be_bytes([header[3], header[4]]))];
                    if stream.read_exact(&mut body).is_ok() {
                        answer(&mut stream, body);
                    }
                }
            });
        }
    });
    port
}

fn record(kind: u8, payload: &[u8]) -> Vec<u8> {
    let length = u16::try_from(payload.len()).unwrap().to_be_bytes();
    [&[kind, 3, 1], &length[..], payload].concat()
}

fn message(kind: u8, body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len()).unwrap().to_be_bytes();
    [&[kind], &length[1..], body].concat()
}

/// ServerHello of a version with a suite, and ServerHelloDone.
fn accepting(version: u16, suite: u16) -> Vec<u8> {
    let body = [&version.to_be_bytes()[..], &[5; 32], &[0], &suite.to_be_bytes(), &[0]].concat();
    record(22, &[message(2, &body), message(14, &[])].concat())
}

/// The version and the suites of a ClientHello without session.
fn offered(hello: &[u8]) -> (u16, Vec<u16>) {
    let version = u16::from_be_bytes([hello[4], hello[5]]);
    let session = usize::from(hello[38]);
    let length = usize::from(u16::from_be_bytes([hello[39 + session], hello[40 + session]]));
    let suites = &hello[41 + session..][..length];
    (version, suites.chunks(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])).collect())
}

#[tokio::test(flavor = "multi_thread")]
async fn byte_by_byte() {
    let port = scripted(|stream, _| {
        stream.set_nodelay(true).unwrap();
        for byte in accepting(0x0301, 0x000a) {
            if stream.write_all(&[byte]).is_err() {
                return;
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        std::thread::sleep(Duration::from_secs(5));
    });
    let seen = server_hello(port, HelloSpec::new(TlsVersion::Tls12)).await;
    assert_eq!((seen.version, seen.suite, seen.complete), (TlsVersion::Tls10, 0x000a, true));
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_answer() {
    type Case = (&'static [u8], fn(&ProbeFailure) -> bool);
    let cases: [Case; 8] = [
        (b"\x16\x03\x03\x00\x10garbagegarbage!!", |failure| {
            matches!(failure, ProbeFailure::ProtocolViolation { .. })
        }),
        (
            b"\x16\x03\x03\xff\xff",
            |failure| matches!(failure, ProbeFailure::ProtocolViolation { detail } if detail.contains("65535")),
        ),
        (b"\x17\x03\x03\x00\x01a", |failure| matches!(failure, ProbeFailure::ProtocolViolation { .. })),
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", |failure| {
            *failure == ProbeFailure::NotTls { looks_like: PlainProtocol::Http }
        }),
        (b"SSH-2.0-OpenSSH_9.2\r\n", |failure| {
            *failure == ProbeFailure::NotTls { looks_like: PlainProtocol::Ssh }
        }),
        (b"220 mail.example ESMTP\r\n", |failure| {
            *failure == ProbeFailure::NotTls { looks_like: PlainProtocol::SmtpOrFtp }
        }),
        (b"\x16\x03", |failure| matches!(failure, ProbeFailure::HungUp { received: 2, .. })),
        (b"", |failure| matches!(failure, ProbeFailure::HungUp { received: 0, .. })),
    ];
    for (answer, expected) in cases {
        let port = scripted(move |stream, _| {
            let _ = stream.write_all(answer);
        });
        let failure = hello(port, HelloSpec::new(TlsVersion::Tls12)).await.unwrap_err();
        assert!(expected(&failure), "{answer:?}: {failure:?}");
        if matches!(failure, ProbeFailure::NotTls { .. }) {
            let events = crate::events(certwright_protocol::conversation::ToServer::Survey {
                target: Target::new("localhost", port),
                survey: SurveySpec::everything(),
            })
            .await;
            assert_eq!(crate::failure(&events), Some(&failure));
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn alerts_of_each_number() {
    let next = AtomicU32::new(0);
    let port = scripted(move |stream, _| {
        let code = u8::try_from(next.fetch_add(1, Ordering::Relaxed)).unwrap();
        let _ = stream.write_all(&record(21, &[2, code]));
    });
    for code in 0..=255 {
        let answer = hello(port, HelloSpec::new(TlsVersion::Tls12)).await;
        assert_eq!(answer, Ok(HelloAnswer::Alert { fatal: true, code }));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_answer_of_ssl2() {
    for answer in [&[0x80, 3, 0, 0, 1][..], &[0x80, 0x0b, 4, 0, 1, 0, 2, 0, 0, 0, 0, 0, 0]] {
        let port = scripted(move |stream, _| {
            let _ = stream.write_all(answer);
        });
        assert_eq!(hello(port, HelloSpec::new(TlsVersion::Ssl3)).await, Ok(HelloAnswer::Ssl2));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_chain_of_ten_megabytes_is_cut() {
    let port = scripted(|stream, _| {
        let body = [&[3, 1], &[5; 32][..], &[0, 0, 10, 0]].concat();
        let mut start = record(22, &message(2, &body));
        start.extend(record(22, &[11, 0xa0, 0, 3, 0xa0, 0, 0]));
        let certificate = [&[0, 0x3f, 0xf0], &[0x55; 0x3ff0][..]].concat();
        let each = record(22, &certificate);
        let _ = stream.write_all(&start);
        while stream.write_all(&each).is_ok() {}
    });
    let begun = Instant::now();
    let seen = server_hello(port, HelloSpec::new(TlsVersion::Tls12)).await;
    assert!(!seen.complete && seen.suite == 10);
    assert!((32..=64).contains(&seen.chain.len()), "{}", seen.chain.len());
    assert!(begun.elapsed() < Duration::from_secs(10));
}

/// A server that takes a ClientHello only if it passes; with TLS 1.2, in its own order.
fn picky(suites: &'static [u16], passes: fn(&[u8]) -> bool) -> u16 {
    scripted(move |stream, hello| {
        let (version, offered) = offered(&hello);
        if !passes(&hello) {
            // It hangs up, as such servers do.
            return;
        }
        let answer = match suites.iter().find(|suite| offered.contains(suite)) {
            Some(suite) if version == 0x0303 => accepting(version, *suite),
            Some(_) => record(21, &[2, 70]),
            None => record(21, &[2, 40]),
        };
        let _ = stream.write_all(&answer);
        // Let the other side read it before the connection is reset.
        let _ = stream.read(&mut [0; 1]);
    })
}

#[tokio::test(flavor = "multi_thread")]
async fn servers_that_stumble_over_one_thing() {
    fn has_extension(hello: &[u8], code: u16) -> bool {
        let session = usize::from(hello[38]);
        let suites = usize::from(u16::from_be_bytes([hello[39 + session], hello[40 + session]]));
        let at = 41 + session + suites;
        let mut rest = &hello[(at + 1 + usize::from(hello[at]) + 2).min(hello.len())..];
        while let [high, low, more, less, ..] = rest {
            if u16::from_be_bytes([*high, *low]) == code {
                return true;
            }
            rest = &rest[4 + usize::from(u16::from_be_bytes([*more, *less]))..];
        }
        false
    }
    const SUITES: &[u16] = &[0xc02f, 0x009c, 0x002f];
    type Case = (fn(&[u8]) -> bool, Option<(Feature, Option<u32>)>);
    let cases: [Case; 5] = [
        (|_| true, None),
        (|hello| hello.len() < 1024, Some((Feature::LargeHelloRefused, Some(1700)))),
        (|hello| !(256..512).contains(&hello.len()), Some((Feature::LargeHelloRefused, Some(400)))),
        (|hello| !has_extension(hello, 43), Some((Feature::NewVersionRefused, None))),
        (|hello| !has_extension(hello, 0x5a5a), Some((Feature::UnknownExtensionRefused, None))),
    ];
    for (passes, stumbles) in cases {
        let found = survey(picky(SUITES, passes)).await;
        assert_eq!(found.spoken(), [TlsVersion::Tls12], "{stumbles:?}");
        let codes: Vec<u16> =
            found.version(TlsVersion::Tls12).suites.iter().map(|suite| suite.code).collect();
        assert_eq!(codes, SUITES);
        for feature in
            [Feature::LargeHelloRefused, Feature::NewVersionRefused, Feature::UnknownExtensionRefused]
        {
            let seen = found.rest.features.iter().find(|found| found.feature == feature).unwrap();
            let expected = stumbles.filter(|(stumble, _)| *stumble == feature);
            assert_eq!(seen.found, expected.is_some(), "{feature:?} of {stumbles:?}");
            assert_eq!(seen.detail, expected.and_then(|(_, detail)| detail), "{feature:?} of {stumbles:?}");
        }
    }
}

/// Every connection of a survey begins with what comes before TLS.
#[tokio::test(flavor = "multi_thread")]
async fn a_mail_server_is_surveyed_behind_starttls() {
    fn command(stream: &mut TcpStream) {
        let mut octet = [0];
        while stream.read_exact(&mut octet).is_ok() && octet != [b'\n'] {}
    }
    let upgrades = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&upgrades);
    let port = after(
        move |stream| {
            let _ = stream.write_all(b"220 mail.example ESMTP\r\n");
            command(stream);
            let _ = stream.write_all(b"250-mail.example\r\n250 STARTTLS\r\n");
            command(stream);
            let _ = stream.write_all(b"220 go ahead\r\n");
            counted.fetch_add(1, Ordering::Relaxed);
        },
        |stream, hello| {
            let (version, offered) = offered(&hello);
            let suite = [0x0033, 0x0005].into_iter().find(|suite| offered.contains(suite));
            let answer = match suite {
                Some(suite) if version == 0x0301 => accepting(version, suite),
                _ => record(21, &[2, 70]),
            };
            let _ = stream.write_all(&answer);
            let _ = stream.read(&mut [0; 1]);
        },
    );
    let target = Target { starttls: StartTls::Smtp, ..Target::new("localhost", port) };
    let spec = SurveySpec { suites: true, ..SurveySpec::default() };
    let found = survey_of(target, spec).await;
    assert_eq!(found.spoken(), [TlsVersion::Tls10]);
    let codes: Vec<u16> = found.version(TlsVersion::Tls10).suites.iter().map(|suite| suite.code).collect();
    assert_eq!(codes, [0x0033, 0x0005]);
    assert_eq!(upgrades.load(Ordering::Relaxed), found.rest.connections);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_without_any_idea_of_extensions() {
    let found = survey(picky(&[0x002f], |hello| {
        let session = usize::from(hello[38]);
        let suites = usize::from(u16::from_be_bytes([hello[39 + session], hello[40 + session]]));
        hello.len() <= 41 + session + suites + 3
    }))
    .await;
    assert_eq!(found.spoken(), [TlsVersion::Tls12]);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_server_that_counts_connections_is_left_alone() {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let port = scripted(move |stream, hello| {
        if counted.fetch_add(1, Ordering::Relaxed) >= 12 {
            return;
        }
        let (version, offered) = offered(&hello);
        let suite = offered.first().copied().unwrap_or_default();
        let answer = if version == 0x0303 { accepting(version, suite) } else { record(21, &[2, 70]) };
        let _ = stream.write_all(&answer);
        let _ = stream.read(&mut [0; 1]);
    });
    let spec = SurveySpec { versions: vec![TlsVersion::Tls12], suites: true, ..SurveySpec::default() };
    let found = survey_of(Target::new("localhost", port), spec).await;
    assert_eq!(found.rest.cut_short, Some(CutShort::Refused));
    assert_eq!(found.version(TlsVersion::Tls12).spoken, Some(true));
    assert!((8..=12).contains(&found.version(TlsVersion::Tls12).suites.len()));
    let made = count.load(Ordering::Relaxed);
    assert!(made <= 20, "{made}");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_budget_of_connections_holds() {
    let count = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&count);
    let port = scripted(move |stream, hello| {
        counted.fetch_add(1, Ordering::Relaxed);
        let (version, offered) = offered(&hello);
        let _ = stream.write_all(&accepting(version, offered[0]));
        let _ = stream.read(&mut [0; 1]);
    });
    let spec = SurveySpec { connections: 30, ..SurveySpec::everything() };
    let found = survey_of(Target::new("localhost", port), spec).await;
    assert_eq!(found.rest.cut_short, Some(CutShort::Connections));
    assert_eq!(found.rest.connections, 30);
    assert_eq!(count.load(Ordering::Relaxed), 30);
}

/// A page that goes away in the middle frees everything.
#[tokio::test(flavor = "multi_thread")]
async fn stopping_closes_every_connection() {
    let open = Arc::new(AtomicU32::new(0));
    let counted = Arc::clone(&open);
    let port = scripted(move |stream, _| {
        counted.fetch_add(1, Ordering::Relaxed);
        // Silent until the other side goes.
        let _ = stream.read(&mut [0; 1]);
        counted.fetch_sub(1, Ordering::Relaxed);
    });
    let (to_server, from_browser) = tokio::sync::mpsc::channel(8);
    let (to_browser, mut from_server) = tokio::sync::mpsc::channel(8);
    let policy = Arc::new(certwright_server::policy::TargetPolicy::loopback());
    let limits =
        certwright_server::conversation::Limits { total: Duration::from_secs(1), ..Default::default() };
    let conversation =
        tokio::spawn(certwright_server::conversation::run(from_browser, to_browser, policy, limits));
    let opening = certwright_protocol::conversation::ToServer::Survey {
        target: Target::new("localhost", port),
        survey: SurveySpec::everything(),
    };
    to_server.send(opening).await.unwrap();
    let until = Instant::now() + Duration::from_secs(15);
    while open.load(Ordering::Relaxed) < 4 {
        assert!(Instant::now() < until, "it asks on several connections");
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    drop(to_server);
    from_server.close();
    while from_server.recv().await.is_some() {}
    conversation.await.unwrap();
    let until = Instant::now() + Duration::from_secs(5);
    while open.load(Ordering::Relaxed) > 0 {
        assert!(Instant::now() < until, "{} are still open", open.load(Ordering::Relaxed));
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

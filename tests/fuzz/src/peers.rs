//! What peers of the Certwright server say before TLS, in TLS as far as that is in clear, and in HTTP; and lists of hosts, which people bring from anywhere.
//!
//! The first octet of a dialogue says which protocol is spoken, the second in how large pieces the rest comes.

use std::hint::black_box;

use certwright_engine::hosts::{parse_hosts, read_rows};
use certwright_protocol::conversation::{AfterHandshake, HelloAnswer, ProxyKind, StartTls};
use certwright_protocol::ui::hosts::MAX_HOSTS;
use certwright_server::conversation::fuzzing::{self, CREDENTIALS};

/// Characters of one line that are shown at most; of a greeting, octets.
const MOST_SHOWN: usize = 1024;

/// A server that is asked to begin with TLS.
pub fn starttls(input: &[u8]) {
    let [protocol, size, said @ ..] = input else { return };
    let Some(&protocol) = StartTls::ALL.get(usize::from(*protocol) % StartTls::ALL.len()) else { return };
    let Some(spoken) = fuzzing::starttls(protocol, &pieces(said, *size)) else { return };
    spoken.shown.iter().for_each(|line| assert_clean(line));
}

/// A proxy's answer, and one of a web server: both are heads of HTTP, or pretend to be.
pub fn proxy_answer(input: &[u8]) {
    let [kind, size, said @ ..] = input else { return };
    let kind = if kind % 2 == 0 { ProxyKind::HttpConnect } else { ProxyKind::Socks5 };
    let spoken = fuzzing::through_proxy(kind, &pieces(said, *size));
    for line in &spoken.shown {
        assert_clean(line);
        assert!(!line.contains(CREDENTIALS.1), "a proxy's words with the password in them are not shown");
    }
    if let Some(AfterHandshake::Http { status_line, server, .. }) = fuzzing::http_answer(said) {
        assert_clean(&status_line);
        server.iter().for_each(|server| assert_clean(server));
    }
}

/// A server's first flight, from the ServerHello on; and the same octets as those of a TLS 1.3 handshake that is opened once more.
pub fn server_flight(input: &[u8]) {
    let [size, said @ ..] = input else { return };
    let whole = fuzzing::server_flight(&[said]);
    if let Some(HelloAnswer::ServerHello(seen)) = &whole {
        assert!(seen.chain.len() <= 64, "a chain of {} certificates", seen.chain.len());
    }
    // How the octets come makes no difference, as far as an answer is there at all.
    let in_pieces = fuzzing::server_flight(&pieces(said, *size));
    assert_eq!(whole, in_pieces);
    // A ClientHello without anything in it.
    let hello = [22, 3, 1, 0, 4, 1, 0, 0, 0];
    black_box(fuzzing::recorded(&hello, said, &[7; 32]));
}

/// A list of hosts, and the rows of an earlier run.
pub fn host_list(input: &[u8]) {
    let text = String::from_utf8_lossy(input);
    let list = parse_hosts(&text);
    assert!(list.hosts.len() <= MAX_HOSTS);
    for target in &list.hosts {
        assert!(target.port > 0);
        let is_name = |text: &str| !text.is_empty() && !text.chars().any(|c| c.is_control() || c == ' ');
        assert!(is_name(&target.host), "{target:?}");
        assert!(target.server_name.as_deref().is_none_or(is_name), "{target:?}");
    }
    black_box(read_rows(&text));
}

fn pieces(said: &[u8], size: u8) -> Vec<&[u8]> {
    said.chunks(usize::from(size).max(1)).collect()
}

fn assert_clean(line: &str) {
    assert!(!line.chars().any(char::is_control), "{line:?}");
    assert!(line.len() <= MOST_SHOWN, "{} octets", line.len());
}

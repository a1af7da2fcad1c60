//! A TCP proxy in front of the server that keeps every byte of both directions, and searches them.
//!
//! The browser is given the proxy's address, so nothing of its conversation with the server escapes. What is searched is not
//! only what crossed the wire, but also what can be made of it without a key: unmasked WebSocket messages, decoded JSON
//! strings, base64, hexadecimal, lists of numbers, and percent-encoding, inside each other.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use base64ct::{Base64, Base64Unpadded, Base64Url, Base64UrlUnpadded, Encoding};
use serde_json::Value;

use crate::websocket;

/// How often something encoded inside something encoded is unfolded.
const DEPTH: usize = 4;

/// The proxy. It runs until it is dropped.
#[derive(Debug)]
pub struct Recorder {
    port: u16,
    connections: Arc<Mutex<Vec<Connection>>>,
    ends: Arc<AtomicBool>,
}

/// One connection of the browser.
#[derive(Debug)]
struct Connection {
    to_server: Vec<u8>,
    to_browser: Vec<u8>,
    streams: [TcpStream; 2],
}

/// Something to look for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Needle {
    /// What it is, for the message.
    pub name: String,
    /// Its bytes, 8 at least.
    pub bytes: Vec<u8>,
}

impl Needle {
    /// A needle.
    ///
    /// # Panics
    /// If it is so short that it would be found by chance.
    pub fn new(name: impl Into<String>, bytes: impl Into<Vec<u8>>) -> Self {
        let (name, bytes) = (name.into(), bytes.into());
        assert!(bytes.len() >= KEY, "{name} is too short to look for");
        Self { name, bytes }
    }
}

/// A direction of a connection, or the index of one in a list.
#[derive(Debug, Clone, Copy)]
enum Side {
    ToServer,
    ToBrowser,
}

impl Recorder {
    /// Starts a proxy to a port of 127.0.0.1.
    pub fn start(server: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let connections = Arc::new(Mutex::new(Vec::new()));
        let ends = Arc::new(AtomicBool::new(false));
        std::thread::spawn({
            let (connections, ends) = (Arc::clone(&connections), Arc::clone(&ends));
            move || {
                for browser in listener.incoming().map_while(Result::ok) {
                    if ends.load(Ordering::Relaxed) {
                        break;
                    }
                    // A server that is gone closes the browser's connection, as it would without a proxy.
                    if let Ok(server) = TcpStream::connect((Ipv4Addr::LOCALHOST, server)) {
                        connect(&connections, browser, server);
                    }
                }
            }
        });
        Self { port, connections, ends }
    }

    /// The address for the browser.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}/", self.port)
    }

    /// How many WebSockets were opened so far.
    pub fn websockets(&self) -> usize {
        self.connections.lock().unwrap().iter().filter(|connection| connection.is_websocket()).count()
    }

    /// Cuts every WebSocket, without a word to either side. Returns how many were open.
    pub fn cut_websockets(&self) -> usize {
        let connections = self.connections.lock().unwrap();
        let mut cut = 0;
        for connection in connections.iter().filter(|connection| connection.is_websocket()) {
            let ends = connection.streams.each_ref().map(|stream| stream.shutdown(Shutdown::Both).is_ok());
            cut += usize::from(ends.contains(&true));
        }
        cut
    }

    /// The lines of all HTTP requests, as `GET /path`.
    pub fn requests(&self) -> Vec<String> {
        let connections = self.connections.lock().unwrap();
        let lines = connections.iter().flat_map(|connection| {
            let text = String::from_utf8_lossy(&connection.to_server).into_owned();
            text.split("\r\n")
                .filter_map(|line| Some(line.strip_suffix(" HTTP/1.1")?.to_owned()))
                .collect::<Vec<_>>()
        });
        lines.collect()
    }

    /// What the browser said over WebSockets, and what it was told, as text.
    pub fn websocket_messages(&self) -> Vec<String> {
        let connections = self.connections.lock().unwrap();
        let messages =
            connections.iter().filter(|connection| connection.is_websocket()).flat_map(|connection| {
                let mut messages = websocket::messages(after_head(&connection.to_server));
                messages.extend(websocket::messages(after_head(&connection.to_browser)));
                messages
            });
        messages.map(|message| String::from_utf8_lossy(&message).into_owned()).collect()
    }

    /// Bytes recorded so far, both directions.
    pub fn bytes(&self) -> usize {
        let connections = self.connections.lock().unwrap();
        connections.iter().map(|connection| connection.to_server.len() + connection.to_browser.len()).sum()
    }

    /// The names of the needles that are in the traffic, each once.
    pub fn find(&self, needles: &[Needle]) -> Vec<String> {
        let search = Search::new(needles);
        let mut found = Vec::new();
        for connection in self.connections.lock().unwrap().iter() {
            for text in connection.readings() {
                search.run(&text, &mut found);
            }
        }
        found.sort();
        found.dedup();
        found
    }
}

/// The names of the needles that are in these bytes, as they are or decoded.
pub fn find_in(bytes: &[u8], needles: &[Needle]) -> Vec<String> {
    let (search, mut readings, mut found) = (Search::new(needles), Vec::new(), Vec::new());
    unfold(bytes, DEPTH, &mut readings);
    readings.iter().for_each(|reading| search.run(reading, &mut found));
    found.sort();
    found.dedup();
    found
}

impl Drop for Recorder {
    fn drop(&mut self) {
        self.ends.store(true, Ordering::Relaxed);
        // Wakes the listener from its wait.
        let _ = TcpStream::connect((Ipv4Addr::LOCALHOST, self.port));
        for connection in self.connections.lock().unwrap().iter() {
            let _ = connection.streams.each_ref().map(|stream| stream.shutdown(Shutdown::Both));
        }
    }
}

/// Keeps a new connection and carries its bytes, each direction in a thread of its own.
fn connect(connections: &Arc<Mutex<Vec<Connection>>>, browser: TcpStream, server: TcpStream) {
    // The proxy must not slow down what is measured through it.
    browser.set_nodelay(true).unwrap();
    server.set_nodelay(true).unwrap();
    let index = {
        let mut connections = connections.lock().unwrap();
        let streams = [browser.try_clone().unwrap(), server.try_clone().unwrap()];
        connections.push(Connection { to_server: Vec::new(), to_browser: Vec::new(), streams });
        connections.len() - 1
    };
    let ends = [
        (browser.try_clone().unwrap(), server.try_clone().unwrap(), Side::ToServer),
        (server, browser, Side::ToBrowser),
    ];
    for (mut from, mut to, side) in ends {
        let connections = Arc::clone(connections);
        std::thread::spawn(move || {
            let mut buffer = vec![0; 64 * 1024];
            loop {
                let count = from.read(&mut buffer).unwrap_or(0);
                let bytes = &buffer[..count];
                // Kept before it is passed on: what the other side has seen is always in the record.
                connections.lock().unwrap()[index].side(side).extend_from_slice(bytes);
                if count == 0 || to.write_all(bytes).is_err() {
                    // Either end may have closed both already.
                    let _ = to.shutdown(Shutdown::Write);
                    let _ = from.shutdown(Shutdown::Read);
                    break;
                }
            }
        });
    }
}

impl Connection {
    fn side(&mut self, side: Side) -> &mut Vec<u8> {
        match side {
            Side::ToServer => &mut self.to_server,
            Side::ToBrowser => &mut self.to_browser,
        }
    }

    fn is_websocket(&self) -> bool {
        let head = self.to_server.len() - after_head(&self.to_server).len();
        let head = String::from_utf8_lossy(&self.to_server[..head]).to_ascii_lowercase();
        head.contains("upgrade: websocket")
    }

    /// Everything that can be read in this connection.
    fn readings(&self) -> Vec<Vec<u8>> {
        let mut readings = Vec::new();
        for bytes in [&self.to_server, &self.to_browser] {
            readings.push(bytes.clone());
            if self.is_websocket() {
                for message in websocket::messages(after_head(bytes)) {
                    unfold(&message, DEPTH, &mut readings);
                }
            }
        }
        if !self.is_websocket() {
            unfold(&self.to_server, DEPTH, &mut readings);
        }
        readings
    }
}

fn after_head(bytes: &[u8]) -> &[u8] {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n");
    end.map_or(&[], |end| &bytes[end + 4..])
}

/// Adds what a text says, and everything that can be decoded from it.
fn unfold(bytes: &[u8], depth: usize, readings: &mut Vec<Vec<u8>>) {
    readings.push(bytes.to_vec());
    let Some(depth) = depth.checked_sub(1) else { return };
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    // PEM is base64 in lines, and JSON writes the ends of lines as `\n`.
    let folded: String = text.replace("\\n", "").replace("\\r", "").split_whitespace().collect();
    if folded.len() != text.len() {
        readings.push(folded.clone().into_bytes());
    }
    if text.contains('%') {
        readings.push(percent_decoded(text));
    }
    if let Ok(value) = serde_json::from_str::<Value>(text) {
        unfold_json(&value, depth, readings);
        return;
    }
    for decoded in [
        Base64::decode_vec(&folded).ok(),
        Base64Unpadded::decode_vec(&folded).ok(),
        Base64Url::decode_vec(&folded).ok(),
        Base64UrlUnpadded::decode_vec(&folded).ok(),
        hex_decoded(&folded),
    ]
    .into_iter()
    .flatten()
    .filter(|decoded| decoded.len() >= KEY)
    {
        unfold(&decoded, depth, readings);
    }
}

fn unfold_json(value: &Value, depth: usize, readings: &mut Vec<Vec<u8>>) {
    match value {
        Value::String(text) => unfold(text.as_bytes(), depth, readings),
        Value::Array(values) => {
            let bytes =
                values.iter().map(|value| value.as_u64().and_then(|number| u8::try_from(number).ok()));
            match bytes.collect::<Option<Vec<u8>>>() {
                Some(bytes) if !bytes.is_empty() => unfold(&bytes, depth, readings),
                _ => values.iter().for_each(|value| unfold_json(value, depth, readings)),
            }
        }
        Value::Object(fields) => {
            for (name, value) in fields {
                readings.push(name.clone().into_bytes());
                unfold_json(value, depth, readings);
            }
        }
        _ => {}
    }
}

fn percent_decoded(text: &str) -> Vec<u8> {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    while let Some((&first, after)) = rest.split_first() {
        let code = (first == b'%').then(|| std::str::from_utf8(after.get(..2)?).ok()).flatten();
        match code.and_then(|code| u8::from_str_radix(code, 16).ok()) {
            Some(byte) => {
                decoded.push(byte);
                rest = &after[2..];
            }
            None => {
                decoded.push(if first == b'+' { b' ' } else { first });
                rest = after;
            }
        }
    }
    decoded
}

fn hex_decoded(text: &str) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.bytes().filter(|byte| *byte != b':').collect();
    let pairs = digits.chunks(2).map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok());
    if digits.len().is_multiple_of(2) { pairs.collect() } else { None }
}

/// Bytes of a needle by which it is looked up.
const KEY: usize = 8;

/// Looks for many needles in one pass.
struct Search<'a> {
    by_key: HashMap<[u8; KEY], Vec<&'a Needle>>,
    /// Whether a needle begins with these two bytes: nearly always not, and then no more needs to be looked at.
    begins: Vec<bool>,
}

impl<'a> Search<'a> {
    fn new(needles: &'a [Needle]) -> Self {
        let mut by_key: HashMap<[u8; KEY], Vec<&Needle>> = HashMap::new();
        let mut begins = vec![false; 1 << 16];
        for needle in needles {
            let key: &[u8; KEY] = needle.bytes.first_chunk().expect("a needle has its least length");
            begins[usize::from(u16::from_be_bytes([key[0], key[1]]))] = true;
            by_key.entry(*key).or_default().push(needle);
        }
        Self { by_key, begins }
    }

    fn run(&self, text: &[u8], found: &mut Vec<String>) {
        for (position, window) in text.windows(KEY).enumerate() {
            if !self.begins[usize::from(u16::from_be_bytes([window[0], window[1]]))] {
                continue;
            }
            let rest = &text[position..];
            for needle in self.by_key.get(window).into_iter().flatten() {
                if rest.starts_with(&needle.bytes) {
                    found.push(needle.name.clone());
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::process::wait_until;
    use std::time::Duration;

    fn found_in(text: &[u8], needle: &[u8]) -> bool {
        !find_in(text, &[Needle::new("it", needle)]).is_empty()
    }

    #[test]
    fn a_needle_is_found_however_it_is_wrapped() {
        let secret = b"\x01secret \xffbytes\x02";
        let base64 = Base64::encode_string(secret);
        let hex: String = secret.iter().map(|byte| format!("{byte:02x}")).collect();
        let numbers = serde_json::to_string(&secret.to_vec()).unwrap();
        let inner = format!("{{\"deep\":[{{\"key\":\"{base64}\"}}]}}");
        let outer = serde_json::json!({ "a": [1, { "b": inner }] }).to_string();
        let folded = format!("-----BEGIN X-----\n{}\n{}\n-----END X-----\n", &base64[..8], &base64[8..]);
        for text in [
            format!("{{\"x\":\"{base64}\"}}"),
            format!("{{\"x\":\"{hex}\"}}"),
            format!("{{\"x\":{numbers}}}"),
            format!("{{\"x\":\"{}\"}}", Base64UrlUnpadded::encode_string(secret)),
            format!("{{\"x\":\"{}\"}}", Base64::encode_string(base64.as_bytes())),
            outer,
        ] {
            assert!(found_in(text.as_bytes(), secret), "{text}");
        }
        assert!(found_in(secret, secret));
        // Within PEM the base64 itself is looked for.
        assert!(found_in(folded.as_bytes(), &base64.as_bytes()[..16]));
        let in_json = serde_json::json!({ "pem": folded }).to_string();
        assert!(found_in(in_json.as_bytes(), &base64.as_bytes()[..16]));
        assert!(found_in(b"GET /x?p=geheim%20und%20sicher HTTP/1.1\r\n", b"geheim und sicher"));
        assert!(!found_in(b"nothing of the kind", secret));
    }

    #[test]
    fn traffic_is_recorded_and_cut() {
        let server = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let recorder = Recorder::start(server.local_addr().unwrap().port());
        let serving = std::thread::spawn(move || {
            let (mut stream, _) = server.accept().unwrap();
            let mut request = [0; 64];
            let count = stream.read(&mut request).unwrap();
            stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\n\r\n\x81\x0eanswer to this").unwrap();
            // Until it is cut.
            let _ = stream.read(&mut [0; 1]);
            count
        });
        let address = recorder.address();
        let mut browser =
            TcpStream::connect(address.trim_start_matches("http://").trim_end_matches('/')).unwrap();
        browser.write_all(b"GET /api/probe HTTP/1.1\r\nUpgrade: websocket\r\n\r\n").unwrap();
        wait_until("the answer", Duration::from_secs(5), || {
            (!recorder.find(&[Needle::new("answer", "answer to this")]).is_empty()).then_some(())
        });
        assert_eq!(recorder.requests(), ["GET /api/probe"]);
        assert_eq!(recorder.websocket_messages(), ["answer to this"]);
        assert_eq!(recorder.cut_websockets(), 1);
        let mut rest = Vec::new();
        browser.read_to_end(&mut rest).unwrap();
        assert!(serving.join().unwrap() > 0);
        assert_eq!(recorder.find(&[Needle::new("absent", "something else")]), Vec::<String>::new());
    }
}

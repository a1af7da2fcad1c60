//! Scripted peers, for what real ones don't do: they take any number of connections, look at the ClientHello, and pass the rest on to a real server
//! where they have nothing to say against it.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::Arc;
use std::time::Duration;

/// A server that does this with every connection. Its thread ends with the process.
pub(crate) fn scripted(script: impl Fn(TcpStream) + Send + Sync + 'static) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let script = Arc::new(script);
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
            let script = Arc::clone(&script);
            std::thread::spawn(move || script(stream));
        }
    });
    port
}

/// A server that answers the first thing it reads with this, and waits for the other side to hang up.
pub(crate) fn answering(answer: impl Into<Vec<u8>>) -> u16 {
    let answer = answer.into();
    scripted(move |mut stream| {
        let _ = stream.read(&mut [0; 8192]);
        let _ = stream.write_all(&answer);
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

/// A server that speaks first.
pub(crate) fn greeting(greeting: &'static str) -> u16 {
    scripted(move |mut stream| {
        let _ = stream.write_all(greeting.as_bytes());
        let _ = stream.read_to_end(&mut Vec::new());
    })
}

pub(crate) fn alert(code: u8) -> Vec<u8> {
    vec![0x15, 3, 3, 0, 2, 2, code]
}

/// What a script does with a ClientHello.
pub(crate) enum Reply {
    /// Lets it through.
    Pass,
    /// Answers this and hangs up.
    Say(Vec<u8>),
    /// Keeps silent.
    Swallow,
}

/// A device before the server at `port` that looks at every ClientHello.
pub(crate) fn before(port: u16, judge: impl Fn(&[u8]) -> Reply + Send + Sync + 'static) -> u16 {
    scripted(move |mut stream| {
        let Some(hello) = record(&mut stream) else { return };
        match judge(&hello) {
            Reply::Pass => {
                let mut server = TcpStream::connect(("127.0.0.1", port)).unwrap();
                server.write_all(&hello).unwrap();
                splice(stream, server, |_| {}, |_| {});
            }
            Reply::Say(answer) => {
                let _ = stream.write_all(&answer);
                let _ = stream.shutdown(Shutdown::Write);
                let _ = stream.read_to_end(&mut Vec::new());
            }
            Reply::Swallow => {
                let _ = stream.read_to_end(&mut Vec::new());
            }
        }
    })
}

/// A device before the server at `port` that changes records: what the client says with `up`, what the server says with `down`.
pub(crate) fn between(
    port: u16,
    up: impl Fn(&mut Vec<u8>) + Send + Sync + Clone + 'static,
    down: impl Fn(&mut Vec<u8>) + Send + Sync + Clone + 'static,
) -> u16 {
    scripted(move |stream| {
        let server = TcpStream::connect(("127.0.0.1", port)).unwrap();
        splice(stream, server, up.clone(), down.clone());
    })
}

/// Carries records both ways until one side ends. A record that is changed to nothing ends the connection.
fn splice(
    client: TcpStream,
    server: TcpStream,
    up: impl Fn(&mut Vec<u8>) + Send + 'static,
    down: impl Fn(&mut Vec<u8>) + Send + 'static,
) {
    let (client_too, server_too) = (client.try_clone().unwrap(), server.try_clone().unwrap());
    let there = std::thread::spawn(move || carry(client_too, server_too, up));
    carry(server, client, down);
    let _ = there.join();
}

fn carry(mut from: TcpStream, mut to: TcpStream, change: impl Fn(&mut Vec<u8>)) {
    while let Some(mut bytes) = record(&mut from) {
        change(&mut bytes);
        if bytes.is_empty() || to.write_all(&bytes).is_err() {
            break;
        }
    }
    let _ = to.shutdown(Shutdown::Write);
}

fn record(from: &mut TcpStream) -> Option<Vec<u8>> {
    let mut bytes = vec![0; 5];
    from.read_exact(&mut bytes).ok()?;
    let length = usize::from(u16::from_be_bytes([bytes[3], bytes[4]]));
    bytes.resize(5 + length, 0);
    from.read_exact(&mut bytes[5..]).ok()?;
    Some(bytes)
}

/// Where a handshake message of this type begins in a record in clear, and where it ends.
pub(crate) fn message(record: &[u8], kind: u8) -> Option<(usize, usize)> {
    let mut at = 5;
    while record.first() == Some(&22) && at + 4 <= record.len() {
        let length = (usize::from(record[at + 2]) << 8) | usize::from(record[at + 3]);
        let end = at + 4 + length;
        if end > record.len() {
            return None;
        }
        if record[at] == kind {
            return Some((at, end));
        }
        at = end;
    }
    None
}

/// Whether a ClientHello offers TLS 1.3: an extension supported_versions that holds it.
pub(crate) fn offers_tls13(hello: &[u8]) -> bool {
    let at = hello.windows(2).enumerate().filter(|(_, window)| *window == [0, 43]).map(|(at, _)| at);
    at.into_iter().any(|at| {
        let length = hello.get(at + 4).copied().map(usize::from).unwrap_or_default();
        hello.get(at + 5..at + 5 + length).is_some_and(|list| list.chunks(2).any(|version| version == [3, 4]))
    })
}

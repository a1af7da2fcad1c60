//! Small scripted machines before a real TLS server: a mail server's greeting and STARTTLS (RFC 3207), and a proxy that wants a password
//! (RFC 9110 section 9.3.6, RFC 7617). What comes after is handed through.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What is spoken before.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Manner {
    Smtp,
    Connect,
}

/// A machine that relays to a port of 127.0.0.1, for as long as the test runs.
pub(crate) struct Relay {
    pub(crate) port: u16,
    /// The lines that clients have said.
    pub(crate) heard: Arc<Mutex<Vec<String>>>,
}

impl Relay {
    pub(crate) fn start(manner: Manner, to: u16) -> Self {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = listener.local_addr().unwrap().port();
        let heard = Arc::new(Mutex::new(Vec::new()));
        std::thread::spawn({
            let heard = Arc::clone(&heard);
            move || {
                for client in listener.incoming().map_while(Result::ok) {
                    let heard = Arc::clone(&heard);
                    std::thread::spawn(move || serve(manner, client, to, &heard));
                }
            }
        });
        Self { port, heard }
    }
}

fn serve(manner: Manner, client: TcpStream, to: u16, heard: &Mutex<Vec<String>>) -> Option<()> {
    let mut say = client.try_clone().ok()?;
    // One octet at a time: what follows the last line belongs to TLS.
    let mut lines = BufReader::with_capacity(1, client.try_clone().ok()?);
    let mut hear = || {
        let mut line = String::new();
        lines.read_line(&mut line).ok()?;
        heard.lock().unwrap().push(line.trim_end().to_owned());
        Some(line)
    };
    match manner {
        Manner::Smtp => {
            say.write_all(b"220 mail.example ESMTP relay\r\n").ok()?;
            while !hear()?.to_ascii_uppercase().starts_with("STARTTLS") {
                say.write_all(b"250-mail.example\r\n250 STARTTLS\r\n").ok()?;
            }
            say.write_all(b"220 go on\r\n").ok()?;
        }
        Manner::Connect => {
            while !hear()?.trim().is_empty() {}
            say.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n").ok()?;
        }
    }
    let server = TcpStream::connect((Ipv4Addr::LOCALHOST, to)).ok()?;
    let back = (server.try_clone().ok()?, client.try_clone().ok()?);
    std::thread::spawn(move || pass(back.0, back.1));
    pass(client, server);
    Some(())
}

fn pass(mut from: TcpStream, mut to: TcpStream) {
    let mut buffer = [0; 16_384];
    while let Ok(count @ 1..) = from.read(&mut buffer) {
        if to.write_all(&buffer[..count]).is_err() {
            break;
        }
    }
    let _ = to.shutdown(std::net::Shutdown::Write);
}

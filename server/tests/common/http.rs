//! The server under test, and requests as they stand.

use std::borrow::Cow;
use std::io::{Read, Write};
use std::net::{SocketAddr, TcpStream};
use std::time::Duration;

use certwright_server::app::{Config, Control, serve};
use certwright_server::site::Site;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

pub(crate) struct Server {
    pub(crate) address: SocketAddr,
    control: mpsc::Sender<Control>,
    running: JoinHandle<std::io::Result<()>>,
}

pub(crate) async fn start(config: Config) -> Server {
    start_on("127.0.0.1:0", config).await
}

pub(crate) async fn start_on(listen: &str, config: Config) -> Server {
    let listener = tokio::net::TcpListener::bind(listen).await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let files = [
        ("index.html", &b"<!doctype html><script type=\"module\">alert(1)</script>"[..]),
        ("index.html.br", b"brotli"),
        ("app-0123456789abcdef.js", b"run()"),
        ("app-0123456789abcdef_bg.wasm", b"\0asm"),
    ];
    let site = Site::from_files(files.map(|(path, bytes)| (path.to_owned(), Cow::Borrowed(bytes))));
    let opened = config.open(listener.local_addr().unwrap()).unwrap();
    let (control, told) = mpsc::channel(4);
    let running = tokio::spawn(serve(config, opened, site, listener, told));
    Server { address: ([127, 0, 0, 1], port).into(), control, running }
}

impl Server {
    /// Sends a request as it stands and returns the answer as it stands.
    pub(crate) async fn raw(&self, request: String) -> String {
        let address = self.address;
        let exchange = move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.set_read_timeout(Some(Duration::from_secs(5))).unwrap();
            stream.write_all(request.as_bytes()).unwrap();
            let mut answer = Vec::new();
            stream.read_to_end(&mut answer).unwrap();
            String::from_utf8_lossy(&answer).into_owned()
        };
        tokio::task::spawn_blocking(exchange).await.unwrap()
    }

    /// A request with these fields besides Host and Connection.
    pub(crate) async fn get(&self, path: &str, fields: &str) -> Answer {
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n{fields}\r\n", self.address);
        Answer(self.raw(request).await)
    }

    pub(crate) async fn stop(mut self) {
        self.tell(Control::End).await;
        (&mut self.running).await.unwrap().unwrap();
    }

    pub(crate) async fn tell(&self, what: Control) {
        self.control.send(what).await.unwrap();
    }
}

pub(crate) struct Answer(pub(crate) String);

impl Answer {
    pub(crate) fn status(&self) -> u16 {
        self.0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn field(&self, name: &str) -> Option<&str> {
        let (head, _) = self.0.split_once("\r\n\r\n").unwrap();
        head.lines().skip(1).find_map(|line| {
            let (field, value) = line.split_once(": ")?;
            field.eq_ignore_ascii_case(name).then_some(value)
        })
    }

    pub(crate) fn body(&self) -> &str {
        self.0.split_once("\r\n\r\n").unwrap().1
    }
}

//! `certwright serve` as a process of its own, asked by curl and over WebSockets.

use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{FromServer, ServerEvent, Target, ToServer};
use futures_util::{SinkExt, StreamExt};
use tokio_tungstenite::tungstenite::client::IntoClientRequest;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) type Socket = WebSocketStream<MaybeTlsStream<tokio::net::TcpStream>>;

/// A running server, ended with its value.
pub(crate) struct Process {
    child: Child,
    pub(crate) address: SocketAddr,
    pub(crate) scheme: String,
    /// Lines of standard error.
    log: Arc<Mutex<Vec<String>>>,
}

impl Drop for Process {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Runs `certwright serve` to its end; status, standard output, standard error.
pub(crate) fn run(folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> (i32, String, String) {
    let output = serve(&[], folder, arguments, environment).output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code().unwrap(), text(output.stdout), text(output.stderr))
}

/// `program`, if there is one, gets the command line of the server as its last arguments.
fn serve(program: &[&str], folder: &Path, arguments: &[&str], environment: &[(&str, &str)]) -> Command {
    let whole = [program, &[env!("CARGO_BIN_EXE_certwright"), "serve"], arguments].concat();
    let mut command = Command::new(whole[0]);
    command.args(&whole[1..]).envs(environment.iter().copied()).current_dir(folder);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
    command
}

impl Process {
    /// Starts a server on a free port of loopback.
    pub(crate) fn start(folder: &Path, arguments: &[&str]) -> Self {
        Self::start_within(&[], folder, arguments)
    }

    /// The same by way of another program, which becomes the server.
    pub(crate) fn start_within(program: &[&str], folder: &Path, arguments: &[&str]) -> Self {
        let mut child =
            serve(program, folder, &[&["--listen", "127.0.0.1:0"], arguments].concat(), &[]).spawn().unwrap();
        let log: Arc<Mutex<Vec<String>>> = Arc::default();
        let (sink, errors) = (Arc::clone(&log), BufReader::new(child.stderr.take().unwrap()));
        std::thread::spawn(move || {
            errors.lines().map_while(Result::ok).for_each(|line| sink.lock().unwrap().push(line))
        });
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let Some((scheme, rest)) = line.trim_end().split_once("://") else {
            panic!("{arguments:?}: {:?}", log.lock().unwrap())
        };
        let address = rest.trim_end_matches('/').parse().unwrap();
        Self { child, address, scheme: scheme.to_owned(), log }
    }

    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for its end and returns the status.
    pub(crate) fn wait(mut self) -> Option<i32> {
        self.child.wait().unwrap().code()
    }

    pub(crate) fn log(&self) -> Vec<String> {
        self.log.lock().unwrap().clone()
    }

    /// Waits until a line of standard error holds these words.
    pub(crate) fn await_log(&self, words: &str) {
        wait_until(words, || self.log().iter().any(|line| line.contains(words)));
    }

    /// Asks with curl: the status, the fields in lower case, the body.
    pub(crate) fn curl(&self, path: &str, arguments: &[&str]) -> (u16, String, String) {
        let url = format!("{}://{}{path}", self.scheme, self.address);
        let output = Command::new("curl")
            .args(["--silent", "--show-error", "--include", "--max-time", "10", &url])
            .args(arguments)
            .output()
            .unwrap();
        let answer = String::from_utf8(output.stdout).unwrap();
        let errors = String::from_utf8_lossy(&output.stderr);
        let (head, body) =
            answer.split_once("\r\n\r\n").unwrap_or_else(|| panic!("{path} {arguments:?}: {errors}"));
        let status = head.split(' ').nth(1).unwrap().parse().unwrap();
        (status, head.to_ascii_lowercase(), body.to_owned())
    }

    /// Opens a WebSocket as the page does, or, with a token, as a script; the error is the status and the fields.
    pub(crate) async fn open(&self, token: Option<&str>) -> Result<Socket, (u16, String)> {
        let mut request = format!("ws://{}/api/probe", self.address).into_client_request().unwrap();
        match token {
            None => {
                request.headers_mut().insert("origin", format!("http://{}", self.address).parse().unwrap())
            }
            Some(token) => {
                request.headers_mut().insert("authorization", format!("Bearer {token}").parse().unwrap())
            }
        };
        match connect_async(request).await {
            Ok((socket, _)) => Ok(socket),
            Err(Error::Http(response)) => {
                Err((response.status().as_u16(), format!("{:?}", response.headers())))
            }
            Err(error) => panic!("{error}"),
        }
    }
}

/// Waits for something that comes soon.
pub(crate) fn wait_until(what: &str, condition: impl Fn() -> bool) {
    let until = Instant::now() + Duration::from_secs(15);
    while !condition() {
        assert!(Instant::now() < until, "{what}");
        std::thread::sleep(Duration::from_millis(50));
    }
}

pub(crate) async fn say(socket: &mut Socket, message: &ToServer) {
    socket.send(Message::text(serde_json::to_string(message).unwrap())).await.unwrap();
}

/// The next event, or `None` once the server has closed.
pub(crate) async fn hear(socket: &mut Socket) -> Option<ServerEvent> {
    loop {
        let next = tokio::time::timeout(Duration::from_secs(15), socket.next()).await.expect("it goes on");
        match next? {
            Ok(Message::Text(text)) => return Some(serde_json::from_str::<FromServer>(&text).unwrap().event),
            Ok(Message::Close(_)) | Err(_) => return None,
            Ok(_) => {}
        }
    }
}

/// One connection of a probe, without a certificate; its events.
pub(crate) async fn probe(socket: &mut Socket, target: Target) -> Vec<ServerEvent> {
    say(socket, &ToServer::Start(target)).await;
    let mut events = Vec::new();
    while let Some(event) = hear(socket).await {
        if let ServerEvent::CertificateRequested { .. } = event {
            say(socket, &ToServer::NoCertificate).await;
        }
        let over = matches!(event, ServerEvent::Ended { .. });
        events.push(event);
        if over {
            break;
        }
    }
    events
}

//! The release program: `certwright serve` in the background, and its other commands to their end.

use std::io::{BufRead, BufReader, Read};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::sync::{Arc, Mutex, mpsc};
use std::time::Duration;

use crate::process::{Process, free_port, target};

/// The program that `cargo xtask build` left.
///
/// # Panics
/// If there is none.
pub fn program() -> PathBuf {
    let named = std::env::var_os("CERTWRIGHT_PROGRAM").map(PathBuf::from);
    let program = named.unwrap_or_else(|| target().join("release").join("certwright"));
    assert!(program.is_file(), "there is no {}: run `cargo xtask build` first", program.display());
    program
}

/// A `certwright` command.
pub fn certwright(arguments: &[&str]) -> Command {
    let mut command = Command::new(program());
    command.args(arguments).stdin(Stdio::null());
    command
}

/// Runs the program to its end.
///
/// # Panics
/// If it does not end within a minute.
pub fn certwright_output(arguments: &[&str]) -> Output {
    let mut process = Process::start(certwright(arguments).stdout(Stdio::piped()).stderr(Stdio::piped()));
    let (stdout, stderr) = (process.child().stdout.take().unwrap(), process.child().stderr.take().unwrap());
    let (stdout, stderr) = (read_all(stdout), read_all(stderr));
    assert!(process.wait(Duration::from_secs(60)), "`certwright {}` does not end", arguments.join(" "));
    let status = process.child().wait().unwrap();
    Output { status, stdout: stdout.join().unwrap(), stderr: stderr.join().unwrap() }
}

fn read_all(mut from: impl Read + Send + 'static) -> std::thread::JoinHandle<Vec<u8>> {
    std::thread::spawn(move || {
        let mut all = Vec::new();
        from.read_to_end(&mut all).unwrap();
        all
    })
}

/// A running `certwright serve`.
#[derive(Debug)]
pub struct Server {
    process: Process,
    port: u16,
    log: Arc<Mutex<String>>,
}

impl Server {
    /// Starts it on a free port and waits for the address that it prints.
    ///
    /// # Panics
    /// If it prints no address, or another than was asked for.
    pub fn start() -> Self {
        Self::start_with(&[])
    }

    /// The same with these settings.
    ///
    /// # Panics
    /// As [`start`](Self::start).
    pub fn start_with(settings: &[&str]) -> Self {
        let port = free_port();
        let mut command = certwright(&["serve", "--listen", &format!("127.0.0.1:{port}")]);
        command.args(settings);
        let mut process =
            Process::start(command.env("RUST_LOG", "info").stdout(Stdio::piped()).stderr(Stdio::piped()));
        let log = Arc::new(Mutex::new(String::new()));
        let (told, address) = mpsc::channel();
        let (stdout, stderr) =
            (process.child().stdout.take().unwrap(), process.child().stderr.take().unwrap());
        follow(stderr, Arc::clone(&log), None);
        follow(stdout, Arc::clone(&log), Some(told));
        let expected = format!("http://127.0.0.1:{port}/");
        let line = address.recv_timeout(Duration::from_secs(10));
        let so_far = log.lock().unwrap().clone();
        assert!(
            line.as_ref().is_ok_and(|line| line.contains(&expected)),
            "printed {line:?}, not {expected}\n{so_far}"
        );
        process.wait_for_port(port, Duration::from_secs(5));
        Self { process, port, log }
    }

    /// Its port on 127.0.0.1.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Its process id.
    pub fn id(&self) -> u32 {
        self.process.id()
    }

    /// Everything that it printed so far.
    pub fn log(&self) -> String {
        self.log.lock().unwrap().clone()
    }

    /// Asks it to end, as Ctrl-C does; returns whether it did in good time.
    pub fn stop(mut self) -> bool {
        self.process.signal("INT");
        self.process.wait(Duration::from_secs(10))
    }
}

/// Keeps what a pipe says, and passes on the first line that holds an address.
fn follow(pipe: impl Read + Send + 'static, log: Arc<Mutex<String>>, told: Option<mpsc::Sender<String>>) {
    std::thread::spawn(move || {
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            let mut log = log.lock().unwrap();
            log.push_str(&line);
            log.push('\n');
            if let Some(told) = told.as_ref().filter(|_| line.contains("http://")) {
                // Nobody listens any more after the first.
                let _ = told.send(line);
            }
        }
    });
}

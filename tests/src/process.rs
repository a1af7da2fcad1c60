//! Child processes that end with the test, and ports and waiting.

use std::net::{Ipv4Addr, SocketAddr, TcpListener, TcpStream};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A child process, at the head of a process group of its own. Dropping it ends the whole group: browsers and nginx have
/// children of their own.
#[derive(Debug)]
pub struct Process {
    child: Child,
    name: String,
}

impl Process {
    /// Starts a program.
    ///
    /// # Panics
    /// If it cannot be started.
    pub fn start(command: &mut Command) -> Self {
        let name = command.get_program().to_string_lossy().into_owned();
        let child =
            command.process_group(0).spawn().unwrap_or_else(|error| panic!("cannot start {name}: {error}"));
        Self { child, name }
    }

    /// Its process id, which is also that of its group.
    pub fn id(&self) -> u32 {
        self.child.id()
    }

    /// The child, for its pipes.
    pub fn child(&mut self) -> &mut Child {
        &mut self.child
    }

    /// Waits until it accepts connections on a port of 127.0.0.1.
    ///
    /// # Panics
    /// If it ends before, or does not within the limit.
    pub fn wait_for_port(&mut self, port: u16, limit: Duration) {
        let begun = Instant::now();
        while !accepts(port) {
            if let Ok(Some(status)) = self.child.try_wait() {
                panic!("{} ended before it listened ({status})", self.name);
            }
            assert!(begun.elapsed() < limit, "{} does not listen on port {port} after {limit:?}", self.name);
            std::thread::sleep(Duration::from_millis(20));
        }
    }

    /// Sends a signal (a name without `SIG`) to the whole group.
    pub fn signal(&self, signal: &str) {
        let group = format!("-{}", self.child.id());
        let mut kill = Command::new("kill");
        kill.args(["-s", signal, "--", &group]).stdout(Stdio::null()).stderr(Stdio::null());
        // The group may be gone already, which is what was wanted.
        let _ = kill.status();
    }

    /// Waits for its end, with a limit. Returns whether it ended.
    pub fn wait(&mut self, limit: Duration) -> bool {
        let begun = Instant::now();
        while begun.elapsed() < limit {
            if !matches!(self.child.try_wait(), Ok(None)) {
                return true;
            }
            std::thread::sleep(Duration::from_millis(10));
        }
        false
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.signal("TERM");
        self.wait(Duration::from_secs(3));
        // Also when the head of the group has ended: a child of its own may have stayed.
        self.signal("KILL");
        self.wait(Duration::from_secs(3));
    }
}

/// A port of 127.0.0.1 that nothing listens on at the moment.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

/// Whether something accepts connections on a port of 127.0.0.1.
pub fn accepts(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    TcpStream::connect_timeout(&address, Duration::from_millis(500)).is_ok()
}

/// Tries until `attempt` gives a value.
///
/// # Panics
/// If it does not within the limit; `what` says what was waited for.
pub fn wait_until<T>(what: &str, limit: Duration, mut attempt: impl FnMut() -> Option<T>) -> T {
    let begun = Instant::now();
    loop {
        if let Some(value) = attempt() {
            return value;
        }
        assert!(begun.elapsed() < limit, "waited {limit:?} for {what}");
        std::thread::sleep(Duration::from_millis(30));
    }
}

/// Runs a program to its end and returns what it printed.
///
/// # Panics
/// If it cannot be started or fails.
pub fn output_of(command: &mut Command) -> Vec<u8> {
    let output = command.stdin(Stdio::null()).output();
    let output = output.unwrap_or_else(|error| panic!("cannot start {command:?}: {error}"));
    assert!(
        output.status.success(),
        "{command:?} failed ({})\n{}{}",
        output.status,
        String::from_utf8_lossy(&output.stdout),
        String::from_utf8_lossy(&output.stderr)
    );
    output.stdout
}

/// The program itself, or where Debian keeps servers.
pub fn program_path(name: &str) -> PathBuf {
    let sbin = Path::new("/usr/sbin").join(name);
    let path = std::env::var_os("PATH").unwrap_or_default();
    let on_path = std::env::split_paths(&path).map(|folder| folder.join(name)).find(|file| file.is_file());
    on_path.unwrap_or(if sbin.is_file() { sbin } else { name.into() })
}

/// The root of the repository.
pub fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("..").canonicalize().unwrap()
}

/// Cargo's target folder.
pub fn target() -> PathBuf {
    match std::env::var_os("CARGO_TARGET_DIR") {
        Some(folder) if !folder.is_empty() => root().join(folder),
        _ => root().join("target"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_group_ends_with_its_owner() {
        let mut command = Command::new("sh");
        command.args(["-c", "sleep 60 & echo $!; wait"]).stdout(Stdio::piped());
        let mut process = Process::start(&mut command);
        let mut line = String::new();
        let output = process.child().stdout.take().unwrap();
        std::io::BufRead::read_line(&mut std::io::BufReader::new(output), &mut line).unwrap();
        let grandchild = Path::new("/proc").join(line.trim());
        assert!(grandchild.exists());
        drop(process);
        wait_until("the grandchild's end", Duration::from_secs(5), || {
            let state = std::fs::read_to_string(grandchild.join("stat")).unwrap_or_default();
            (state.is_empty() || state.contains(") Z ")).then_some(())
        });
    }

    #[test]
    #[should_panic(expected = "ended before it listened")]
    fn a_server_that_ends_at_once_is_said() {
        Process::start(&mut Command::new("true")).wait_for_port(free_port(), Duration::from_secs(5));
    }
}

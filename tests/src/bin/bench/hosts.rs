//! Probes of many hosts: 200 TLS servers on this machine, asked by `certwright probe --file`, by a program in Go in the manner of zgrab2, by sslyze
//! and by a loop of `openssl s_client`; a single probe beside `openssl s_client`; the memory of a probe that is open.
//!
//! All of them judge the chain with the same root and print what they found. A run is that of a whole process, from its start to its end. The tools
//! take turns, each with several numbers of workers, and the best run of each counts. Beside it stands the processor's time for a host, which says more than the clock
//! where the machine has other work.

use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use certwright_protocol::conversation::{Target, ToServer};
use certwright_tests::authority::{Authority, ServerCertificate};
use certwright_tests::process::{Process, program_path};
use certwright_tests::program::{Server, certwright};
use tempfile::TempDir;

use crate::median;

const HOSTS: usize = 200;
/// sslyze takes about a second for a host.
const HOSTS_OF_SSLYZE: usize = 40;
/// Runs of each tool and number of workers; starting a process for each host takes seconds.
const ROUNDS: usize = 15;
const ROUNDS_OF_S_CLIENT: usize = 2;
const WORKERS: [usize; 4] = [4, 16, 48, 100];
/// Single probes, on each side.
const SINGLE: usize = 31;

/// One nginx with many ports.
struct Servers {
    _process: Process,
    ports: Vec<u16>,
    folder: TempDir,
}

impl Servers {
    fn start(certificate: &ServerCertificate) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let held: Vec<TcpListener> =
            (0..HOSTS).map(|_| TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap()).collect();
        let ports: Vec<u16> = held.iter().map(|listener| listener.local_addr().unwrap().port()).collect();
        drop(held);
        let listens: String = ports.iter().map(|port| format!("listen 127.0.0.1:{port} ssl;\n")).collect();
        let (chain, key) = (certificate.chain.display(), certificate.key.display());
        let configuration = format!(
            "daemon off;\nmaster_process off;\npid nginx.pid;\nerror_log error.log;\nevents {{ worker_connections 4096; }}\n\
             http {{\naccess_log off;\nclient_body_temp_path body;\nproxy_temp_path proxy;\nfastcgi_temp_path fastcgi;\nuwsgi_temp_path uwsgi;\nscgi_temp_path scgi;\n\
             server {{\n{listens}ssl_protocols TLSv1.3;\nssl_certificate {chain};\nssl_certificate_key {key};\n\
             location / {{ return 204; }}\n}}\n}}\n"
        );
        fs::write(folder.path().join("nginx.conf"), configuration).unwrap();
        let list: String = ports.iter().map(|port| format!("127.0.0.1:{port}\n")).collect();
        fs::write(folder.path().join("hosts.txt"), list).unwrap();
        let mut command = Command::new(program_path("nginx"));
        command.arg("-p").arg(folder.path()).args(["-e", "error.log", "-c", "nginx.conf"]);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut process = Process::start(&mut command);
        for port in &ports {
            process.wait_for_port(*port, Duration::from_secs(20));
        }
        Self { _process: process, ports, folder }
    }

    fn list(&self) -> String {
        self.folder.path().join("hosts.txt").display().to_string()
    }
}

/// Prints how fast the tools are beside each other.
pub(crate) fn compare() {
    let authority = Authority::new("Receiver");
    let certificate = authority.server_certificate("localhost", "DNS:localhost,IP:127.0.0.1");
    let servers = Servers::start(&certificate);
    let root = authority.root().display().to_string();
    single(servers.ports[0], &root);
    speed(&servers, &root);
    memory();
}

fn single(port: u16, root: &str) {
    let address = format!("127.0.0.1:{port}");
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..SINGLE {
        let mut command = certwright(&["probe", &address, "--trust", root, "--json"]);
        ours.push(time(&mut command).0 * 1000.0);
        let mut command = Command::new("openssl");
        command.args(["s_client", "-connect", &address, "-CAfile", root, "-verify_ip", "127.0.0.1"]);
        theirs.push(time(&mut command).0 * 1000.0);
    }
    let (ours, theirs) = (median(&ours), median(&theirs));
    println!("\nsingle probe, nginx on this machine, TLS 1.3, whole processes, median of {SINGLE}");
    println!(
        "  certwright probe {ours:.1} ms, openssl s_client {theirs:.1} ms, ratio {:.2}  (goal: 1.3 or less)",
        ours / theirs
    );
}

/// A way of probing all hosts.
struct Contestant<'a> {
    name: String,
    hosts: usize,
    rounds: usize,
    /// Seconds of a run.
    run: Box<dyn Fn() -> f64 + 'a>,
    best: f64,
    /// Processor time of all runs, in seconds.
    worked: f64,
}

fn speed(servers: &Servers, root: &str) {
    let list = servers.list();
    let mut contestants = Vec::new();
    let mut add = |name: String, rounds: usize, run: Box<dyn Fn() -> f64>| {
        contestants.push(Contestant { name, hosts: HOSTS, rounds, run, best: f64::INFINITY, worked: 0.0 })
    };
    for workers in WORKERS {
        let (list, root) = (list.clone(), root.to_owned());
        let run = move || {
            let workers = workers.to_string();
            let (seconds, out) = time(&mut certwright(&[
                "probe",
                "--file",
                &list,
                "--trust",
                &root,
                "--concurrency",
                &workers,
                "--jsonl",
            ]));
            assert_eq!(out.matches("\"verdict\":\"reached\"").count(), HOSTS, "{out}");
            seconds
        };
        add(format!("certwright probe --concurrency {workers}"), ROUNDS, Box::new(run));
    }
    if let Some(program) = std::env::var_os("CERTWRIGHT_GO_PROBE") {
        for workers in WORKERS {
            let (program, list, root) = (program.clone(), list.clone(), root.to_owned());
            let run = move || {
                let mut command = Command::new(&program);
                command.args(["-file", &list, "-roots", &root, "-workers", &workers.to_string()]);
                let (seconds, out) = time(&mut command);
                assert_eq!(out.matches("\"trusted\":true").count(), HOSTS, "{out}");
                seconds
            };
            add(format!("Go, {workers} workers"), ROUNDS, Box::new(run));
        }
    }
    for workers in [1, 8] {
        let (ports, root) = (servers.ports.clone(), root.to_owned());
        let run = move || s_client_loop(&ports, &root, workers);
        add(format!("openssl s_client, {workers} at a time"), ROUNDS_OF_S_CLIENT, Box::new(run));
    }
    if let Some(program) = std::env::var_os("CERTWRIGHT_SSLYZE") {
        let part: String =
            servers.ports[..HOSTS_OF_SSLYZE].iter().map(|port| format!("127.0.0.1:{port}\n")).collect();
        let file = servers.folder.path().join("part.txt");
        fs::write(&file, part).unwrap();
        let run = move || {
            let mut command = Command::new(&program);
            command.args(["--certinfo", "--json_out=-", "--targets_in"]).arg(&file);
            let (seconds, out) = time(&mut command);
            assert_eq!(out.matches("\"certificate_info\": {").count(), HOSTS_OF_SSLYZE, "{out}");
            seconds
        };
        contestants.push(Contestant {
            name: format!("sslyze --certinfo ({HOSTS_OF_SSLYZE} of them)"),
            hosts: HOSTS_OF_SSLYZE,
            rounds: 1,
            run: Box::new(run),
            best: f64::INFINITY,
            worked: 0.0,
        });
    }
    for round in 0..ROUNDS {
        for contestant in contestants.iter_mut().filter(|contestant| round < contestant.rounds) {
            let before = worked();
            contestant.best = contestant.best.min((contestant.run)());
            contestant.worked += worked() - before;
        }
    }
    println!(
        "\n{HOSTS} TLS servers on this machine (nginx, TLS 1.3, P-256), whole processes, best of {ROUNDS}"
    );
    let rate = |contestant: &Contestant<'_>| contestant.hosts as f64 / contestant.best;
    for contestant in &contestants {
        let each = contestant.worked * 1000.0 / (contestant.hosts * contestant.rounds) as f64;
        println!(
            "  {:<44} {:>8.0} hosts a second, {each:.2} ms of work for each",
            contestant.name,
            rate(contestant)
        );
    }
    let best = |ours: bool| {
        let those = contestants.iter().filter(|contestant| contestant.name.starts_with("certwright") == ours);
        those.map(rate).fold(0.0, f64::max)
    };
    println!("  ours beside the fastest of the others: {:.2}  (goal: 1 or more)", best(true) / best(false));
}

/// Probes all with `openssl s_client`, so many at a time.
fn s_client_loop(ports: &[u16], root: &str, workers: usize) -> f64 {
    let begun = Instant::now();
    let next = AtomicUsize::new(0);
    std::thread::scope(|scope| {
        for _ in 0..workers {
            scope.spawn(|| {
                while let Some(port) = ports.get(next.fetch_add(1, Ordering::Relaxed)) {
                    let mut command = Command::new("openssl");
                    command.args(["s_client", "-connect", &format!("127.0.0.1:{port}"), "-CAfile", root]);
                    let (_, out) = time(&mut command);
                    assert!(out.contains("Verify return code: 0 (ok)"), "{out}");
                }
            });
        }
    });
    begun.elapsed().as_secs_f64()
}

/// Runs a program to its end: seconds, and what it printed.
fn time(command: &mut Command) -> (f64, String) {
    let begun = Instant::now();
    let output = command.stdin(Stdio::null()).output().unwrap();
    let seconds = begun.elapsed().as_secs_f64();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{command:?}: {errors}");
    (seconds, String::from_utf8_lossy(&output.stdout).into_owned())
}

/// Memory of the server for each probe that is open and hears nothing.
fn memory() {
    let server = Server::start_with(&["--max-probes", "256", "--max-probes-per-client", "256"]);
    let silent = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = silent.local_addr().unwrap().port();
    let mut opened = vec![open_probe(server.port(), port)];
    let mut peers = vec![silent.accept().unwrap().0];
    std::thread::sleep(Duration::from_millis(500));
    let before = resident(server.id());
    for _ in 0..HOSTS {
        opened.push(open_probe(server.port(), port));
        let mut peer = silent.accept().unwrap().0;
        // The ClientHello has come: the probe is where it waits.
        peer.read_exact(&mut [0; 5]).unwrap();
        peers.push(peer);
    }
    std::thread::sleep(Duration::from_millis(500));
    let each = (resident(server.id()) - before) / HOSTS as f64;
    println!("\nmemory of certwright serve for an open probe, mean of {HOSTS} that are open at once");
    println!("  {each:.0} KB  (goal: 150 KB or less)");
}

/// A probe as pages begin it (RFC 6455): the handshake, and one masked text frame.
fn open_probe(server: u16, target: u16) -> TcpStream {
    let mut stream = TcpStream::connect((Ipv4Addr::LOCALHOST, server)).unwrap();
    let head = format!(
        "GET /api/probe HTTP/1.1\r\nHost: 127.0.0.1:{server}\r\nOrigin: http://127.0.0.1:{server}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
         Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n"
    );
    stream.write_all(head.as_bytes()).unwrap();
    let mut answer = Vec::new();
    while !answer.ends_with(b"\r\n\r\n") {
        let mut octet = [0];
        stream.read_exact(&mut octet).unwrap();
        answer.extend(octet);
    }
    assert!(answer.starts_with(b"HTTP/1.1 101"), "{}", String::from_utf8_lossy(&answer));
    let opening = ToServer::Start(Target::new("127.0.0.1", target));
    let text = serde_json::to_vec(&opening).unwrap();
    let length = u16::try_from(text.len()).unwrap();
    let mut frame = vec![0x81];
    match length {
        0..126 => frame.push(0x80 | length as u8),
        _ => {
            frame.push(0x80 | 126);
            frame.extend(length.to_be_bytes());
        }
    }
    // A mask of zeros changes nothing.
    frame.extend([0; 4]);
    frame.extend(text);
    stream.write_all(&frame).unwrap();
    stream
}

/// Processor time, user's and system's, of all processes that were started here and have ended, in seconds (proc(5), `cutime` and `cstime`).
fn worked() -> f64 {
    let line = fs::read_to_string("/proc/self/stat").unwrap();
    let (_, fields) = line.rsplit_once(") ").unwrap();
    // The third field of the line is the first behind the name; ticks are hundredths of a second on Linux.
    let fields: Vec<&str> = fields.split(' ').collect();
    fields[13..15].iter().map(|ticks| ticks.parse::<f64>().unwrap() / 100.0).sum()
}

/// Resident memory of a process in KB.
fn resident(process: u32) -> f64 {
    let status = fs::read_to_string(Path::new("/proc").join(process.to_string()).join("status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

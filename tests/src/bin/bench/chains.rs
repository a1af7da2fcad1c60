//! Certificates and chains: what a summary and a verdict cost, beside x509-parser, rustls-webpki with ring, and openssl.
//!
//! The program `speed` makes 10 000 certificates and 1 000 chains, and times Certwright and the peers in Rust, all in one thread, from DER to
//! result; and what it costs to look for weaknesses in an RSA key. The same work is timed in a worker in Chromium, in a module that is built as the product's worker is. The sides take turns,
//! and the median of each counts. openssl is timed as a process that reads all certificates from a file and prints them, or
//! verifies all chains; it checks no host names, as it knows only one for all.

use std::collections::HashMap;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::openssl::openssl;
use certwright_tests::process::output_of;
use serde_json::{Value, json};

use crate::median;

/// How often each side is measured.
const RUNS: usize = 7;
/// The time of the verdicts, as in `certwright_speed::set::NOW`.
const NOW: &str = "1782864000";

/// The worker: it loads the module and the certificates, then times what it is asked for.
const WORKER: &str = r#"
    import init, { Work } from "./certwright_speed.js";
    await init();
    const work = new Work(new Uint8Array(await (await fetch("set.bin")).arrayBuffer()));
    onmessage = ({ data }) => {
        const begun = performance.now();
        const result = data === null ? work.summarise() : data === "" ? work.sound_keys() : work.validate(data);
        postMessage([performance.now() - begun, result]);
    };
    postMessage("ready");"#;

/// Starts the worker, and gives `globalThis.measure`.
const START: &str = r#"
    const worker = new Worker("worker.js", { type: "module" });
    const answer = () => new Promise((resolve, reject) => {
        worker.onmessage = ({ data }) => resolve(data);
        worker.onerror = ({ message }) => reject(new Error(message));
    });
    await answer();
    globalThis.measure = (kind) => { worker.postMessage(kind); return answer(); };
    return true;"#;

/// Milliseconds of every run of every side.
#[derive(Default)]
struct Times(HashMap<String, Vec<f64>>);

impl Times {
    fn add(&mut self, side: impl Into<String>, milliseconds: f64) {
        self.0.entry(side.into()).or_default().push(milliseconds);
    }

    fn median(&self, side: &str) -> f64 {
        self.0.get(side).map_or(f64::NAN, |times| median(times))
    }

    /// What was possible when little else was going on.
    fn best(&self, side: &str) -> f64 {
        self.0.get(side).map_or(f64::NAN, |times| times.iter().copied().fold(f64::INFINITY, f64::min))
    }
}

/// Prints each figure beside its goal.
pub(crate) fn compare() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("set.bin");
    output_of(speed("make").arg(&file));
    output_of(speed("check").arg(&file));
    output_of(speed("pem").arg(&file).arg(folder.path()));
    let browser = Browser::start(Kind::Chromium);
    browser.open(&serve(&file));
    assert_eq!(browser.run_async(START, vec![]), json!(true));

    let mut times = Times::default();
    let mut kinds: Vec<(String, u64)> = Vec::new();
    for _ in 0..RUNS {
        let native: Value = serde_json::from_slice(&output_of(speed("measure").arg(&file))).unwrap();
        times.add("summary", number(&native["ours"]));
        times.add("x509-parser", number(&native["x509_parser"]));
        times.add("summary in Chromium", in_browser(&browser, Value::Null).0);
        let (weak, keys) = in_browser(&browser, json!(""));
        assert_eq!(keys, number(&native["keys"]));
        times.add("weak keys in Chromium", weak / keys);
        times.add("weak keys natively", number(&native["weak"]) / keys);
        kinds.clear();
        for chains in native["chains"].as_array().unwrap() {
            let (kind, count) = (chains["kind"].as_str().unwrap(), chains["count"].as_u64().unwrap());
            times.add(format!("{kind} ours"), number(&chains["ours"]));
            times.add(format!("{kind} webpki"), number(&chains["webpki"]));
            let (wasm, trusted) = in_browser(&browser, json!(kind));
            assert_eq!(trusted as u64, count);
            times.add(format!("{kind} wasm"), wasm);
            kinds.push((kind.to_owned(), count));
        }
        times.add("openssl prints", time(&mut print(folder.path())));
        times.add("openssl verifies", time(&mut verify(folder.path(), &kinds)));
    }
    report(&times, &kinds);
}

fn report(times: &Times, kinds: &[(String, u64)]) {
    let (ours, theirs) = (times.median("summary"), times.median("x509-parser"));
    println!("\n10 000 certificates read and summarised, one thread, median of {RUNS}");
    println!(
        "  Certwright {ours:.0} ms, x509-parser {theirs:.0} ms, ratio {:.2}, of the best {:.2}  (goal: 1.5 or less); Certwright in Chromium {:.0} ms, \
         openssl pkcs7 -print_certs {:.0} ms",
        ours / theirs,
        times.best("summary") / times.best("x509-parser"),
        times.median("summary in Chromium"),
        times.median("openssl prints"),
    );
    let all: u64 = kinds.iter().map(|(_, count)| count).sum();
    println!(
        "\n{all} TLS chains built and validated from DER, one thread, median of {RUNS}, nothing remembered between chains"
    );
    let sum = |side: &str| kinds.iter().map(|(kind, _)| times.median(&format!("{kind} {side}"))).sum::<f64>();
    let line = |what: &str, [ours, wasm, webpki]: [f64; 3], goals: [&str; 2]| {
        println!(
            "  {what:<34} Certwright {ours:>4.0} ms, rustls-webpki with ring {webpki:>4.0} ms, ratio {:.2}{}; in Chromium {wasm:>4.0} ms, ratio {:.2}{}",
            ours / webpki,
            goals[0],
            wasm / webpki,
            goals[1],
        );
    };
    line("all", ["ours", "wasm", "webpki"].map(sum), ["  (goal: 2 or less)", "  (goal: 6 or less)"]);
    let best = |side: &str| kinds.iter().map(|(kind, _)| times.best(&format!("{kind} {side}"))).sum::<f64>();
    line("all, the best of each", ["ours", "wasm", "webpki"].map(best), [""; 2]);
    for (kind, count) in kinds {
        let what = format!("{count} under intermediates with {kind}");
        line(&what, ["ours", "wasm", "webpki"].map(|side| times.median(&format!("{kind} {side}"))), [""; 2]);
    }
    println!("  openssl verify (without host names) {:.0} ms", times.median("openssl verifies"));
    println!(
        "\nAn RSA-2048 key examined for weaknesses: {:.2} ms, in Chromium {:.2} ms",
        times.median("weak keys natively"),
        times.median("weak keys in Chromium"),
    );
}

/// A command of the program that measures.
fn speed(command: &str) -> Command {
    let program = std::env::var_os("CERTWRIGHT_SPEED").expect("`cargo xtask bench` says where it is");
    let mut speed = Command::new(program);
    speed.arg(command);
    speed
}

fn number(value: &Value) -> f64 {
    value.as_f64().unwrap()
}

/// Milliseconds and result of the chains of a kind, of the weak keys where the kind is empty, or of all summaries.
fn in_browser(browser: &Browser, kind: Value) -> (f64, f64) {
    let ended = browser.run_async("return await measure(arguments[0]);", vec![kind]);
    let result = number(&ended[1]);
    assert_ne!(result, 0.0);
    (number(&ended[0]), result)
}

/// One process that prints all certificates in full.
fn print(folder: &Path) -> Command {
    let bundle = folder.join("all.p7");
    if !bundle.exists() {
        output_of(
            openssl(["crl2pkcs7", "-nocrl", "-certfile"])
                .arg(folder.join("all.pem"))
                .arg("-out")
                .arg(&bundle),
        );
    }
    let mut command = openssl(["pkcs7", "-print_certs", "-text", "-noout", "-in"]);
    command.arg(bundle);
    command
}

/// One process that verifies all chains.
fn verify(folder: &Path, kinds: &[(String, u64)]) -> Command {
    let mut command =
        openssl(["verify", "-purpose", "sslserver", "-attime", NOW, "-no-CApath", "-no-CAstore"]);
    command.arg("-CAfile").arg(folder.join("roots.pem"));
    command.arg("-untrusted").arg(folder.join("intermediates.pem"));
    let count: u64 = kinds.iter().map(|(_, count)| count).sum();
    command.args((0..count).map(|at| folder.join(format!("{at}.pem"))));
    command
}

/// Milliseconds of a whole process, which must succeed.
fn time(command: &mut Command) -> f64 {
    let begun = Instant::now();
    output_of(command);
    begun.elapsed().as_secs_f64() * 1000.0
}

/// Serves page, worker, module and certificates on loopback until the program ends; returns the address.
fn serve(set: &Path) -> String {
    let page = PathBuf::from(
        std::env::var_os("CERTWRIGHT_SPEED_PAGE").expect("`cargo xtask bench` says where it is"),
    );
    let read = |name: &str| std::fs::read(page.join(name)).unwrap();
    let files: HashMap<&str, (&str, Vec<u8>)> = HashMap::from([
        ("/", ("text/html", b"<!doctype html><title>speed</title>".to_vec())),
        ("/worker.js", ("text/javascript", WORKER.as_bytes().to_vec())),
        ("/certwright_speed.js", ("text/javascript", read("certwright_speed.js"))),
        ("/certwright_speed_bg.wasm", ("application/wasm", read("certwright_speed_bg.wasm"))),
        ("/set.bin", ("application/octet-stream", std::fs::read(set).unwrap())),
    ]);
    let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
    let address = format!("http://{}/", listener.local_addr().unwrap());
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            // A browser opens connections that it does not use in the end.
            let _ = stream.and_then(|stream| answer(stream, &files));
        }
    });
    address
}

fn answer(mut stream: TcpStream, files: &HashMap<&str, (&str, Vec<u8>)>) -> std::io::Result<()> {
    stream.set_read_timeout(Some(std::time::Duration::from_secs(1)))?;
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    while !request.windows(4).any(|octets| octets == b"\r\n\r\n") {
        match stream.read(&mut buffer)? {
            0 => return Ok(()),
            count => request.extend(buffer.iter().take(count)),
        }
    }
    let request = String::from_utf8_lossy(&request).into_owned();
    let file = request.split(' ').nth(1).and_then(|path| files.get(path));
    let (status, (kind, content)) = match file {
        Some(file) => ("200 OK", file.clone()),
        None => ("404 Not Found", ("text/plain", Vec::new())),
    };
    let head = format!(
        "HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {}\r\nConnection: close\r\n\r\n",
        content.len()
    );
    stream.write_all(head.as_bytes())?;
    stream.write_all(&content)
}

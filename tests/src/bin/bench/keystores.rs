//! Opening keystores: a large PKCS#12 and a large JKS, and a PKCS#12 with a costly password derivation.
//!
//! Certwright opens them in its worker (Wasm), with the messages that the page sends, and is timed inside the page: from posting the
//! request until its parsed answer. `keytool -list` and openssl are timed as whole processes, as that is how they are used. The
//! limit of a derivation in a browser is WebCrypto's PBKDF2, in the same page.

use std::path::{Path, PathBuf};
use std::process::Command;
use std::thread;
use std::time::Instant;

use base64ct::{Base64, Encoding};
use certwright_tests::browser::{Browser, Kind};
use certwright_tests::openssl;
use certwright_tests::process::output_of;
use certwright_tests::program::{Server, certwright};
use serde_json::{Value, json};

use crate::median;

/// Trusted certificates and key pairs of the large keystores.
const CERTIFICATES: usize = 900;
const KEY_PAIRS: usize = 100;
/// How often each side is measured.
const RUNS: usize = 5;
/// Iterations of the costly derivation.
const ITERATIONS: u32 = 600_000;
/// Such derivations in the file: one for the key, one for the certificate.
const DERIVATIONS: u32 = 2;
pub(crate) const PASSWORD: &str = "secret1";

/// Starts a worker as the page does, and gives `globalThis.ask`.
const START: &str = r#"
    const worker = new Worker(document.querySelector('meta[name="certwright-worker"]').content);
    const open = new Map();
    let last = 0;
    await new Promise((resolve, reject) => {
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = (event) => {
            const message = JSON.parse(event.data);
            if (message.ready) resolve();
            if (message.reply) open.get(message.reply.id)(message.reply.result);
        };
    });
    globalThis.ask = (request, store = 0) => new Promise((resolve, reject) => {
        const id = ++last;
        open.set(id, (result) => result.Ok ? resolve(result.Ok) : reject(new Error(JSON.stringify(result))));
        worker.postMessage(JSON.stringify({ id, store, request }));
    });
    return true;"#;

/// Looks at a file and opens it; returns milliseconds of both, and the number of entries.
const OPEN: &str = r#"
    const [name, content, password] = arguments;
    const begun = performance.now();
    const looked = await ask({ look: { files: [{ name, content }], passwords: [password] } });
    const between = performance.now();
    const { found, stores, problems } = looked.found;
    if (problems.length) throw new Error(JSON.stringify(problems));
    if (!stores.length) return [between - begun, 0, found.length];
    const opened = await ask({ open_store: { id: stores[0].id } });
    const ended = performance.now();
    await ask("close_store", opened.store.store);
    const { key_pairs, certificates } = stores[0];
    return [between - begun, ended - between, key_pairs + certificates];"#;

/// Derives as often as the file wants it, one after the other.
const DERIVE: &str = r#"
    const [password, iterations, derivations] = arguments;
    const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(password), "PBKDF2", false, ["deriveBits"]);
    const begun = performance.now();
    for (let number = 0; number < derivations; number++) {
        const salt = new Uint8Array(16).fill(number);
        await crypto.subtle.deriveBits({ name: "PBKDF2", hash: "SHA-256", salt, iterations }, key, 256);
    }
    return performance.now() - begun;"#;

/// Large keystores beside keytool and openssl; prints each figure beside its goal.
pub(crate) fn compare_large(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    println!("\nkeystores with {CERTIFICATES} certificates and {KEY_PAIRS} EC key pairs, median of {RUNS}");
    let stores = large_keystores(folder.path());
    let browser = start_browser(server);
    for (what, file) in &stores {
        compare_one(&browser, what, file);
    }
}

/// A Chromium with the page, and a worker of our own in it.
fn start_browser(server: &Server) -> Browser {
    let browser = Browser::start(Kind::Chromium);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    assert_eq!(browser.run_async(START, vec![]), json!(true));
    browser
}

/// The JKS is made by Certwright's own engine, as nobody else makes a thousand entries in one go, and keytool makes the PKCS#12
/// of it, with the parameters that it always uses. That keytool lists them all is the check of both. The third file is
/// Certwright's own PKCS#12, whose derivations are ten times as costly.
fn large_keystores(place: &Path) -> Vec<(&'static str, PathBuf)> {
    let (jks, pkcs12, own) = (place.join("store.jks"), place.join("store.p12"), place.join("own.p12"));
    let password = place.join("password");
    make_jks(place, CERTIFICATES, KEY_PAIRS);
    let mut convert = certwright(&["convert", "--to", "pkcs12", "--out-password-file"]);
    output_of(convert.arg(&password).arg("--out").arg(&own).arg(place.join("bundle.pem")));
    let mut import = Command::new("keytool");
    import.args(["-importkeystore", "-noprompt", "-srcstorepass", PASSWORD, "-deststorepass", PASSWORD]);
    output_of(import.arg("-srckeystore").arg(&jks).arg("-destkeystore").arg(&pkcs12));
    vec![("JKS", jks), ("PKCS#12 of keytool", pkcs12), ("PKCS#12 of Certwright", own)]
}

/// Makes `bundle.pem` with certificates and key pairs, `store.jks` of it, and the file `password` with [`PASSWORD`].
pub(crate) fn make_jks(place: &Path, certificates: usize, key_pairs: usize) {
    let bundle = place.join("bundle.pem");
    let numbers: Vec<usize> = (0..certificates + key_pairs).collect();
    openssl::run(
        ["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out"]
            .map(String::from)
            .into_iter()
            .chain([text(&place.join("ca.key"))]),
    );
    let texts: Vec<String> = thread::scope(|scope| {
        let halves = numbers.chunks(numbers.len().div_ceil(2));
        let things = |half: &[usize]| half.iter().map(|number| thing(place, *number, certificates)).collect();
        let workers: Vec<_> = halves.map(|half| scope.spawn(move || things(half))).collect();
        workers.into_iter().map(|worker| worker.join().unwrap()).collect::<Vec<Vec<String>>>().concat()
    });
    std::fs::write(&bundle, texts.concat()).unwrap();
    let password = place.join("password");
    std::fs::write(&password, format!("{PASSWORD}\n")).unwrap();
    for private in [&bundle, &password] {
        output_of(Command::new("chmod").arg("600").arg(private));
    }
    let mut convert = certwright(&["convert", "--to", "jks", "--out-password-file"]);
    output_of(convert.arg(&password).arg("--out").arg(place.join("store.jks")).arg(&bundle));
}

/// A certificate, or from that number on a key with its certificate, as PEM.
fn thing(place: &Path, number: usize, certificates: usize) -> String {
    let subject = format!("/CN=Thing {number}");
    let mut arguments = vec!["req", "-x509", "-nodes", "-days", "30", "-subj", &subject];
    let ca = text(&place.join("ca.key"));
    let key = text(&place.join(format!("{number}.key")));
    if number < certificates {
        arguments.extend(["-key", &ca]);
        openssl::text(arguments)
    } else {
        arguments.extend(["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-keyout", &key]);
        let certificate = openssl::text(arguments);
        std::fs::read_to_string(&key).unwrap() + &certificate
    }
}

fn text(path: &Path) -> String {
    path.to_str().unwrap().to_owned()
}

fn compare_one(browser: &Browser, what: &str, file: &Path) {
    let listing = output_of(&mut list(file));
    let listing = String::from_utf8_lossy(&listing);
    let entries = CERTIFICATES + KEY_PAIRS;
    assert_eq!(listing.matches(", trustedCertEntry,").count(), CERTIFICATES, "{listing}");
    assert_eq!(listing.matches(", PrivateKeyEntry,").count(), KEY_PAIRS, "{listing}");
    let arguments = page_arguments(file);
    let (mut look, mut open, mut keytool, mut by_openssl) = (vec![], vec![], vec![], vec![]);
    for _ in 0..RUNS {
        let ended = browser.run_async(OPEN, arguments.clone());
        assert_eq!(number(&ended, 2) as usize, entries, "{what}");
        look.push(number(&ended, 0));
        open.push(number(&ended, 1));
        keytool.push(time(&mut list(file)));
        if file.extension().is_some_and(|ending| ending == "p12") {
            by_openssl.push(time(&mut read(file)));
        }
    }
    let (look, open, keytool) = (median(&look), median(&open), median(&keytool));
    let ratio = (look + open) / keytool;
    println!(
        "  {what:<24} page {:.0} ms (look {look:.0}, open {open:.0}), keytool -list {keytool:.0} ms, ratio {ratio:.2}  (goal: below 1)",
        look + open
    );
    if !by_openssl.is_empty() {
        println!("  {:<24} openssl pkcs12 {:.0} ms", "", median(&by_openssl));
    }
}

/// A costly derivation beside WebCrypto, openssl and keytool.
///
/// The file whose MAC costs nothing has exactly the derivations that WebCrypto does; the other is as openssl makes it, with a MAC that
/// costs as much as half a derivation more (PKCS#12's own, which hashes once where PBKDF2 hashes twice, and which WebCrypto has not).
pub(crate) fn compare_derivation(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path();
    println!(
        "\nPKCS#12 with {ITERATIONS} iterations of PBKDF2 (HMAC-SHA-256), {DERIVATIONS} times, median of {RUNS}"
    );
    let browser = start_browser(server);
    let (key, certificate) = (place.join("one.key"), place.join("one.pem"));
    openssl::run([
        "req",
        "-x509",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-subj",
        "/CN=one",
        "-keyout",
        &text(&key),
        "-out",
        &text(&certificate),
    ]);
    for (what, name, mac) in
        [("derivations alone", "plain.p12", "-nomaciter"), ("with MAC", "mac.p12", "-maciter")]
    {
        let file = place.join(name);
        let iterations = ITERATIONS.to_string();
        openssl::run([
            "pkcs12",
            "-export",
            "-inkey",
            &text(&key),
            "-in",
            &text(&certificate),
            "-passout",
            &format!("pass:{PASSWORD}"),
            "-iter",
            &iterations,
            mac,
            "-out",
            &text(&file),
        ]);
        let info = openssl::says_yes([
            "pkcs12",
            "-in",
            &text(&file),
            "-noout",
            "-info",
            "-passin",
            &format!("pass:{PASSWORD}"),
        ])
        .1;
        let costly =
            info.matches(&format!("AES-256-CBC, Iteration {iterations}, PRF hmacWithSHA256")).count();
        assert_eq!(u32::try_from(costly), Ok(DERIVATIONS), "{info}");
        let arguments = page_arguments(&file);
        let (mut ours, mut limit, mut by_openssl, mut keytool) = (vec![], vec![], vec![], vec![]);
        for _ in 0..RUNS {
            ours.push(number(&browser.run_async(OPEN, arguments.clone()), 0));
            let derive = vec![json!(PASSWORD), json!(ITERATIONS), json!(DERIVATIONS)];
            limit.push(browser.run_async(DERIVE, derive).as_f64().unwrap());
            by_openssl.push(time(&mut read(&file)));
            keytool.push(time(&mut list(&file)));
        }
        let goal = if mac == "-nomaciter" { "  (goal: 2.5 or less)" } else { "" };
        println!(
            "  {what:<24} page {:.0} ms, WebCrypto {:.0} ms, ratio {:.2}, of the best {:.2}{goal}; openssl {:.0} ms, keytool -list {:.0} ms",
            median(&ours),
            median(&limit),
            median(&ours) / median(&limit),
            best(&ours) / best(&limit),
            median(&by_openssl),
            median(&keytool)
        );
    }
}

/// What was possible when nothing else was going on.
fn best(values: &[f64]) -> f64 {
    values.iter().copied().fold(f64::INFINITY, f64::min)
}

/// A number of what a script returned.
fn number(returned: &Value, at: usize) -> f64 {
    returned.get(at).and_then(Value::as_f64).unwrap()
}

fn page_arguments(file: &Path) -> Vec<Value> {
    let content = Base64::encode_string(&std::fs::read(file).unwrap());
    let name = file.file_name().unwrap().to_string_lossy().into_owned();
    vec![json!(name), json!(content), json!(PASSWORD)]
}

/// keytool's list of a keystore.
pub(crate) fn list(file: &Path) -> Command {
    let mut command = Command::new("keytool");
    command.args(["-J-Duser.language=en", "-list", "-storepass", PASSWORD, "-keystore"]).arg(file);
    command
}

fn read(file: &Path) -> Command {
    let mut command = openssl::openssl(["pkcs12", "-nodes", "-passin", &format!("pass:{PASSWORD}"), "-in"]);
    command.arg(file);
    command
}

/// Milliseconds of a whole process.
pub(crate) fn time(command: &mut Command) -> f64 {
    let begun = Instant::now();
    output_of(command);
    begun.elapsed().as_secs_f64() * 1000.0
}

//! The page at work with 2 000 entries: how long a user waits for what was asked for, the longest task while an RSA key is made, and memory. Then
//! what a program can check of installing, accessibility and good practice.
//!
//! An interaction is timed inside the page, from its event until what it asks for has been painted: the state that it leads to is there,
//! the next frame has begun, and the message that was posted in it has arrived. Opening the keystore stands beside `keytool -list`.

use std::fs;
use std::time::Instant;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::{id, id_with};
use certwright_tests::program::Server;
use serde_json::json;

use crate::checks;
use crate::keystores::{self, PASSWORD};
use crate::median;

/// Trusted certificates and key pairs of the keystore.
const CERTIFICATES: usize = 1_900;
const KEY_PAIRS: usize = 100;
/// How often each interaction is measured.
const ROUNDS: usize = 20;
/// How often the keystore is opened, by the page and by keytool.
const OPENINGS: usize = 3;

/// Gives `globalThis.timed(act, done)`, and notes tasks of more than 50 ms, which is what browsers call long.
const TIMED: &str = "
    globalThis.longTasks = [];
    new PerformanceObserver((list) => longTasks.push(...list.getEntries().map((task) => task.duration))).observe({ type: 'longtask' });
    const painted = () => new Promise((resolve) => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = resolve;
        port2.postMessage(null);
    }));
    const reached = (done) => new Promise((resolve, reject) => {
        if (done()) return resolve();
        const observer = new MutationObserver(() => { if (done()) { stop(); resolve(); } });
        const late = setTimeout(() => { stop(); reject(new Error('nothing came of ' + done)); }, 10000);
        const stop = () => { clearTimeout(late); observer.disconnect(); };
        observer.observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
    });
    globalThis.timed = async (act, done) => {
        if (done()) throw new Error('it is so already: ' + done);
        const begun = performance.now();
        act();
        await reached(done);
        await painted();
        return performance.now() - begun;
    };
    globalThis.at = (testid, more = '') => document.querySelector(`[data-testid=\"${testid}\"]${more}`);
    globalThis.type = (field, text) => {
        field.value = text;
        field.dispatchEvent(new InputEvent('input', { bubbles: true }));
    };
    globalThis.pick = (list, value) => {
        list.value = value;
        list.dispatchEvent(new Event('change', { bubbles: true }));
    };
    globalThis.press = (key, more = {}) => (document.activeElement ?? document.body).dispatchEvent(
        new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));
    globalThis.count = () => at('list-count')?.dataset.count;";

/// Interactions: what they are called, and how the page is told to do them in round `round`.
const INTERACTIONS: [(&str, &str); 12] = [
    (
        "sort by a column",
        "const th = () => at('sort-until').closest('th').ariaSort;
         const before = th();
         return await timed(() => at('sort-until').click(), () => th() !== before);",
    ),
    (
        "type into the search",
        "const before = count();
         return await timed(() => type(at('list-search'), 'thing ' + (round + 110)), () => count() !== before);",
    ),
    (
        "empty the search",
        "return await timed(() => type(at('list-search'), ''), () => count() === '2000');",
    ),
    (
        "filter",
        "return await timed(() => pick(at('list-filter'), 'pairs'), () => count() === '100');",
    ),
    (
        "show all again",
        "return await timed(() => pick(at('list-filter'), 'all'), () => count() === '2000');",
    ),
    (
        "open an entry",
        "const row = document.querySelectorAll('[data-testid=\"entry-row\"]')[round + 3];
         const alias = row.dataset.alias;
         return await timed(() => row.querySelector('[data-testid=\"entry-open\"]').click(),
             () => at('entry-pane', `[data-alias=\"${alias}\"] [data-testid=\"copy-pem\"]`));",
    ),
    (
        "close it",
        "return await timed(() => at('pane-close').click(), () => !at('entry-pane'));",
    ),
    (
        "select an entry",
        "const before = at('bulk')?.dataset.count;
         const box = document.querySelectorAll('[data-testid=\"entry-select\"]')[round + 3];
         return await timed(() => box.click(), () => at('bulk')?.dataset.count !== before);",
    ),
    (
        "open the palette",
        "return await timed(() => press('k', { ctrlKey: true }), () => at('palette', ':popover-open') && at('palette-item'));",
    ),
    (
        "type into the palette",
        "const words = `thing ${round + 40}`;
         return await timed(() => type(at('palette-field'), words), () => at('palette-item')?.innerText.toLowerCase().includes(words));",
    ),
    (
        "go to the settings",
        "at('palette').hidePopover();
         return await timed(() => press(','), () => at('settings-page'));",
    ),
    (
        "go back to the keystore",
        "return await timed(() => at('nav-keystore').click(), () => at('entry-row'));",
    ),
];

/// Undo and redo of a new name, which change the keystore and its list.
const CHANGES: [(&str, &str); 2] = [
    (
        "undo",
        "return await timed(() => at('undo').click(), () => !at('entry-row', '[data-alias=\"renamed\"]'));",
    ),
    (
        "redo",
        "return await timed(() => at('redo').click(), () => at('entry-row', '[data-alias=\"renamed\"]'));",
    ),
];

/// Measures and prints.
pub(crate) fn measure(server: &Server) {
    let folder = tempfile::tempdir().unwrap();
    keystores::make_jks(folder.path(), CERTIFICATES, KEY_PAIRS);
    let file = folder.path().join("store.jks");
    let content = fs::read(&file).unwrap();

    println!("\nthe page with {} entries", CERTIFICATES + KEY_PAIRS);
    let (mut page, mut keytool) = (Vec::new(), Vec::new());
    for _ in 1..OPENINGS {
        page.push(open(&start(server), &content));
        keytool.push(keystores::time(&mut keystores::list(&file)));
    }
    let browser = start(server);
    page.push(open(&browser, &content));
    keytool.push(keystores::time(&mut keystores::list(&file)));
    let (page, keytool) = (median(&page), median(&keytool));
    println!(
        "  open the JKS, from the password until its list is painted: {page:.0} ms, keytool -list {keytool:.0} ms, ratio {:.2}  (goal: below 1)",
        page / keytool
    );

    // The first time, parts of the page are still to come.
    for (_, script) in INTERACTIONS {
        interact(&browser, script, ROUNDS);
    }
    reset(&browser);
    browser.run("longTasks.length = 0", vec![]);
    let mut rows: Vec<(&str, Vec<f64>)> = INTERACTIONS.iter().map(|(name, _)| (*name, Vec::new())).collect();
    for round in 0..ROUNDS {
        for ((_, script), (_, times)) in INTERACTIONS.iter().zip(&mut rows) {
            times.push(interact(&browser, script, round));
        }
    }
    reset(&browser);
    rows.extend(changes(&browser));
    let mut all = Vec::new();
    for (name, times) in &rows {
        println!("  {name:<28} median {:>5.0} ms, longest {:>5.0} ms", median(times), quantile(times, 1.0));
        all.extend(times);
    }
    println!(
        "  {:<28} {:>12.0} ms  (goal: 50 ms or less; {} interactions)",
        "95 of 100 take at most",
        quantile(&all, 0.95),
        all.len()
    );
    println!("  {:<28} {:>12.0} ms", "longest task in all of it", longest_task(&browser));

    generate(&browser);
    let most = page_memory();
    browser.devtools("HeapProfiler.collectGarbage", json!({}));
    println!(
        "  {:<28} {:>12.0} MB  (goal: 150 MB or less; private memory of the page's process; {most:.0} MB with what waits to be collected)",
        "memory after all that",
        page_memory()
    );
    println!(
        "  KeyStore Explorer: not among Debian's packages, not on PyPI and not on npm; its start is not measured."
    );
    drop(browser);
    checks::tell();
}

fn start(server: &Server) -> Browser {
    let browser = Browser::start(Kind::Chromium);
    browser.resize(1280, 900);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    browser.run(TIMED, vec![]);
    browser
}

/// Opens the keystore in a tab of its own; returns the milliseconds from the password until the list is painted.
fn open(browser: &Browser, content: &[u8]) -> f64 {
    // The panes have come.
    browser.click(&id("new-key"));
    browser.wait_for(&id("new-key-form"));
    browser.drop_and_look(&[("store.jks", content)]);
    browser.wait_for(&id("entry-password"));
    let script = "
        type(at('entry-password'), arguments[0]);
        const looked = await timed(() => at('entry-password-submit').click(), () => !at('entry-password') && at('found-panel').dataset.busy !== 'true');
        const opened = await timed(() => at('store-open').click(), () => document.querySelectorAll('[data-testid=\"entry-row\"]').length > 0);
        return looked + opened;";
    browser.run_async(script, vec![json!(PASSWORD)]).as_f64().unwrap()
}

fn interact(browser: &Browser, script: &str, round: usize) -> f64 {
    let script = format!("const round = arguments[0]; {script}");
    browser.run_async(&script, vec![json!(round)]).as_f64().unwrap()
}

/// As the list was in the beginning.
fn reset(browser: &Browser) {
    browser.run("at('palette').hidePopover?.(); at('bulk-clear')?.click();", vec![]);
    browser.wait_until_gone(&id("bulk"));
}

/// Gives an entry a new name, then takes that back and does it again.
fn changes(browser: &Browser) -> Vec<(&'static str, Vec<f64>)> {
    let alias = browser.wait_for(&id("entry-row")).attribute("data-alias").to_owned();
    browser.open_entry(&alias);
    browser.press("F2");
    browser.fill(&id("rename-alias"), "renamed");
    browser.press("Enter");
    browser.wait_for(&id_with("entry-pane", "data-alias", "renamed"));
    browser.go_to_keystore();
    // It stays among the rows that are drawn.
    browser.fill(&id("list-search"), "rename");
    let mut rows = CHANGES.map(|(name, _)| (name, Vec::new()));
    for round in 0..ROUNDS {
        for ((_, script), (_, times)) in CHANGES.iter().zip(&mut rows) {
            times.push(interact(browser, script, round));
        }
    }
    browser.fill(&id("list-search"), "");
    rows.into()
}

/// Makes an RSA key, and says how long the page was busy at a time meanwhile.
fn generate(browser: &Browser) {
    browser.run("longTasks.length = 0", vec![]);
    let begun = Instant::now();
    browser.make_key("bench-rsa", "rsa_4096");
    println!(
        "  {:<28} {:>12.0} ms  (goal: none over 100 ms; RSA with 4096 bits, {:.1} s)",
        "longest task meanwhile",
        longest_task(browser),
        begun.elapsed().as_secs_f64()
    );
}

/// Milliseconds of the longest task; 0 if none took 50.
fn longest_task(browser: &Browser) -> f64 {
    browser.run("return Math.max(0, ...longTasks)", vec![]).as_f64().unwrap()
}

/// Megabytes that the page's process, the largest renderer of this program's browser, has for itself.
fn page_memory() -> f64 {
    let processes: Vec<(u32, u32, String)> = fs::read_dir("/proc")
        .unwrap()
        .flatten()
        .filter_map(|entry| {
            let process = entry.file_name().to_str()?.parse().ok()?;
            let stat = fs::read_to_string(entry.path().join("stat")).ok()?;
            // Behind the name, which may hold anything: state and parent.
            let parent = stat.rsplit_once(')')?.1.split_whitespace().nth(1)?.parse().ok()?;
            let command = fs::read(entry.path().join("cmdline")).ok()?;
            Some((process, parent, String::from_utf8_lossy(&command).into_owned()))
        })
        .collect();
    let mut ours = vec![std::process::id()];
    let mut at = 0;
    while let Some(parent) = ours.get(at).copied() {
        ours.extend(processes.iter().filter(|(_, of, _)| *of == parent).map(|(process, ..)| *process));
        at += 1;
    }
    let renderers = processes
        .iter()
        .filter(|(process, _, command)| ours.contains(process) && command.contains("--type=renderer"));
    let private = renderers.map(|(process, ..)| {
        let rollup = fs::read_to_string(format!("/proc/{process}/smaps_rollup")).unwrap_or_default();
        let sum: u64 = rollup
            .lines()
            .filter(|line| line.starts_with("Private_"))
            .filter_map(|line| line.split_whitespace().nth(1)?.parse::<u64>().ok())
            .sum();
        sum as f64 / 1024.0
    });
    private.fold(f64::NAN, f64::max)
}

/// The smallest value that so many of all do not exceed.
fn quantile(values: &[f64], share: f64) -> f64 {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    let place = (sorted.len() as f64 * share).ceil() as usize;
    sorted.get(place.saturating_sub(1)).copied().unwrap_or(f64::NAN)
}

//! What a program can check of the page as Lighthouse does: that it can be installed, that everybody can use it, and good practice. Chromium itself
//! is asked where it has an answer (whether the page can be installed, issues, deprecated features); axe-core looks at the elements.

use std::fmt::Write as _;

use certwright_tests::browser::{Browser, Kind};
use certwright_tests::page::id;
use certwright_tests::program::Server;
use serde_json::{Value, json};

use crate::first_load::fetch;

/// A check: its group, what should be so, and what is instead if it is not.
type Check = (&'static str, &'static str, Option<String>);

/// What scripts in the page find; each item is a group, a name, and null or what is wrong.
const IN_PAGE: &str = r#"
    const checks = [];
    const check = (group, name, wrong) => checks.push([group, name, wrong ? String(wrong) : null]);
    const all = (selector) => Array.from(document.querySelectorAll(selector));
    const outer = (elements) => elements.map((element) => element.outerHTML.slice(0, 120)).join(' | ');
    const meta = (name) => document.querySelector(`meta[name="${name}"]`)?.content;
    const address = document.querySelector('link[rel="manifest"]')?.href;
    const manifest = address ? await (await fetch(address)).json() : {};
    const missing = ['name', 'short_name', 'start_url', 'display', 'theme_color', 'background_color', 'icons'].filter((key) => !manifest[key]);
    check('install', 'the manifest has names, start, display, colours and icons', missing.join(', '));
    const icon = async (size, purpose) => {
        const found = (manifest.icons ?? []).find((icon) => icon.sizes === size && (icon.purpose ?? 'any').includes(purpose));
        if (!found) return `no icon ${size} ${purpose}`;
        const image = await createImageBitmap(await (await fetch(new URL(found.src, address))).blob());
        return `${image.width}x${image.height}` === size ? '' : `${found.src} is ${image.width}x${image.height}`;
    };
    for (const [size, purpose] of [['192x192', 'any'], ['512x512', 'any'], ['512x512', 'maskable']]) {
        check('install', `its icon ${size} for ${purpose} is what it says`, await icon(size, purpose));
    }
    check('install', 'a theme colour is named', !meta('theme-color') && 'none');
    check('install', 'there is an icon for Apple', !document.querySelector('link[rel="apple-touch-icon"]') && 'none');
    const registration = await navigator.serviceWorker.ready;
    check('install', 'a service worker is active', registration.active?.state !== 'activated' && registration.active?.state);

    check('good practice', 'HTML as by its standard', document.compatMode !== 'CSS1Compat' && document.compatMode);
    const source = await (await fetch('/')).text();
    check('good practice', 'the character set stands in the first 1024 octets', !/<meta charset="?utf-8/i.test(source.slice(0, 1024)) && 'it does not');
    check('good practice', 'the width is that of the device, and can be zoomed', (!/width=device-width/.test(meta('viewport') ?? '') || /user-scalable=no|maximum-scale/.test(meta('viewport'))) && meta('viewport'));
    check('good practice', 'title, description and language', !(document.title && meta('description') && document.documentElement.lang) && 'one is missing');
    check('good practice', 'the place is trusted (HTTPS or this machine)', !isSecureContext && location.href);
    const foreign = performance.getEntriesByType('resource').map((entry) => new URL(entry.name)).filter((url) => url.origin !== location.origin && url.protocol.startsWith('http'));
    check('good practice', 'nothing is asked of other places', foreign.join(', '));
    const plain = all('a[target="_blank"]').filter((link) => !/noopener|noreferrer/.test(link.rel));
    check('good practice', 'links to new windows leave no way back', outer(plain));
    check('good practice', 'images have their size and a text', outer(all('img').filter((image) => !image.hasAttribute('alt') || !(image.width && image.height))));
    check('good practice', 'images are shown in their shape', outer(all('img').filter((image) => image.naturalWidth && Math.abs(image.width / image.height - image.naturalWidth / image.naturalHeight) > 0.05)));
    const ids = all('[id]').map((element) => element.id);
    check('good practice', 'ids are unique', ids.filter((id, place) => ids.indexOf(id) !== place).join(', '));
    return checks;"#;

/// What is asked of the page at 400 pixels, on the page that is shown.
const NARROW: &str = r#"
    const shown = (element) => element.checkVisibility() && element.getClientRects().length > 0;
    const words = [];
    for (const element of document.querySelectorAll('body *')) {
        const own = Array.from(element.childNodes).some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim());
        if (own && shown(element) && parseFloat(getComputedStyle(element).fontSize) < 11) words.push(element);
    }
    const small = Array.from(document.querySelectorAll('button, input:not([type=hidden]), select, summary, a[href]')).filter((element) => {
        // What lies within words is as high as its line, and a box with a label is as large as that.
        if (!shown(element) || getComputedStyle(element).display === 'inline' || element.closest('label') || element.matches('.word, .link')) return false;
        const box = element.getBoundingClientRect();
        return box.width > 1 && (box.width < 24 || box.height < 24);
    });
    const outer = (elements) => elements.map((element) => element.outerHTML.slice(0, 120)).join(' | ') || null;
    return [outer(words), outer(small), document.documentElement.scrollWidth > innerWidth ? `${document.documentElement.scrollWidth} pixels` : null];"#;

/// Checks and prints the groups, and each check that says no.
pub(crate) fn tell() {
    println!("\nchecks by script, as Lighthouse makes them");
    let checks = run();
    let mut groups: Vec<&str> = checks.iter().map(|(group, ..)| *group).collect();
    groups.dedup();
    for group in groups {
        let of: Vec<&Check> = checks.iter().filter(|(in_group, ..)| *in_group == group).collect();
        let passed = of.iter().filter(|(.., wrong)| wrong.is_none()).count();
        let mut line = format!("  {group:<28} {passed:>5} of {}", of.len());
        for (_, name, wrong) in of {
            if let Some(wrong) = wrong {
                let _ = write!(line, "\n    not so: {name}: {wrong}");
            }
        }
        println!("{line}");
    }
}

/// With a server of its own, which goes in the end.
fn run() -> Vec<Check> {
    let server = Server::start();
    let browser = Browser::start(Kind::Chromium);
    browser.resize(1280, 900);
    browser.open_page(&format!("http://127.0.0.1:{}/", server.port()));
    browser.run_async("await navigator.serviceWorker.ready", vec![]);
    let mut checks: Vec<Check> = Vec::new();
    let found = browser.run_async(IN_PAGE, vec![]);
    for item in found.as_array().unwrap() {
        let text = |place: usize| item[place].as_str().map(str::to_owned);
        let group = if text(0).unwrap() == "install" { "install" } else { "good practice" };
        checks.push((group, text(1).unwrap().leak(), text(2)));
    }
    let errors = browser.devtools("Page.getInstallabilityErrors", json!({}));
    checks.push(("install", "Chromium would install it", none(&errors["installabilityErrors"])));
    let manifest = browser.devtools("Page.getAppManifest", json!({}));
    checks.push(("install", "Chromium finds no mistake in the manifest", none(&manifest["errors"])));

    let answer = fetch(server.port(), "/");
    let head = String::from_utf8_lossy(&answer).into_owned();
    let head = head.split("\r\n\r\n").next().unwrap_or_default().to_ascii_lowercase();
    let has = |name: &str, wish: fn(&str) -> bool| {
        let value = head.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(": "));
        value.filter(|value| wish(value)).is_none().then(|| value.unwrap_or("not there").to_owned())
    };
    let strict = |value: &str| {
        !value.contains("'unsafe-inline'")
            && !value.contains("'unsafe-eval'")
            && value.contains("default-src")
    };
    checks.push((
        "good practice",
        "a strict content security policy",
        has("content-security-policy", strict),
    ));
    checks.push((
        "good practice",
        "types are not guessed",
        has("x-content-type-options", |value| value == "nosniff"),
    ));
    checks.push((
        "good practice",
        "nothing is told to other sites of where one was",
        has("referrer-policy", |value| value.contains("no-referrer")),
    ));
    checks.push((
        "good practice",
        "answers are compressed",
        has("content-encoding", |value| value == "br" || value == "gzip"),
    ));

    for (page, button) in [
        ("keystore", "nav-keystore"),
        ("jobs", "nav-jobs"),
        ("inspect", "nav-inspect"),
        ("probe", "nav-probe"),
    ] {
        browser.resize(1280, 900);
        browser.click(&id(button));
        browser.wait_for(&id(&format!("{page}-page")));
        let violations = browser.violations();
        let wrong = violations.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
        checks.push((
            "accessibility",
            format!("axe-core finds nothing on {page}").leak(),
            Some(wrong).filter(|wrong| !wrong.is_empty()),
        ));
        browser.resize(400, 800);
        let narrow = browser.run(NARROW, vec![]);
        let text = |place: usize| narrow[place].as_str().map(str::to_owned);
        checks.push((
            "accessibility",
            format!("words on {page} are 11 pixels high or more at 400 pixels").leak(),
            text(0),
        ));
        checks.push((
            "accessibility",
            format!("what is touched on {page} is 24 by 24 pixels or more").leak(),
            text(1),
        ));
        checks.push(("accessibility", format!("{page} fits into 400 pixels").leak(), text(2)));
    }
    let console = browser.console();
    let console: Vec<&String> =
        console.iter().filter(|line| line.starts_with("SEVERE") || line.contains("deprecat")).collect();
    checks.push(("good practice", "nothing wrong or deprecated on the console", none(&json!(console))));

    // The way to the server is gone; the page is there all the same.
    assert!(server.stop(), "the server does not end when it is asked to");
    browser.reload();
    browser.wait_until_ready();
    checks.push(("install", "it starts without its server", None));
    checks.sort_by_key(|(group, ..)| *group);
    checks
}

fn none(list: &Value) -> Option<String> {
    let is_empty = list.as_array().is_none_or(Vec::is_empty);
    (!is_empty).then(|| list.to_string())
}

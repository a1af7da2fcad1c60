//! Real browsers through WebDriver, with calls that wait and say what they waited for.
//!
//! A test drives one browser, one step after another, so every call here blocks. Chromium reports each request and each line
//! of its console; Firefox reports neither.

use std::cell::Cell;
use std::fmt;
use std::future::Future;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use base64ct::{Base64, Encoding};
use fantoccini::elements::Element;
use fantoccini::error::CmdError;
use fantoccini::wd::{WebDriverCompatibleCommand, WindowHandle};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Map, Value, json};
use tempfile::TempDir;
use tokio::runtime::Runtime;

use crate::process::{Process, free_port, program_path, target, wait_until};

/// How long anything in the page may take that is not told otherwise.
pub const PATIENCE: Duration = Duration::from_secs(20);

/// Which browser.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Chromium, through chromedriver.
    Chromium,
    /// Firefox, through geckodriver.
    Firefox,
}

/// A running browser with one window, at first 1280 by 900.
pub struct Browser {
    // Dropped in this order: the session, then the driver with its browser, then the folders.
    kind: Kind,
    runtime: Runtime,
    client: Option<Client>,
    _driver: Process,
    downloads: TempDir,
    _profile: Option<TempDir>,
    /// Whether clicks and typing are done by scripts.
    quick: Cell<bool>,
}

impl Browser {
    /// Starts a browser with a profile of its own.
    pub fn start(kind: Kind) -> Self {
        Self::start_in(kind, "en")
    }

    /// The same, whose user prefers these languages (`de-AT,de`).
    pub fn start_in(kind: Kind, languages: &str) -> Self {
        let profile = tempfile::tempdir().unwrap();
        let mut browser = Self::launch(kind, profile.path(), languages);
        browser._profile = Some(profile);
        browser
    }

    /// Starts a browser with a profile that other browsers may have had before.
    ///
    /// # Panics
    /// If browser or driver are missing or do not start.
    pub fn start_with_profile(kind: Kind, profile: &Path) -> Self {
        Self::launch(kind, profile, "en")
    }

    fn launch(kind: Kind, profile: &Path, languages: &str) -> Self {
        let downloads = tempfile::tempdir().unwrap();
        let runtime =
            tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        let port = free_port();
        let (program, capabilities) = match kind {
            Kind::Chromium => (program_path("chromedriver"), chromium(profile, downloads.path(), languages)),
            Kind::Firefox => {
                let named = std::env::var_os("GECKODRIVER").map(PathBuf::from);
                (
                    named.unwrap_or_else(|| program_path("geckodriver")),
                    firefox(profile, downloads.path(), languages),
                )
            }
        };
        let mut command = Command::new(program);
        match kind {
            Kind::Chromium => command.arg(format!("--port={port}")),
            Kind::Firefox => {
                command.args(["--port", &port.to_string(), "--websocket-port", &free_port().to_string()])
            }
        };
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
        let mut driver = Process::start(&mut command);
        driver.wait_for_port(port, PATIENCE);
        let client = runtime.block_on(async {
            let mut builder = ClientBuilder::new(HttpConnector::new());
            let address = format!("http://127.0.0.1:{port}");
            let session = builder.capabilities(capabilities).connect(&address);
            tokio::time::timeout(Duration::from_secs(60), session).await
        });
        let client = client
            .expect("the browser starts in good time")
            .unwrap_or_else(|error| panic!("{kind:?}: {error}"));
        let browser = Self {
            kind,
            runtime,
            client: Some(client),
            _driver: driver,
            downloads,
            _profile: None,
            quick: Cell::new(false),
        };
        if kind == Kind::Chromium {
            // Without this, a headless Chromium throws downloads away.
            let wanted = json!({ "behavior": "allow", "downloadPath": browser.downloads.path() });
            browser.devtools("Browser.setDownloadBehavior", wanted);
        }
        browser.resize(1280, 900);
        browser
    }

    /// Which browser it is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// From now on clicks and typing are done by scripts, or by the browser's own input again. Scripts are ten times as fast, for tests that do a thousand
    /// things; they, too, click on nothing that something lies over.
    pub fn set_quick(&self, quick: bool) {
        self.quick.set(quick);
    }

    /// Whether clicks and typing are done by scripts.
    pub fn is_quick(&self) -> bool {
        self.quick.get()
    }

    /// Opens an address.
    pub fn open(&self, address: &str) {
        self.wait("a page", self.client().goto(address)).unwrap_or_else(|error| panic!("{address}: {error}"));
    }

    /// The tab that commands go to.
    pub fn window(&self) -> WindowHandle {
        self.wait("its window", self.client().window()).unwrap()
    }

    /// Opens an address in a new tab, to which commands go from then on.
    pub fn open_tab(&self, address: &str) -> WindowHandle {
        let opened = self.wait("a new tab", self.client().new_window(true)).unwrap();
        let window = opened.handle;
        self.switch_to(&window);
        // A size belongs to a tab.
        self.resize(1280, 900);
        self.open(address);
        window
    }

    /// Sends commands to another tab from now on.
    pub fn switch_to(&self, window: &WindowHandle) {
        self.wait("another tab", self.client().switch_to_window(window.clone())).unwrap();
    }

    /// Closes the tab that commands go to.
    pub fn close_tab(&self) {
        self.wait("closing a tab", self.client().close_window()).unwrap();
    }

    /// Loads the page again. A question whether to leave it is answered with yes.
    pub fn reload(&self) {
        self.allow_leaving("the reload", self.client().refresh());
    }

    /// Goes to the empty page, past a question whether to leave.
    pub fn leave(&self) {
        self.allow_leaving("the empty page", self.client().goto("about:blank"));
    }

    /// Goes back to the page before.
    pub fn back(&self) {
        self.wait("the page before", self.client().back()).unwrap();
    }

    /// Sets the size of the page, in CSS pixels. Firefox has windows no narrower than 450.
    pub fn resize(&self, width: u32, height: u32) {
        if self.kind == Kind::Chromium {
            // Chromium has windows no narrower than 500, and can show the page as on a narrower device.
            let size = json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": false });
            self.devtools("Emulation.setDeviceMetricsOverride", size);
            return;
        }
        let frame = self.run("return [outerWidth - innerWidth, outerHeight - innerHeight]", vec![]);
        let frame =
            |index: usize| u32::try_from(frame[index].as_i64().unwrap_or_default()).unwrap_or_default();
        self.wait("a size", self.client().set_window_size(width + frame(0), height + frame(1))).unwrap();
    }

    /// Makes the user one who prefers dark pages, or light ones (Chromium).
    pub fn prefer_dark(&self, dark: bool) {
        let value = if dark { "dark" } else { "light" };
        let wish = json!({ "features": [{ "name": "prefers-color-scheme", "value": value }] });
        self.devtools("Emulation.setEmulatedMedia", wish);
    }

    /// Runs JavaScript: the body of a function, whose arguments are `arguments`.
    ///
    /// # Panics
    /// If it throws.
    pub fn run(&self, script: &str, arguments: Vec<Value>) -> Value {
        self.wait("a script", self.client().execute(script, arguments))
            .unwrap_or_else(|error| panic!("{script}: {error}"))
    }

    /// Runs JavaScript that ends later: the body of an async function, whose arguments are `arguments`.
    ///
    /// # Panics
    /// If it throws, or does not end.
    pub fn run_async(&self, script: &str, arguments: Vec<Value>) -> Value {
        let script = format!(
            "const done = arguments[arguments.length - 1];
             (async function () {{ {script} }}).apply(null, arguments).then((value) => done([true, value]), (error) => done([false, String(error)]));"
        );
        let ended = self.wait("a script", self.client().execute_async(&script, arguments));
        let ended = ended.unwrap_or_else(|error| panic!("{script}: {error}"));
        assert!(ended[0] == true, "{script}: {ended}");
        ended[1].clone()
    }

    /// The first element that a CSS selector finds now.
    pub fn find(&self, selector: &str) -> Option<Element> {
        match self.wait("an element", self.client().find(Locator::Css(selector))) {
            Ok(element) => Some(element),
            Err(error) if error.is_no_such_element() => None,
            Err(error) => panic!("{selector}: {error}"),
        }
    }

    /// Carries out a WebDriver call, with a limit.
    pub fn wait<T>(&self, what: &str, call: impl Future<Output = T>) -> T {
        let limited = async { tokio::time::timeout(PATIENCE + Duration::from_secs(20), call).await };
        self.runtime.block_on(limited).unwrap_or_else(|_| panic!("the browser does not answer: {what}"))
    }

    /// Drops files on the page, as a user drags them in from a file manager.
    pub fn drop_files(&self, files: &[(&str, &[u8])]) {
        let files: Vec<Value> =
            files.iter().map(|(name, content)| json!([name, Base64::encode_string(content)])).collect();
        self.run(
            "const transfer = new DataTransfer();
             for (const [name, content] of arguments[0]) {
                 const bytes = Uint8Array.from(atob(content), (c) => c.charCodeAt(0));
                 transfer.items.add(new File([bytes], name));
             }
             for (const kind of ['dragenter', 'dragover', 'drop']) {
                 const event = new DragEvent(kind, { dataTransfer: transfer, bubbles: true, cancelable: true });
                 document.body.dispatchEvent(event);
             }",
            vec![json!(files)],
        );
    }

    /// Waits for a downloaded file and takes it away, so that the next of the same name is a new one.
    pub fn take_download(&self, name: &str) -> Vec<u8> {
        let file = self.downloads.path().join(name);
        wait_until(&format!("the download of {name}"), PATIENCE, || {
            let begun = || std::fs::read_dir(self.downloads.path()).unwrap().flatten();
            let is_partial = |name: &str| name.ends_with(".crdownload") || name.ends_with(".part");
            let is_whole = begun().all(|entry| !is_partial(&entry.file_name().to_string_lossy()));
            let content = std::fs::read(&file).ok().filter(|content| is_whole && !content.is_empty())?;
            std::fs::remove_file(&file).ok().map(|()| content)
        })
    }

    /// Names of the files in the folder of downloads.
    pub fn downloads(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.downloads.path()).unwrap().flatten();
        entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
    }

    /// Takes a picture of the window into `screenshots/NAME.png` in the target folder; returns the file.
    pub fn picture(&self, name: &str) -> PathBuf {
        let image = self.wait("a picture", self.client().screenshot()).unwrap();
        let folder = target().join("screenshots");
        std::fs::create_dir_all(&folder).unwrap();
        let file = folder.join(format!("{name}.png"));
        std::fs::write(&file, image).unwrap();
        file
    }

    /// The lines of the console and of the browser about this page, `LEVEL MESSAGE`, each once (Chromium).
    pub fn console(&self) -> Vec<String> {
        let entries = self.log("browser");
        let line = |entry: &Value| {
            Some(format!("{} {}", entry.get("level")?.as_str()?, entry.get("message")?.as_str()?))
        };
        entries.iter().filter_map(line).collect()
    }

    /// From now on the page notes what goes wrong in it, until it is loaded again: Firefox does not tell its console.
    pub fn watch_errors(&self) {
        self.run(
            "window.noted = [];
             const note = (...what) => window.noted.push(what.map(String).join(' '));
             console.error = note;
             addEventListener('error', (event) => note(event.message));
             addEventListener('unhandledrejection', (event) => note(event.reason));",
            vec![],
        );
    }

    /// What went wrong since [`Self::watch_errors`] and, in Chromium, all that the console calls severe.
    pub fn errors(&self) -> Vec<String> {
        let mut errors: Vec<String> = Vec::new();
        if self.kind == Kind::Chromium {
            errors.extend(self.console().into_iter().filter(|line| line.starts_with("SEVERE")));
        }
        let noted = self.run("return window.noted ?? []", vec![]);
        errors.extend(
            noted.as_array().into_iter().flatten().map(|line| line.as_str().unwrap_or_default().to_owned()),
        );
        errors
    }

    /// The network addresses of all requests since the last call: page, workers, WebSockets (Chromium). The browser's own pages
    /// and what is in memory already are left out.
    pub fn requested_addresses(&self) -> Vec<String> {
        let entries = self.log("performance");
        let address = |entry: &Value| {
            let message: Value = serde_json::from_str(entry.get("message")?.as_str()?).ok()?;
            let message = message.get("message")?;
            let parameters = message.get("params")?;
            let address = match message.get("method")?.as_str()? {
                "Network.requestWillBeSent" => parameters.get("request")?.get("url")?,
                "Network.webSocketCreated" => parameters.get("url")?,
                _ => return None,
            };
            Some(address.as_str()?.to_owned())
        };
        let is_local = |address: &String| {
            ["chrome:", "data:", "blob:", "about:"].iter().any(|kind| address.starts_with(kind))
        };
        entries.iter().filter_map(address).filter(|address| !is_local(address)).collect()
    }

    /// Everything that the page's origin keeps in this browser, as bytes: IndexedDB, local and session storage, caches, cookies.
    pub fn stored(&self) -> Vec<u8> {
        let dump = self.run_async(
            "const parts = [document.cookie, JSON.stringify(localStorage), JSON.stringify(sessionStorage)];
             const bytes = [];
             const take = (value) => {
                 if (value instanceof ArrayBuffer) value = new Uint8Array(value);
                 if (ArrayBuffer.isView(value)) {
                     const view = new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
                     let text = '';
                     for (const byte of view) text += String.fromCharCode(byte);
                     bytes.push(btoa(text));
                 } else if (value !== null && typeof value === 'object') {
                     for (const [name, inner] of Object.entries(value)) { parts.push(name); take(inner); }
                 } else parts.push(String(value));
             };
             const ended = (request) => new Promise((resolve, reject) => {
                 request.onsuccess = () => resolve(request.result);
                 request.onerror = () => reject(request.error);
             });
             for (const { name } of await indexedDB.databases()) {
                 const database = await ended(indexedDB.open(name));
                 for (const store of database.objectStoreNames) {
                     const transaction = database.transaction(store);
                     for (const value of await ended(transaction.objectStore(store).getAll())) take(value);
                     for (const key of await ended(transaction.objectStore(store).getAllKeys())) take(key);
                 }
                 database.close();
             }
             // The page's own files, which its service worker keeps, are nobody's data.
             const own = (name) => name.startsWith('certwright-');
             for (const name of globalThis.caches ? await caches.keys() : []) {
                 if (!own(name)) parts.push('cache ' + name);
                 else for (const { url } of await (await caches.open(name)).keys()) {
                     if (new URL(url).pathname.startsWith('/api/')) parts.push('cached ' + url);
                 }
             }
             return [parts.join(' '), bytes];",
            vec![],
        );
        let mut all = dump[0].as_str().unwrap_or_default().as_bytes().to_vec();
        for text in dump[1].as_array().into_iter().flatten().filter_map(Value::as_str) {
            all.extend(Base64::decode_vec(text).unwrap());
        }
        all
    }

    /// What the user would paste now (Chromium).
    pub fn clipboard(&self) -> String {
        let allowed = json!({ "permissions": ["clipboardReadWrite", "clipboardSanitizedWrite"] });
        self.devtools("Browser.grantPermissions", allowed);
        let text = self.run_async("return await navigator.clipboard.readText();", vec![]);
        text.as_str().unwrap_or_default().to_owned()
    }

    /// Says a command of the DevTools protocol (Chromium).
    pub fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        self.issue("goog/cdp/execute", body).unwrap_or_else(|error| panic!("{command}: {error}"))
    }

    /// The client, for what is not here.
    pub fn client(&self) -> &Client {
        self.client.as_ref().expect("the browser runs until it is dropped")
    }

    fn log(&self, kind: &str) -> Vec<Value> {
        let log = self
            .issue("se/log", json!({ "type": kind }))
            .unwrap_or_else(|error| panic!("log {kind}: {error}"));
        log.as_array().cloned().unwrap_or_default()
    }

    fn issue(&self, path: &'static str, body: Value) -> Result<Value, CmdError> {
        self.wait(path, self.client().issue_cmd(Extension { path, body }))
    }

    fn allow_leaving(&self, what: &str, call: impl Future<Output = Result<(), CmdError>>) {
        let result = self.wait(what, call);
        if self.wait("a question", self.client().get_alert_text()).is_ok() {
            self.wait("an answer", self.client().accept_alert()).unwrap();
        } else if let Err(error) = result {
            panic!("{what}: {error}");
        }
    }
}

impl Drop for Browser {
    fn drop(&mut self) {
        if let Some(client) = self.client.take() {
            // A session that does not end is ended with its driver.
            let closed = async { tokio::time::timeout(Duration::from_secs(10), client.close()).await };
            let begun = Instant::now();
            let _ = self.runtime.block_on(closed);
            if begun.elapsed() > Duration::from_secs(5) {
                eprintln!("closing the browser took {:?}", begun.elapsed());
            }
        }
    }
}

impl fmt::Debug for Browser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Browser").field("downloads", &self.downloads.path()).finish_non_exhaustive()
    }
}

/// A command of a driver's own.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &url::Url, session: Option<&str>) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (http::Method, Option<String>) {
        (http::Method::POST, Some(self.body.to_string()))
    }
}

fn chromium(profile: &Path, downloads: &Path, languages: &str) -> Map<String, Value> {
    let arguments = [
        "--headless=new",
        // Tests run as root in containers, where Chromium's sandbox cannot be set up.
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        // Chromium on its own talks to its makers; there is no network here, and none of it is wanted.
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--disable-domain-reliability",
        "--disable-features=OptimizationHints,MediaRouter,Translate",
    ];
    let mut arguments: Vec<String> = arguments.map(str::to_owned).to_vec();
    arguments.push(format!("--user-data-dir={}", profile.display()));
    let options = json!({
        "binary": program_path("chromium"),
        "args": arguments,
        "prefs": {
            "intl.accept_languages": languages,
            "download.default_directory": downloads,
            "download.prompt_for_download": false,
            "profile.default_content_setting_values.automatic_downloads": 1,
        },
        "perfLoggingPrefs": { "enableNetwork": true, "enablePage": false },
    });
    let capabilities = json!({
        "browserName": "chrome",
        "goog:chromeOptions": options,
        "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        // A question whether to leave the page is answered by the test, which wants to see it.
        "unhandledPromptBehavior": "ignore",
    });
    capabilities.as_object().cloned().unwrap_or_default()
}

fn firefox(profile: &Path, downloads: &Path, languages: &str) -> Map<String, Value> {
    let esr = program_path("firefox-esr");
    let options = json!({
        "binary": if esr.is_file() { esr } else { program_path("firefox") },
        "args": ["-headless", "-profile", profile],
        "prefs": {
            "intl.accept_languages": languages,
            "browser.download.folderList": 2,
            "browser.download.dir": downloads,
            "browser.download.useDownloadDir": true,
            "browser.download.alwaysOpenPanel": false,
            "browser.download.always_ask_before_handling_new_types": false,
            "browser.helperApps.neverAsk.saveToDisk":
                "application/pkcs10,application/x-pkcs12,application/x-pkcs7-certificates,application/x-pem-file,application/octet-stream",
            "datareporting.policy.dataSubmissionEnabled": false,
            "network.captive-portal-service.enabled": false,
            "network.connectivity-service.enabled": false,
        },
    });
    let capabilities = json!({
        "browserName": "firefox",
        "moz:firefoxOptions": options,
        "unhandledPromptBehavior": "ignore",
    });
    capabilities.as_object().cloned().unwrap_or_default()
}

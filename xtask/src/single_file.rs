//! `cargo xtask single-file`: the page as one file, which opens from disk without a server (`target/certwright.html`).
//!
//! It is made of `dist/`: the same Wasm and the same scripts, compressed, as text. A page of a file may load nothing beside it, so the module of the chunks
//! is written into the page's own, and the worker is started from a Blob. There is no service worker, and no manifest. The policy that the server says in a
//! header stands in the page: scripts and styles by their hashes, no connection to anywhere.

use std::fmt::Write as _;
use std::fs;
use std::path::{Path, PathBuf};

use base64ct::{Base64, Encoding};
use sha2::{Digest, Sha256};

use crate::page;
use crate::paths;
use crate::step::{Outcome, step};

const FILE: &str = "certwright.html";
/// Where the page takes its German texts from, and the element that has them here (`web/app/src/language.rs`).
const TEXTS: (&str, &str) = ("texts-de.txt", "texts-de");

/// Has the browser read what stands packed in the page, by the id of its element.
const UNPACK: &str = r#"
const unpack = (id) => {
    const octets = Uint8Array.from(atob(document.getElementById(id).textContent), (each) => each.charCodeAt(0));
    return new Response(new Blob([octets]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
};
"#;

/// Starts the page: the worker's script is a Blob, which holds its Wasm too, since it has no way to ask for it. Chromium does not let a worker of a file start
/// another one from the Blob that it was itself started from, so it makes one of its own for the key generator.
const START: &str = r#"
const part = (id) => document.getElementById(id).textContent;
const generator = `${part("worker-script")}
const octets = Uint8Array.from(atob("${part("worker-wasm")}"), (each) => each.charCodeAt(0));
new Response(new Blob([octets]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer()
    .then((module_or_path) => wasm_bindgen({ module_or_path }));`;
const session = `const generator = ${JSON.stringify(generator)};
self.Worker = class extends Worker {
    constructor(_, options) {
        super(URL.createObjectURL(new Blob([generator], { type: "text/javascript" })), options);
    }
};
${generator}`;
const meta = document.createElement("meta");
meta.name = "certwright-worker";
meta.content = URL.createObjectURL(new Blob([session], { type: "text/javascript" }));
document.head.append(meta);
await __wbg_init({ module_or_path: await unpack("app-wasm") });
"#;

/// Builds the page, and makes the file of it.
pub(crate) fn single_file() -> Outcome {
    page::build()?;
    step("single file", || {
        let html = make(&Files::read(&paths::dist())?)?;
        let place = place();
        fs::write(&place, &html).map_err(|error| format!("{}: {error}", place.display()))?;
        println!("    {}: {} KB", place.display(), html.len().div_ceil(1000));
        Ok(())
    })
}

/// Where the file lies.
pub(crate) fn place() -> PathBuf {
    paths::target().join(FILE)
}

/// The files of the built page.
struct Files(Vec<(String, Vec<u8>)>);

impl Files {
    fn read(dist: &Path) -> Outcome<Self> {
        let told = |error: std::io::Error| format!("{}: {error}", dist.display());
        let mut files = Vec::new();
        for entry in fs::read_dir(dist).map_err(told)? {
            let path = entry.map_err(told)?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
            // The guide's pictures, in a folder of their own, would make up a good part of the file; their descriptions stand in their place.
            if path.is_file() && !name.ends_with(".br") && !name.ends_with(".gz") {
                files.push((name, fs::read(&path).map_err(told)?));
            }
        }
        files.sort();
        Ok(Self(files))
    }

    /// The one file whose name begins and ends so.
    fn find(&self, begin: &str, end: &str) -> Outcome<(&str, &[u8])> {
        let mut found = self.0.iter().filter(|(name, _)| name.starts_with(begin) && name.ends_with(end));
        match (found.next(), found.next()) {
            (Some((name, content)), None) => Ok((name, content)),
            _ => Err(format!("the page has not one file `{begin}…{end}`")),
        }
    }

    fn text(&self, begin: &str, end: &str) -> Outcome<(&str, &str)> {
        let (name, content) = self.find(begin, end)?;
        let text = std::str::from_utf8(content).map_err(|_| format!("{name} is no text"))?;
        // In HTML these would end a script, or hide its end.
        if text.contains("</script") || text.contains("<!--") {
            return Err(format!("{name} cannot stand in a page as it is"));
        }
        Ok((name, text))
    }
}

fn make(files: &Files) -> Outcome<String> {
    let (app_wasm, app_octets) = files.find("certwright-app-", "_bg.wasm")?;
    let (_, worker_octets) = files.find("worker_bg-", ".wasm")?;
    let (_, style) = files.text("style-", ".css")?;
    let (_, worker) = files.text("worker-", ".js")?;
    let (_, mark) = files.find("mark-", ".svg")?;
    let (_, html) = files.find("index", ".html")?;
    let html = std::str::from_utf8(html).map_err(|_| "index.html is no text")?;
    let program = script(files)?;

    let mut data = String::new();
    let packed = |id: &str, octets: &[u8]| -> Outcome<String> {
        let small = page::gzip(octets).map_err(|error| error.to_string())?;
        Ok(format!(
            "<script type=application/octet-stream id={id}>{}</script>",
            Base64::encode_string(&small)
        ))
    };
    data += &packed("app-wasm", app_octets)?;
    data += &packed("worker-wasm", worker_octets)?;
    for (name, octets) in &files.0 {
        if name.ends_with(".wasm") && name != app_wasm && !name.starts_with("worker") {
            data += &packed(name, octets)?;
        }
    }
    let _ = write!(data, "<script type=text/plain id=worker-script>{worker}</script>");
    if let Ok((_, texts)) = files.text(TEXTS.0, "") {
        let _ = write!(data, "<script type=text/plain id={}>{texts}</script>", TEXTS.1);
    }

    let policy = format!(
        "default-src 'none'; script-src 'wasm-unsafe-eval' '{}'; style-src '{}'; img-src data: blob:; worker-src blob:; base-uri 'none'; form-action 'none'",
        hash(&program),
        hash(style)
    );
    let icon = Base64::encode_string(mark);
    let head = format!(
        "<meta http-equiv=Content-Security-Policy content=\"{policy}\"><link rel=icon href=\"data:image/svg+xml;base64,{icon}\"><style>{style}</style>"
    );
    let bare = without_loading(html)?;
    // Where Trunk minifies, it leaves out the tag that begins the head.
    let (before, after) = match bare.split_once("<head>") {
        Some(parts) => parts,
        None => {
            let begin = bare.find("<html").ok_or("index.html has no beginning")?;
            let end =
                bare.get(begin..).and_then(|rest| rest.find('>')).ok_or("index.html has no beginning")?;
            bare.split_at(begin + end + 1)
        }
    };
    // The policy first, so that it holds for all that follows; it cannot come before the encoding is said, which has to be near the beginning.
    let (content, tail) = after.rsplit_once("</body>").ok_or("index.html has no end of its body")?;
    Ok(format!(
        "{before}<head><meta charset=utf-8>{head}{content}{data}<script type=module>{program}</script></body>{tail}"
    ))
}

/// The page's scripts as one module.
fn script(files: &Files) -> Outcome<String> {
    let (_, program) = files.text("certwright-app-", ".js")?;
    let (link_name, link) = files.text("link-", ".js")?;
    let mut names = Vec::new();
    let mut chunks = String::new();
    for line in link.lines().filter(|line| !line.starts_with("import ")) {
        let line = match line.strip_prefix("export const ") {
            Some(rest) => {
                names.extend(rest.split_once(' ').map(|(name, _)| name));
                format!("const {rest}")
            }
            None => line.to_owned(),
        };
        chunks.push_str(&line);
        chunks.push('\n');
    }
    let mut whole = UNPACK.to_owned();
    // What the module of the chunks takes for the browser's own reads what stands in the page.
    let _ = write!(
        whole,
        "const chunks = ((fetch, WebAssembly) => {{\n{chunks}return {{ {} }};\n}})(async (url) => unpack(url.pathname.split(\"/\").pop()), {{\n    instantiateStreaming: async (octets, imports) => WebAssembly.instantiate(await octets, imports),\n}});\n",
        names.join(", ")
    );
    for line in program.lines() {
        if let Some((name, _)) = line.strip_prefix("import * as ").and_then(|rest| rest.split_once(" from "))
        {
            if !line.contains(link_name) {
                return Err(format!("the page's script wants more than its chunks: {line}"));
            }
            let _ = writeln!(whole, "const {name} = chunks;");
        } else if !line.starts_with("export ") {
            whole.push_str(line);
            whole.push('\n');
        }
    }
    whole.push_str(START);
    Ok(whole)
}

/// The page without what loads something: links, the worker's name, and the script that Trunk put in.
fn without_loading(html: &str) -> Outcome<String> {
    let mut bare = String::new();
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        let (text, tag) = rest.split_at(at);
        bare.push_str(text);
        let end = if tag.starts_with("<script") {
            tag.find("</script>").map(|at| at + "</script>".len())
        } else if ["<link ", "<meta name=certwright-worker", "<meta charset"]
            .iter()
            .any(|start| tag.starts_with(start))
        {
            tag.find('>').map(|at| at + 1)
        } else {
            bare.push('<');
            rest = tag.get(1..).unwrap_or_default();
            continue;
        };
        let end = end.ok_or("index.html has a tag without an end")?;
        rest = tag.get(end..).unwrap_or_default();
    }
    bare.push_str(rest);
    Ok(bare)
}

fn hash(text: &str) -> String {
    format!("sha256-{}", Base64::encode_string(&Sha256::digest(text.as_bytes())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn files(index: &str) -> Files {
        let link = "import { initSync } from \"./certwright-app-1.js\";\nlet a;\nexport const load_many = wrap(fetch(new URL(\"./many-1.wasm\", import.meta.url)));";
        let program = "import * as import1 from \"./link-1.js\"\nfunction __wbg_init() {}\nexport { __wbg_init as default };";
        Files(
            [
                ("certwright-app-1.js", program),
                ("certwright-app-1_bg.wasm", "main"),
                ("index.html", index),
                ("link-1.js", link),
                ("many-1.wasm", "many"),
                ("mark-1.svg", "<svg/>"),
                ("style-1.css", "a{}"),
                ("sw.js", "x"),
                ("worker-1.js", "w"),
                ("worker_bg-1.wasm", "worker"),
                ("worker_loader-1.js", "l"),
            ]
            .map(|(name, text)| (name.to_owned(), text.as_bytes().to_vec()))
            .into(),
        )
    }

    #[test]
    fn all_stands_in_the_page_and_nothing_is_loaded() {
        let index = "<!doctype html><html><head><meta charset=utf-8><link rel=modulepreload href=/link-1.js><meta name=certwright-worker content=/w.js>\
            <script type=module>import init from '/certwright-app-1.js'</script></head><body><div id=app>starting</div></body></html>";
        let html = make(&files(index)).unwrap();
        for gone in ["href=/", "content=/", "from '/", "import *", "export ", "sw.js"] {
            assert!(!html.contains(gone), "{gone}: {html}");
        }
        for there in [
            "<style>a{}</style>",
            "id=many-1.wasm>",
            "id=app-wasm>",
            "id=worker-wasm>",
            "const import1 = chunks;",
            "return { load_many };",
            "<div id=app>starting</div>",
        ] {
            assert!(html.contains(there), "{there}: {html}");
        }
        let program = html.split_once("<script type=module>").unwrap().1.split_once("</script>").unwrap().0;
        assert!(html.contains(&hash(program)), "{html}");
    }

    #[test]
    fn a_file_that_would_end_its_script_is_refused() {
        let mut files = files("<html><head></head><body></body></html>");
        files.0[0].1 = b"'</script>'".to_vec();
        assert!(make(&files).is_err());
    }
}

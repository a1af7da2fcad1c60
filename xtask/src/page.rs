//! Builds the page with Trunk, splits it into chunks, compresses what the server may send compressed, and does none of it if nothing has changed.
//!
//! The result is `dist/`: the files as Trunk left them, the page's Wasm in chunks, a service worker, the style sheets joined, and `NAME.br` and `NAME.gz` beside each that gets smaller by it. A stamp
//! in the target folder holds a fingerprint of everything that went in; a page whose stamp fits is not built again.

mod offline;
mod split;

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use crate::paths;
use crate::step::{Outcome, run, step};
use crate::texts;
use crate::tools::{self, BuildTools};

/// Name endings of files that are worth compressing.
const COMPRESSIBLE: [&str; 9] = ["html", "js", "mjs", "css", "wasm", "svg", "json", "webmanifest", "txt"];

/// How a file is compressed, and how the result is called beside it.
const COMPRESSIONS: [(&str, Compress); 2] = [(".br", brotli), (".gz", gzip)];
type Compress = fn(&[u8]) -> io::Result<Vec<u8>>;

/// What the page is made of, beside the versions of the tools. Tests are no part of it.
const INPUTS: [&str; 10] = [
    "web",
    "crates",
    "texts",
    "docs/guide.md",
    "docs/guide.de.md",
    "docs/pictures",
    "Cargo.toml",
    "Cargo.lock",
    "Trunk.toml",
    ".cargo/config.toml",
];

/// Builds `dist/` if its inputs have changed, or if it is not what was built of them; returns whether it was built.
pub(crate) fn build() -> Outcome<bool> {
    texts::write_page_table()?;
    let (root, stamp) = (paths::root(), paths::target().join("page.stamp"));
    let made_of = fingerprint(&root, &INPUTS, &tools::build_versions()?)?;
    // Another target folder may have put its own page there.
    let state = || Outcome::Ok(format!("{made_of}{}", fingerprint(&root, &["dist"], "")?));
    if paths::dist().join("index.html").is_file()
        && fs::read_to_string(&stamp).is_ok_and(|old| state().is_ok_and(|state| state == old))
    {
        println!("==> page: unchanged");
        return Ok(false);
    }
    let tools = BuildTools::ensure()?;
    // Not `page`: that is where Cargo keeps what the profile of that name is built with.
    let built = paths::target().join("trunk");
    step("page: trunk", || trunk(&tools, &built))?;
    step("page: chunks", || split::split(&tools, &built))?;
    step("page: offline", || {
        offline::name_worker(&built)?;
        offline::service_worker(&built)
    })?;
    step("page: compression", || publish(&built, &paths::dist()))?;
    fs::write(&stamp, state()?).map_err(|error| format!("{}: {error}", stamp.display()))?;
    Ok(true)
}

fn trunk(tools: &BuildTools, built: &Path) -> Outcome {
    // Trunk empties the folder only when it begins to write, and keeps what an older build left there under other names.
    if built.exists() {
        fs::remove_dir_all(built).map_err(|error| format!("{}: {error}", built.display()))?;
    }
    let mut command = std::process::Command::new("trunk");
    // Trunk takes any value of NO_COLOR but true and false for a mistake on its command line.
    command.current_dir(paths::root()).env("PATH", tools.path()?).env_remove("NO_COLOR");
    command.env(split::ASK, "1");
    command.args(["build", "--release", "--offline", "--dist"]).arg(built);
    run(&mut command)?;
    join_styles(built)
}

/// Puts the style sheets that the page links into one file, in their order: each answer of the server has a head of nearly a
/// kilobyte, and together they compress better.
fn join_styles(built: &Path) -> Outcome {
    let index = built.join("index.html");
    let html = fs::read_to_string(&index).map_err(told(&index))?;
    let (mut joined, mut styles) = (String::new(), String::new());
    let mut place = None;
    let mut rest = html.as_str();
    while let Some((before, link)) = rest.split_once("<link ") {
        let (attributes, after) = link.split_once('>').ok_or("index.html has a link without an end")?;
        joined.push_str(before);
        let value = |name: &str| {
            attributes
                .split_ascii_whitespace()
                .find_map(|word| Some(word.strip_prefix(name)?.trim_matches('"')))
        };
        match value("href=") {
            Some(sheet) if value("rel=") == Some("stylesheet") => {
                let sheet = built.join(sheet.trim_start_matches('/'));
                styles.push_str(&fs::read_to_string(&sheet).map_err(told(&sheet))?);
                fs::remove_file(&sheet).map_err(told(&sheet))?;
                place.get_or_insert(joined.len());
            }
            _ => joined.extend(["<link ", attributes, ">"]),
        }
        rest = after;
    }
    joined.push_str(rest);
    let Some(place) = place else { return Err("Trunk's page links no style sheet".into()) };
    let mut hasher = DefaultHasher::new();
    styles.hash(&mut hasher);
    let name = format!("style-{:016x}.css", hasher.finish());
    joined.insert_str(place, &format!("<link href=/{name} rel=stylesheet>"));
    fs::write(built.join(&name), styles).map_err(told(built))?;
    fs::write(&index, joined).map_err(told(&index))
}

/// Copies the built page to its place, with compressed copies beside; the place changes all at once.
fn publish(built: &Path, dist: &Path) -> Outcome {
    let part = dist.with_extension("part");
    let told = |error: io::Error| format!("{}: {error}", dist.display());
    if part.exists() {
        fs::remove_dir_all(&part).map_err(told)?;
    }
    let (mut plain, mut packed) = (0, 0);
    for file in files_below(built).map_err(told)? {
        let content = fs::read(built.join(&file)).map_err(told)?;
        let place = part.join(&file);
        fs::create_dir_all(place.parent().unwrap_or(&part)).map_err(told)?;
        fs::write(&place, &content).map_err(told)?;
        plain += content.len();
        let mut least = content.len();
        for (ending, compress) in COMPRESSIONS.iter().filter(|_| is_compressible(&file)) {
            let smaller = compress(&content).map_err(told)?;
            if smaller.len() < content.len() {
                least = least.min(smaller.len());
                let mut name = place.clone().into_os_string();
                name.push(ending);
                fs::write(PathBuf::from(name), smaller).map_err(told)?;
            }
        }
        packed += least;
    }
    if !part.join("index.html").is_file() {
        return Err("Trunk left no index.html".into());
    }
    if dist.exists() {
        fs::remove_dir_all(dist).map_err(told)?;
    }
    fs::rename(&part, dist).map_err(told)?;
    println!("    {} KB, compressed {} KB", plain.div_ceil(1000), packed.div_ceil(1000));
    Ok(())
}

/// An error with the place where it happened.
fn told(place: &Path) -> impl Fn(io::Error) -> String {
    let place = place.display().to_string();
    move |error| format!("{place}: {error}")
}

fn is_compressible(file: &Path) -> bool {
    file.extension().is_some_and(|ending| COMPRESSIBLE.iter().any(|known| ending == *known))
}

fn brotli(content: &[u8]) -> io::Result<Vec<u8>> {
    let parameters = brotli::enc::BrotliEncoderParams { quality: 11, lgwin: 22, ..Default::default() };
    let mut compressed = Vec::new();
    brotli::BrotliCompress(&mut &*content, &mut compressed, &parameters)?;
    Ok(compressed)
}

/// Compresses for whoever takes no brotli.
pub(crate) fn gzip(content: &[u8]) -> io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(content)?;
    encoder.finish()
}

/// A text that is the same if and only if versions and files are: of the given files, and of those below the given folders that
/// can be part of the page. It guards against needless work and not against malice, so the standard library's hash is enough;
/// that it may change with the compiler costs one build.
fn fingerprint(root: &Path, places: &[&str], versions: &str) -> Outcome<String> {
    let mut hasher = DefaultHasher::new();
    versions.hash(&mut hasher);
    let mut count = 0usize;
    for name in places {
        let place = root.join(name);
        let told = |error: io::Error| format!("{}: {error}", place.display());
        if place.is_dir() {
            for file in files_below(&place).map_err(told)?.iter().filter(|file| !is_beside_the_page(file)) {
                (name, file, fs::read(place.join(file)).map_err(told)?).hash(&mut hasher);
                count += 1;
            }
        } else if place.is_file() {
            (name, fs::read(&place).map_err(told)?).hash(&mut hasher);
            count += 1;
        }
    }
    Ok(format!("{count} files, {:016x}\n", hasher.finish()))
}

/// Whether a file below `web` or `crates` is no part of the page: tests, and what other builds left there.
fn is_beside_the_page(file: &Path) -> bool {
    file.components()
        .any(|part| ["tests", "dist", "target", "node_modules"].iter().any(|name| part.as_os_str() == *name))
}

/// All files below a folder, as sorted paths relative to it. Hidden ones (an editor's) are left out.
fn files_below(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    let mut open = vec![PathBuf::new()];
    while let Some(relative) = open.pop() {
        for entry in fs::read_dir(folder.join(&relative))? {
            let entry = entry?;
            if entry.file_name().to_string_lossy().starts_with('.') {
                continue;
            }
            let path = relative.join(entry.file_name());
            if entry.file_type()?.is_dir() { open.push(path) } else { files.push(path) }
        }
    }
    files.sort();
    Ok(files)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source_tree() -> tempfile::TempDir {
        let folder = tempfile::tempdir().unwrap();
        for (name, content) in [
            ("Cargo.toml", "[workspace]"),
            ("web/app/src/lib.rs", "//! x"),
            ("crates/a/src/lib.rs", "//! y"),
            ("crates/a/tests/t.rs", "//! z"),
        ] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
        folder
    }

    #[test]
    fn the_fingerprint_follows_sources_and_tools_and_nothing_else() {
        let tree = source_tree();
        let print = || fingerprint(tree.path(), &INPUTS, "trunk 1").unwrap();
        let first = print();
        assert_eq!(first, print());
        assert_ne!(first, fingerprint(tree.path(), &INPUTS, "trunk 2").unwrap());

        fs::write(tree.path().join("crates/a/tests/t.rs"), "//! another test").unwrap();
        fs::create_dir_all(tree.path().join("web/app/dist")).unwrap();
        fs::write(tree.path().join("web/app/dist/index.html"), "built").unwrap();
        assert_eq!(first, print());

        fs::write(tree.path().join("web/app/src/lib.rs"), "//! changed").unwrap();
        let second = print();
        assert_ne!(first, second);
        fs::rename(tree.path().join("web/app/src/lib.rs"), tree.path().join("web/app/src/renamed.rs"))
            .unwrap();
        assert_ne!(second, print());
    }

    #[test]
    fn style_sheets_become_one_in_their_order() {
        let folder = tempfile::tempdir().unwrap();
        let built = folder.path();
        let html = "<head><link href=/m.svg rel=icon><link href=/b.css integrity=x rel=stylesheet><link href=\"/a.css\" rel=\"stylesheet\"><script></script></head>";
        for (name, content) in [("index.html", html), ("a.css", "a{}"), ("b.css", "b{}")] {
            fs::write(built.join(name), content).unwrap();
        }
        join_styles(built).unwrap();
        let files = files_below(built).unwrap();
        let sheet = files.iter().find(|file| file.extension().is_some_and(|ending| ending == "css")).unwrap();
        assert_eq!(files.len(), 2, "{files:?}");
        assert_eq!(fs::read_to_string(built.join(sheet)).unwrap(), "b{}a{}");
        assert_eq!(
            fs::read_to_string(built.join("index.html")).unwrap(),
            format!(
                "<head><link href=/m.svg rel=icon><link href=/{} rel=stylesheet><script></script></head>",
                sheet.display()
            )
        );
        fs::write(built.join("index.html"), "<head></head>").unwrap();
        assert!(join_styles(built).is_err());
    }

    #[test]
    fn a_published_page_has_what_was_built_and_what_gets_smaller_compressed() {
        let folder = tempfile::tempdir().unwrap();
        let (built, dist) = (folder.path().join("built"), folder.path().join("dist"));
        fs::create_dir_all(built.join("fonts")).unwrap();
        let page = "<p>again</p>".repeat(100);
        fs::write(built.join("index.html"), &page).unwrap();
        fs::write(built.join("tiny.js"), "1").unwrap();
        fs::write(built.join("fonts/a.woff2"), "w".repeat(1000)).unwrap();
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("old.js"), "old").unwrap();

        publish(&built, &dist).unwrap();
        let found: Vec<String> =
            files_below(&dist).unwrap().iter().map(|f| f.display().to_string()).collect();
        assert_eq!(found, ["fonts/a.woff2", "index.html", "index.html.br", "index.html.gz", "tiny.js"]);
        let mut unpacked = Vec::new();
        brotli::BrotliDecompress(&mut &*fs::read(dist.join("index.html.br")).unwrap(), &mut unpacked)
            .unwrap();
        assert_eq!(unpacked, page.as_bytes());
        let mut unpacked = String::new();
        let packed = fs::File::open(dist.join("index.html.gz")).unwrap();
        io::Read::read_to_string(&mut flate2::read::GzDecoder::new(packed), &mut unpacked).unwrap();
        assert_eq!(unpacked, page);
    }

    #[test]
    fn a_build_without_a_page_leaves_the_old_one() {
        let folder = tempfile::tempdir().unwrap();
        let (built, dist) = (folder.path().join("built"), folder.path().join("dist"));
        fs::create_dir_all(&built).unwrap();
        fs::create_dir_all(&dist).unwrap();
        fs::write(dist.join("index.html"), "old").unwrap();
        assert!(publish(&built, &dist).is_err());
        assert!(dist.join("index.html").is_file());
    }
}

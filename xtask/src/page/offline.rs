//! What the page needs to open without a server: the service worker (`web/app/assets/sw.js`) with its list of files, and names of the session's worker that
//! carry a hash, so that pages of two builds can be open at once and each gets its own.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::Path;

use super::{files_below, told};
use crate::paths;
use crate::step::Outcome;

/// Where the page learns what its worker is called (`web/app/src/bridge.rs`).
const META: &str = "certwright-worker";
/// The worker's files as Trunk names them: the one that is started first.
const WORKER: [&str; 3] = ["worker_loader.js", "worker.js", "worker_bg.wasm"];

/// Gives the worker's files names with a hash, and tells the page.
pub(super) fn name_worker(built: &Path) -> Outcome {
    let mut hasher = DefaultHasher::new();
    for file in WORKER {
        fs::read(built.join(file)).map_err(told(&built.join(file)))?.hash(&mut hasher);
    }
    let hash = format!("{:016x}", hasher.finish());
    let hashed = |file: &str| match file.split_once('.') {
        Some((stem, ending)) => format!("{stem}-{hash}.{ending}"),
        None => file.to_owned(),
    };
    let [loader, program, wasm] = WORKER;
    let place = built.join(loader);
    let mut text = fs::read_to_string(&place).map_err(told(&place))?;
    for file in [program, wasm] {
        text = text.replace(&format!("/{file}"), &format!("/{}", hashed(file)));
    }
    // Trunk calls it in a way that wasm-bindgen warns of on the console.
    let text =
        text.replace("wasm_bindgen(\"", "wasm_bindgen({module_or_path:\"").replace(".wasm\")", ".wasm\"})");
    fs::write(&place, text).map_err(told(&place))?;
    for file in WORKER {
        fs::rename(built.join(file), built.join(hashed(file))).map_err(told(&built.join(file)))?;
    }
    let index = built.join("index.html");
    let html = fs::read_to_string(&index).map_err(told(&index))?;
    let meta = format!("<meta name={META} content=/{}></head>", hashed(loader));
    fs::write(&index, html.replacen("</head>", &meta, 1)).map_err(told(&index))
}

/// Writes `sw.js` with the list of all files.
pub(super) fn service_worker(built: &Path) -> Outcome {
    let source = paths::root().join("web/app/assets/sw.js");
    let text = fs::read_to_string(&source).map_err(told(&source))?;
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    let mut names = Vec::new();
    for file in files_below(built).map_err(told(built))? {
        let content = fs::read(built.join(&file)).map_err(told(&file))?;
        let name = format!("/{}", file.display());
        (&name, content).hash(&mut hasher);
        // It is kept as "/".
        if name != "/index.html" {
            names.push(format!("{name:?}"));
        }
    }
    let text = text
        .replace("@VERSION@", &format!("{:016x}", hasher.finish()))
        .replace("@FILES@", &format!("[{}]", names.join(", ")));
    fs::write(built.join("sw.js"), text).map_err(told(built))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_worker_is_found_by_its_new_name_and_every_file_is_kept() {
        let folder = tempfile::tempdir().unwrap();
        let built = folder.path();
        for (name, content) in [
            ("index.html", "<head></head>"),
            ("worker_loader.js", "importScripts(\"./worker.js\");wasm_bindgen(\"./worker_bg.wasm\");"),
            ("worker.js", "x"),
            ("worker_bg.wasm", "y"),
        ] {
            fs::write(built.join(name), content).unwrap();
        }
        name_worker(built).unwrap();
        let names: Vec<String> =
            files_below(built).unwrap().iter().map(|file| file.display().to_string()).collect();
        let hash = names[1].strip_prefix("worker-").and_then(|name| name.strip_suffix(".js")).unwrap();
        assert_eq!(names[2..], [format!("worker_bg-{hash}.wasm"), format!("worker_loader-{hash}.js")]);
        let read = |name: &str| fs::read_to_string(built.join(name)).unwrap();
        assert_eq!(
            read(&names[3]),
            format!("importScripts(\"./{}\");wasm_bindgen({{module_or_path:\"./{}\"}});", names[1], names[2])
        );
        assert!(read("index.html").contains(&format!("content=/{}>", names[3])));

        service_worker(built).unwrap();
        let first = read("sw.js");
        assert!(
            first.contains(&format!("[\"/{}\", \"/{}\", \"/{}\"]", names[1], names[2], names[3])),
            "{first}"
        );
        assert!(!first.contains('@'), "{first}");
        fs::remove_file(built.join("sw.js")).unwrap();
        fs::write(built.join("index.html"), "another").unwrap();
        service_worker(built).unwrap();
        assert_ne!(first, read("sw.js"), "another page is another version");
    }
}

//! Splits the page's Wasm into the first download and the chunks that are fetched when they are needed (`web/app/src/lazy.rs`).
//!
//! Trunk has built the page as one piece, whose lazy parts lead nowhere yet. `wasm-split-cli` takes what Cargo linked apart, by its relocations;
//! `wasm-bindgen` then makes the first piece anew, and `wasm-opt` shrinks each. All names carry one hash of all pieces, for they only fit each other.

use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::path::{Path, PathBuf};
use std::process::Command;

use super::{files_below, told};
use crate::paths;
use crate::step::{Outcome, run};
use crate::tools::{BuildTools, WASM_TARGET};

/// The variable that has the page's build script prepare for this.
pub(super) const ASK: &str = "CERTWRIGHT_SPLIT";

/// The program, as Cargo and Trunk name it, and Cargo's profile.
const PROGRAM: &str = "certwright-app";
const PROFILE: &str = "page";
/// What the splitter calls the module that fetches chunks.
const LINK: &str = "__wasm_split.js";

/// What the browsers that we support have, said to wasm-opt, since the sections that would say it are stripped.
const FEATURES: [&str; 7] = [
    "--enable-bulk-memory",
    "--enable-nontrapping-float-to-int",
    "--enable-sign-ext",
    "--enable-mutable-globals",
    "--enable-reference-types",
    "--enable-multivalue",
    "--enable-simd",
];

/// Replaces the page's program in Trunk's output by its pieces.
pub(super) fn split(tools: &BuildTools, built: &Path) -> Outcome {
    let linked = paths::target().join(WASM_TARGET).join(PROFILE).join(PROGRAM).with_extension("wasm");
    let stage = paths::target().join("split");
    if stage.exists() {
        fs::remove_dir_all(&stage).map_err(told(&stage))?;
    }
    fs::create_dir_all(&stage).map_err(told(&stage))?;
    let path = tools.path()?;
    let tool = |program: &str| {
        let mut command = Command::new(program);
        command.current_dir(&stage).env("PATH", &path);
        command
    };
    run(tool("wasm-split-cli").arg(&linked).arg(&stage))?;
    run(tool("wasm-bindgen")
        .args(["main.wasm", "--out-dir", "bound", "--target", "web", "--no-typescript", "--keep-lld-exports"])
        .args(["--no-demangle", "--remove-name-section", "--remove-producers-section"]))?;
    // The first piece under the name by which the others call it.
    fs::rename(stage.join("bound/main_bg.wasm"), stage.join("main.wasm")).map_err(told(&stage))?;
    let mut pieces = Vec::new();
    for file in files_below(&stage).map_err(told(&stage))? {
        if file.extension().is_some_and(|ending| ending == "wasm") {
            let small = stage.join(&file).with_extension("small");
            let mut output = std::ffi::OsString::from("--output=");
            output.push(&small);
            run(tool("wasm-opt").arg(output).args(["-Oz", "--strip-debug"]).args(FEATURES).arg(&file))?;
            pieces.push((file.display().to_string(), fs::read(&small).map_err(told(&small))?));
        }
    }
    let read = |place: PathBuf| fs::read_to_string(&place).map_err(told(&place));
    let (program, link) = (read(stage.join("bound/main.js"))?, read(stage.join(LINK))?);
    place(built, pieces, program, link)
}

/// Puts the pieces under their final names beside `index.html`, and takes Trunk's own away.
fn place(built: &Path, pieces: Vec<(String, Vec<u8>)>, program: String, link: String) -> Outcome {
    let mut hasher = DefaultHasher::new();
    (&pieces, &program, &link).hash(&mut hasher);
    let hash = format!("{:016x}", hasher.finish());
    let name = format!("{PROGRAM}-{hash}");
    let link_name = format!("link-{hash}.js");

    let mut link = link.replace("./main.js", &format!("./{name}.js"));
    for (file, content) in &pieces {
        let file = file.trim_end_matches(".wasm");
        let place = if file == "main" {
            format!("{name}_bg.wasm")
        } else {
            let place = format!("{}-{hash}.wasm", file.trim_start_matches("split_"));
            link = link.replace(&format!("\"./{file}.wasm\""), &format!("\"./{place}\""));
            place
        };
        write(&built.join(place), content)?;
    }
    write(&built.join(&link_name), link.as_bytes())?;
    // The Wasm asks for it by the splitter's name, so that one stays where the imports are handed over.
    let from = |name: &str| format!(" from \"./{name}\"");
    let program =
        program.replace(&from(LINK), &from(&link_name)).replace("main_bg.wasm", &format!("{name}_bg.wasm"));
    write(&built.join(format!("{name}.js")), program.as_bytes())?;

    let index = built.join("index.html");
    let html = fs::read_to_string(&index).map_err(told(&index))?;
    let old = old_name(&html).ok_or("Trunk's index.html names no program")?;
    for ending in [".js", "_bg.wasm"] {
        let file = built.join(format!("{old}{ending}"));
        fs::remove_file(&file).map_err(told(&file))?;
    }
    // The browser need not read the program to learn that it wants this too.
    let html = html.replace(old, &name);
    let (head, rest) = html.split_once("</head>").ok_or("Trunk's index.html has no end of its head")?;
    let preload = format!("<link rel=modulepreload href=/{link_name}>");
    write(&index, [head, &preload, "</head>", rest].concat().as_bytes())
}

/// The name that Trunk gave to the program: `certwright-app-0123456789abcdef`.
fn old_name(html: &str) -> Option<&str> {
    let rest = html.get(html.find(&format!("{PROGRAM}-"))?..)?;
    let end = rest.find(|c: char| c != '-' && !c.is_ascii_alphanumeric())?;
    rest.get(..end)
}

fn write(place: &Path, content: &[u8]) -> Outcome {
    fs::write(place, content).map_err(told(place))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_find_each_other_by_their_new_names() {
        let folder = tempfile::tempdir().unwrap();
        let built = folder.path();
        let old = "certwright-app-00112233aabbccdd";
        for ending in [".js", "_bg.wasm"] {
            fs::write(built.join(format!("{old}{ending}")), "old").unwrap();
        }
        fs::write(
            built.join("index.html"),
            format!("<head><link rel=modulepreload href=/{old}.js></head><script>'/{old}_bg.wasm'</script>"),
        )
        .unwrap();
        let pieces =
            ["main.wasm", "split_many.wasm", "chunk_5.wasm"].map(|name| (name.to_owned(), name.into()));
        place(
            built,
            pieces.to_vec(),
            "import * as a from \"./__wasm_split.js\"; ({ \"./__wasm_split.js\": a }); new URL('main_bg.wasm')".into(),
            "import { initSync } from \"./main.js\"; fetch(\"./split_many.wasm\"); fetch(\"./chunk_5.wasm\")"
                .into(),
        )
        .unwrap();

        let names: Vec<String> =
            files_below(built).unwrap().iter().map(|file| file.display().to_string()).collect();
        let hash =
            names.first().and_then(|name| name.strip_prefix("certwright-app-")?.strip_suffix(".js")).unwrap();
        assert_eq!(
            names,
            [
                format!("certwright-app-{hash}.js"),
                format!("certwright-app-{hash}_bg.wasm"),
                format!("chunk_5-{hash}.wasm"),
                "index.html".to_owned(),
                format!("link-{hash}.js"),
                format!("many-{hash}.wasm"),
            ]
        );
        let read = |name: &str| fs::read_to_string(built.join(name)).unwrap();
        assert_eq!(
            read(&names[4]),
            format!(
                "import {{ initSync }} from \"./{}\"; fetch(\"./{}\"); fetch(\"./{}\")",
                names[0], names[5], names[2]
            )
        );
        assert_eq!(
            read(&names[0]),
            format!(
                "import * as a from \"./{}\"; ({{ \"./__wasm_split.js\": a }}); new URL('{}')",
                names[4], names[1]
            )
        );
        let html = read("index.html");
        assert!(
            html.contains(&format!("href=/{}><link rel=modulepreload href=/{}></head>", names[0], names[4])),
            "{html}"
        );
        assert!(html.contains(&names[1]) && !html.contains(old), "{html}");
    }
}

//! Prepares the page to be split (`src/lazy.rs`) where `cargo xtask build` asks for it. Otherwise, as under `trunk serve` and in tests, the page is one
//! piece and its lazy parts are there at once.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-env-changed=CERTWRIGHT_SPLIT");
    println!("cargo:rustc-check-cfg=cfg(split)");
    if std::env::var_os("CERTWRIGHT_SPLIT").is_some() {
        println!("cargo:rustc-cfg=split");
        // The splitter finds out from the relocations what calls what.
        println!("cargo:rustc-link-arg-bins=--emit-relocs");
    }
}

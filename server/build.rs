//! Builds the binary anew when the page beside it has changed, or has come into being, since the page is embedded.

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    // A debug build reads the page from disk, so it need not look. Where the folder is missing cargo takes it for changed each
    // time, which is what a release build without a page should do.
    if std::env::var("PROFILE").is_ok_and(|profile| profile == "release") {
        println!("cargo:rerun-if-changed=../dist");
    }
}

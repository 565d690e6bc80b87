//! The canonical form over the documents that ship.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

use flow_model::{canonical, document};

#[test]
fn templates_are_canonical() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../templates");
    let mut seen = 0;
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.to_string_lossy().ends_with(".flow.json") {
            let text = std::fs::read_to_string(&path).unwrap();
            let document = document::read(&text).unwrap();
            assert_eq!(canonical::text(&document.tree), text, "{}", path.display());
            seen += 1;
        }
    }
    assert!(seen > 0, "no template found");
}

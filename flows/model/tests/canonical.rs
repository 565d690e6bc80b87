//! The canonical form over the documents that ship.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::disallowed_methods,
    reason = "a test stops where something is not as it should be, and its cases are files"
)]

use flow_model::tree::{Json, compact};
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

#[test]
fn texts_are_escaped_only_where_they_must_be() {
    let long = "é".repeat(40) + &"z".repeat(40);
    for (text, wanted) in [
        ("", r#""""#),
        ("plain", r#""plain""#),
        ("\"", r#""\"""#),
        ("a\\b", r#""a\\b""#),
        ("\n\r\t\u{8}\u{c}\u{0}\u{1f}", r#""\n\r\t\b\f\u0000\u001f""#),
        ("\u{7f}\u{80}\u{2028}🙂/", "\"\u{7f}\u{80}\u{2028}🙂/\""),
        ("fifteen letters\"and on", r#""fifteen letters\"and on""#),
        ("sixteen letters!\nand on", r#""sixteen letters!\nand on""#),
    ] {
        assert_eq!(compact(&Json::text(text)), wanted);
        let after = format!("{long}{text}{long}");
        assert_eq!(compact(&Json::text(after)), format!("\"{long}{}{long}\"", &wanted[1..wanted.len() - 1]));
    }
}

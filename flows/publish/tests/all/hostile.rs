//! Texts that would like to be markup, script or a formula stay texts.

use flow_model::diff::{Op, apply};
use flow_model::document::{Document, read};
use flow_model::flow;
use flow_model::tree::Json;
use flow_publish::deck::texts;
use flow_publish::page::{Wanted, page};
use flow_publish::register::{csv, html, rows};

use super::markup::stands_alone;
use super::{TEMPLATES, checked, conversations, open};

const HOSTILE: [&str; 12] = [
    "<script>alert(1)</script>",
    "</style></script><img src=x onerror=alert(1)>",
    "\"><svg onload=alert(1)>",
    "' autofocus onfocus='alert(1)",
    "=HYPERLINK(\"http://example.com\")",
    "@SUM(1+1)*cmd|' /C calc'!A0",
    "\u{202e}txet lortnoc \u{2066}and isolates",
    "nul \0 and \u{1b} and \u{85} and \u{fffe}",
    "<!-- comment --> <![CDATA[ x ]]> &amp; &lt;",
    "שלום עולם — مرحبا",
    "line\r\nline\rline\u{2028}end",
    "]]><script>//",
];

/// Names that no template declares a meaning for: every text is as hostile as the next.
fn hostile(text: &str, word: &str) -> Document {
    let mut tree = read(text).unwrap().tree;
    let mut diff: Vec<Op> =
        texts(&tree).into_iter().map(|text| Op::Set { path: text.path, value: Json::text(word), at: None }).collect();
    for id in tree.get("nodes").unwrap().entries().iter().map(|(id, _)| id.clone()) {
        for key in ["title", "why", "owner"] {
            let path = vec!["nodes".to_owned(), id.clone(), key.to_owned()];
            diff.push(Op::Set { path, value: Json::text(word), at: None });
        }
    }
    for key in ["title", "description", "why", "owner", "locale", "x_date"] {
        diff.push(Op::Set { path: vec![key.to_owned()], value: Json::text(word), at: None });
    }
    apply(&mut tree, &diff).unwrap();
    let flow = flow::read(&tree);
    Document { tree, flow, problems: Vec::new() }
}

#[test]
fn hostile_texts_stay_texts() {
    for (name, text, lines) in TEMPLATES {
        let mut some = conversations(lines);
        some.truncate(3);
        let wanted = Wanted { conversations: some, ..Wanted::default() };
        let plain = stands_alone(&page(&checked(&read(text).unwrap()), &wanted));
        for word in HOSTILE {
            let document = hostile(text, word);
            let seen = stands_alone(&page(&checked(&document), &wanted));
            let kinds = |seen: &super::markup::Seen| {
                let mut kinds = seen.elements.clone();
                kinds.sort();
                kinds.dedup();
                kinds
            };
            assert_eq!(kinds(&seen), kinds(&plain), "{name}: {word:?} makes other elements");
            let register = rows(&document, &open, &[]);
            stands_alone(&html(&register));
            cells_are_harmless(&csv(&register), name);
        }
    }
}

fn cells_are_harmless(bytes: &[u8], name: &str) {
    for line in csv::ReaderBuilder::new().has_headers(false).from_reader(&bytes[3..]).into_records() {
        for cell in &line.unwrap() {
            assert!(!cell.starts_with(['=', '+', '-', '@', '\t', '\r']), "{name}: {cell:?}");
        }
    }
}

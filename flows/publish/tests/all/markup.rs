//! What a real parser of HTML says of a page.

use html5ever::tendril::TendrilSink;
use html5ever::{ParseOpts, parse_document};
use markup5ever_rcdom::{Handle, NodeData, RcDom};

/// What a page is made of.
#[derive(Debug, Default)]
pub struct Seen {
    /// Names of elements, in order.
    pub elements: Vec<String>,
    /// Names and values of attributes.
    pub attributes: Vec<(String, String)>,
    /// All text outside of style and script.
    pub text: String,
}

/// Parses a page and fails where the parser finds a fault.
pub fn seen(page: &str) -> Seen {
    let dom = parse_document(RcDom::default(), ParseOpts::default()).one(page);
    let faults = dom.errors.borrow();
    assert!(faults.is_empty(), "{faults:?}");
    let mut seen = Seen::default();
    walk(&dom.document, &mut seen);
    seen
}

fn walk(node: &Handle, seen: &mut Seen) {
    match &node.data {
        NodeData::Element { name, attrs, .. } => {
            seen.elements.push(name.local.to_string());
            for attribute in attrs.borrow().iter() {
                seen.attributes.push((attribute.name.local.to_string(), attribute.value.to_string()));
            }
            if matches!(&*name.local, "style" | "script") {
                return;
            }
        }
        NodeData::Text { contents } => seen.text.push_str(&contents.borrow()),
        _ => {}
    }
    for child in node.children.borrow().iter() {
        walk(child, seen);
    }
}

/// Fails where a page asks for anything from elsewhere, or acts by anything but its own script.
pub fn stands_alone(page: &str) -> Seen {
    let seen = seen(page);
    assert!(page.contains("default-src 'none'") || page.contains("default-src &#39;none&#39;"));
    for (name, value) in &seen.attributes {
        assert!(!name.starts_with("on"), "{name}=\"{value}\"");
        if matches!(name.as_str(), "src" | "href" | "action" | "srcset" | "data" | "poster") {
            assert!(value.starts_with('#'), "{name}=\"{value}\"");
        }
    }
    for forbidden in ["iframe", "object", "embed", "link", "img", "form", "base"] {
        assert!(!seen.elements.iter().any(|name| name == forbidden), "{forbidden}");
    }
    assert!(seen.elements.iter().filter(|name| *name == "script").count() <= 1);
    let mut ids: Vec<&String> = seen.attributes.iter().filter(|(n, _)| n == "id").map(|(_, v)| v).collect();
    let all = ids.len();
    ids.sort();
    ids.dedup();
    assert_eq!(ids.len(), all, "an id stands twice");
    seen
}

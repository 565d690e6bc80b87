//! The reason of every rule: each `why` of the document with what it stands at, and the switched-off checks with theirs.

use flow_model::document::Document;
use flow_model::tree::Json;

use crate::html::Html;
use crate::places::{self, plain, quoted};
use crate::spoken::condition;

/// The table of reasons.
pub(super) fn section(html: &mut Html, document: &Document) {
    let mut found = Vec::new();
    collect(&document.tree, &mut Vec::new(), &mut found);
    if found.is_empty() {
        html.leaf("p", &[], "The flow gives no reasons.");
        return;
    }
    html.element("div", &[("class", "scroll")], |html| {
        html.element("table", &[], |html| {
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for head in ["Rule", "What it says", "Why"] {
                        html.leaf("th", &[("scope", "col")], head);
                    }
                });
            });
            html.element("tbody", &[], |html| {
                for (path, why) in &found {
                    html.line();
                    html.element("tr", &[], |html| {
                        html.words("th", &[("scope", "row")], &place(document, path));
                        html.words("td", &[], &rule(document, path));
                        html.words("td", &[], why);
                    });
                }
            });
        });
    });
}

fn collect(json: &Json, path: &mut Vec<String>, found: &mut Vec<(Vec<String>, String)>) {
    match json {
        Json::Map(entries) => {
            for (key, value) in entries {
                match value {
                    Json::Text(why) if key == "why" && !why.trim().is_empty() => {
                        found.push((path.clone(), why.clone()))
                    }
                    _ => {
                        path.push(key.clone());
                        collect(value, path, found);
                        path.pop();
                    }
                }
            }
        }
        Json::List(items) => {
            for (i, item) in items.iter().enumerate() {
                path.push(i.to_string());
                collect(item, path, found);
                path.pop();
            }
        }
        _ => {}
    }
}

fn place(document: &Document, path: &[String]) -> String {
    let flow = &document.flow;
    let steps: Vec<&str> = path.iter().map(String::as_str).collect();
    let number = |index: &str| index.parse::<usize>().map_or_else(|_| plain(index), |i| (i + 1).to_string());
    match steps.as_slice() {
        [] => "The flow".to_owned(),
        ["nodes", id] => format!("Card {}", quoted(&places::node(flow, id))),
        ["nodes", id, "checks", code] => format!("Card {}, check {code}", quoted(&places::node(flow, id))),
        ["nodes", id, rest @ ..] => {
            let rest: Vec<String> = rest.iter().map(|step| number(step)).collect();
            format!("Card {}, {}", quoted(&places::node(flow, id)), rest.join(" "))
        }
        ["triggers", id] => format!("Trigger {}", quoted(&places::trigger(flow, id))),
        ["triggers", id, "checks", code] => format!("Trigger {}, check {code}", quoted(&places::trigger(flow, id))),
        [kind, id, rest @ ..] => {
            let title = document.tree.at(&[kind, id]).and_then(|e| e.get("title")).and_then(Json::as_text);
            let name = title.map_or_else(|| plain(id), str::to_owned);
            let rest: Vec<String> = rest.iter().map(|step| number(step)).collect();
            let rest = if rest.is_empty() { String::new() } else { format!(", {}", rest.join(" ")) };
            format!("{} {}{rest}", one_of(kind), quoted(&name))
        }
        [other] => plain(other),
    }
}

fn one_of(kind: &str) -> String {
    let one = match kind {
        "classes" => "Class",
        "hours" => "Hours",
        other => return capital(&plain(other.strip_suffix('s').unwrap_or(other))),
    };
    one.to_owned()
}

fn capital(word: &str) -> String {
    let mut chars = word.chars();
    chars.next().map_or_else(String::new, |first| first.to_uppercase().chain(chars).collect())
}

/// What the rule says, where it says it in a condition or a few words.
fn rule(document: &Document, path: &[String]) -> String {
    let Some(entry) = document.tree.at(path) else { return String::new() };
    let text = |key: &str| entry.get(key).and_then(Json::as_text);
    if let Some(when) = text("when") {
        return condition(&document.flow, when);
    }
    if let [nodes, id] = path
        && nodes == "nodes"
        && let Some(node) = document.flow.nodes.get(id.as_str())
    {
        return super::drawing::substance(&document.flow, node);
    }
    text("severity").or(text("description")).unwrap_or("").to_owned()
}

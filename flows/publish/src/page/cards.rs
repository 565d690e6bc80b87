//! Every card in words: the second body of the drawing, for readers, screen readers and paper.

use flow_model::document::Document;
use flow_model::flow::{Kind, Node};
use flow_model::tree::Json;

use crate::html::Html;
use crate::places;
use crate::ways;

/// The list of cards.
pub(super) fn section(html: &mut Html, document: &Document) {
    let flow = &document.flow;
    html.element("div", &[("class", "cards")], |html| {
        for (id, node) in &flow.nodes {
            html.line();
            let here = format!("card-{id}");
            let attributes = [("id", here.as_str()), ("class", "card"), ("data-card", id), ("tabindex", "-1")];
            html.element("article", &attributes, |html| {
                html.element("h3", &[], |html| {
                    html.leaf("span", &[("class", "kind")], places::kind(node));
                    html.text(" ");
                    html.bdi(&places::node(flow, id));
                    html.text(" ");
                    html.leaf("code", &[], id);
                });
                if let Some(why) = document.tree.at(&["nodes", id, "why"]).and_then(Json::as_text) {
                    html.words("p", &[("class", "why")], why);
                }
                words(html, node, &super::drawing::substance(flow, node));
                exits(html, document, id, node);
            });
        }
    });
}

fn words(html: &mut Html, node: &Node, substance: &str) {
    let said = matches!(node.kind, Kind::Message(_) | Kind::Ask(_));
    match &node.kind {
        Kind::Handoff(n) => {
            html.element("p", &[], |html| {
                html.text("To ");
                html.bdi(substance);
                html.text(": ");
                html.text(places::mode(n.mode));
                html.text(".");
            });
            if let Some(say) = &n.say {
                html.words("p", &[("class", "said")], say);
            }
        }
        _ if !substance.is_empty() => html.words("p", &[("class", if said { "said" } else { "" })], substance),
        _ => {}
    }
}

fn exits(html: &mut Html, document: &Document, id: &str, node: &Node) {
    let exits = node.exits();
    if exits.is_empty() {
        return;
    }
    html.element("ol", &[("class", "exits")], |html| {
        for exit in exits {
            html.element("li", &[], |html| {
                html.bdi(&ways::port(&document.flow, id, &exit.port));
                html.text(" → ");
                let to = format!("#card-{}", exit.to);
                html.element("a", &[("href", &to), ("data-node", exit.to)], |html| {
                    html.bdi(&places::node(&document.flow, exit.to));
                });
            });
        }
    });
}

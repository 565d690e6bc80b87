//! The page for people who decide over a flow and do not draw it: one file with the flow, its register, conversations that
//! can be played, the ways of data and the reason of every rule. Nothing is fetched, and the same flow gives the same bytes.

mod cards;
mod data;
mod drawing;
mod played;
mod sequence;
mod whys;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_handoff::Keys;
use flow_model::document::Document;
use flow_model::tree::Json;

use crate::hours::counted;
use crate::html::{Html, Shell};
use crate::register::{self, Register, STYLE};
use crate::tried;

pub use played::MOST as MOST_CONVERSATIONS;

const SCRIPT: &str = include_str!("page.js");

/// What a page is made of beside the flow.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// The conversations that can be played: the first of them are.
    pub conversations: Vec<Conversation>,
    /// How many at the most; [`MOST_CONVERSATIONS`] without.
    pub most: Option<usize>,
    /// A date that the page names; without, that of the flow's `x_date`, else none.
    pub date: Option<String>,
    /// For hashes of classified data.
    pub keys: Keys,
}

/// A flow as it is shown.
struct Shown<'a> {
    checked: &'a Checked,
    document: &'a Document,
    register: &'a Register,
    played: &'a [played::Played],
    left: usize,
    date: Option<String>,
}

/// The page.
#[must_use]
pub fn page(checked: &Checked, wanted: &Wanted) -> String {
    let document =
        Document { tree: checked.tree().clone(), flow: checked.flow().as_ref().clone(), problems: Vec::new() };
    let open = |id: &str| -> Option<Result<Document, Vec<flow_model::Problem>>> { called(checked, id).map(Ok) };
    let mut tried = tried::replayed(checked, &wanted.conversations);
    for one in &mut tried {
        one.id = flow_handoff::Veil::new(&checked.flow().id, &one.id, Vec::new(), &wanted.keys).id();
    }
    let register = register::rows(&document, &open, &tried);
    let most = wanted.most.unwrap_or(MOST_CONVERSATIONS).min(wanted.conversations.len());
    let played = played::all(checked, &wanted.conversations[..most], &wanted.keys);
    let of_flow = document.tree.get("x_date").and_then(Json::as_text).map(str::to_owned);
    let shown = Shown {
        checked,
        document: &document,
        register: &register,
        left: wanted.conversations.len() - played.len(),
        played: &played,
        date: wanted.date.clone().or(of_flow),
    };
    let title = register.title.clone();
    Shell { language: &register.locale, title: &title, style: STYLE, script: SCRIPT }.page(|html| shown.body(html))
}

fn help(document: &Document) -> String {
    let lanes = if document.flow.tiers.is_empty() { "" } else { ", L to see the tiers as lanes" };
    format!("Drag to move, roll or press + and − to zoom, 0 to see all{lanes}; click a card to read it below.")
}

/// A called flow, wherever in the chain of calls.
fn called(checked: &Checked, id: &str) -> Option<Document> {
    if let Some(found) = checked.subflow(id) {
        let (tree, flow) = (found.tree().clone(), found.flow().as_ref().clone());
        return Some(Document { tree, flow, problems: Vec::new() });
    }
    checked.subflows().find_map(|(_, flow)| called(flow, id))
}

impl Shown<'_> {
    fn body(&self, html: &mut Html) {
        html.element("a", &[("class", "skip"), ("href", "#register")], |html| html.text("Skip to the register"));
        self.head(html);
        html.element("main", &[], |html| {
            section(html, "flow", "The flow", |html| {
                drawing::draw(html, self.document);
                html.leaf("p", &[("class", "note only-screen")], &help(self.document));
            });
            section(html, "register", "Every way to a person", |html| register::table(html, self.register, true));
            section(html, "conversations", "Conversations", |html| played::section(html, self.played, self.left));
            section(html, "data", "What data goes where, and why", |html| data::section(html, self.document));
            section(html, "reasons", "The reason of every rule", |html| whys::section(html, self.document));
            section(html, "cards", "Every card in words", |html| cards::section(html, self.document));
        });
    }

    fn head(&self, html: &mut Html) {
        let flow = &self.document.flow;
        html.element("header", &[], |html| {
            html.words("h1", &[], &self.register.title);
            if let Some(text) = &flow.description {
                html.words("p", &[("class", "lead")], text);
            }
            if let Some(why) = self.document.tree.get("why").and_then(Json::as_text) {
                html.words("p", &[], why);
            }
            html.element("p", &[("class", "note")], |html| {
                let mut facts = vec![
                    format!("Revision {}", self.checked.revision()),
                    counted(i64::try_from(flow.nodes.len()).unwrap_or(i64::MAX), "card"),
                ];
                facts.extend(self.date.clone());
                facts.extend(self.document.tree.get("owner").and_then(Json::as_text).map(|o| format!("Owner: {o}")));
                html.bdi(&facts.join(" · "));
            });
            html.element("nav", &[("aria-label", "Parts of this page")], |html| {
                for (id, words) in [
                    ("flow", "Flow"),
                    ("register", "Register"),
                    ("conversations", "Conversations"),
                    ("data", "Data"),
                    ("reasons", "Reasons"),
                    ("cards", "Cards"),
                ] {
                    html.leaf("a", &[("href", &format!("#{id}"))], words);
                }
            });
        });
    }
}

fn section(html: &mut Html, id: &str, title: &str, inside: impl FnOnce(&mut Html)) {
    html.line();
    let heading = format!("{id}-title");
    html.element("section", &[("id", id), ("aria-labelledby", &heading)], |html| {
        html.leaf("h2", &[("id", &heading)], title);
        inside(html);
    });
}

//! The register: one row for every way in which a conversation comes to a person. Rows say in words what the flow says in
//! conditions, and name the places of the document where each cell can be edited.

mod cells;
mod edits;
mod html;
mod json;
mod sheet;

use flow_check::Open;
use flow_model::Flow;
use flow_model::document::Document;
use flow_model::flow::{Handoff, Kind, Trigger};
use flow_model::tree::Json;

use crate::places;
use crate::spoken::condition;
use crate::tried::Tried;
use crate::ways::{Edge, Ways};

pub use edits::Edit;
pub use html::html;
pub(crate) use html::{STYLE, table};
pub use json::json;
pub use sheet::csv;

/// How deep called flows are looked into, as runs do (`docs/format.md`, called flows).
const DEPTH: usize = 25;

/// Every way to a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Register {
    /// Id of the flow.
    pub flow: String,
    /// Title of the flow, or its id.
    pub title: String,
    /// Language of the texts.
    pub locale: String,
    /// The ways, handoff by handoff in document order, triggers before edges.
    pub rows: Vec<Row>,
}

/// What kind of way it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Way {
    /// A trigger, from anywhere.
    Trigger,
    /// An edge of a card that is no handoff.
    Edge,
    /// Another person passes it on.
    Escalation,
    /// The wait elsewhere is too long.
    Overflow,
    /// A waiting customer's turn.
    Turn,
    /// Elsewhere nobody is there, or the request fails.
    Fallback,
    /// After another handoff.
    HandBack,
    /// Nothing leads there.
    Nothing,
}

impl Way {
    /// As the JSON writes it.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Trigger => "trigger",
            Self::Edge => "edge",
            Self::Escalation => "escalation",
            Self::Overflow => "overflow",
            Self::Turn => "turn",
            Self::Fallback => "fallback",
            Self::HandBack => "hand-back",
            Self::Nothing => "nothing",
        }
    }

    fn of(flow: &Flow, edge: &Edge<'_>) -> Self {
        if !matches!(flow.nodes.get(edge.from).map(|node| &node.kind), Some(Kind::Handoff(_))) {
            return Self::Edge;
        }
        match edge.port.split(['[', '.']).next().unwrap_or("") {
            "escalated" => Self::Escalation,
            "overflow" => Self::Overflow,
            "turns" => Self::Turn,
            "timeout" | "closed" | "failed" => Self::Fallback,
            _ => Self::HandBack,
        }
    }
}

/// A reason as the person receives it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reason {
    /// Its name, as in `handoff.reasons`.
    pub name: String,
    /// What people read.
    pub title: String,
    /// When it is one, in words; none where the way itself is the reason.
    pub when: Option<String>,
}

/// A tier to which a handoff may go.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct To {
    /// Its id.
    pub tier: String,
    /// What people read.
    pub title: String,
    /// When, in words; none for the last, which takes the rest.
    pub when: Option<String>,
    /// 1 is the most urgent.
    pub priority: u8,
    /// When people are there, in words.
    pub hours: String,
    /// What is promised, in words.
    pub promise: Option<String>,
}

/// A field that is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sent {
    /// Its name.
    pub name: String,
    /// What people read, or its name as words.
    pub title: String,
    /// Where it comes from, as written.
    pub from: String,
    /// Whether it must be there.
    pub required: bool,
    /// The class of its data.
    pub class: Option<String>,
    /// What people read of the class.
    pub class_title: Option<String>,
    /// `none mask hash drop block`, the field's own or that of its class.
    pub redact: String,
}

/// Where a conversation goes when nobody takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fallback {
    /// The port.
    pub port: String,
    /// When, in words.
    pub when: String,
    /// The card; none where the port is not drawn.
    pub to: Option<String>,
    /// What follows, in words.
    pub leads: String,
}

/// A conversation that shows a way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Test {
    /// Its id.
    pub id: String,
    /// Whether its expectation names the way.
    pub expects: bool,
    /// Whether its replay takes the way.
    pub reaches: bool,
}

/// One way to a person.
#[derive(Clone, Debug, PartialEq)]
pub struct Row {
    /// The handoff card, `caller/callee` in a called flow.
    pub node: String,
    /// What people call it.
    pub title: String,
    /// The way in: `trigger.ID`, or `node.port` of the edge; empty where nothing leads there.
    pub way: String,
    /// What kind of way that is.
    pub kind: Way,
    /// The card that the edge leaves.
    pub from: Option<String>,
    /// Where it comes from, in words.
    pub where_from: String,
    /// Why, in words.
    pub reason: String,
    /// The reasons that the person receives.
    pub reasons: Vec<Reason>,
    /// `transfer`, `copilot`, `ticket` or `callback`.
    pub mode: &'static str,
    /// The tiers: those of the routes first, the one that takes the rest last.
    pub to: Vec<To>,
    /// What the customer hears when the request goes out.
    pub say: Option<String>,
    /// What the customer is told is sent.
    pub told: Option<String>,
    /// What the customer hears while waiting, each with its time in words.
    pub waiting: Vec<(String, String)>,
    /// Why those fields: the title of the context.
    pub context: String,
    /// The fields that are sent.
    pub fields: Vec<Sent>,
    /// Where it goes when nobody takes it.
    pub fallback: Vec<Fallback>,
    /// What the flow promises of this handoff beyond its tiers, in words.
    pub promise: Option<String>,
    /// Who answers for it.
    pub owner: Option<String>,
    /// The reasons that reviewers read: of the trigger or edge, then of the card.
    pub why: Vec<String>,
    /// Conversations that show it.
    pub tests: Vec<Test>,
    /// Places of the document that can be edited from here; none in called flows.
    pub edits: Vec<Edit>,
}

/// A flow that is looked at: the one that was asked for, or one that it calls.
struct Unit<'a> {
    document: &'a Document,
    flow: &'a Flow,
    /// `caller/`, or nothing.
    prefix: &'a str,
    ways: Ways<'a>,
}

/// Every way to a person in a flow and in those that it calls. The flow need not be valid: what cannot be read is left out.
#[must_use]
pub fn rows(document: &Document, open: &Open<'_>, tried: &[Tried]) -> Register {
    let flow = &document.flow;
    let mut rows = Vec::new();
    collect(document, "", open, 0, &mut rows);
    for row in &mut rows {
        row.tests = tried.iter().filter_map(|conversation| shows(row, conversation)).collect();
    }
    Register {
        flow: flow.id.clone(),
        title: flow.title.clone().unwrap_or_else(|| flow.id.clone()),
        locale: flow.locale.clone().unwrap_or_else(|| "en".to_owned()),
        rows,
    }
}

fn collect(document: &Document, prefix: &str, open: &Open<'_>, depth: usize, rows: &mut Vec<Row>) {
    let flow = &document.flow;
    let unit = Unit { document, flow, prefix, ways: Ways::of(flow) };
    for (id, node) in &flow.nodes {
        match &node.kind {
            Kind::Handoff(handoff) => unit.handoff(id, handoff, rows),
            Kind::Subflow(call) if depth < DEPTH => {
                if let Some(Ok(called)) = open(&call.flow) {
                    collect(&called, &format!("{prefix}{id}/"), open, depth + 1, rows);
                }
            }
            _ => {}
        }
    }
}

impl Unit<'_> {
    fn handoff(&self, id: &str, handoff: &Handoff, rows: &mut Vec<Row>) {
        let before = rows.len();
        for (name, trigger) in self.flow.triggers.iter().filter(|(_, trigger)| trigger.to == id) {
            rows.push(self.by_trigger(id, handoff, name, trigger));
        }
        for edge in self.ways.entering(id) {
            rows.push(self.by_edge(id, handoff, edge));
        }
        if rows.len() == before {
            let mut row = self.row(id, handoff);
            row.where_from = "nothing leads there".to_owned();
            row.reason = "no trigger and no edge leads to this card".to_owned();
            rows.push(row);
        }
    }

    fn by_trigger(&self, id: &str, handoff: &Handoff, name: &str, trigger: &Trigger) -> Row {
        let flow = self.flow;
        let mut row = self.row(id, handoff);
        row.way = format!("trigger.{name}");
        row.kind = Way::Trigger;
        row.where_from = cells::within(flow, &trigger.within);
        let because: Vec<Reason> = trigger
            .because
            .iter()
            .map(|(name, because)| Reason {
                name: name.clone(),
                title: places::reason(flow, name),
                when: Some(condition(flow, &because.when)),
            })
            .collect();
        let title = places::trigger(flow, name);
        row.reason = format!("{title}: {}", condition(flow, &trigger.when));
        if !because.is_empty() {
            let each: Vec<String> =
                because.iter().map(|r| format!("{} ({})", r.title, r.when.as_deref().unwrap_or(""))).collect();
            row.reason.push_str(&format!("; because {}", each.join(" or ")));
        }
        if let Some(once) = cells::once(trigger.once) {
            row.reason.push_str(&format!("; {once}"));
        }
        row.reasons =
            if because.is_empty() { vec![Reason { name: name.to_owned(), title, when: None }] } else { because };
        self.told_by(&mut row, &["triggers", name]);
        row.edits.splice(0..0, self.edits_of_trigger(name, trigger));
        row
    }

    fn by_edge(&self, id: &str, handoff: &Handoff, edge: &Edge<'_>) -> Row {
        let flow = self.flow;
        let mut row = self.row(id, handoff);
        let name = format!("{}.{}", edge.from, edge.port);
        row.kind = Way::of(flow, edge);
        row.from = Some(format!("{}{}", self.prefix, edge.from));
        row.where_from = places::node(flow, edge.from);
        row.reason = self.ways.reason(edge);
        let reason = handoff.reasons.get(&name).cloned().unwrap_or_else(|| name.clone());
        let title = if reason == name { row.reason.clone() } else { places::reason(flow, &reason) };
        row.reasons = vec![Reason { name: reason, title, when: None }];
        row.way = name;
        if let Some(path) = edge.row() {
            self.told_by(&mut row, &path.iter().map(String::as_str).collect::<Vec<_>>());
        }
        row.edits.splice(0..0, self.edits_of_edge(edge));
        row
    }

    /// A row with everything that a handoff says whatever the way.
    fn row(&self, id: &str, handoff: &Handoff) -> Row {
        let flow = self.flow;
        let own = |key: &str| self.text(&["nodes", id, key]);
        let context = cells::context(flow, &handoff.context);
        Row {
            node: format!("{}{id}", self.prefix),
            title: places::node(flow, id),
            way: String::new(),
            kind: Way::Nothing,
            from: None,
            where_from: String::new(),
            reason: String::new(),
            reasons: Vec::new(),
            mode: handoff.mode.id(),
            to: cells::tiers(flow, handoff),
            say: handoff.say.clone(),
            told: context.told,
            waiting: cells::waiting(flow, handoff),
            context: places::context(flow, &handoff.context),
            fields: cells::fields(flow, &handoff.context),
            fallback: cells::fallback(flow, &self.ways, handoff),
            promise: cells::promise(handoff),
            owner: own("owner").or_else(|| self.text(&["owner"])),
            why: own("why").into_iter().collect(),
            tests: Vec::new(),
            edits: if self.prefix.is_empty() { self.edits_of_handoff(id, handoff) } else { Vec::new() },
        }
    }

    /// What reviewers read of the trigger or row of a list that leads in comes first, and its owner.
    fn told_by(&self, row: &mut Row, path: &[&str]) {
        let at = |key: &str| self.text(&path.iter().copied().chain([key]).collect::<Vec<_>>());
        if let Some(why) = at("why") {
            row.why.insert(0, why);
        }
        row.owner = at("owner").or(row.owner.take());
    }

    fn text(&self, path: &[&str]) -> Option<String> {
        self.document.tree.at(path).and_then(Json::as_text).filter(|text| !text.is_empty()).map(str::to_owned)
    }
}

/// Whether a conversation shows a way.
fn shows(row: &Row, tried: &Tried) -> Option<Test> {
    let reaches = tried.entered.contains(&(row.node.clone(), row.way.clone()));
    let could = |names: &Vec<String>| {
        !names.is_empty() && names.iter().all(|name| row.reasons.iter().any(|reason| reason.name == *name))
    };
    let tier = tried.tier.as_ref().is_none_or(|tier| row.to.iter().any(|to| to.tier == *tier));
    let names = match (&tried.node, &tried.reasons) {
        (Some(node), reasons) => *node == row.node && reasons.as_ref().is_none_or(could),
        (None, Some(reasons)) => could(reasons) && tier,
        (None, None) => false,
    };
    // Ways of one card may have the same reasons: where the run took another of them, that is the one that was meant.
    let elsewhere = tried.entered.iter().any(|(node, _)| *node == row.node);
    let expects = names && (reaches || !elsewhere);
    (reaches || expects).then(|| Test { id: tried.id.clone(), expects, reaches })
}

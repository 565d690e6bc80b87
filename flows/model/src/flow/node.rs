//! The kinds of node. Conditions and expressions are kept as their text; the checks parse them.

use std::borrow::Cow;

use flow_conditions::decimal::Decimal;

use super::{Ordered, OwnCheck};

/// A card.
#[derive(Clone, Debug, PartialEq)]
pub struct Node {
    /// What people read.
    pub title: Option<String>,
    /// A name that several nodes share.
    pub group: Option<String>,
    /// Severities of rules here.
    pub checks: Vec<OwnCheck>,
    /// What it does.
    pub kind: Kind,
}

/// What a node does. Ports are ids of nodes; `None` is a port that is not drawn.
#[derive(Clone, Debug, PartialEq)]
pub enum Kind {
    /// Where a run begins.
    Start(Start),
    /// Says something.
    Message(Message),
    /// Waits for a customer's turn.
    Listen(Listen),
    /// Waits until a slot is filled.
    Ask(Ask),
    /// Chooses.
    Decision(Decision),
    /// Sets slots.
    Set(Set),
    /// Calls a back end.
    Action(Action),
    /// Brings in a person.
    Handoff(Box<Handoff>),
    /// Runs another flow.
    Subflow(Subflow),
    /// Ends the run.
    End(End),
    /// Not decided yet.
    Todo(Todo),
    /// Never executed.
    Note(String),
    /// A kind that this version does not know.
    Unknown(String),
}

#[allow(missing_docs, reason = "fields named as in docs/format.md, section 2")]
mod fields {
    use super::{Decimal, Ordered};

    /// `start`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Start {
        pub next: Option<String>,
    }
    /// `message`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Message {
        pub text: String,
        pub next: Option<String>,
    }
    /// A row of `branches`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Branch {
        pub title: Option<String>,
        pub when: String,
        pub to: String,
    }
    /// A row of `idle`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct Idle {
        pub after: Decimal,
        pub say: Option<String>,
        pub to: Option<String>,
    }
    /// `listen`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Listen {
        pub idle: Vec<Idle>,
        pub branches: Vec<Branch>,
        pub r#else: Option<String>,
    }
    /// `ask`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Ask {
        pub slot: String,
        pub prompt: String,
        pub reprompt: Option<String>,
        pub attempts: u32,
        pub idle: Vec<Idle>,
        pub filled: Option<String>,
        pub failed: Option<String>,
    }
    /// `decision`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Decision {
        pub branches: Vec<Branch>,
        pub r#else: Option<String>,
    }
    /// `set`; an assignment of `None` clears the slot.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Set {
        pub assign: Ordered<Option<String>>,
        pub next: Option<String>,
    }
    /// `action`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Action {
        pub call: String,
        pub inputs: Ordered<String>,
        pub time_limit: Option<Decimal>,
        pub ok: Option<String>,
        pub errors: Ordered<String>,
        pub error: Option<String>,
        pub timeout: Option<String>,
    }
    /// How a handoff hands over.
    #[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
    pub enum Mode {
        #[default]
        Transfer,
        Copilot,
        Ticket,
        Callback,
    }
    impl Mode {
        /// As the document writes it.
        #[must_use]
        pub fn id(self) -> &'static str {
            match self {
                Self::Transfer => "transfer",
                Self::Copilot => "copilot",
                Self::Ticket => "ticket",
                Self::Callback => "callback",
            }
        }
        /// Whether the customer waits for a person (`transfer`, `copilot`).
        #[must_use]
        pub fn waits(self) -> bool {
            matches!(self, Self::Transfer | Self::Copilot)
        }
    }
    /// A row of `routes`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Route {
        pub when: String,
        pub tier: String,
        pub priority: Option<u8>,
    }
    /// A row of `overflow` or `waiting.turns`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Row {
        pub when: String,
        pub to: String,
        pub keep_place: bool,
    }
    /// A row of `waiting.say`.
    #[derive(Clone, Debug, PartialEq)]
    pub struct WaitingWords {
        pub after: Decimal,
        pub every: Option<Decimal>,
        pub text: String,
    }
    /// `waiting`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Waiting {
        pub say: Vec<WaitingWords>,
        pub turns: Vec<Row>,
        pub else_say: Option<String>,
    }
    /// A row of `assist`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Assist {
        pub when: String,
        pub title: Option<String>,
        pub suggest: Option<String>,
        pub call: Option<String>,
    }
    /// An entry of `returns`.
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Return {
        pub title: Option<String>,
        pub to: String,
    }
    /// `handoff`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Handoff {
        pub context: String,
        pub target: Option<String>,
        pub mode: Mode,
        pub routes: Vec<Route>,
        pub tier: String,
        pub priority: Option<u8>,
        pub max_wait: Option<Decimal>,
        pub answer_within: Option<Decimal>,
        pub join: Option<String>,
        pub contact: Ordered<String>,
        pub requires: Option<String>,
        pub reasons: Ordered<String>,
        pub say: Option<String>,
        pub waiting: Waiting,
        pub overflow: Vec<Row>,
        pub assist: Vec<Assist>,
        pub returns: Ordered<Return>,
        pub sent: Option<String>,
        pub resumed: Option<String>,
        pub resolved: Option<String>,
        pub escalated: Option<String>,
        pub timeout: Option<String>,
        pub closed: Option<String>,
        pub failed: Option<String>,
    }
    /// `subflow`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Subflow {
        pub flow: String,
        pub inputs: Ordered<String>,
        pub outcomes: Ordered<String>,
        pub r#else: Option<String>,
    }
    /// `end`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct End {
        pub outcome: String,
    }
    /// `todo`
    #[derive(Clone, Debug, Default, PartialEq)]
    pub struct Todo {
        pub text: String,
        pub next: Option<String>,
    }
}
pub use fields::{
    Action, Ask, Assist, Branch, Decision, End, Handoff, Idle, Listen, Message, Mode, Return, Route, Row, Set, Start,
    Subflow, Todo, Waiting, WaitingWords,
};

/// A way out of a node that is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Exit<'a> {
    /// The port: `next`, `branches[0]`, `errors.CODE`, `overflow[0]`, `turns[0]`, `idle[0]`, `returns.ID`, `outcomes.ID`.
    pub port: Cow<'static, str>,
    /// Where it leads.
    pub to: &'a str,
    /// Pointer of the target below the node, such as `branches/0/to`.
    pub path: Cow<'static, str>,
}

impl Node {
    /// Every way out that is drawn, in the order of the document's keys.
    #[must_use]
    pub fn exits(&self) -> Vec<Exit<'_>> {
        let mut exits = Vec::new();
        match &self.kind {
            Kind::Start(n) => one(&mut exits, "next", n.next.as_ref()),
            Kind::Message(n) => one(&mut exits, "next", n.next.as_ref()),
            Kind::Todo(n) => one(&mut exits, "next", n.next.as_ref()),
            Kind::Set(n) => one(&mut exits, "next", n.next.as_ref()),
            Kind::Listen(n) => {
                idle(&mut exits, &n.idle);
                branches(&mut exits, &n.branches);
                one(&mut exits, "else", n.r#else.as_ref());
            }
            Kind::Decision(n) => {
                branches(&mut exits, &n.branches);
                one(&mut exits, "else", n.r#else.as_ref());
            }
            Kind::Ask(n) => {
                idle(&mut exits, &n.idle);
                one(&mut exits, "filled", n.filled.as_ref());
                one(&mut exits, "failed", n.failed.as_ref());
            }
            Kind::Action(n) => {
                one(&mut exits, "ok", n.ok.as_ref());
                named(&mut exits, "errors", n.errors.iter(), "");
                one(&mut exits, "error", n.error.as_ref());
                one(&mut exits, "timeout", n.timeout.as_ref());
            }
            Kind::Handoff(n) => handoff(&mut exits, n),
            Kind::Subflow(n) => {
                named(&mut exits, "outcomes", n.outcomes.iter(), "");
                one(&mut exits, "else", n.r#else.as_ref());
            }
            Kind::End(_) | Kind::Note(_) | Kind::Unknown(_) => {}
        }
        exits
    }

    /// The kind as the document writes it.
    #[must_use]
    pub fn kind_id(&self) -> &str {
        match &self.kind {
            Kind::Start(_) => "start",
            Kind::Message(_) => "message",
            Kind::Listen(_) => "listen",
            Kind::Ask(_) => "ask",
            Kind::Decision(_) => "decision",
            Kind::Set(_) => "set",
            Kind::Action(_) => "action",
            Kind::Handoff(_) => "handoff",
            Kind::Subflow(_) => "subflow",
            Kind::End(_) => "end",
            Kind::Todo(_) => "todo",
            Kind::Note(_) => "note",
            Kind::Unknown(kind) => kind,
        }
    }
}

fn one<'a>(exits: &mut Vec<Exit<'a>>, port: &'static str, to: Option<&'a String>) {
    if let Some(to) = to {
        exits.push(Exit { port: port.into(), to, path: port.into() });
    }
}

fn rows<'a>(exits: &mut Vec<Exit<'a>>, port: &str, at: &str, targets: impl Iterator<Item = (usize, &'a String)>) {
    for (i, to) in targets.filter(|(_, to)| !to.is_empty()) {
        let i = i.to_string();
        exits.push(Exit { port: [port, "[", &i, "]"].concat().into(), to, path: [at, "/", &i, "/to"].concat().into() });
    }
}

fn branches<'a>(exits: &mut Vec<Exit<'a>>, list: &'a [Branch]) {
    rows(exits, "branches", "branches", list.iter().map(|b| &b.to).enumerate());
}

fn idle<'a>(exits: &mut Vec<Exit<'a>>, list: &'a [Idle]) {
    rows(exits, "idle", "idle", list.iter().enumerate().filter_map(|(i, r)| Some((i, r.to.as_ref()?))));
}

fn named<'a>(
    exits: &mut Vec<Exit<'a>>,
    port: &str,
    targets: impl Iterator<Item = (&'a String, &'a String)>,
    tail: &str,
) {
    for (key, to) in targets.filter(|(_, to)| !to.is_empty()) {
        let path = format!("{port}/{}{tail}", crate::tree::escape(key)).into();
        exits.push(Exit { port: format!("{port}.{key}").into(), to, path });
    }
}

fn handoff<'a>(exits: &mut Vec<Exit<'a>>, n: &'a Handoff) {
    rows(exits, "turns", "waiting/turns", n.waiting.turns.iter().map(|r| &r.to).enumerate());
    rows(exits, "overflow", "overflow", n.overflow.iter().map(|r| &r.to).enumerate());
    named(exits, "returns", n.returns.iter().map(|(k, v)| (k, &v.to)), "/to");
    for (port, to) in [
        ("sent", &n.sent),
        ("resumed", &n.resumed),
        ("resolved", &n.resolved),
        ("escalated", &n.escalated),
        ("timeout", &n.timeout),
        ("closed", &n.closed),
        ("failed", &n.failed),
    ] {
        one(exits, port, to.as_ref());
    }
}

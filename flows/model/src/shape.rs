//! What a flow document is made of, listed once: canonical key order, unknown keys, wrong types, missing fields, references
//! and the published JSON Schema all come from these tables (`docs/format.md` section 2).

use Shape::{
    Any, Bool, Condition, DateMap, Either, Expression, Id, Integer, ListOf, MapOf, Names, NodeEntry, Nullable, Numeric,
    OneOf, Payload, Position, Record, Ref, Reserved, Scalar, Template, Text,
};
use flow_conditions::phrase;

/// What a reference names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum What {
    /// A node.
    Node,
    /// A slot.
    Slot,
    /// A call of `calls`.
    Call,
    /// A tier.
    Tier,
    /// A context.
    Context,
    /// A target.
    Target,
    /// A class.
    Class,
    /// A calendar of `hours`.
    Hours,
    /// A field of a context.
    Field,
    /// An intent.
    Intent,
    /// A field of one of the contexts.
    Flow,
}

/// Which names can stand in a condition.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place {
    /// The names that every condition has.
    Plain,
    /// Also `priority` and `queue.wait` and their kin: a handoff's rows.
    HandoffRow,
    /// Only what a score may use.
    Score,
}

/// How the keys of a free map are named.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keys {
    /// Ids.
    Ids,
    /// Dotted ids: names of signals.
    Signals,
    /// Any text up to 128 characters.
    Free,
    /// Names of something that exists.
    Refs(What),
    /// `node.port`.
    Edges,
}

/// The form of a value.
#[derive(Debug)]
pub enum Shape {
    /// Anything.
    Any,
    /// A text.
    Text,
    /// A text that may hold `{name}`.
    Template(Place),
    /// A new id.
    Id,
    /// `true`, `false`.
    Bool,
    /// A number between two bounds.
    Numeric(Option<&'static str>, Option<&'static str>),
    /// A whole number between two bounds.
    Integer(Option<i64>, Option<i64>),
    /// A text out of a list.
    OneOf(&'static [&'static str]),
    /// A condition.
    Condition(Place),
    /// An expression with a value.
    Expression,
    /// An expression of a payload.
    Payload,
    /// The name of something.
    Ref(What),
    /// `within`: ids, `group:x`, `!…`, `*`.
    Names,
    /// A text, number, boolean, or a list of them.
    Scalar,
    /// `[x, y]`.
    Position,
    /// Date to list of spans.
    DateMap,
    /// `null`, or the shape.
    Nullable(&'static Shape),
    /// A list.
    ListOf(&'static Shape),
    /// A map with free keys.
    MapOf(Keys, &'static Shape),
    /// An object with known keys.
    Record(&'static [Field]),
    /// The second where the value is an object, else the first.
    Either(&'static Shape, &'static Shape),
    /// A node: its `kind` tells the record.
    NodeEntry,
    /// Kept and shown, but without meaning yet.
    Reserved,
}

/// A key of a record.
#[derive(Debug)]
pub struct Field {
    /// The key.
    pub key: &'static str,
    /// The form of its value.
    pub shape: Shape,
    /// Whether it must be there.
    pub required: bool,
    /// What it is for, for the schema.
    pub about: &'static str,
}

const fn f(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { key, shape, required: false, about }
}

const fn r(key: &'static str, shape: Shape, about: &'static str) -> Field {
    Field { key, shape, required: true, about }
}

const TITLE: Field = f("title", Text, "What people read");
const WHY: Field = f("why", Text, "The reason, for reviewers");
const OWNER: Field = f("owner", Text, "Who answers for it");
const LINK: Field = f("link", Text, "Where more is said");
const TAGS: Field = f("tags", ListOf(&Text), "Words to find it by");
const WAS: Field = f("was", ListOf(&Text), "Ids that it had before");
const SECONDS: Shape = Numeric(Some("0"), None);
const COUNT: Shape = Integer(Some(1), None);
const NODE: Shape = Ref(What::Node);

/// The kinds of value a signal or slot may have.
pub const TYPES: &[&str] = &["bool", "integer", "number", "enum", "text"];

/// How bad a rule's finding can be said to be.
pub const LEVELS: &[&str] = &["off", "info", "warning", "error"];
/// Severity of rules at one node or trigger.
const CHECKS: Field = f("checks", MapOf(Keys::Free, &LEVEL), "Severity of rules here, each with its reason");

static LEVEL: Shape = Either(
    &OneOf(LEVELS),
    &Record(&[
        r("severity", OneOf(LEVELS), "How bad it is here"),
        f("why", Text, phrase!("The reason, for reviewers")),
    ]),
);

/// The whole document.
pub static DOCUMENT: Shape = Record(&[
    f("$schema", Text, "The published schema"),
    r("format", Text, "handoff-flow/1"),
    f("needs", ListOf(&Text), "Features that a reader must understand"),
    r("id", Id, phrase!("The flow's id, also its file's name")),
    TITLE,
    f("description", Text, "What the flow is for"),
    WHY,
    OWNER,
    TAGS,
    LINK,
    WAS,
    f("locale", Text, "Language of the texts"),
    f("constants", MapOf(Keys::Ids, &CONSTANT), "Thresholds that stand once: const.<name>"),
    f("classes", MapOf(Keys::Ids, &CLASS), "What a piece of data is"),
    f("intents", MapOf(Keys::Free, &INTENT), "What customers want"),
    f("signals", MapOf(Keys::Signals, &SIGNAL), "What is known from outside"),
    f("scores", MapOf(Keys::Ids, &SCORE), "Exact, explainable scores"),
    f("slots", MapOf(Keys::Ids, &SLOT), "What the conversation collects"),
    f("calls", MapOf(Keys::Free, &CALL), "Calls of back ends"),
    f("hours", MapOf(Keys::Ids, &HOURS), "Calendars"),
    f("tiers", MapOf(Keys::Ids, &TIER), "Where people are; the order is the climb"),
    f("contexts", MapOf(Keys::Ids, &CONTEXT), "What a person receives"),
    f("targets", MapOf(Keys::Ids, &TARGET), "Where each field lands in a contact centre"),
    f("triggers", MapOf(Keys::Ids, &TRIGGER), "Ways to a person from anywhere"),
    r("nodes", MapOf(Keys::Ids, &NodeEntry), phrase!("The cards")),
    f("checks", MapOf(Keys::Free, &OneOf(LEVELS)), "Severity of rules"),
    f("layout", MapOf(Keys::Free, &Position), "Positions of the cards"),
    f("locales", Reserved, ""),
    f("channels", Reserved, ""),
    f("variants", Reserved, ""),
    f("uses", Reserved, ""),
    f("goals", Reserved, ""),
]);

static CONSTANT: Shape = Record(&[
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    r("value", Scalar, phrase!("Its value")),
    f("min", Numeric(None, None), "Smallest value to try"),
    f("max", Numeric(None, None), "Largest value to try"),
    TITLE,
]);

static CLASS: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    f("redact", OneOf(&["none", "mask", "hash", "drop", "block"]), "What happens to it on the way out"),
    f("retain_days", Integer(Some(0), None), "Days it may be kept"),
    f("basis", Text, "Why it may be used"),
    f("requires", Condition(Place::Plain), "What must hold before it is shown"),
]);

static INTENT: Shape = Record(&[TITLE, WHY, OWNER, LINK, TAGS, WAS, f("examples", ListOf(&Text), "Utterances")]);

static SIGNAL: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    r("type", OneOf(TYPES), phrase!("Kind of value")),
    f("min", Numeric(None, None), "Smallest value"),
    f("max", Numeric(None, None), "Largest value"),
    f("values", ListOf(&Text), "Values of an enum"),
    f("source", Text, "Where it comes from"),
    f("of", Reserved, ""),
    f("as", Reserved, ""),
    f("over", Reserved, ""),
]);

static SCORE: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    r("base", Numeric(None, None), phrase!("Value to start from")),
    r("min", Numeric(None, None), phrase!("Smallest result")),
    r("max", Numeric(None, None), phrase!("Largest result")),
    r("add", ListOf(&POINTS), phrase!("What adds to it")),
    f("model", Reserved, ""),
]);

static POINTS: Shape = Record(&[
    r("when", Condition(Place::Score), phrase!("When it adds")),
    r("points", Numeric(None, None), phrase!("How much")),
    f("title", Text, "In words"),
]);

static SLOT: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    r("type", OneOf(TYPES), phrase!("Kind of value")),
    f("entity", Text, "The entity that fills it"),
    f("class", Ref(What::Class), "What kind of data it is"),
    f("values", ListOf(&Text), "Values of an enum"),
    f("min", Numeric(None, None), "Smallest value"),
    f("max", Numeric(None, None), "Largest value"),
]);

static CALL: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    f("inputs", MapOf(Keys::Ids, &OneOf(TYPES)), "Names and types"),
    f("outputs", MapOf(Keys::Ids, &OneOf(TYPES)), "Names and types"),
    f("errors", MapOf(Keys::Free, &Text), "Codes and titles"),
    f("repeat", OneOf(&["safe", "ask", "never"]), "Whether it may be made again"),
]);

static HOURS: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    f("zone", Text, "IANA time zone"),
    f("open", ListOf(&Text), "Mon-Fri 08:00-20:00"),
    f("closed", ListOf(&Text), "Dates that are closed"),
    f("special", DateMap, "Dates with other hours"),
]);

static TIER: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    f("skills", ListOf(&Text), "What the people can do"),
    f("hours", Ref(What::Hours), "When they are there"),
    f("sees", ListOf(&Ref(What::Class)), "Classes of data that they may see"),
    f("requires", Condition(Place::Plain), "What must hold on entry"),
    f("agents", Integer(Some(0), None), "How many people"),
    f("handle_time", SECONDS, "Seconds, mean"),
    f("patience", SECONDS, "Seconds, mean"),
    f(
        "slo",
        Record(&[
            f("answer_within", SECONDS, "Seconds"),
            f("share", Numeric(Some("0"), Some("1")), "Share of customers"),
        ]),
        "The promise",
    ),
]);

static CONTEXT: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    f("summary", Template(Place::Plain), "One line for the person"),
    f("told", Template(Place::Plain), "The customer's words for what is sent"),
    f("fields", MapOf(Keys::Ids, &PAYLOAD_FIELD), "What is sent"),
    f("screen", Record(&[f("open", Template(Place::Plain), "Address to open")]), "What opens for the person"),
    f("extends", Ref(What::Context), "A context whose fields it has too"),
]);

static PAYLOAD_FIELD: Shape = Record(&[
    TITLE,
    r("from", Payload, phrase!("Where it comes from")),
    f("required", Bool, "Whether it must be there"),
    f("class", Ref(What::Class), "What kind of data it is"),
    f("redact", OneOf(&["none", "mask", "hash", "drop", "block"]), "What happens to it on the way out"),
]);

static TARGET: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    f("tiers", MapOf(Keys::Refs(What::Tier), &Any), "Ids of each tier at the target"),
    f("fields", MapOf(Keys::Refs(What::Field), &Any), "Place of each field"),
    f("priority", MapOf(Keys::Free, &Any), "Name of each priority"),
    f(
        "too_big",
        MapOf(Keys::Refs(What::Field), &OneOf(&["drop", "shorten", "link", "keep"])),
        "What happens to a field that does not fit",
    ),
    f("one_reply", Bool, "Whether a reply carries either a text or a transfer, not both"),
]);

static TRIGGER: Shape = Record(&[
    TITLE,
    WHY,
    OWNER,
    LINK,
    TAGS,
    WAS,
    CHECKS,
    r("when", Condition(Place::Plain), phrase!("When it fires")),
    f("because", MapOf(Keys::Ids, &Either(&Condition(Place::Plain), &BECAUSE)), "Named reasons"),
    r("to", NODE, phrase!("Where it leads")),
    f("within", ListOf(&Names), "Where it acts"),
    f("once", Either(&Any, &Any), "true or \"accepted\""),
]);

static BECAUSE: Shape =
    Record(&[r("when", Condition(Place::Plain), "When it is a reason"), f("title", Text, phrase!("In words"))]);

static IDLE: Shape = Record(&[
    r("after", SECONDS, phrase!("Seconds of silence")),
    f("say", Template(Place::Plain), "What is said"),
    f("to", NODE, "Where it goes on"),
]);

static BRANCH: Shape = Record(&[
    TITLE,
    WHY,
    r("when", Condition(Place::Plain), "When it is taken"),
    r("to", NODE, phrase!("Where it leads")),
]);

static ROUTE: Shape = Record(&[
    TITLE,
    WHY,
    r("when", Condition(Place::Plain), phrase!("When it is taken")),
    r("tier", Ref(What::Tier), phrase!("Who gets it")),
    f("priority", Integer(Some(1), Some(5)), "1 is the most urgent"),
]);

static KEEPING_ROW: Shape = Record(&[
    TITLE,
    WHY,
    r("when", Condition(Place::HandoffRow), phrase!("When it is taken")),
    r("to", NODE, phrase!("Where it leads")),
    f("keep_place", Bool, "Whether the request stays in the queue"),
]);

static ASSIST: Shape = Record(&[
    r("when", Condition(Place::HandoffRow), phrase!("When it is shown")),
    f("title", Text, "In words"),
    f("suggest", Template(Place::HandoffRow), "What the person may say"),
    f("call", Ref(What::Call), "What the person may run"),
]);

static WAITING: Shape = Record(&[
    f(
        "say",
        ListOf(&Record(&[
            r("after", SECONDS, phrase!("Seconds of waiting")),
            f("every", SECONDS, "Seconds between repeats"),
            r("text", Template(Place::HandoffRow), phrase!("What is said")),
        ])),
        "Words while the customer waits",
    ),
    f("turns", ListOf(&KEEPING_ROW), "Where a waiting customer's turn may lead"),
    f("else_say", Template(Place::HandoffRow), "What is said to any other turn"),
]);

static RETURN: Shape = Record(&[f("title", Text, "In words"), r("to", NODE, phrase!("Where it leads"))]);

macro_rules! node {
    ($($field:expr),* $(,)?) => {
        &[
            r("kind", Text, phrase!("Kind of node")),
            TITLE, WHY, OWNER, LINK, TAGS, WAS,
            f("group", Text, "A name that several nodes share"),
            CHECKS,
            $($field,)*
        ]
    };
}

/// Every kind of node with its keys, in the order of the palette.
pub static KINDS: &[(&str, &[Field])] = &[
    ("start", node![f("next", NODE, "Where it goes on")]),
    ("message", node![r("text", Template(Place::Plain), "What is said"), f("next", NODE, phrase!("Where it goes on"))]),
    (
        "listen",
        node![
            f("idle", ListOf(&IDLE), "What happens in silence"),
            f("branches", ListOf(&BRANCH), "The first that holds is taken"),
            f("else", NODE, "Where any other turn leads"),
        ],
    ),
    (
        "ask",
        node![
            r("slot", Ref(What::Slot), phrase!("What is asked for")),
            r("prompt", Template(Place::Plain), phrase!("The question")),
            f("reprompt", Template(Place::Plain), "The question, asked again"),
            f("attempts", COUNT, "Turns that may fail"),
            f("idle", ListOf(&IDLE), "What happens in silence"),
            f("filled", NODE, "Where it goes on with a value"),
            f("failed", NODE, "Where it goes on without"),
        ],
    ),
    (
        "decision",
        node![
            f("branches", ListOf(&BRANCH), "The first that holds is taken"),
            f("else", NODE, "Where it goes on otherwise"),
        ],
    ),
    (
        "set",
        node![
            f("assign", MapOf(Keys::Refs(What::Slot), &Nullable(&Expression)), "Slots and their new values"),
            f("next", NODE, "Where it goes on"),
        ],
    ),
    (
        "action",
        node![
            r("call", Ref(What::Call), phrase!("What is called")),
            f("inputs", MapOf(Keys::Ids, &Expression), "What it is given"),
            f("time_limit", SECONDS, "Seconds"),
            f("ok", NODE, "Where it goes on"),
            f("errors", MapOf(Keys::Free, &NODE), "Where it goes on after a code"),
            f("error", NODE, "Where it goes on after any other error"),
            f("timeout", NODE, "Where it goes on without an answer"),
        ],
    ),
    ("handoff", HANDOFF),
    (
        "subflow",
        node![
            r("flow", Ref(What::Flow), phrase!("The flow that is called")),
            f("inputs", MapOf(Keys::Ids, &Expression), "Its slots and their values"),
            f("outcomes", MapOf(Keys::Free, &NODE), "Where it goes on after an outcome"),
            f("else", NODE, "Where it goes on otherwise"),
        ],
    ),
    ("end", node![r("outcome", Text, "How it ended"), f("record", Reserved, "")]),
    ("todo", node![r("text", Text, "What is to be decided"), f("next", NODE, phrase!("Where it goes on"))]),
    ("note", node![r("text", Text, phrase!("What is noted"))]),
];

static HANDOFF: &[Field] = node![
    r("context", Ref(What::Context), phrase!("What the person receives")),
    f("target", Ref(What::Target), "Where people answer"),
    f("mode", OneOf(&["transfer", "copilot", "ticket", "callback"]), "How it is handed over"),
    f("routes", ListOf(&ROUTE), "Who gets it"),
    r("tier", Ref(What::Tier), phrase!("Who gets it otherwise")),
    f("priority", Integer(Some(1), Some(5)), "1 is the most urgent"),
    f("max_wait", SECONDS, "Seconds"),
    f("answer_within", SECONDS, "Seconds"),
    f("join", OneOf(&["cold", "warm"]), "How the next person comes in"),
    f("contact", MapOf(Keys::Ids, &Expression), "How to reach the customer"),
    f("requires", Condition(Place::Plain), "What must hold on entry"),
    f("reasons", MapOf(Keys::Edges, &Text), "A name for each edge that leads here"),
    f("say", Template(Place::HandoffRow), "What the customer hears"),
    f("waiting", WAITING_FIELD, "While the customer waits"),
    f("overflow", ListOf(&KEEPING_ROW), "Where it goes when the wait is too long"),
    f("assist", ListOf(&ASSIST), "What is suggested to the person"),
    f("returns", MapOf(Keys::Free, &RETURN), "Outcomes of a hand-back"),
    f("sent", NODE, "After a ticket or callback went out"),
    f("resumed", NODE, "After the person handed back"),
    f("resolved", NODE, "After the person solved it"),
    f("escalated", NODE, "After the person passed it on"),
    f("timeout", NODE, "After max_wait"),
    f("closed", NODE, "When nobody is there"),
    f("failed", NODE, "When the request failed"),
    f("skills", Reserved, ""),
    f("expand", Reserved, ""),
    f("prefer", Reserved, ""),
    f("choices", Reserved, ""),
];

const WAITING_FIELD: Shape = Either(&Any, &WAITING);

/// The keys of a node's kind; `None` for a kind that does not exist.
#[must_use]
pub fn fields_of_kind(kind: &str) -> Option<&'static [Field]> {
    KINDS.iter().find(|(k, _)| *k == kind).map(|(_, fields)| *fields)
}

/// Keys that are kept and shown everywhere, but have no meaning yet.
pub const RESERVED: &[&str] = &["choices", "locales", "channels", "variants", "uses"];

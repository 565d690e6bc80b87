//! One walk over the document beside the table of its shapes: forms, required keys, ids, references, conditions and
//! texts. It reports everything and stops nowhere.

use flow_conditions::decimal::Decimal;
use flow_conditions::names::{MAX_ID, is_id};
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_conditions::types::Want;
use flow_model::diff::Op;
use flow_model::document::Document;
use flow_model::flow::Kind;
use flow_model::names::{Names, Reach};
use flow_model::problem::{Fix, Problem, Severity};
use flow_model::shape::{self, Field, Keys, Place, Shape};
use flow_model::tree::{Json, escape, steps};
use indexmap::IndexSet;

use super::hints::Hints;
use crate::analysis::book::Book;

/// The first part of a declared signal is none of these.
const TAKEN: [&str; 8] = ["slots", "queue", "agent", "trigger", "error", "handoff", "handoffs", "const"];

/// Longest name of an intent, entity, call or error code.
const MAX_NAME: usize = 128;

/// What the expressions of a map are wanted for.
#[derive(Clone)]
pub(super) enum Wants {
    /// Nothing is known.
    Anything,
    /// Each slot's own type.
    Slots,
    /// The inputs of a call.
    Inputs(String),
}

/// The walk.
pub(super) struct Walk<'a> {
    pub(super) doc: &'a Document,
    pub(super) names: &'a Names,
    pub(super) book: &'a Book,
    pub(super) path: String,
    pub(super) out: Vec<Problem>,
    pub(super) hints: Hints,
    pub(super) fields: IndexSet<&'a str>,
    pub(super) groups: IndexSet<&'a str>,
    score: usize,
    wants: Wants,
}

impl<'a> Walk<'a> {
    pub(super) fn new(doc: &'a Document, names: &'a Names, book: &'a Book) -> Self {
        let fields = doc.flow.contexts.values().flat_map(|c| c.fields.keys()).map(String::as_str).collect();
        let groups = doc.flow.nodes.values().filter_map(|n| n.group.as_deref()).collect();
        let (path, out) = (String::new(), Vec::new());
        Self { doc, names, book, path, out, hints: Hints::default(), fields, groups, score: 0, wants: Wants::Anything }
    }

    /// Reports an error at the current place.
    pub(super) fn error(&mut self, code: &'static str, message: Said) {
        self.out.push(Problem::error(code, self.path.clone(), message));
    }

    /// Does something one step further down.
    pub(super) fn below(&mut self, step: &str, act: impl FnOnce(&mut Self)) {
        let length = self.path.len();
        self.path.push('/');
        if step.contains(['~', '/']) {
            self.path.push_str(&escape(step));
        } else {
            self.path.push_str(step);
        }
        act(self);
        self.path.truncate(length);
    }

    /// Looks at a value beside its shape.
    pub(super) fn value(&mut self, json: &'a Json, shape: &'static Shape) {
        match shape {
            Shape::Any | Shape::Reserved => {}
            Shape::Nullable(_) if *json == Json::Null => {}
            Shape::Nullable(inner) => self.value(json, inner),
            Shape::Record(fields) => self.record(json, fields),
            Shape::NodeEntry => self.node(json),
            Shape::MapOf(keys, inner) => self.map(json, *keys, inner),
            Shape::Either(_, object) if matches!(json, Json::Map(_)) => self.value(json, object),
            Shape::Either(other, _) => self.value(json, other),
            Shape::ListOf(inner) => self.list(json, inner),
            Shape::DateMap => self.dates(json),
            Shape::Position => self.position(json),
            Shape::Scalar => self.scalar(json),
            Shape::Bool => {
                if json.as_bool().is_none() {
                    self.mismatch(json, say!("true or false"));
                }
            }
            Shape::Numeric(min, max) => {
                let bound = |b: &Option<&str>| b.and_then(|b| b.parse::<Decimal>().ok());
                self.number(json, bound(min), bound(max));
            }
            Shape::Integer(min, max) => {
                self.number(json, min.map(Decimal::from_i64), max.map(Decimal::from_i64));
                if json.as_decimal().is_some_and(|d| !d.is_integer()) {
                    self.mismatch(json, say!("a whole number"));
                }
            }
            _ => match json.as_text() {
                Some(text) => self.text(text, shape),
                None => self.mismatch(json, say!("a text")),
            },
        }
    }

    fn text(&mut self, text: &'a str, shape: &'static Shape) {
        match shape {
            Shape::Template(place) => self.template(text, *place),
            Shape::Id => self.id(text),
            Shape::OneOf(values) if !values.contains(&text) => {
                let message =
                    say!("\"{text}\" is not one of the values here: {values}.", text, values = values.join(", "));
                self.error("value-out-of-range", message);
            }
            Shape::Condition(place) => {
                let reach = self.reach(*place);
                self.condition(text, reach);
            }
            Shape::Expression => {
                let want = self.want();
                self.expression(text, Reach::Plain, &want);
            }
            Shape::Payload => self.expression(text, Reach::Payload, &Want::Payload),
            Shape::Ref(what) => self.reference(text, *what),
            Shape::Names => self.within(text),
            _ => {}
        }
    }

    pub(super) fn reach(&self, place: Place) -> Reach {
        match place {
            Place::Plain => Reach::Plain,
            Place::HandoffRow => Reach::HandoffRow,
            Place::Score => Reach::Score(self.score),
        }
    }

    pub(super) fn mismatch(&mut self, json: &Json, wanted: Said) {
        let message = say!("Here stands {kind}, and {wanted} is needed.", kind = json.kind_in_words(), wanted);
        self.error("type-mismatch", message);
    }

    fn number(&mut self, json: &Json, min: Option<Decimal>, max: Option<Decimal>) {
        if !matches!(json, Json::Number(_)) {
            return self.mismatch(json, say!("a number"));
        }
        let Some(value) = json.as_decimal() else { return };
        if min.is_some_and(|min| value < min) || max.is_some_and(|max| value > max) {
            let bound = match (min, max) {
                (Some(min), Some(max)) => say!("between {min} and {max}", min, max),
                (Some(min), None) => say!("at least {min}", min),
                (None, max) => say!("at most {max}", max = max.unwrap_or(Decimal::ZERO)),
            };
            self.error(
                "value-out-of-range",
                say!("{value} cannot stand here: the number must be {bound}.", value, bound),
            );
        }
    }

    fn list(&mut self, json: &'a Json, inner: &'static Shape) {
        let Json::List(items) = json else { return self.mismatch(json, say!("a list")) };
        for (i, item) in items.iter().enumerate() {
            self.below(&i.to_string(), |walk| walk.value(item, inner));
        }
    }

    fn dates(&mut self, json: &'a Json) {
        let Json::Map(entries) = json else { return self.mismatch(json, say!("an object of dates")) };
        for (day, spans) in entries {
            self.below(day, |walk| walk.list(spans, &Shape::Text));
        }
    }

    fn position(&mut self, json: &Json) {
        if !matches!(json.items(), [Json::Number(_), Json::Number(_)]) {
            self.mismatch(json, say!("a position such as [0, 220]"));
        }
    }

    fn scalar(&mut self, json: &Json) {
        let plain = |j: &Json| matches!(j, Json::Text(_) | Json::Number(_) | Json::Bool(_));
        if !plain(json) && !matches!(json, Json::List(items) if items.iter().all(plain)) {
            self.mismatch(json, say!("a text, a number, true, false or a list of these"));
        }
    }

    fn map(&mut self, json: &'a Json, keys: Keys, inner: &'static Shape) {
        let Json::Map(entries) = json else { return self.mismatch(json, say!("an object")) };
        for (i, (key, value)) in entries.iter().enumerate() {
            if self.path == "/scores" {
                self.score = i;
            }
            self.below(key, |walk| {
                walk.key(key, keys);
                walk.value(value, inner);
            });
        }
    }

    fn key(&mut self, key: &'a str, keys: Keys) {
        match keys {
            // What is an id is a name too.
            Keys::Ids if is_id(key) => {}
            Keys::Ids if self.names_things_freely() => self.name(key),
            Keys::Ids => self.id(key),
            Keys::Signals => self.signal(key),
            Keys::Free => self.name(key),
            Keys::Refs(what) => self.reference(key, what),
            Keys::Edges => self.edge(key),
        }
    }

    /// Classes, calendars, targets, fields and contacts never stand in a condition: the format asks no id of them.
    fn names_things_freely(&self) -> bool {
        let top = self.path.split('/').nth(1).unwrap_or("");
        matches!(top, "classes" | "hours" | "targets")
            || self.path.contains("/fields/")
            || self.path.contains("/contact/")
    }

    fn id(&mut self, id: &str) {
        if !is_id(id) {
            let message = say!(
                "\"{id}\" cannot be an id: use up to {MAX_ID} letters, digits and _, no digit first, and no word that conditions keep for themselves.",
                id,
                MAX_ID
            );
            self.error("bad-id", message);
        }
    }

    fn name(&mut self, name: &str) {
        if name.chars().any(char::is_control) {
            self.error("bad-id", say!("A name cannot hold control characters."));
        } else if name.chars().nth(MAX_NAME).is_some() {
            self.error("bad-id", say!("A name has at most {MAX_NAME} characters.", MAX_NAME));
        }
    }

    fn signal(&mut self, name: &str) {
        if !name.split('.').all(is_id) {
            let message = say!(
                "\"{name}\" cannot be a signal: each part between its dots must be an id, such as customer.tier.",
                name
            );
            return self.error("bad-id", message);
        }
        let first = name.split('.').next().unwrap_or("");
        if TAKEN.contains(&first) {
            self.error(
                "bad-id",
                say!("A signal cannot start with \"{first}\": that belongs to the studio's own names.", first),
            );
        } else if self.doc.flow.nodes.contains_key(first) {
            self.error(
                "bad-id",
                say!(
                    "A signal cannot start with \"{first}\": a node has that id, and its results have that name.",
                    first
                ),
            );
        }
    }

    fn node(&mut self, json: &'a Json) {
        let Json::Map(_) = json else { return self.mismatch(json, say!("an object")) };
        match json.get("kind") {
            None => self.error("missing-field", say!("The card has no kind: add \"kind\".")),
            Some(Json::Text(kind)) => match shape::fields_of_kind(kind) {
                Some(fields) => self.record(json, fields),
                None => self.below("kind", |walk| walk.unknown_kind(kind)),
            },
            Some(other) => self.below("kind", |walk| walk.mismatch(other, say!("a text"))),
        }
    }

    fn unknown_kind(&mut self, kind: &str) {
        if kind == "assistant" {
            let message = say!("Cards of kind assistant are kept and shown, but do nothing yet.");
            self.out.push(Problem::new("not-yet", Severity::Info, self.path.clone(), message));
            return;
        }
        let kinds = || shape::KINDS.iter().map(|(kind, _)| *kind);
        let way = self
            .hints
            .did_you_mean(kind, kinds())
            .unwrap_or_else(|| say!("The kinds are {kinds}.", kinds = kinds().collect::<Vec<_>>().join(", ")));
        self.error("unknown-kind", say!("There is no kind \"{kind}\". {way}", kind, way));
    }

    fn record(&mut self, json: &'a Json, fields: &'static [Field]) {
        let Json::Map(entries) = json else { return self.mismatch(json, say!("an object")) };
        for field in fields.iter().filter(|f| f.required) {
            if json.get(field.key).is_none() {
                self.missing(field);
            }
        }
        for (key, value) in entries {
            match fields.iter().find(|f| f.key == key) {
                Some(Field { shape: Shape::Reserved, .. }) => self.reserved(key),
                Some(field) => self.below(key, |walk| walk.field(json, key, value, &field.shape)),
                None if key.starts_with("x_") => {}
                None if shape::RESERVED.contains(&key.as_str()) => self.reserved(key),
                None => self.unknown_key(json, key, fields),
            }
        }
    }

    fn missing(&mut self, field: &Field) {
        let message = match field.about {
            "" => say!("\"{key}\" is missing here: add it.", key = field.key),
            about => say!("\"{key}\" is missing here ({about}): add it.", key = field.key, about = Said::phrase(about)),
        };
        self.error("missing-field", message);
    }

    fn field(&mut self, owner: &'a Json, key: &str, value: &'a Json, shape: &'static Shape) {
        let of = |kind: &str| owner.get("kind").and_then(Json::as_text) == Some(kind);
        match key {
            "once" if !once(value) => return self.mismatch(value, say!("true, false or \"accepted\"")),
            "waiting" if !matches!(value, Json::Map(_)) => return self.mismatch(value, say!("an object")),
            "assign" if of("set") => self.wants = Wants::Slots,
            "inputs" if of("action") => {
                let call = owner.get("call").and_then(Json::as_text).unwrap_or("");
                self.wants = Wants::Inputs(call.to_owned());
            }
            "errors" if of("action") => self.error_codes(owner, value),
            "escalated" if of("handoff") => self.escalated(value),
            _ => {}
        }
        self.value(value, shape);
        self.wants = Wants::Anything;
    }

    fn error_codes(&mut self, owner: &Json, value: &'a Json) {
        let call = owner.get("call").and_then(Json::as_text).unwrap_or("");
        let Some(call) = self.doc.flow.calls.get(call) else { return };
        for (code, _) in value.entries() {
            if !call.errors.contains_key(code) {
                let way = self.hints.did_you_mean(code, call.errors.keys().map(String::as_str));
                let way = way.unwrap_or_else(|| say!("Add it to the call's errors."));
                let message = say!("The call does not say that it can fail with \"{code}\". {way}", code, way);
                self.below(code, |walk| {
                    walk.out.push(Problem::new("undeclared-error-code", Severity::Warning, walk.path.clone(), message));
                });
            }
        }
    }

    fn escalated(&mut self, value: &Json) {
        let Some(node) = value.as_text().and_then(|id| self.doc.flow.nodes.get(id)) else { return };
        if !matches!(node.kind, Kind::Handoff(_)) {
            self.error(
                "type-mismatch",
                say!("A person can only pass the customer on to another handoff: lead this to a handoff."),
            );
        }
    }

    /// The type that the expression at the current place must have.
    fn want(&mut self) -> Want {
        let key = self.path.rsplit('/').next().unwrap_or("").replace("~1", "/").replace("~0", "~");
        match &self.wants {
            Wants::Anything => Want::Payload,
            Wants::Slots => {
                self.doc.flow.slots.get(&key).map_or(Want::Payload, |slot| Want::Value(slot.r#type.clone()))
            }
            Wants::Inputs(call) => {
                let Some(call) = self.doc.flow.calls.get(call) else { return Want::Payload };
                if let Some(input) = call.inputs.get(&key) {
                    return Want::Value(input.clone());
                }
                let way = self.hints.did_you_mean(&key, call.inputs.keys().map(String::as_str));
                let way = way.unwrap_or_else(|| say!("Add it to the call's inputs."));
                self.error("unknown-name", say!("The call has no input \"{key}\". {way}", key, way));
                Want::Payload
            }
        }
    }
}

impl<'a> Walk<'a> {
    fn reserved(&mut self, key: &str) {
        let message = say!("\"{key}\" is kept and shown, but has no meaning yet.", key);
        let place = format!("{}/{}", self.path, escape(key));
        self.out.push(Problem::new("not-yet", Severity::Info, place, message));
    }

    fn unknown_key(&mut self, owner: &'a Json, key: &str, fields: &'static [Field]) {
        let place = format!("{}/{}", self.path, escape(key));
        let known = fields.iter().filter(|f| !matches!(f.shape, Shape::Reserved)).map(|f| f.key);
        let near = self.hints.nearest(key, known).filter(|near| owner.get(near).is_none());
        let way = near.map_or_else(
            || say!("It is kept, but has no meaning: remove it, or let it begin with x_."),
            |near| say!("Did you mean \"{near}\"?", near),
        );
        let mut problem = Problem::new(
            "unknown-key",
            Severity::Warning,
            place.clone(),
            say!("There is no key \"{key}\" here. {way}", key, way),
        );
        problem.fix = near.map(|near| {
            let diff = vec![Op::Rename { path: steps(&place), key: near.to_owned() }];
            Fix { title: say!("Rename it to \"{near}\"", near), diff }
        });
        self.out.push(problem);
    }
}

fn once(value: &Json) -> bool {
    match value {
        Json::Bool(_) => true,
        Json::Text(text) => text == "accepted",
        _ => false,
    }
}

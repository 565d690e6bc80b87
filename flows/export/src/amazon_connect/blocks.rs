//! A contact flow as data: blocks by name, and how they are printed. Knows nothing of flows of ours.

pub mod parts;

use std::borrow::Cow;
use std::rc::Rc;

use indexmap::IndexMap;
use serde_json::{Map, Value};

use crate::names::{Legal, Names};
use crate::tree::Tree::{self, Count};
use crate::tree::{map, text};

/// The version of the flow language (26 exported flows, 2026-11-22).
const VERSION: &str = "2019-10-30";
/// What lies between blocks on Connect's canvas, in its pixels.
const STEP: (usize, usize) = (280, 190);

/// Blocks of a flow at the most (docs.aws.amazon.com/connect/latest/devguide/flow-language-example.html, 2026-11-23).
pub const BLOCKS: usize = 250;
/// Characters of a flow's content at the most (`AWS::Connect::ContactFlow` in CloudFormation's schema, 2026-11-22).
pub const CONTENT: usize = 256_000;

/// Names of blocks (docs.aws.amazon.com/connect/latest/devguide/flow-language-actions.html, 2026-11-23).
pub const IDENTIFIERS: Legal = Legal {
    allows: |c| !(c.is_control() || "%:(\\/)=$,;[]{}".contains(c)),
    instead: '_',
    begins: |_| true,
    lead: "block",
    longest: 50,
    bytes: char::len_utf8,
    folds: false,
    single: false,
    taken: &[
        "__proto__",
        "constructor",
        "__defineGetter__",
        "__defineSetter__",
        "toString",
        "hasOwnProperty",
        "isPrototypeOf",
        "propertyIsEnumerable",
        "toLocaleString",
        "valueOf",
    ],
};

/// Where the contact's attributes stand.
pub const ATTRIBUTES: &str = "$.Attributes.";

/// Where a kind of flow runs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Runs {
    /// The conversation itself.
    Contact,
    /// While the customer waits.
    CustomerQueue,
    /// What the agent is told before the customer.
    AgentWhisper,
}

impl Runs {
    /// As Connect names it.
    pub const fn id(self) -> &'static str {
        match self {
            Self::Contact => "CONTACT_FLOW",
            Self::CustomerQueue => "CUSTOMER_QUEUE",
            Self::AgentWhisper => "AGENT_WHISPER",
        }
    }
}

/// Attributes that are kept of an answer, under the names that they have there.
#[derive(Clone, Debug)]
struct Kept {
    /// Where the answer stands.
    from: &'static str,
    names: Vec<Rc<str>>,
}

/// One block.
#[derive(Clone, Debug)]
pub struct Block {
    kind: &'static str,
    parameters: Map<String, Value>,
    keeps: Option<Kept>,
    next: Option<String>,
    conditions: Vec<(&'static str, String, String)>,
    errors: Vec<(&'static str, String)>,
}

impl Block {
    /// A block of a kind, as the flow language names it.
    pub fn new(kind: &'static str) -> Self {
        Self { kind, parameters: Map::new(), keeps: None, next: None, conditions: Vec::new(), errors: Vec::new() }
    }

    /// Says a text.
    pub fn says(text: impl Into<String>, next: impl Into<String>) -> Self {
        let next = next.into();
        Self::new("MessageParticipant").with("Text", text.into()).next(next.clone()).fails(next)
    }

    /// Sets attributes of the contact.
    pub fn notes(attributes: impl IntoIterator<Item = (String, String)>, next: impl Into<String>) -> Self {
        let attributes: Map<String, Value> = attributes.into_iter().map(|(name, value)| (name, value.into())).collect();
        let next = next.into();
        Self::new("UpdateContactAttributes").with("Attributes", attributes).next(next.clone()).fails(next)
    }

    /// Keeps attributes of an answer, which have the same names there.
    pub fn keeps(from: &'static str, names: Vec<Rc<str>>, next: impl Into<String>) -> Self {
        let next = next.into();
        let block = Self::new("UpdateContactAttributes").next(next.clone()).fails(next);
        Self { keeps: Some(Kept { from, names }), ..block }
    }

    /// Compares what a reference holds; `otherwise` where nothing fits.
    pub fn compares(reference: &str, otherwise: impl Into<String>) -> Self {
        let otherwise = otherwise.into();
        let block = Self::new("Compare").with("ComparisonValue", reference.to_owned());
        block.next(otherwise.clone()).error("NoMatchingCondition", otherwise)
    }

    /// With a parameter.
    pub fn with(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.parameters.insert(name.to_owned(), value.into());
        self
    }

    /// What follows.
    pub fn next(mut self, to: impl Into<String>) -> Self {
        self.next = Some(to.into());
        self
    }

    /// What follows a result.
    pub fn when(mut self, operator: &'static str, operand: impl Into<String>, to: impl Into<String>) -> Self {
        self.conditions.push((operator, operand.into(), to.into()));
        self
    }

    /// What follows when it equals.
    pub fn is(self, operand: impl Into<String>, to: impl Into<String>) -> Self {
        self.when("Equals", operand, to)
    }

    /// What follows an error.
    pub fn error(mut self, kind: &'static str, to: impl Into<String>) -> Self {
        self.errors.push((kind, to.into()));
        self
    }

    /// What follows any other error.
    pub fn fails(self, to: impl Into<String>) -> Self {
        self.error("NoMatchingError", to)
    }

    /// The attribute that it compares.
    fn reads(&self) -> Option<&str> {
        let reference = self.parameters.get("ComparisonValue")?.as_str()?;
        reference.strip_prefix(ATTRIBUTES)
    }

    /// Sets one more attribute of the contact.
    fn noting(mut self, name: &str, value: String) -> Self {
        if let Some(Value::Object(attributes)) = self.parameters.get_mut("Attributes") {
            attributes.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Whether it reads something that stands there.
    fn refers_to(&self, place: &str) -> bool {
        fn within(value: &Value, place: &str) -> bool {
            match value {
                Value::String(text) => text.contains(place),
                Value::Object(entries) => entries.values().any(|value| within(value, place)),
                Value::Array(items) => items.iter().any(|value| within(value, place)),
                _ => false,
            }
        }
        let kept = self.keeps.as_ref().is_some_and(|kept| place.starts_with(kept.from) || kept.from.starts_with(place));
        kept || self.parameters.values().any(|value| within(value, place))
    }

    /// As many characters as it takes at the most, with its place on the canvas.
    fn weight(&self, id: &str) -> usize {
        fn text(text: &str) -> usize {
            text.len() + 5 * text.bytes().filter(|byte| matches!(byte, 0..0x20 | b'"' | b'\\')).count() + 4
        }
        fn inside(value: &Value) -> usize {
            match value {
                Value::String(value) => text(value),
                Value::Object(entries) => {
                    entries.iter().map(|(name, value)| text(name) + inside(value)).sum::<usize>() + 3
                }
                Value::Array(items) => items.iter().map(inside).sum::<usize>() + 3,
                _ => 24,
            }
        }
        let kept = self
            .keeps
            .as_ref()
            .map_or(0, |kept| kept.names.iter().map(|name| 2 * name.len() + kept.from.len() + 8).sum::<usize>() + 20);
        let parameters: usize = self.parameters.iter().map(|(name, value)| text(name) + inside(value)).sum();
        let ways: usize = self.leads_to().map(|to| to.len() + 64).sum();
        let conditions: usize =
            self.conditions.iter().map(|(operator, operand, _)| operator.len() + text(operand) + 40).sum();
        200 + self.kind.len() + 2 * id.len() + kept + parameters + ways + conditions
    }

    /// Whether it sets an attribute itself.
    fn sets(&self, name: &str) -> bool {
        self.parameters.get("Attributes").is_some_and(|attributes| attributes.get(name).is_some())
    }

    /// Whether it asks anything yet.
    pub fn asks_nothing(&self) -> bool {
        self.conditions.is_empty()
    }

    fn leads_to(&self) -> impl Iterator<Item = &String> {
        let conditions = self.conditions.iter().map(|(_, _, to)| to);
        self.next.iter().chain(conditions).chain(self.errors.iter().map(|(_, to)| to))
    }

    fn parameters(&self) -> Tree<'_> {
        let mut all: Vec<(Cow<'_, str>, Tree<'_>)> =
            self.parameters.iter().map(|(name, value)| (Cow::Borrowed(name.as_str()), value.into())).collect();
        if let Some(Kept { from, names }) = &self.keeps {
            all.push((Cow::Borrowed("Attributes"), Tree::Under(from, names)));
        }
        Tree::Map(all)
    }

    fn json<'b>(&'b self, id: &'b str, flow: &'b ContactFlow, written: &Written) -> Tree<'b> {
        let to = |name: &'b String| ("NextAction", written.name(flow.meant(name)));
        let mut transitions = Vec::new();
        if let Some(next) = &self.next {
            let (key, to) = to(next);
            transitions.push((Cow::Borrowed(key), to));
        }
        if !self.conditions.is_empty() {
            let one = |(operator, operand, next): &'b (&'static str, String, String)| {
                let operands = Tree::List(vec![text(operand)]);
                map([to(next), ("Condition", map([("Operator", text(*operator)), ("Operands", operands)]))])
            };
            transitions.push((Cow::Borrowed("Conditions"), self.conditions.iter().map(one).collect()));
        }
        if !self.errors.is_empty() {
            let one = |(kind, next): &'b (&'static str, String)| map([to(next), ("ErrorType", text(*kind))]);
            transitions.push((Cow::Borrowed("Errors"), self.errors.iter().map(one).collect()));
        }
        map([
            ("Identifier", written.name(id)),
            ("Type", text(self.kind)),
            ("Parameters", self.parameters()),
            ("Transitions", Tree::Map(transitions)),
        ])
    }
}

/// What blocks are called in a flow: as they are, where that is legal.
struct Written(Option<Names>);

impl Written {
    fn of(reached: &[(&String, &Block, usize)]) -> Self {
        let ids = || reached.iter().map(|(id, _, _)| id.as_str());
        let legal = |id: &str| IDENTIFIERS.admits(id) && !IDENTIFIERS.taken.contains(&id);
        Self((!ids().all(legal)).then(|| Names::of(ids(), &IDENTIFIERS)))
    }

    fn name<'b>(&self, id: &'b str) -> Tree<'b> {
        match self.0.as_ref().and_then(|names| names.get(id)).filter(|name| *name != id) {
            Some(name) => text(name.to_owned()),
            None => text(id),
        }
    }
}

/// A flow of Connect.
#[derive(Clone, Debug)]
pub struct ContactFlow {
    /// What people read.
    pub name: String,
    /// What it is for.
    pub description: String,
    /// Where it runs.
    pub runs: Runs,
    /// The first block.
    pub start: String,
    blocks: IndexMap<String, Rc<Block>>,
    /// Names that stand for another block.
    stands_for: IndexMap<String, String>,
}

impl ContactFlow {
    /// A flow without blocks.
    pub fn new(name: String, description: String, runs: Runs, start: &str) -> Self {
        Self { name, description, runs, start: start.to_owned(), blocks: IndexMap::new(), stands_for: IndexMap::new() }
    }

    /// Puts a block; gives its name back.
    pub fn put(&mut self, id: impl Into<String>, block: Block) -> String {
        let id = id.into();
        self.blocks.insert(id.clone(), block.into());
        id
    }

    /// Whether a block of this name is there.
    pub fn has(&self, id: &str) -> bool {
        self.blocks.contains_key(id)
    }

    /// Lets a name stand for the block of another name.
    pub fn stand_for(&mut self, id: impl Into<String>, other: impl Into<String>) {
        let (id, other) = (id.into(), other.into());
        if id != other {
            self.stands_for.insert(id, other);
        }
    }

    /// The block that a name means.
    fn meant<'f>(&'f self, id: &'f str) -> &'f str {
        let mut id = id;
        for _ in 0..=self.stands_for.len() {
            let Some(other) = self.stands_for.get(id) else { break };
            id = other;
        }
        id
    }

    /// Keeps of each answer what is compared before the next answer is kept: no more, and no less. `kept` says which
    /// attributes every answer has.
    pub fn keeps_what_is_read(&mut self, kept: impl Fn(&str) -> bool) {
        let (mut before, mut readers) = (vec![Vec::new(); self.blocks.len()], IndexMap::<String, Vec<usize>>::new());
        for (at, block) in self.blocks.values().enumerate() {
            for to in block.leads_to().filter_map(|to| self.blocks.get_index_of(self.meant(to))) {
                before[to].push(at);
            }
            if let Some(name) = block.reads().filter(|name| kept(name)) {
                readers.entry(name.to_owned()).or_default().push(at);
            }
        }
        let mut seen = vec![usize::MAX; self.blocks.len()];
        for (round, (name, mut open)) in readers.into_iter().enumerate() {
            let name: Rc<str> = name.into();
            while let Some(at) = open.pop() {
                for from in &before[at] {
                    if std::mem::replace(&mut seen[*from], round) == round {
                        continue;
                    }
                    let block = Rc::make_mut(&mut self.blocks[*from]);
                    if let Some(kept) = &mut block.keeps {
                        kept.names.push(Rc::clone(&name));
                    } else if !block.sets(&name) {
                        open.push(*from);
                    }
                }
            }
        }
        for kept in self.blocks.values_mut().filter_map(|block| Rc::make_mut(block).keeps.as_mut()) {
            kept.names.sort_unstable();
        }
    }

    /// Blocks that the start leads to, nearest first, with how far they are.
    fn reached(&self) -> Vec<(&String, &Block, usize)> {
        let mut found: Vec<(&String, &Block, usize)> = Vec::new();
        let mut seen = vec![false; self.blocks.len()];
        let mut next = 0;
        if let Some((at, id, block)) = self.blocks.get_full(self.meant(&self.start)) {
            seen[at] = true;
            found.push((id, block, 0));
        }
        while let Some((_, block, far)) = found.get(next).copied() {
            next += 1;
            for to in block.leads_to() {
                if let Some((at, id, block)) = self.blocks.get_full(self.meant(to))
                    && !std::mem::replace(&mut seen[at], true)
                {
                    found.push((id, block, far + 1));
                }
            }
        }
        found
    }

    /// How many blocks are written: those that the start leads to.
    pub fn size(&self) -> usize {
        self.reached().len()
    }

    /// The flow language.
    pub fn json(&self) -> Tree<'_> {
        let reached = self.reached();
        let written = Written::of(&reached);
        let mut rows: Vec<usize> = Vec::new();
        let mut positions = Vec::with_capacity(reached.len());
        for (id, _, far) in &reached {
            rows.resize(rows.len().max(far + 1), 0);
            let row = rows[*far];
            rows[*far] += 1;
            let position = map([("x", Count(160 + far * STEP.0)), ("y", Count(40 + row * STEP.1))]);
            let Tree::Text(id) = written.name(id) else { continue };
            positions.push((id, map([("position", position)])));
        }
        let kind = match self.runs {
            Runs::Contact => "contactFlow",
            Runs::CustomerQueue => "customerQueue",
            Runs::AgentWhisper => "agentWhisper",
        };
        let metadata = map([
            ("entryPointPosition", map([("x", Count(20)), ("y", Count(40))])),
            ("ActionMetadata", Tree::Map(positions)),
            ("Annotations", Tree::List(Vec::new())),
            ("name", text(&self.name)),
            ("description", text(&self.description)),
            ("type", text(kind)),
            ("status", text("PUBLISHED")),
            ("hash", map([])),
        ]);
        map([
            ("Version", text(VERSION)),
            ("StartAction", written.name(self.meant(&self.start))),
            ("Metadata", metadata),
            ("Actions", reached.iter().map(|(id, block, _)| block.json(id, self, &written)).collect()),
        ])
    }
}

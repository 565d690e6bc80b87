//! Prints `policy.py`: the flow's own part as data and functions, then the machine.

use flow_model::flow::{
    Ask, Branch, Context, Flow, Handoff, Idle, Kind, Node, Once, Ordered, PayloadField, Row, Trigger,
};
use indexmap::IndexMap;

use super::functions::{condition_function, expression_function};
use super::lower::{Place, said_at_most};
use super::python::{Py, kind, quoted, value};
use super::{Function, Policy, hours};
use crate::uses::is_german;

/// The machine, in the order in which its parts build on each other.
const MACHINE: [&str; 9] = [
    include_str!("machine/values.py"),
    include_str!("machine/hours.py"),
    include_str!("machine/names.py"),
    include_str!("machine/numbers.py"),
    include_str!("machine/words.py"),
    include_str!("machine/requests.py"),
    include_str!("machine/nodes.py"),
    include_str!("machine/turns.py"),
    include_str!("machine/ways.py"),
];
const HEAD: &str = include_str!("head.py");

/// The module.
pub fn module(policy: &Policy<'_>) -> String {
    let flows = policy.flows.iter().map(|(id, flow)| ((*id).to_owned(), Writer { policy, id, flow }.document()));
    let tables = [
        assigned("INTENTS", &Py::texts(policy.flow().intents.keys().filter(|intent| *intent != "none"))),
        assigned("SIGNALS", &signals(policy)),
        assigned("SLOTS", &slots(policy)),
        kept_keys(policy),
        assigned("CALLS", &calls(policy)),
        hours::tables(policy),
        assigned("FLOWS", &Py::Map(flows.collect())),
        conditions(policy),
    ];
    let title = policy.flow().title.as_deref().unwrap_or(&policy.flow().id);
    let title: String = title.chars().filter(|c| !super::python::hidden(*c)).collect();
    let title = title.replace('\\', "/").replace('"', "'");
    let lines = said_at_most(policy).map_or("None".to_owned(), |lines| lines.to_string());
    let (flow, revision) = (quoted(&policy.flow().id), quoted(policy.revision));
    let texts = [("@TITLE@", title.as_str()), ("@FLOW@", &flow), ("@REVISION@", &revision), ("@LINES@", &lines)];
    let head = crate::prose::placed(HEAD, &texts);
    let rule = |words: &str| format!("# --- {words} {}\n", "-".repeat(96_usize.saturating_sub(words.chars().count())));
    let (own_functions, own) = (rule("Conditions and expressions"), rule("The flow"));
    let (functions, tables, machine) = (functions(policy), tables.join("\n"), MACHINE.join("\n\n"));
    format!("{head}{own_functions}{functions}\n\n{own}\n{tables}\n{machine}")
}

/// Every condition and expression, in the order of the document.
fn functions(policy: &Policy<'_>) -> String {
    let print = |function: &Function| match *function {
        Function::Condition(at) => {
            let one = &policy.conditions[at];
            condition_function(&one.name, &one.source, &one.expr)
        }
        Function::Expression(at) => {
            let one = &policy.expressions[at];
            expression_function(&one.name, &one.source, &one.expr)
        }
    };
    policy.functions.iter().map(print).collect()
}

/// The conditions by name, and whose they are.
fn conditions(policy: &Policy<'_>) -> String {
    let names = |id: &str| Py::texts(policy.conditions.iter().filter(|c| c.flow == id).map(|c| c.name.as_str()));
    let all = policy.conditions.iter().map(|c| (c.name.clone(), Py::Code(c.name.clone()))).collect();
    let by_flow = policy.flows.iter().map(|(id, _)| ((*id).to_owned(), names(id))).collect();
    format!("{}{}", assigned("CONDITIONS", &Py::Map(all)), assigned("CONDITIONS_OF", &Py::Map(by_flow)))
}

pub fn assigned(name: &str, py: &Py) -> String {
    format!("{name} = {}\n", py.pretty(0, name.len() + 3))
}

fn entry(key: &str, py: Py) -> (String, Py) {
    (key.to_owned(), py)
}

fn signals(policy: &Policy<'_>) -> Py {
    let mut all: Ordered<Py> = Ordered::default();
    for (_, flow) in &policy.flows {
        for (name, signal) in &flow.signals {
            all.entry(name.clone()).or_insert_with(|| Py::Map(kind(&signal.r#type)));
        }
    }
    Py::Map(all.into_iter().collect())
}

fn slots(policy: &Policy<'_>) -> Py {
    let one = |(name, slot): (&String, &&flow_model::flow::Slot)| (name.clone(), Py::Map(kind(&slot.r#type)));
    Py::Map(policy.slots.iter().map(one).collect())
}

/// The slots of all flows of which is kept back what they hold.
fn kept_keys(policy: &Policy<'_>) -> String {
    let keys = policy.flows.iter().flat_map(|(id, flow)| kept_back(flow).map(|(slot, _)| policy.slot_key(id, slot)));
    let keys: std::collections::BTreeSet<&str> = keys.collect();
    assigned("KEPT_BACK", &Py::texts(keys))
}

/// The slots that each entity fills.
fn entities(flow: &Flow) -> Py {
    let mut all: Ordered<Vec<Py>> = Ordered::default();
    for (name, slot) in &flow.slots {
        if let Some(entity) = &slot.entity {
            all.entry(entity.clone()).or_default().push(Py::text(name));
        }
    }
    Py::Map(all.into_iter().map(|(entity, slots)| (entity, Py::List(slots))).collect())
}

fn calls(policy: &Policy<'_>) -> Py {
    let mut all: Ordered<Py> = Ordered::default();
    for (id, flow) in &policy.flows {
        for (name, call) in &flow.calls {
            let outputs = call.outputs.iter().map(|(name, of)| (name.clone(), Py::Map(kind(of)))).collect();
            all.insert(format!("{id}.{name}"), Py::Map(outputs));
        }
    }
    Py::Map(all.into_iter().collect())
}

/// Writes one flow.
struct Writer<'a, 'p> {
    policy: &'p Policy<'a>,
    id: &'p str,
    flow: &'a Flow,
}

impl Writer<'_, '_> {
    fn when(&self, place: Place) -> Py {
        self.policy.condition(self.id, &place).map_or(Py::None, |found| Py::Code(found.name.clone()))
    }

    fn expression(&self, place: Place) -> Py {
        self.policy.expression(self.id, &place).map_or(Py::None, |found| Py::Code(found.name.clone()))
    }

    fn document(&self) -> Py {
        let flow = self.flow;
        let constants = flow.constants.iter().filter_map(|(id, c)| Some((id.clone(), value(c.value.as_ref()?))));
        let constants = Py::Map(constants.collect());
        let intents = flow.intents.iter().map(|(id, i)| (id.clone(), Py::Text(titled(i.title.as_ref(), id))));
        let intents = Py::Map(intents.collect());
        let slots = flow.slots.keys().map(|name| (name.clone(), Py::text(self.policy.slot_key(self.id, name))));
        let slots = Py::Map(slots.collect());
        let titles = Py::Map(titles(flow).into_iter().map(|(name, title)| (name.clone(), Py::text(title))).collect());
        let within = flow.tiers.iter().filter_map(|(id, tier)| Some((id.clone(), Py::Number(tier.answer_within?))));
        let within = Py::Map(within.collect());
        let scores = Py::Map(flow.scores.keys().map(|id| (id.clone(), self.score(id))).collect());
        let contexts = Py::Map(flow.contexts.keys().map(|id| (id.clone(), self.context(id))).collect());
        let triggers = Py::List(flow.triggers.iter().map(|(id, trigger)| self.trigger(id, trigger)).collect());
        let nodes =
            Py::Map(flow.nodes.iter().filter_map(|(id, node)| Some((id.clone(), self.node(id, node)?))).collect());
        let mut document = vec![
            entry("constants", constants),
            entry("intents", intents),
            entry("slots", slots),
            entry("entities", entities(flow)),
            entry("titles", titles),
            entry("answer_within", within),
            entry("scores", scores),
            entry("contexts", contexts),
            entry("triggers", triggers),
            entry("nodes", nodes),
        ];
        let kept: Vec<(String, Py)> = kept_back(flow).map(|(slot, how)| (slot.clone(), Py::text(how))).collect();
        if !kept.is_empty() {
            document.push(entry("kept_back", Py::Map(kept)));
        }
        if is_german(flow.locale.as_deref()) {
            document.push(entry("german", Py::Bool(true)));
        }
        Py::Map(document)
    }

    fn score(&self, id: &str) -> Py {
        let Some(score) = self.flow.scores.get(id) else { return Py::None };
        let rows = score.add.iter().enumerate().map(|(i, row)| {
            let when = self.when(Place::Score(id.to_owned(), i));
            Py::Map(vec![entry("when", when), entry("points", Py::Number(row.points))])
        });
        let rows = rows.collect();
        Py::Map(vec![
            entry("base", Py::Number(score.base)),
            entry("min", Py::Number(score.min)),
            entry("max", Py::Number(score.max)),
            entry("add", Py::List(rows)),
        ])
    }

    fn context(&self, id: &str) -> Py {
        let Some(context) = self.flow.contexts.get(id) else { return Py::None };
        let chain = extended(self.flow, id);
        let inherited = |text: fn(&Context) -> Option<&String>| Py::optional(chain.iter().find_map(|c| text(c)));
        let (summary, told) = (inherited(|c| c.summary.as_ref()), inherited(|c| c.told.as_ref()));
        let mut fields = Vec::new();
        for (name, field) in self.flow.fields_of(id) {
            let from = self.expression(Place::Field(id.to_owned(), name.clone()));
            let redact = Py::text(redaction(self.flow, field));
            let mut entries = vec![entry("from", from), entry("redact", redact)];
            if field.redact.as_deref() == Some("none") {
                // The author's word for this very field.
                entries.push(entry("as_is", Py::Bool(true)));
            }
            fields.push((name.clone(), Py::Map(entries)));
        }
        let screen = context.screen.iter().map(|open| entry("open", Py::text(open))).collect();
        let mut entries = vec![
            entry("summary", summary),
            entry("told", told),
            entry("fields", Py::Map(fields)),
            entry("screen", Py::Map(screen)),
        ];
        // What a field sends as it is, by the author's word.
        let fields = self.flow.fields_of(id).into_values().filter(|field| redaction(self.flow, field) == "none");
        let open: Vec<&str> = fields.filter_map(|field| field.from.trim().strip_prefix("slots.")).collect();
        let open: Vec<&str> =
            kept_back(self.flow).map(|(slot, _)| slot.as_str()).filter(|s| open.contains(s)).collect();
        if !open.is_empty() {
            entries.push(entry("open", Py::texts(open)));
        }
        Py::Map(entries)
    }

    fn trigger(&self, id: &str, trigger: &Trigger) -> Py {
        let when = self.when(Place::TriggerWhen(id.to_owned()));
        let because = trigger.because.keys().map(|name| {
            let when = self.when(Place::Because(id.to_owned(), name.clone()));
            Py::Tuple(vec![Py::text(name), when])
        });
        let because = because.collect();
        let once = match trigger.once {
            Once::Never => Py::None,
            Once::Fired => Py::Bool(true),
            Once::Accepted => Py::text("accepted"),
        };
        Py::Map(vec![
            entry("id", Py::text(id)),
            entry("when", when),
            entry("because", Py::List(because)),
            entry("to", Py::text(&trigger.to)),
            entry("within", Py::texts(&trigger.within)),
            entry("once", once),
        ])
    }

    fn node(&self, id: &str, node: &Node) -> Option<Py> {
        let mut entries = vec![entry("kind", Py::text(node.kind_id()))];
        entries.extend(node.group.as_ref().map(|group| entry("group", Py::text(group))));
        match &node.kind {
            Kind::Start(n) => ports(&mut entries, &[("next", &n.next)]),
            Kind::Message(n) => {
                entries.push(entry("text", Py::text(&n.text)));
                ports(&mut entries, &[("next", &n.next)]);
            }
            Kind::Listen(n) => {
                entries.push(entry("branches", self.branches(id, &n.branches)));
                entries.extend(idle(&n.idle));
                ports(&mut entries, &[("else", &n.r#else)]);
            }
            Kind::Decision(n) => {
                entries.push(entry("branches", self.branches(id, &n.branches)));
                ports(&mut entries, &[("else", &n.r#else)]);
            }
            Kind::Ask(n) => ask(&mut entries, n),
            Kind::Set(n) => {
                let assign = n.assign.iter().map(|(slot, from)| {
                    let place = Place::Assign(id.to_owned(), slot.clone());
                    let from = from.as_ref().map_or(Py::None, |_| self.expression(place));
                    Py::Tuple(vec![Py::text(slot), from])
                });
                entries.push(entry("assign", Py::List(assign.collect())));
                ports(&mut entries, &[("next", &n.next)]);
            }
            Kind::Action(n) => {
                entries.push(entry("call", Py::text(&n.call)));
                entries.push(entry("inputs", self.expressions(&n.inputs, |key| Place::Input(id.to_owned(), key))));
                let errors = n.errors.iter().map(|(code, to)| (code.clone(), Py::text(to)));
                entries.push(entry("errors", Py::Map(errors.collect())));
                ports(&mut entries, &[("ok", &n.ok), ("error", &n.error), ("timeout", &n.timeout)]);
            }
            Kind::Subflow(n) => {
                entries.push(entry("flow", Py::text(&n.flow)));
                entries.push(entry("inputs", self.expressions(&n.inputs, |key| Place::Input(id.to_owned(), key))));
                let outcomes = n.outcomes.iter().map(|(outcome, to)| (outcome.clone(), Py::text(to)));
                entries.push(entry("outcomes", Py::Map(outcomes.collect())));
                ports(&mut entries, &[("else", &n.r#else)]);
            }
            Kind::End(n) => entries.push(entry("outcome", Py::text(&n.outcome))),
            Kind::Handoff(n) => self.handoff(&mut entries, id, n),
            Kind::Note(_) => {}
            // Refused before anything is written, or no part of a valid flow.
            Kind::Todo(_) | Kind::Unknown(_) => return None,
        }
        Some(Py::Map(entries))
    }

    fn branches(&self, id: &str, rows: &[Branch]) -> Py {
        let rows = rows.iter().enumerate().map(|(i, row)| {
            let when = self.when(Place::Branch(id.to_owned(), i));
            Py::Map(vec![entry("when", when), entry("to", Py::text(&row.to))])
        });
        Py::List(rows.collect())
    }

    fn expressions(&self, map: &Ordered<String>, place: impl Fn(String) -> Place) -> Py {
        Py::Map(map.keys().map(|key| (key.clone(), self.expression(place(key.clone())))).collect())
    }

    /// Rows that lead away from a handoff.
    fn leaving(&self, rows: &[Row], place: impl Fn(usize) -> Place) -> Py {
        let rows = rows.iter().enumerate().map(|(i, row)| {
            let keep = entry("keep_place", Py::Bool(row.keep_place));
            Py::Map(vec![entry("when", self.when(place(i))), entry("to", Py::text(&row.to)), keep])
        });
        Py::List(rows.collect())
    }

    fn waiting(&self, id: &str, n: &Handoff) -> Py {
        let say = n.waiting.say.iter().map(|row| {
            let every = row.every.map_or(Py::None, Py::Number);
            Py::Map(vec![
                entry("after", Py::Number(row.after)),
                entry("every", every),
                entry("text", Py::text(&row.text)),
            ])
        });
        Py::Map(vec![
            entry("say", Py::List(say.collect())),
            entry("turns", self.leaving(&n.waiting.turns, |i| Place::WaitingTurn(id.to_owned(), i))),
            entry("else_say", Py::optional(n.waiting.else_say.as_ref())),
        ])
    }

    fn assist(&self, id: &str, n: &Handoff) -> Py {
        let rows = n.assist.iter().enumerate().map(|(i, row)| {
            let when = self.when(Place::Assist(id.to_owned(), i));
            Py::Map(vec![entry("when", when), entry("suggest", Py::optional(row.suggest.as_ref()))])
        });
        Py::List(rows.collect())
    }

    fn handoff(&self, entries: &mut Vec<(String, Py)>, id: &str, n: &Handoff) {
        let priority = |p: Option<u8>| p.map_or(Py::None, |p| Py::Int(i64::from(p)));
        let mut routes = Vec::new();
        for (i, row) in n.routes.iter().enumerate() {
            let when = self.when(Place::Route(id.to_owned(), i));
            let mut route = vec![entry("when", when), entry("tier", Py::text(&row.tier))];
            route.extend(row.priority.map(|p| entry("priority", Py::Int(i64::from(p)))));
            routes.push(Py::Map(route));
        }
        let reasons = n.reasons.iter().map(|(edge, reason)| (edge.clone(), Py::text(reason))).collect();
        let returns = n.returns.iter().map(|(outcome, row)| (outcome.clone(), Py::text(&row.to))).collect();
        let seconds = |n: Option<_>| n.map_or(Py::None, Py::Number);
        entries.extend([
            entry("mode", Py::text(n.mode.id())),
            entry("context", Py::text(&n.context)),
            entry("target", Py::optional(n.target.as_ref())),
            entry("routes", Py::List(routes)),
            entry("tier", Py::text(&n.tier)),
            entry("priority", priority(Some(n.priority.unwrap_or(3)))),
            entry("max_wait", seconds(n.max_wait)),
            entry("answer_within", seconds(n.answer_within)),
            entry("join", Py::optional(n.join.as_ref())),
            entry("contact", self.expressions(&n.contact, |key| Place::Contact(id.to_owned(), key))),
            entry("reasons", Py::Map(reasons)),
            entry("say", Py::optional(n.say.as_ref())),
            entry("waiting", self.waiting(id, n)),
            entry("overflow", self.leaving(&n.overflow, |i| Place::Overflow(id.to_owned(), i))),
            entry("assist", self.assist(id, n)),
            entry("returns", Py::Map(returns)),
        ]);
        let drawn = [
            ("sent", &n.sent),
            ("resumed", &n.resumed),
            ("resolved", &n.resolved),
            ("escalated", &n.escalated),
            ("timeout", &n.timeout),
            ("closed", &n.closed),
            ("failed", &n.failed),
        ];
        ports(entries, &drawn);
    }
}

fn idle(rows: &[Idle]) -> Option<(String, Py)> {
    let rows = rows.iter().map(|row| {
        Py::Map(vec![
            entry("after", Py::Number(row.after)),
            entry("say", Py::optional(row.say.as_ref())),
            entry("to", Py::optional(row.to.as_ref())),
        ])
    });
    let rows: Vec<Py> = rows.collect();
    (!rows.is_empty()).then(|| entry("idle", Py::List(rows)))
}

fn ask(entries: &mut Vec<(String, Py)>, n: &Ask) {
    entries.push(entry("slot", Py::text(&n.slot)));
    entries.push(entry("prompt", Py::text(&n.prompt)));
    entries.push(entry("reprompt", Py::text(n.reprompt.as_ref().unwrap_or(&n.prompt))));
    entries.push(entry("attempts", Py::Int(i64::from(n.attempts))));
    entries.extend(idle(&n.idle));
    ports(entries, &[("filled", &n.filled), ("failed", &n.failed)]);
}

/// The ports that are drawn.
fn ports(entries: &mut Vec<(String, Py)>, drawn: &[(&str, &Option<String>)]) {
    for (port, to) in drawn {
        entries.extend(to.as_ref().map(|to| entry(port, Py::text(to))));
    }
}

/// What people read, else the name with spaces.
pub(crate) fn titled(title: Option<&String>, name: &str) -> String {
    title.cloned().unwrap_or_else(|| name.replace('_', " "))
}

/// Reasons in words: the titles of named reasons, else those of triggers.
pub(crate) fn titles(flow: &Flow) -> IndexMap<&String, &String> {
    let because = flow.triggers.values().flat_map(|trigger| &trigger.because);
    let named = because.filter_map(|(name, because)| Some((name, because.title.as_ref()?)));
    let mut titles = IndexMap::new();
    for (name, title) in named.chain(flow.triggers.iter().filter_map(|(name, one)| Some((name, one.title.as_ref()?)))) {
        titles.entry(name).or_insert(title);
    }
    titles
}

/// A context and those it extends, the nearest first.
pub(crate) fn extended<'a>(flow: &'a Flow, id: &str) -> Vec<&'a Context> {
    let mut chain: Vec<&Context> = Vec::new();
    let mut next = flow.contexts.get(id);
    while let Some(context) = next {
        if chain.len() > flow.contexts.len() {
            break;
        }
        chain.push(context);
        next = context.extends.as_ref().and_then(|id| flow.contexts.get(id));
    }
    chain
}

/// How a field is sent: as it says itself, else as its class does.
pub(crate) fn redaction<'a>(flow: &'a Flow, field: &'a PayloadField) -> &'a str {
    let class = field.class.as_ref().or_else(|| slot_class(flow, &field.from));
    let usual = class.and_then(|class| flow.classes.get(class)?.redact.as_deref());
    field.redact.as_deref().or(usual).unwrap_or("none")
}

/// The slots of a flow whose class says that they are kept back, and how.
pub(crate) fn kept_back(flow: &Flow) -> impl Iterator<Item = (&String, &str)> {
    flow.slots.iter().filter_map(|(slot, known)| {
        let how = flow.classes.get(known.class.as_ref()?)?.redact.as_deref()?;
        (how != "none").then_some((slot, how))
    })
}

/// The class of a slot that a field is taken from as it is.
fn slot_class<'a>(flow: &'a Flow, from: &str) -> Option<&'a String> {
    flow.slots.get(from.trim().strip_prefix("slots.")?)?.class.as_ref()
}

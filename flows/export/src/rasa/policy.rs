//! Prints `actions/policy.py`: the flow's own part as data and functions, then the machine.

use flow_model::flow::{Ask, Context, Flow, Handoff, Kind, Node, Once, Ordered, Trigger};

use super::functions::Functions;
use super::lower::Plan;
use super::python::{Py, kind, quoted, value};

/// The machine, in the order in which its parts build on each other.
const MACHINE: [&str; 6] = [
    include_str!("project/machine/values.py"),
    include_str!("project/machine/names.py"),
    include_str!("project/machine/words.py"),
    include_str!("project/machine/requests.py"),
    include_str!("project/machine/nodes.py"),
    include_str!("project/machine/turns.py"),
];
const HEAD: &str = include_str!("project/policy_head.py");

/// The module.
pub fn module(plan: &Plan<'_>) -> String {
    let mut functions = Functions::default();
    let flows: Vec<(String, Py)> = plan
        .flows
        .iter()
        .enumerate()
        .map(|(i, (id, flow))| {
            let prefix = if i == 0 { None } else { Some(*id) };
            let mut writer = Writer { plan, id, flow, prefix, functions: &mut functions };
            ((*id).to_owned(), writer.document())
        })
        .collect();
    let tables = [
        assigned("INTENTS", &Py::texts(plan.intents.keys().map(String::as_str))),
        assigned("SIGNALS", &signals(plan)),
        assigned("SLOTS", &slots(plan)),
        assigned("CALLS", &calls(plan)),
        assigned("FLOWS", &Py::Map(flows)),
    ];
    let title = plan.flow().title.as_deref().unwrap_or(&plan.flow().id);
    let title: String = title.chars().filter(|c| !super::python::hidden(*c)).collect();
    let title = title.replace('\\', "/").replace('"', "'");
    let head = HEAD
        .replace("@TITLE@", &title)
        .replace("@FLOW@", &quoted(&plan.flow().id))
        .replace("@REVISION@", &quoted(plan.revision));
    let rule = |words: &str| format!("# --- {words} {}\n", "-".repeat(96_usize.saturating_sub(words.chars().count())));
    let (conditions, own) = (rule("Conditions and expressions"), rule("The flow"));
    let (functions, tables, machine) = (functions.text(), tables.join("\n"), MACHINE.join("\n\n"));
    format!("{head}{conditions}{functions}\n\n{own}\n{tables}\n{machine}")
}

fn assigned(name: &str, py: &Py) -> String {
    format!("{name} = {}\n", py.pretty(0, name.len() + 3))
}

fn entry(key: &str, py: Py) -> (String, Py) {
    (key.to_owned(), py)
}

fn signals(plan: &Plan<'_>) -> Py {
    let mut all: Ordered<Py> = Ordered::default();
    for (_, flow) in &plan.flows {
        for (name, signal) in &flow.signals {
            all.entry(name.clone()).or_insert_with(|| Py::Map(kind(&signal.r#type)));
        }
    }
    Py::Map(all.into_iter().collect())
}

fn slots(plan: &Plan<'_>) -> Py {
    let one = |(name, slot): (&String, &&flow_model::flow::Slot)| (name.clone(), Py::Map(kind(&slot.r#type)));
    Py::Map(plan.slots.iter().map(one).collect())
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

fn calls(plan: &Plan<'_>) -> Py {
    let mut all: Ordered<Py> = Ordered::default();
    for (id, flow) in &plan.flows {
        for (name, call) in &flow.calls {
            let outputs = call.outputs.iter().map(|(name, of)| (name.clone(), Py::Map(kind(of)))).collect();
            all.insert(format!("{id}.{name}"), Py::Map(outputs));
        }
    }
    Py::Map(all.into_iter().collect())
}

/// Writes one flow.
struct Writer<'a, 'p> {
    plan: &'p Plan<'a>,
    id: &'a str,
    flow: &'a Flow,
    prefix: Option<&'a str>,
    functions: &'p mut Functions,
}

impl Writer<'_, '_> {
    fn when(&mut self, name: &[&str], source: &str) -> Py {
        let name: Vec<&str> = self.prefix.iter().copied().chain(name.iter().copied()).collect();
        self.functions.condition(&name, source)
    }

    fn expression(&mut self, name: &[&str], source: &str) -> Py {
        let name: Vec<&str> = self.prefix.iter().copied().chain(name.iter().copied()).collect();
        self.functions.expression(&name, source)
    }

    fn document(&mut self) -> Py {
        let flow = self.flow;
        let constants = flow.constants.iter().filter_map(|(id, c)| Some((id.clone(), value(c.value.as_ref()?))));
        let constants = Py::Map(constants.collect());
        let intents = flow.intents.iter().map(|(id, i)| (id.clone(), Py::Text(titled(i.title.as_ref(), id))));
        let intents = Py::Map(intents.collect());
        let slots = flow.slots.keys().map(|name| {
            let key = self.plan.slot_names.get(&(self.id.to_owned(), name.clone())).unwrap_or(name);
            (name.clone(), Py::text(key))
        });
        let slots = Py::Map(slots.collect());
        let titles = titles(flow);
        let within = flow.tiers.iter().filter_map(|(id, tier)| Some((id.clone(), Py::Number(tier.answer_within?))));
        let within = Py::Map(within.collect());
        let scores = Py::Map(flow.scores.keys().map(|id| (id.clone(), self.score(id))).collect());
        let contexts = Py::Map(flow.contexts.keys().map(|id| (id.clone(), self.context(id))).collect());
        let triggers = Py::List(flow.triggers.iter().map(|(id, trigger)| self.trigger(id, trigger)).collect());
        let nodes =
            Py::Map(flow.nodes.iter().filter_map(|(id, node)| Some((id.clone(), self.node(id, node)?))).collect());
        Py::Map(vec![
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
        ])
    }

    fn score(&mut self, id: &str) -> Py {
        let Some(score) = self.flow.scores.get(id) else { return Py::None };
        let rows = score.add.iter().enumerate().map(|(i, row)| {
            let when = self.when(&["score", id, &i.to_string(), "when"], &row.when);
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

    fn context(&mut self, id: &str) -> Py {
        let Some(context) = self.flow.contexts.get(id) else { return Py::None };
        let chain = extended(self.flow, id);
        let inherited = |text: fn(&Context) -> Option<&String>| Py::optional(chain.iter().find_map(|c| text(c)));
        let (summary, told) = (inherited(|c| c.summary.as_ref()), inherited(|c| c.told.as_ref()));
        let mut fields = Vec::new();
        for (name, field) in self.flow.fields_of(id) {
            let from = self.expression(&["context", id, &name], &field.from);
            let of_slot = || slot_class(self.flow, &field.from);
            let class = field.class.as_ref().or_else(of_slot).and_then(|class| self.flow.classes.get(class));
            let redact = field.redact.as_deref().or_else(|| class?.redact.as_deref()).unwrap_or("none");
            fields.push((name.clone(), Py::Map(vec![entry("from", from), entry("redact", Py::text(redact))])));
        }
        let screen = context.screen.iter().map(|open| entry("open", Py::text(open))).collect();
        Py::Map(vec![
            entry("summary", summary),
            entry("told", told),
            entry("fields", Py::Map(fields)),
            entry("screen", Py::Map(screen)),
        ])
    }

    fn trigger(&mut self, id: &str, trigger: &Trigger) -> Py {
        let when = self.when(&["trigger", id, "when"], &trigger.when);
        let because = trigger.because.iter().map(|(name, because)| {
            let when = self.when(&["trigger", id, "because", name], &because.when);
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

    fn node(&mut self, id: &str, node: &Node) -> Option<Py> {
        let mut entries = vec![entry("kind", Py::text(node.kind_id()))];
        entries.extend(node.group.as_ref().map(|group| entry("group", Py::text(group))));
        match &node.kind {
            Kind::Start(n) => ports(&mut entries, &[("next", &n.next)]),
            Kind::Message(n) => {
                entries.push(entry("text", Py::text(&n.text)));
                ports(&mut entries, &[("next", &n.next)]);
            }
            Kind::Listen(n) => {
                let rows = n.branches.iter().map(|row| (&row.when, &row.to));
                entries.push(entry("branches", self.rows(&[id, "branch"], rows)));
                ports(&mut entries, &[("else", &n.r#else)]);
            }
            Kind::Decision(n) => {
                let rows = n.branches.iter().map(|row| (&row.when, &row.to));
                entries.push(entry("branches", self.rows(&[id, "branch"], rows)));
                ports(&mut entries, &[("else", &n.r#else)]);
            }
            Kind::Ask(n) => ask(&mut entries, n),
            Kind::Set(n) => {
                let assign = n.assign.iter().map(|(slot, from)| {
                    let from = from.as_ref().map_or(Py::None, |from| self.expression(&[id, "assign", slot], from));
                    Py::Tuple(vec![Py::text(slot), from])
                });
                entries.push(entry("assign", Py::List(assign.collect())));
                ports(&mut entries, &[("next", &n.next)]);
            }
            Kind::Action(n) => {
                entries.push(entry("call", Py::text(&n.call)));
                entries.push(entry("inputs", self.expressions(&[id, "input"], &n.inputs)));
                let errors = n.errors.iter().map(|(code, to)| (code.clone(), Py::text(to)));
                entries.push(entry("errors", Py::Map(errors.collect())));
                ports(&mut entries, &[("ok", &n.ok), ("error", &n.error), ("timeout", &n.timeout)]);
            }
            Kind::Subflow(n) => {
                entries.push(entry("flow", Py::text(&n.flow)));
                entries.push(entry("inputs", self.expressions(&[id, "input"], &n.inputs)));
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

    fn rows<'r>(&mut self, name: &[&str], rows: impl Iterator<Item = (&'r String, &'r String)>) -> Py {
        let rows = rows.enumerate().map(|(i, (when, to))| {
            let index = i.to_string();
            let name: Vec<&str> = name.iter().copied().chain([index.as_str()]).collect();
            Py::Map(vec![entry("when", self.when(&name, when)), entry("to", Py::text(to))])
        });
        Py::List(rows.collect())
    }

    fn expressions(&mut self, name: &[&str], map: &Ordered<String>) -> Py {
        let entries = map.iter().map(|(key, from)| {
            let name: Vec<&str> = name.iter().copied().chain([key.as_str()]).collect();
            (key.clone(), self.expression(&name, from))
        });
        Py::Map(entries.collect())
    }

    fn handoff(&mut self, entries: &mut Vec<(String, Py)>, id: &str, n: &Handoff) {
        let priority = |p: Option<u8>| p.map_or(Py::None, |p| Py::Int(i64::from(p)));
        let mut routes = Vec::new();
        for (i, row) in n.routes.iter().enumerate() {
            let when = self.when(&[id, "route", &i.to_string()], &row.when);
            let mut route = vec![entry("when", when), entry("tier", Py::text(&row.tier))];
            route.extend(row.priority.map(|p| entry("priority", Py::Int(i64::from(p)))));
            routes.push(Py::Map(route));
        }
        let mut overflow = Vec::new();
        for (i, row) in n.overflow.iter().enumerate() {
            let when = self.when(&[id, "overflow", &i.to_string()], &row.when);
            let keep = entry("keep_place", Py::Bool(row.keep_place));
            overflow.push(Py::Map(vec![entry("when", when), entry("to", Py::text(&row.to)), keep]));
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
            entry("contact", self.expressions(&[id, "contact"], &n.contact)),
            entry("reasons", Py::Map(reasons)),
            entry("say", Py::optional(n.say.as_ref())),
            entry("overflow", Py::List(overflow)),
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

fn ask(entries: &mut Vec<(String, Py)>, n: &Ask) {
    entries.push(entry("slot", Py::text(&n.slot)));
    entries.push(entry("prompt", Py::text(&n.prompt)));
    entries.push(entry("reprompt", Py::text(n.reprompt.as_ref().unwrap_or(&n.prompt))));
    entries.push(entry("attempts", Py::Int(i64::from(n.attempts))));
    ports(entries, &[("filled", &n.filled), ("failed", &n.failed)]);
}

/// The ports that are drawn.
fn ports(entries: &mut Vec<(String, Py)>, drawn: &[(&str, &Option<String>)]) {
    for (port, to) in drawn {
        entries.extend(to.as_ref().map(|to| entry(port, Py::text(to))));
    }
}

/// What people read, else the name with spaces.
fn titled(title: Option<&String>, name: &str) -> String {
    title.cloned().unwrap_or_else(|| name.replace('_', " "))
}

/// Reasons in words: the titles of named reasons, else those of triggers.
fn titles(flow: &Flow) -> Py {
    let mut titles: Ordered<Py> = Ordered::default();
    for (name, because) in flow.triggers.values().flat_map(|trigger| &trigger.because) {
        if let Some(title) = &because.title {
            titles.entry(name.clone()).or_insert_with(|| Py::text(title));
        }
    }
    for (name, trigger) in &flow.triggers {
        if let Some(title) = &trigger.title {
            titles.entry(name.clone()).or_insert_with(|| Py::text(title));
        }
    }
    Py::Map(titles.into_iter().collect())
}

/// A context and those it extends, the nearest first.
fn extended<'a>(flow: &'a Flow, id: &str) -> Vec<&'a Context> {
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

/// The class of a slot that a field is taken from as it is.
fn slot_class<'a>(flow: &'a Flow, from: &str) -> Option<&'a String> {
    flow.slots.get(from.trim().strip_prefix("slots.")?)?.class.as_ref()
}

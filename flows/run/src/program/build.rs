//! Compiling a flow, and those that it calls, into a program.

use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::rc::Rc;
use std::sync::Arc;

use flow_check::Checked;
use flow_conditions::ast::Expr;
use flow_conditions::decimal::Decimal;
use flow_conditions::eval::{Compiled, Slot};
use flow_conditions::parse::{parse, parse_payload};
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Flow, Kind, Ordered, Row};
use flow_model::hours::Calendar;
use flow_model::names::{Names, Role};
use flow_model::template;
use indexmap::IndexMap;

use super::{
    Common, Global, Look, Port, Program, RunHandoff, RunIdle, RunKind, RunNode, RunRow, RunScore, RunTier, RunTrigger,
    Unit, Words, index,
};

/// Compiles a flow.
pub(super) fn program(checked: &Checked, moving: Option<&str>) -> Program {
    let mut builder = Builder { moving: moving.map(|name| format!("const.{name}")), ..Builder::default() };
    builder.unit(checked, "");
    builder.finish(checked)
}

/// What payloads and contacts are made of.
fn payloads(units: &[Unit]) -> HashMap<Box<str>, Expr, ahash::RandomState> {
    let fields = units.iter().flat_map(|unit| unit.flow.contexts.values()).flat_map(|context| context.fields.values());
    let nodes = units.iter().flat_map(|unit| unit.flow.nodes.values());
    let contacts = nodes.flat_map(|node| match &node.kind {
        Kind::Handoff(handoff) => handoff.contact.values().map(String::as_str).collect(),
        _ => Vec::new(),
    });
    let mut all = HashMap::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4));
    for source in fields.map(|field| field.from.as_str()).chain(contacts) {
        all.entry(source.into()).or_insert_with(|| parse_payload(source).expr);
    }
    all
}

#[derive(Default)]
struct Builder {
    units: Vec<Option<Unit>>,
    flows: IndexMap<String, u32>,
    globals: Vec<Global>,
    types: Vec<Type>,
    names: Vec<Arc<str>>,
    shared: IndexMap<(String, String), u32>,
    tiers: IndexMap<String, RunTier>,
    idle_rows: usize,
    triggers: usize,
    initial: Vec<Option<Value>>,
    /// The constant of the flow that is moved, as conditions name it.
    moving: Option<String>,
    moved: Option<u32>,
    /// Whether it is anything but compared.
    loose: Rc<Cell<bool>>,
    looks: Rc<RefCell<Looks>>,
}

/// What conditions look at, each with the number that it is compared with; and what they look at in any way.
#[derive(Default)]
struct Looks {
    looked: Vec<(u32, Option<Decimal>)>,
    asked: Vec<u32>,
}

impl Builder {
    /// How the flow looks at each value, those that are only seen through another one included.
    fn looks(&self, common: &Common) -> Vec<Look> {
        let mut looks = vec![Look::Never; self.globals.len()];
        let told = self.looks.borrow();
        for at in &told.asked {
            looks[*at as usize] = Look::Whether;
        }
        for (at, number) in &told.looked {
            looks[*at as usize].also(*number);
        }
        for at in 0..self.globals.len() {
            let look = looks[at].clone();
            let of_tiers: fn(&RunTier) -> u32 = match self.globals[at] {
                Global::Trend if look != Look::Never => {
                    looks[common.sentiment as usize] = Look::Closely;
                    continue;
                }
                Global::RowWait => |tier| tier.wait,
                Global::RowAvailable => |tier| tier.available,
                Global::RowPosition => |tier| tier.position,
                _ => continue,
            };
            for tier in self.tiers.values() {
                looks[of_tiers(tier) as usize].as_at(&look);
            }
        }
        let text = looks[common.trigger_text as usize].clone();
        looks[common.text as usize].as_at(&text);
        looks
    }

    fn finish(mut self, checked: &Checked) -> Program {
        let units: Vec<Unit> = std::mem::take(&mut self.units).into_iter().flatten().collect();
        let at = |name: &str| units.first().and_then(|u| u.globals.get(name)).copied().unwrap_or(0);
        let common = Common {
            text: at("text"),
            channel: at("channel"),
            intent: at("intent"),
            confidence: at("confidence"),
            sentiment: at("sentiment"),
            frustration: at("frustration"),
            turn: at("turn"),
            repeats: at("repeats"),
            no_match: at("no_match"),
            attempts: at("attempts"),
            handoffs: at("handoffs"),
            nlu_ok: at("nlu.ok"),
            error_code: at("error.code"),
            error_action: at("error.action"),
            error_message: at("error.message"),
            agent_note: at("agent.note"),
            agent_outcome: at("agent.outcome"),
            agent_name: at("agent.name"),
            handoff_ref: at("handoff.ref"),
            trigger_id: at("trigger.id"),
            trigger_text: at("trigger.text"),
            customer_id: at("customer.id"),
            conversation_id: at("conversation.id"),
        };
        let looks = self.looks(&common);
        let declared = units.iter().flat_map(|u| &u.signals);
        let customer = declared
            .filter_map(|(name, (at, r#type))| Some((name.strip_prefix("customer.")?.into(), *at, r#type.clone())));
        let customer = customer.collect();
        let intents = units.first().map(|u| u.flow.intents.keys()).into_iter().flatten();
        let mut known = HashMap::with_hasher(ahash::RandomState::with_seeds(1, 2, 3, 4));
        known.extend(intents.zip(1..).map(|(id, number)| (Arc::<str>::from(id.as_str()), number)));
        let payloads = payloads(&units);
        Program {
            payloads,
            looks,
            customer,
            intents: known,
            units,
            globals: self.globals,
            types: self.types,
            names: self.names,
            tiers: self.tiers,
            common,
            idle_rows: self.idle_rows,
            trigger_count: self.triggers,
            revision: checked.revision().into(),
            initial: self.initial,
            moved: self.moved,
            moves_exactly: !self.loose.get(),
        }
    }

    /// Adds a flow and those that it calls; each flow is one unit however often it is called. Flows are known by the name under
    /// which they are called, which is that of their file: what they say their id is may be another flow's too.
    fn unit(&mut self, checked: &Checked, called: &str) -> u32 {
        let flow = checked.flow();
        if let Some(known) = self.flows.get(called) {
            return *known;
        }
        let number = u32::try_from(self.units.len()).unwrap_or(u32::MAX);
        self.flows.insert(called.to_owned(), number);
        self.units.push(None);
        let globals = self.globals_of(number, checked.names());
        self.tiers_of(flow, &globals);
        let mut unit = Unit {
            flow: flow.clone(),
            nodes: Vec::new(),
            triggers: Vec::new(),
            scores: Vec::new(),
            start: flow.start().and_then(|s| flow.nodes.get_index_of(s)).map_or(0, index),
            entities: Vec::new(),
            slots: IndexMap::new(),
            signals: IndexMap::new(),
            globals,
        };
        for (id, slot) in &flow.slots {
            let at = unit.globals.get(&format!("slots.{id}")).copied().unwrap_or(0);
            unit.slots.insert(id.clone(), (at, slot.r#type.clone()));
            if let Some(entity) = &slot.entity {
                unit.entities.push((entity.as_str().into(), at, slot.r#type.clone()));
            }
        }
        for (id, signal) in &flow.signals {
            let at = unit.globals.get(id).copied().unwrap_or(0);
            unit.signals.insert(id.clone(), (at, signal.r#type.clone()));
        }
        if number == 0 {
            let moving = self.moving.clone();
            self.moved = moving.and_then(|name| self.movable(&name, checked.names(), &unit.globals));
        }
        let moved = self.moved.filter(|_| number == 0);
        let (loose, looks) = (Rc::clone(&self.loose), Rc::clone(&self.looks));
        let compile = Compile { names: checked.names(), globals: &unit.globals, moved, loose, looks };
        let scores = flow
            .scores
            .values()
            .map(|s| RunScore {
                base: s.base,
                min: s.min,
                max: s.max,
                add: s.add.iter().map(|p| (compile.condition(&p.when), p.points)).collect(),
            })
            .collect();
        let mut nodes = Vec::with_capacity(flow.nodes.len());
        for (id, node) in &flow.nodes {
            let kind = self.kind(flow, checked, &compile, id, &node.kind);
            nodes.push(RunNode { id: id.as_str().into(), kind });
        }
        let triggers = self.triggers_of(flow, &compile);
        unit.scores = scores;
        unit.nodes = nodes;
        unit.triggers = triggers;
        self.units[number as usize] = Some(unit);
        number
    }

    /// The index of a constant that is a number, with its value.
    fn movable(&mut self, name: &str, names: &Names, globals: &IndexMap<String, u32>) -> Option<u32> {
        let at = *globals.get(name)?;
        let value = names.get(name)?.meaning.constant.clone().filter(|value| matches!(value, Value::Number(_)))?;
        self.initial[at as usize] = Some(value);
        Some(at)
    }

    fn globals_of(&mut self, unit: u32, names: &Names) -> IndexMap<String, u32> {
        let mut map = IndexMap::with_capacity(names.len());
        for (name, entry) in names.iter() {
            let (kind, scope) = match &entry.role {
                Role::Score(i) => (Global::Score(unit, index(*i)), format!("unit {unit}")),
                Role::Output(..) | Role::Constant(_) => (Global::Stored, format!("unit {unit}")),
                Role::SentimentTrend => (Global::Trend, String::new()),
                Role::HandoffPending => (Global::Pending, String::new()),
                Role::QueueOpen(_) => (Global::Open(0), String::new()),
                Role::Waited => (Global::Waited, String::new()),
                Role::RowPriority => (Global::RowPriority, String::new()),
                Role::RowWait => (Global::RowWait, String::new()),
                Role::RowOpen => (Global::RowOpen, String::new()),
                Role::RowAvailable => (Global::RowAvailable, String::new()),
                Role::RowPosition => (Global::RowPosition, String::new()),
                Role::Slot(_) | Role::Declared(_) => (Global::Stored, format!("{:?}", entry.meaning.r#type)),
                _ => (Global::Stored, String::new()),
            };
            let key = (name.to_owned(), scope);
            let at = *self.shared.entry(key).or_insert_with(|| {
                self.globals.push(kind);
                self.types.push(entry.meaning.r#type.clone());
                self.names.push(name.into());
                self.initial.push(initial(&entry.role));
                index(self.globals.len() - 1)
            });
            map.insert(name.to_owned(), at);
        }
        map
    }

    fn tiers_of(&mut self, flow: &Flow, globals: &IndexMap<String, u32>) {
        for (id, tier) in &flow.tiers {
            if self.tiers.contains_key(id) {
                continue;
            }
            let at = |name: &str| globals.get(&format!("queue.{id}.{name}")).copied().unwrap_or(0);
            let number = index(self.tiers.len());
            let open = at("open");
            self.globals[open as usize] = Global::Open(number);
            let calendar = tier.hours.as_ref().and_then(|h| flow.hours.get(h)).and_then(|h| Calendar::read(h).ok());
            self.tiers.insert(
                id.clone(),
                RunTier {
                    id: id.as_str().into(),
                    calendar,
                    wait: at("wait"),
                    open,
                    available: at("available"),
                    position: at("position"),
                    opens_at: at("opens_at"),
                    handoffs: globals.get(&format!("handoffs.{id}")).copied().unwrap_or(0),
                },
            );
        }
    }

    fn tier(&self, id: &str) -> u32 {
        self.tiers.get_index_of(id).map_or(0, index)
    }

    fn triggers_of(&mut self, flow: &Flow, compile: &Compile<'_>) -> Vec<RunTrigger> {
        let mut triggers = Vec::with_capacity(flow.triggers.len());
        for (id, trigger) in &flow.triggers {
            let number = self.triggers;
            self.triggers += 1;
            triggers.push(RunTrigger {
                id: id.as_str().into(),
                when: compile.condition(&trigger.when),
                because: trigger
                    .because
                    .iter()
                    .map(|(name, b)| (name.as_str().into(), compile.condition(&b.when)))
                    .collect(),
                to: flow.nodes.get_index_of(&trigger.to).map_or(0, index),
                acts: flow.nodes.iter().map(|(id, n)| acts(&trigger.within, id, n.group.as_deref())).collect(),
                once: trigger.once,
                number,
            });
        }
        triggers
    }

    fn idle(&mut self, flow: &Flow, rows: &[flow_model::flow::Idle]) -> Vec<RunIdle> {
        let mut out = Vec::with_capacity(rows.len());
        for row in rows {
            out.push(RunIdle {
                after: row.after,
                say: row.say.as_deref().map(words),
                to: port(flow, row.to.as_ref()),
                number: self.idle_rows,
            });
            self.idle_rows += 1;
        }
        out
    }

    fn kind(&mut self, flow: &Flow, checked: &Checked, compile: &Compile<'_>, id: &str, kind: &Kind) -> RunKind {
        let to = |target: &Option<String>| port(flow, target.as_ref());
        let branches = |rows: &[flow_model::flow::Branch]| {
            rows.iter().map(|b| (compile.condition(&b.when), port(flow, Some(&b.to)))).collect::<Vec<_>>()
        };
        let named = |map: &Ordered<String>| {
            map.iter().map(|(k, v)| (k.as_str().into(), port(flow, Some(v)))).collect::<Vec<_>>()
        };
        match kind {
            Kind::Start(n) => RunKind::Pass(to(&n.next)),
            Kind::Todo(n) => RunKind::Pass(to(&n.next)),
            Kind::Message(n) => RunKind::Message(words(&n.text), to(&n.next)),
            Kind::Listen(n) => RunKind::Listen {
                branches: branches(&n.branches),
                other: to(&n.r#else),
                idle: self.idle(flow, &n.idle),
            },
            Kind::Ask(n) => RunKind::Ask {
                slot: compile.global(&format!("slots.{}", n.slot)),
                prompt: words(&n.prompt),
                reprompt: n.reprompt.as_deref().map(words),
                attempts: n.attempts,
                idle: self.idle(flow, &n.idle),
                filled: to(&n.filled),
                failed: to(&n.failed),
            },
            Kind::Decision(n) => RunKind::Decision { branches: branches(&n.branches), other: to(&n.r#else) },
            Kind::Set(n) => {
                let assign = n.assign.iter().map(|(slot, expression)| {
                    let at = compile.global(&format!("slots.{slot}"));
                    let r#type = flow.slots.get(slot).map_or(Type::Text, |s| s.r#type.clone());
                    (at, r#type, expression.as_deref().map(|e| compile.expression(e)))
                });
                RunKind::Set(assign.collect(), to(&n.next))
            }
            Kind::Action(n) => RunKind::Action {
                call: n.call.as_str().into(),
                inputs: n.inputs.iter().map(|(k, v)| (k.as_str().into(), compile.expression(v))).collect(),
                outputs: flow.calls.get(&n.call).map_or_else(Vec::new, |call| {
                    let at = |output: &str| compile.global(&format!("{id}.{output}"));
                    call.outputs.iter().map(|(k, t)| (k.as_str().into(), t.clone(), at(k))).collect()
                }),
                ok: to(&n.ok),
                errors: named(&n.errors),
                error: to(&n.error),
                timeout: to(&n.timeout),
            },
            Kind::Handoff(n) => RunKind::Handoff(Box::new(self.handoff(flow, compile, n))),
            Kind::Subflow(n) => self.subflow(flow, checked, compile, n),
            Kind::End(n) => RunKind::End(n.outcome.as_str().into()),
            Kind::Note(_) | Kind::Unknown(_) => RunKind::Note,
        }
    }

    fn subflow(
        &mut self,
        flow: &Flow,
        checked: &Checked,
        compile: &Compile<'_>,
        n: &flow_model::flow::Subflow,
    ) -> RunKind {
        let Some(called) = checked.subflow(&n.flow) else { return RunKind::Note };
        let unit = self.unit(called, &n.flow);
        let slots = &called.flow().slots;
        let target = |slot: &str| self.units[unit as usize].as_ref().and_then(|u| u.slots.get(slot)).map_or(0, |s| s.0);
        let inputs = n.inputs.iter().filter_map(|(slot, expression)| {
            Some((target(slot), slots.get(slot)?.r#type.clone(), compile.expression(expression)))
        });
        RunKind::Subflow {
            unit,
            inputs: inputs.collect(),
            outcomes: n.outcomes.iter().map(|(k, v)| (k.as_str().into(), port(flow, Some(v)))).collect(),
            other: port(flow, n.r#else.as_ref()),
        }
    }

    fn handoff(&self, flow: &Flow, compile: &Compile<'_>, n: &flow_model::flow::Handoff) -> RunHandoff {
        let to = |target: &Option<String>| port(flow, target.as_ref());
        let rows = |rows: &[Row]| {
            rows.iter()
                .map(|r| RunRow {
                    when: compile.condition(&r.when),
                    to: port(flow, Some(&r.to)),
                    keep_place: r.keep_place,
                })
                .collect()
        };
        RunHandoff {
            mode: n.mode,
            routes: n.routes.iter().map(|r| (compile.condition(&r.when), self.tier(&r.tier), r.priority)).collect(),
            tier: self.tier(&n.tier),
            priority: n.priority.unwrap_or(3),
            max_wait: n.max_wait,
            say: n.say.as_deref().map(words),
            waiting: n.waiting.say.iter().map(|w| (w.after, w.every, words(&w.text))).collect(),
            turns: rows(&n.waiting.turns),
            else_say: n.waiting.else_say.as_deref().map(words),
            overflow: rows(&n.overflow),
            assist: n
                .assist
                .iter()
                .map(|a| {
                    let text = a.suggest.as_ref().or(a.title.as_ref()).or(a.call.as_ref());
                    (compile.condition(&a.when), words(text.map_or("", String::as_str)))
                })
                .collect(),
            returns: n.returns.iter().map(|(k, r)| (k.as_str().into(), port(flow, Some(&r.to)))).collect(),
            reasons: n.reasons.iter().map(|(k, v)| (k.clone(), v.as_str().into())).collect(),
            sent: to(&n.sent),
            resumed: to(&n.resumed),
            resolved: to(&n.resolved),
            escalated: to(&n.escalated),
            timeout: to(&n.timeout),
            closed: to(&n.closed),
            failed: to(&n.failed),
        }
    }
}

struct Compile<'a> {
    names: &'a Names,
    globals: &'a IndexMap<String, u32>,
    moved: Option<u32>,
    loose: Rc<Cell<bool>>,
    looks: Rc<RefCell<Looks>>,
}

impl Compile<'_> {
    fn condition(&self, source: &str) -> Compiled {
        let mut compiled = self.compile(&parse(source).expr);
        if let Some(at) = self.moved.filter(|at| compiled.slots().contains(at))
            && !compiled.note_rivals(at)
        {
            self.loose.set(true);
        }
        let mut looks = self.looks.borrow_mut();
        looks.asked.extend(compiled.slots());
        compiled.looks(&mut |at, number| looks.looked.push((at, number)));
        drop(looks);
        compiled
    }

    fn expression(&self, source: &str) -> Compiled {
        let compiled = self.compile(&parse_payload(source).expr);
        self.looks.borrow_mut().looked.extend(compiled.slots().iter().map(|at| (*at, None)));
        if self.moved.is_some_and(|at| compiled.slots().contains(&at)) {
            self.loose.set(true);
        }
        compiled
    }

    fn compile(&self, expr: &Expr) -> Compiled {
        Compiled::new(expr, &mut |name| match self.names.get(name).and_then(|n| n.meaning.constant.clone()) {
            Some(_) if self.moved.is_some_and(|at| self.globals.get(name) == Some(&at)) => {
                Slot::Index(self.global(name))
            }
            Some(constant) => Slot::Constant(constant),
            None => Slot::Index(self.global(name)),
        })
    }

    fn global(&self, name: &str) -> u32 {
        self.globals.get(name).copied().unwrap_or(0)
    }
}

fn initial(role: &Role) -> Option<Value> {
    match role {
        Role::Turn
        | Role::Repeats
        | Role::NoMatch
        | Role::Attempts
        | Role::Handoffs
        | Role::HandoffsTier(_)
        | Role::QueueWait(_) => Some(Value::Number(Decimal::ZERO)),
        Role::NluOk => Some(Value::Bool(true)),
        Role::Intent => Some(Value::Text("none".into())),
        _ => None,
    }
}

fn port(flow: &Flow, to: Option<&String>) -> Port {
    to.and_then(|id| flow.nodes.get_index_of(id)).map(index)
}

fn words(text: &str) -> Words {
    Words { pieces: template::parse(text).0 }
}

/// Whether a trigger acts at a node: entries name ids, groups or `*`; `!` excludes; `!` alone starts from `*`.
fn acts(within: &[String], id: &str, group: Option<&str>) -> bool {
    let names = |entry: &str| match entry.strip_prefix("group:") {
        Some(name) => group == Some(name),
        None => entry == "*" || entry == id,
    };
    let (excluding, including): (Vec<_>, Vec<_>) = within.iter().partition(|e| e.starts_with('!'));
    let included = if including.is_empty() { !excluding.is_empty() } else { including.iter().any(|e| names(e)) };
    included && !excluding.iter().any(|e| names(e.trim_start_matches('!')))
}

//! Cards as actions of topics. A card that is led to from one place alone stands in the topic of that place, any other one
//! has a topic of its own; where a turn is waited for, the topic ends, and the next message begins one anew.

use std::collections::{BTreeMap, BTreeSet, VecDeque};

use flow_conditions::value::Type;
use flow_model::flow::{Action, Ask, Branch, Decision, End, Kind, Listen, Set, Subflow};

use super::fx::{self, any, text};
use super::lower::{AT_REST, Plan, TURN};
use super::texts::{Saying, braceless};
use super::yaml::Yaml;
use super::{handoff, turns};

/// A step of a topic after which its cards have topics of their own, and how deep conditions stand within each other.
const MOST_CARDS: usize = 24;
const MOST_DEPTH: usize = 5;

/// A part of a card that has a topic: its flow, its id, what it does there.
pub type Part = (usize, String, &'static str);

/// The topics while they are written.
#[derive(Debug)]
pub struct Writer<'p, 'a> {
    /// The plan.
    pub plan: &'p Plan<'a>,
    /// Topics by name.
    pub topics: BTreeMap<String, Yaml>,
    led: Vec<BTreeMap<&'a str, usize>>,
    queue: VecDeque<Part>,
    queued: BTreeSet<Part>,
    /// The ids of the topic that is being written.
    pub ids: BTreeMap<String, u32>,
    cards: usize,
}

/// What begins a topic.
#[derive(Debug)]
pub struct Begins {
    /// The kind of its trigger.
    pub kind: &'static str,
    /// What the trigger has beside its actions.
    pub more: Vec<(&'static str, Yaml)>,
    /// Whether whatever waits elsewhere is given up.
    pub anew: bool,
}

/// Where a card is written: its flow, and how deep inside of conditions.
#[derive(Clone, Copy, Debug)]
pub struct Here {
    /// The flow.
    pub at: usize,
    /// How deep.
    pub depth: usize,
}

impl Here {
    /// Inside of one more condition.
    pub const fn deeper(self) -> Self {
        Self { at: self.at, depth: self.depth + 1 }
    }
}

impl<'p, 'a> Writer<'p, 'a> {
    /// A writer that has written nothing.
    pub fn new(plan: &'p Plan<'a>) -> Self {
        let led = plan.policy.flows.iter().map(|(_, flow)| {
            let mut led: BTreeMap<&'a str, usize> = BTreeMap::new();
            let exits = flow.nodes.values().flat_map(flow_model::flow::Node::exits);
            for to in exits.map(|exit| exit.to).chain(flow.triggers.values().map(|trigger| trigger.to.as_str())) {
                *led.entry(to).or_default() += 1;
            }
            led
        });
        Self {
            plan,
            topics: BTreeMap::new(),
            led: led.collect(),
            queue: VecDeque::new(),
            queued: BTreeSet::new(),
            ids: BTreeMap::new(),
            cards: 0,
        }
    }

    /// Begins a topic: ids and cards count from there.
    pub fn begin(&mut self) {
        self.ids.clear();
        self.cards = 0;
    }

    /// Writes the topics that others lead to, until there is none left.
    pub fn drain(&mut self) {
        while let Some((at, node, part)) = self.queue.pop_front() {
            self.begin();
            let (id, flow) = self.plan.policy.flows[at];
            let Some((node, card)) = flow.nodes.get_key_value(&node) else { continue };
            let here = Here { at, depth: 0 };
            let actions = match (&card.kind, part) {
                (Kind::Listen(n), "heard") => self.branches(here, node, &n.branches, n.r#else.as_deref()),
                (Kind::Ask(n), "heard") => self.answered(here, node, n),
                (Kind::Ask(n), "asks") => self.asks(here, node, n),
                _ => self.card(here, node),
            };
            let title = card.title.clone().unwrap_or_else(|| node.replace('_', " "));
            let title = match part {
                "heard" => format!("{title}: the answer"),
                "asks" => format!("{title}: the question"),
                _ => title,
            };
            let key = format!("{part} {id}.{node}");
            self.topic(&key, &title, Begins { kind: "OnRedirect", more: Vec::new(), anew: false }, actions);
        }
    }

    /// Puts a topic down.
    pub fn topic(&mut self, key: &str, title: &str, begins: Begins, actions: Vec<Yaml>) {
        let name = self.plan.topics.get(key).unwrap_or(key).to_owned();
        let mut begin = vec![("kind", Yaml::text(begins.kind)), ("id", Yaml::text("main"))];
        begin.extend(begins.more);
        begin.push(("actions", Yaml::List(actions)));
        let title = Yaml::map([("componentName", Yaml::text(crate::prose::one_line(title)))]);
        let mut topic = vec![("mcs.metadata", title), ("kind", Yaml::text("AdaptiveDialog"))];
        if begins.anew {
            topic.push(("startBehavior", Yaml::text("CancelOtherTopics")));
        }
        topic.push(("beginDialog", Yaml::map(begin)));
        self.topics.insert(name, Yaml::map(topic));
    }

    /// An id that no other action of the topic has.
    pub fn id(&mut self, verb: &str, card: &str) -> Yaml {
        let wanted = format!("{verb}_{card}");
        let count = self.ids.entry(wanted.clone()).or_default();
        *count += 1;
        Yaml::text(if *count == 1 { wanted } else { format!("{wanted}__{count}") })
    }

    /// An action.
    pub fn does(&mut self, kind: &str, verb: &str, card: &str, more: Vec<(&str, Yaml)>) -> Yaml {
        let id = self.id(verb, card);
        let head = [("kind", Yaml::text(kind)), ("id", id)];
        Yaml::map(head.into_iter().chain(more))
    }

    /// Sets a variable to what a formula gives.
    pub fn sets(&mut self, card: &str, variable: &str, formula: &str) -> Yaml {
        let more = vec![("variable", Yaml::text(variable)), ("value", Yaml::text(format!("={formula}")))];
        self.does("SetVariable", "setVariable", card, more)
    }

    /// Goes on with another topic.
    pub fn begins(&mut self, card: &str, topic: String) -> Yaml {
        self.does("BeginDialog", "beginDialog", card, vec![("dialog", Yaml::Text(topic))])
    }

    /// Says a text; nothing where there are no words.
    pub fn says(&mut self, card: &str, template: String) -> Option<Yaml> {
        if template.trim().is_empty() {
            return None;
        }
        Some(self.does("SendActivity", "sendMessage", card, vec![("activity", Yaml::Text(template))]))
    }

    /// A choice, in order; no group where there is nothing to choose.
    pub fn chooses(&mut self, card: &str, rows: Vec<(String, Vec<Yaml>)>, other: Vec<Yaml>) -> Vec<Yaml> {
        if rows.is_empty() {
            return other;
        }
        let id = self.id("conditionGroup", card);
        let rows = rows.into_iter().map(|(when, actions)| {
            let id = self.id("conditionItem", card);
            Yaml::map([("id", id), ("condition", Yaml::text(format!("={when}"))), ("actions", Yaml::List(actions))])
        });
        let rows = Yaml::List(rows.collect());
        let mut group = vec![("kind", Yaml::text("ConditionGroup")), ("id", id), ("conditions", rows)];
        if !other.is_empty() {
            group.push(("elseActions", Yaml::List(other)));
        }
        vec![Yaml::map(group)]
    }

    /// Every card where a turn is waited for, by flow and id.
    pub fn waiting(&self) -> Vec<(usize, String)> {
        let heard = self.queued.iter().filter(|(_, _, part)| *part == "heard");
        let order = |at: usize, node: &str| self.plan.policy.flows[at].1.nodes.get_index_of(node);
        let mut waiting: Vec<(usize, String)> = heard.map(|(at, node, _)| (*at, node.clone())).collect();
        waiting.sort_by_key(|(at, node)| (*at, order(*at, node)));
        waiting
    }

    /// The topic of a part of a card, which is written if nothing asked for it before.
    pub fn part(&mut self, at: usize, node: &str, part: &'static str) -> String {
        let id = self.plan.policy.flows[at].0;
        if self.queued.insert((at, node.to_owned(), part)) {
            self.queue.push_back((at, node.to_owned(), part));
        }
        self.plan.topic(&format!("{part} {id}.{node}"))
    }

    /// Leaves a card by a port.
    pub fn goes(&mut self, here: Here, from: &str, port: &str, to: Option<&str>) -> Vec<Yaml> {
        let flow = self.plan.policy.flows[here.at].1;
        let Some((to, card)) = to.and_then(|to| flow.nodes.get_key_value(to)) else {
            return turns::rests(self, from);
        };
        let mut actions = Vec::new();
        // A trigger is a reason of its own.
        if let Kind::Handoff(n) = &card.kind
            && from != turns::TRIGGER
        {
            actions.extend(handoff::cause(self, here.at, from, port, n));
        }
        let alone = self.led[here.at].get(to.as_str()).is_some_and(|led| *led == 1);
        // A request has a topic to itself: what stands in the variables of its topic goes to people.
        let alone = alone && !matches!(card.kind, Kind::Handoff(_));
        if alone && here.depth < MOST_DEPTH && self.cards < MOST_CARDS {
            actions.extend(self.card(here, to));
        } else {
            let topic = self.part(here.at, to, "card");
            let begins = self.begins(from, topic);
            actions.push(begins);
        }
        actions
    }

    /// What a card does on entering, up to where it waits.
    pub fn card(&mut self, here: Here, node: &str) -> Vec<Yaml> {
        self.cards += 1;
        let flow = self.plan.policy.flows[here.at].1;
        let Some(card) = flow.nodes.get(node) else { return Vec::new() };
        match &card.kind {
            Kind::Start(n) => self.goes(here, node, "next", n.next.as_deref()),
            Kind::Message(n) => {
                let words = self.plan.fx(here.at).template(&n.text, &Saying::default());
                let mut actions: Vec<Yaml> = self.says(node, words).into_iter().collect();
                actions.extend(self.goes(here, node, "next", n.next.as_deref()));
                actions
            }
            Kind::Listen(n) => self.listen(here, node, n),
            Kind::Ask(n) => self.ask(here, node, n),
            Kind::Decision(Decision { branches, r#else }) => self.branches(here, node, branches, r#else.as_deref()),
            Kind::Set(n) => self.set(here, node, n),
            Kind::Action(n) => self.action(here, node, n),
            Kind::Handoff(n) => handoff::entered(self, here, node, n),
            Kind::Subflow(n) => self.subflow(here, node, n),
            Kind::End(n) => self.end(here, node, n),
            Kind::Note(_) | Kind::Todo(_) | Kind::Unknown(_) => turns::rests(self, node),
        }
    }

    /// Notes where the conversation waits.
    fn waits(&mut self, here: Here, node: &str) -> Vec<Yaml> {
        let place = self.plan.place(here.at, node);
        let at = self.plan.var("own at");
        let mut actions = vec![self.sets(node, &at, &text(&place))];
        if self.plan.policy.flows.len() > 1 {
            let inside = self.plan.var(&format!("in {}", self.plan.policy.flows[here.at].0));
            actions.push(self.sets(node, &inside, &text(node)));
        }
        actions
    }

    fn listen(&mut self, here: Here, node: &str, _: &Listen) -> Vec<Yaml> {
        let mut actions = self.waits(here, node);
        let key = self.plan.spends().then_some("trigger_key");
        for name in ["trigger_id", "trigger_reasons", "trigger_titles", "trigger_text"].into_iter().chain(key) {
            if self.plan.policy.flows.iter().any(|(_, flow)| !flow.triggers.is_empty()) {
                let variable = self.plan.var(&format!("own {name}"));
                actions.push(self.sets(node, &variable, "Blank()"));
            }
        }
        self.part(here.at, node, "heard");
        actions
    }

    fn branches(&mut self, here: Here, node: &str, rows: &[Branch], other: Option<&str>) -> Vec<Yaml> {
        let mut choices = Vec::new();
        for (i, row) in rows.iter().enumerate() {
            let when = self.plan.fx(here.at).condition(&row.when);
            choices.push((when, self.goes(here.deeper(), node, &format!("branches[{i}]"), Some(&row.to))));
        }
        let other = match other {
            Some(_) => self.goes(here.deeper(), node, "else", other),
            None => turns::fails(self, here, node),
        };
        self.chooses(node, choices, other)
    }

    fn ask(&mut self, here: Here, node: &str, n: &Ask) -> Vec<Yaml> {
        let (id, flow) = self.plan.policy.flows[here.at];
        let slot = self.plan.slot(id, &n.slot);
        let of = flow.slots.get(&n.slot).map_or(Type::Text, |slot| slot.r#type.clone());
        let filled = self.goes(here.deeper(), node, "filled", n.filled.as_deref());
        let attempts = self.plan.var("own attempts");
        let asks = self.part(here.at, node, "asks");
        self.part(here.at, node, "heard");
        let other = vec![self.sets(node, &attempts, "0"), self.begins(node, asks)];
        self.chooses(node, vec![(fx::set(&slot, &of), filled)], other)
    }

    /// The question itself.
    fn asks(&mut self, here: Here, node: &str, n: &Ask) -> Vec<Yaml> {
        let (id, flow) = self.plan.policy.flows[here.at];
        let printer = self.plan.fx(here.at);
        let again = n.reprompt.as_deref().unwrap_or(&n.prompt);
        let prompt = if again == n.prompt {
            printer.template(&n.prompt, &Saying::default())
        } else {
            let plain = Saying::default();
            let (first, again) = (printer.formula(&n.prompt, &plain), printer.formula(again, &plain));
            let attempts = self.plan.var("own attempts");
            format!("{{{}}}", braceless(&format!("If({attempts} = 0, {first}, {again})")))
        };
        let mut actions = self.waits(here, node);
        let slot = flow.slots.get(&n.slot).and_then(|slot| Some((slot.entity.as_deref()?, &slot.r#type)));
        let Some((entity, of)) = slot else {
            // Nothing that is said fills this slot: the next message is a turn like any other.
            actions.extend(self.says(node, prompt));
            return actions;
        };
        let answer = format!("Topic.answer_{node}");
        let reference = match of {
            Type::Bool => Yaml::text("BooleanPrebuiltEntity"),
            Type::Number { .. } | Type::Integer { .. } => Yaml::text("NumberPrebuiltEntity"),
            Type::Enum(_) => self.entity("ClosedListEntityReference", entity),
            Type::Text | Type::List(_) | Type::Any => self.entity("RegexEntityReference", entity),
        };
        let more = vec![
            ("interruptionPolicy", Yaml::map([("allowInterruption", Yaml::Bool(true))])),
            ("repeatCount", Yaml::Int(0)),
            ("alwaysPrompt", Yaml::Bool(true)),
            ("variable", Yaml::text(format!("init:{answer}"))),
            ("prompt", Yaml::text(prompt)),
            ("defaultValue", Yaml::text("=Blank()")),
            ("entity", reference),
        ];
        actions.push(self.does("Question", "question", node, more));
        let heard = if matches!(of, Type::Enum(_)) { format!("Text({answer})") } else { answer.clone() };
        for (name, slot) in flow.slots.iter().filter(|(_, slot)| slot.entity.as_deref() == Some(entity)) {
            let variable = self.plan.slot(id, name);
            let value = fx::fitting_or(&heard, &slot.r#type, &variable);
            actions.push(self.sets(node, &variable, &value));
        }
        let intent = self.plan.var("own intent");
        actions.push(self.sets(node, &intent, "\"none\""));
        let turn = self.plan.own_topic(TURN);
        actions.push(self.begins(node, turn));
        actions
    }

    fn entity(&self, kind: &str, entity: &str) -> Yaml {
        let name = self.plan.entities.get(entity).unwrap_or(entity);
        let id = format!("{}.entity.{name}", self.plan.schema);
        Yaml::map([("kind", Yaml::text(kind)), ("entityId", Yaml::text(id))])
    }

    /// A turn at a question.
    fn answered(&mut self, here: Here, node: &str, n: &Ask) -> Vec<Yaml> {
        let (id, flow) = self.plan.policy.flows[here.at];
        let slot = self.plan.slot(id, &n.slot);
        let of = flow.slots.get(&n.slot).map_or(Type::Text, |slot| slot.r#type.clone());
        let attempts = self.plan.var("own attempts");
        let filled = self.goes(here.deeper(), node, "filled", n.filled.as_deref());
        let failed = self.goes(here.deeper().deeper(), node, "failed", n.failed.as_deref());
        let asks = self.part(here.at, node, "asks");
        let again = vec![self.begins(node, asks)];
        let mut other = vec![self.sets(node, &attempts, &format!("{attempts} + 1"))];
        other.extend(self.chooses(node, vec![(format!("{attempts} >= {}", n.attempts), failed)], again));
        self.chooses(node, vec![(fx::set(&slot, &of), filled)], other)
    }

    fn set(&mut self, here: Here, node: &str, n: &Set) -> Vec<Yaml> {
        let (id, flow) = self.plan.policy.flows[here.at];
        let mut actions = Vec::new();
        for (slot, from) in &n.assign {
            let variable = self.plan.slot(id, slot);
            let of = flow.slots.get(slot).map_or(Type::Text, |slot| slot.r#type.clone());
            let value = from.as_ref().and_then(|from| self.plan.fx(here.at).expression(from));
            actions.extend(self.fills(node, &variable, &of, value));
        }
        actions.extend(self.goes(here, node, "next", n.next.as_deref()));
        actions
    }

    /// Puts a value into a slot, which keeps it where it fits.
    fn fills(&mut self, node: &str, variable: &str, of: &Type, value: Option<fx::Shown>) -> Vec<Yaml> {
        let Some(value) = value else { return vec![self.sets(node, variable, "Blank()")] };
        let formula = value.or_blank();
        if matches!(of, Type::Text | Type::Bool) {
            return vec![self.sets(node, variable, &formula)];
        }
        let given = format!("Topic.value_{node}");
        vec![self.sets(node, &given, &formula), self.sets(node, variable, &fx::fitting(&given, of))]
    }

    fn action(&mut self, here: Here, node: &str, n: &Action) -> Vec<Yaml> {
        let (id, flow) = self.plan.policy.flows[here.at];
        let call = flow.calls.get(&n.call);
        let outputs: Vec<(String, String, Type)> = call
            .into_iter()
            .flat_map(|call| &call.outputs)
            .map(|(name, of)| (name.clone(), self.plan.var(&format!("output {id}.{node}.{name}")), of.clone()))
            .collect();
        let mut actions: Vec<Yaml> =
            outputs.iter().map(|(_, variable, _)| self.sets(node, variable, "Blank()")).collect();
        let inputs = n.inputs.iter().filter_map(|(key, from)| {
            Some(format!("{}: {}", handoff::field(key), self.plan.fx(here.at).expression(from)?.or_blank()))
        });
        let inputs = inputs.collect::<Vec<_>>().join(", ");
        let body = format!("={{call: {}, card: {}, inputs: {{{inputs}}}}}", text(&n.call), text(node));
        let data = Yaml::map(outputs.iter().map(|(name, _, of)| (name.clone(), handoff::data_type(of))));
        let answer = format!("Topic.answer_{node}");
        let limit = n.time_limit.map(|limit| (limit.to_f64() * 1000.0).clamp(1.0, 1e8));
        let request = handoff::request("calls", body, &answer, Some(data), limit, node, self.plan);
        actions.push(self.does("HttpRequestAction", "httpRequest", node, request));
        for (name, variable, of) in &outputs {
            let value = format!("{answer}.data.{}", handoff::field(name));
            let value = fx::fitting(&value, of);
            actions.push(self.sets(node, variable, &value));
        }
        let [code, action, message] =
            ["error_code", "error_action", "error_message"].map(|name| self.plan.var(&format!("own {name}")));
        let status = format!("Topic.status_{node}");
        let late =
            any(&[format!("{answer}.status = \"timeout\""), format!("{status} = 408"), format!("{status} = 504")]);
        let failed = any(&[format!("{answer}.status = \"error\""), format!("!IsBlank({status})")]);
        let mut timeout = vec![
            self.sets(node, &code, "Blank()"),
            self.sets(node, &action, &text(node)),
            self.sets(node, &message, "Blank()"),
        ];
        timeout.extend(self.goes(here.deeper(), node, "timeout", n.timeout.as_deref()));
        let mut error = vec![
            self.sets(node, &code, &format!("{answer}.code")),
            self.sets(node, &action, &text(node)),
            self.sets(node, &message, &format!("{answer}.message")),
        ];
        let mut rows = Vec::new();
        for (name, to) in &n.errors {
            let to = self.goes(here.deeper().deeper(), node, &format!("errors.{name}"), Some(to));
            rows.push((format!("{code} = {}", text(name)), to));
        }
        let other = self.goes(here.deeper().deeper(), node, "error", n.error.as_deref());
        error.extend(self.chooses(node, rows, other));
        let mut ok = Vec::new();
        for variable in [&code, &action, &message] {
            ok.push(self.sets(node, variable, "Blank()"));
        }
        ok.extend(self.goes(here.deeper(), node, "ok", n.ok.as_deref()));
        actions.extend(self.chooses(node, vec![(late, timeout), (failed, error)], ok));
        actions
    }

    fn subflow(&mut self, here: Here, node: &str, n: &Subflow) -> Vec<Yaml> {
        let plan = self.plan;
        let called = plan.index(&n.flow);
        let (from, (into, flow)) = (plan.policy.flows[here.at].0, plan.policy.flows[called]);
        let mut actions = Vec::new();
        // What is given is worked out before anything of the called flow is forgotten.
        let mut given = Vec::new();
        for (i, (slot, source)) in n.inputs.iter().enumerate() {
            let value = plan.fx(here.at).expression(source);
            let variable = format!("Topic.input_{node}_{i}");
            let formula = value.map_or_else(|| "Blank()".to_owned(), |value| value.or_blank());
            actions.push(self.sets(node, &variable, &formula));
            given.push((slot, variable));
        }
        for variable in self.forgotten(here.at, called) {
            actions.push(self.sets(node, &variable, "Blank()"));
        }
        for (slot, variable) in given {
            let of = flow.slots.get(slot).map_or(Type::Text, |slot| slot.r#type.clone());
            let own = plan.slot(into, slot);
            actions.push(self.sets(node, &own, &fx::fitting(&variable, &of)));
        }
        let [inside, prefix, caller] =
            [format!("in {from}"), format!("prefix {into}"), format!("caller {into}")].map(|key| plan.var(&key));
        actions.push(self.sets(node, &inside, &text(node)));
        let lead = if here.at == 0 {
            text(&format!("{node}/"))
        } else {
            format!("Concatenate({}, {})", plan.var(&format!("prefix {from}")), text(&format!("{node}/")))
        };
        actions.push(self.sets(node, &prefix, &lead));
        actions.push(self.sets(node, &caller, &text(&format!("{from}.{node}"))));
        if let Some((start, _)) = flow.nodes.iter().find(|(_, card)| matches!(card.kind, Kind::Start(_))) {
            let start = start.clone();
            let topic = self.part(called, &start, "card");
            actions.push(self.begins(node, topic));
        }
        actions
    }

    /// What a called flow has for itself alone is unset at every call.
    fn forgotten(&self, from: usize, called: usize) -> Vec<String> {
        let plan = self.plan;
        // The flows that are under way: whoever calls, and whoever may call those.
        let running: Vec<usize> =
            (0..plan.policy.flows.len()).filter(|at| *at == from || plan.below(*at).contains(&from)).collect();
        let key = |at: usize, slot: &str| plan.policy.slot_key(plan.policy.flows[at].0, slot).to_owned();
        let shared: BTreeSet<String> =
            running.iter().flat_map(|at| plan.policy.flows[*at].1.slots.keys().map(|slot| key(*at, slot))).collect();
        let (id, flow) = plan.policy.flows[called];
        let own = flow.slots.keys().map(|slot| key(called, slot)).filter(|slot| !shared.contains(slot));
        let mut forgotten: Vec<String> = own.map(|slot| plan.var(&format!("slot {slot}"))).collect();
        for (node, card) in &flow.nodes {
            let Kind::Action(action) = &card.kind else { continue };
            let outputs = flow.calls.get(&action.call).into_iter().flat_map(|call| call.outputs.keys());
            forgotten.extend(outputs.map(|output| plan.var(&format!("output {id}.{node}.{output}"))));
        }
        forgotten
    }

    fn end(&mut self, here: Here, node: &str, n: &End) -> Vec<Yaml> {
        let plan = self.plan;
        if here.at == 0 {
            let (at, outcome) = (plan.var("own at"), plan.var("own outcome"));
            return vec![
                self.sets(node, &at, &text(AT_REST)),
                self.sets(node, &outcome, &text(&n.outcome)),
                self.does("EndConversation", "endConversation", node, Vec::new()),
            ];
        }
        let (id, _) = plan.policy.flows[here.at];
        let inside = plan.var(&format!("in {id}"));
        let mut actions = vec![self.sets(node, &inside, "Blank()")];
        let caller = plan.var(&format!("caller {id}"));
        let mut rows = Vec::new();
        for (from, card) in plan.callers[here.at].clone() {
            let (calling, flow) = plan.policy.flows[from];
            let Some(Kind::Subflow(subflow)) = flow.nodes.get(&card).map(|card| &card.kind) else { continue };
            let there = Here { at: from, depth: MOST_DEPTH };
            let back = match subflow.outcomes.get(&n.outcome) {
                Some(to) => self.goes(there, &card, &format!("outcomes.{}", n.outcome), Some(to)),
                None => self.goes(there, &card, "else", subflow.r#else.as_deref()),
            };
            rows.push((format!("{caller} = {}", text(&format!("{calling}.{card}"))), back));
        }
        if rows.len() == 1 {
            actions.extend(rows.swap_remove(0).1);
        } else {
            actions.extend(self.chooses(node, rows, Vec::new()));
        }
        actions
    }
}

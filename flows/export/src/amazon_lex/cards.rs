//! Writes each card as intents that no utterance leads to: `card_…` carries it out, `heard_…` takes the turn that it
//! waited for, `left_…` goes on by the port that the function named.

use flow_model::flow::{Ask, Branch as Row, Flow, Handoff, Kind, Node, Set};

use super::bot::{Asked, BRANCHES, Branch, Choice, Hook, Intent, Slot, Step, Then, To, chained};
use super::conditions::{is, is_set};
use super::lower::{AGAIN, AT, ATTEMPTS, By, COLLEAGUE, Card, OUTCOME, PORT, Plan, REST, SAID, TURN, words};
use super::write;
use crate::names::{Legal, Names};
use crate::policy::Place;

/// At most so many messages does the function say at a place, each in an attribute of its own: as many as a conditional has
/// branches. `wire.py` parts what is said.
pub const PARTS: usize = BRANCHES;

/// Names of branches behind `port-`; the further branches of a card are called otherwise.
const BRANCH: Legal = Legal {
    allows: |c| c.is_ascii_alphanumeric() || c == '-',
    instead: '-',
    begins: |c| c.is_ascii_alphanumeric(),
    lead: "x",
    longest: 90,
    bytes: char::len_utf8,
    folds: true,
    single: true,
    taken: &[],
};

/// A port of a card: its name, where it leads.
pub type Port = (String, Option<String>);

/// Intents of one card.
pub struct Writer<'p, 'a> {
    plan: &'p Plan<'a>,
    flow: &'p Flow,
    flow_id: &'p str,
    node: &'p str,
    entry: &'p Node,
    /// Lex's name of the card.
    name: String,
}

/// The intents of every card.
pub fn intents(plan: &Plan<'_>) -> Vec<Intent> {
    let mut all = Vec::new();
    for (card, by) in &plan.cards {
        let (Some(flow), (id, node)) = (plan.flow(&card.0), card) else { continue };
        let Some(entry) = flow.nodes.get(node) else { continue };
        let name = plan.card(id, node);
        let writer = Writer { plan, flow, flow_id: id, node, entry, name };
        all.extend(writer.write(*by));
    }
    all
}

/// Every port of a card by which the run can leave it, drawn or not.
pub fn ports(plan: &Plan<'_>, (flow_id, node): &Card) -> Vec<Port> {
    let Some(entry) = plan.flow(flow_id).and_then(|flow| flow.nodes.get(node)) else { return Vec::new() };
    let one = |name: &str, to: &Option<String>| (name.to_owned(), to.clone());
    let rows = |name: &str, to: Vec<&String>| -> Vec<Port> {
        to.into_iter().enumerate().map(|(i, to)| (format!("{name}[{i}]"), Some(to.clone()))).collect()
    };
    let keyed = |name: &str, map: Vec<(&String, &String)>| -> Vec<Port> {
        map.into_iter().map(|(key, to)| (format!("{name}.{key}"), Some(to.clone()))).collect()
    };
    match &entry.kind {
        Kind::Start(n) => vec![one("next", &n.next)],
        Kind::Message(n) => vec![one("next", &n.next)],
        Kind::Set(n) => vec![one("next", &n.next)],
        Kind::Ask(n) => vec![one("filled", &n.filled), one("failed", &n.failed)],
        Kind::Listen(n) => branches(&n.branches, &n.r#else),
        Kind::Decision(n) => branches(&n.branches, &n.r#else),
        Kind::Action(n) => {
            let mut all = vec![one("ok", &n.ok), one("error", &n.error), one("timeout", &n.timeout)];
            all.extend(keyed("errors", n.errors.iter().collect()));
            all
        }
        Kind::Subflow(n) => {
            let mut all = keyed("outcomes", n.outcomes.iter().collect());
            all.push(one("else", &n.r#else));
            all
        }
        Kind::Handoff(n) => {
            let mut all: Vec<Port> = vec![
                one("sent", &n.sent),
                one("closed", &n.closed),
                one("failed", &n.failed),
                one("timeout", &n.timeout),
                one("resumed", &n.resumed),
                one("resolved", &n.resolved),
                one("escalated", &n.escalated),
            ];
            all.extend(rows("overflow", n.overflow.iter().map(|row| &row.to).collect()));
            all.extend(rows("turns", n.waiting.turns.iter().map(|row| &row.to).collect()));
            all.extend(keyed("returns", n.returns.iter().map(|(key, row)| (key, &row.to)).collect()));
            all
        }
        Kind::End(_) | Kind::Note(_) | Kind::Todo(_) | Kind::Unknown(_) => Vec::new(),
    }
}

fn branches(rows: &[Row], otherwise: &Option<String>) -> Vec<Port> {
    let mut all: Vec<Port> =
        rows.iter().enumerate().map(|(i, row)| (format!("branches[{i}]"), Some(row.to.clone()))).collect();
    all.push(("else".to_owned(), otherwise.clone()));
    all
}

/// The word for a port in the attribute `port`: as it is where Lex can compare it, else its place among the card's.
pub fn word(ports: &[Port], port: &str) -> String {
    let words = || ports.iter().map(|(name, _)| name.as_str());
    let folded = port.to_lowercase();
    let alone = words().filter(|name| name.to_lowercase() == folded).count() == 1;
    let legal = port.len() <= 100 && port.chars().all(|c| c.is_ascii_alphanumeric() || "._- ".contains(c));
    if alone && legal && !port.ends_with(' ') {
        return port.to_owned();
    }
    let kind: String = port.chars().take_while(char::is_ascii_alphabetic).collect();
    let place = words().filter(|name| name.starts_with(&format!("{kind}.")) || name.starts_with(&format!("{kind}[")));
    let place = place.take_while(|name| *name != port).count();
    format!("{kind}-{place}")
}

/// Branches that say what the function has to say, in as many messages as it is; and one that says nothing.
pub fn spoken(step: &Step) -> Then {
    Then::Choose(Choice { branches: speaking("said", SAID, step), says: Vec::new(), otherwise: step.clone() })
}

/// A branch for each count of messages, the most first.
fn speaking(name: &str, attribute: &str, step: &Step) -> Vec<Branch> {
    let named = |part: usize| if part == 1 { attribute.to_owned() } else { format!("{attribute}_{part}") };
    let branch = |count: usize| Branch {
        name: if count == 1 { name.to_owned() } else { format!("{name}-{count}") },
        when: is_set(&named(count)),
        says: (1..=count).map(|part| format!("[{}]", named(part))).collect(),
        step: step.clone(),
    };
    (1..=PARTS).rev().map(branch).collect()
}

/// When the function fails.
pub fn failed() -> Step {
    lost("function_failed")
}

/// A person is asked, because the bot cannot go on.
pub fn lost(reason: &str) -> Step {
    Step::to(COLLEAGUE).noting("handoff_reason", reason)
}

impl Writer<'_, '_> {
    fn write(&self, by: By) -> Vec<Intent> {
        match &self.entry.kind {
            Kind::Start(n) => vec![self.alone(self.to(n.next.as_ref()))],
            Kind::Note(_) => vec![self.alone(Step::to(REST))],
            Kind::Message(n) if by == By::Lex => {
                let says = words(&n.text).unwrap_or_default();
                vec![self.alone(self.to(n.next.as_ref())).saying(says)]
            }
            Kind::Set(n) if by == By::Lex => vec![self.alone(self.assign(n))],
            Kind::End(n) if by == By::Lex => {
                let step = Step::plain(To::End).noting(AT, &self.name).noting(OUTCOME, &n.outcome);
                vec![self.alone(step)]
            }
            Kind::Message(_) => {
                let next = ports(self.plan, &self.card()).into_iter().next().and_then(|(_, to)| to);
                let then = spoken(&self.to(next.as_ref()));
                vec![self.inner(then).asking(&self.name, failed())]
            }
            Kind::Listen(n) => {
                let step = Step::plain(To::Listen).noting(AT, &self.name);
                let mut all = vec![self.alone(step)];
                all.extend(self.chooses(&self.heard(), &n.branches, n.r#else.as_ref()));
                all
            }
            Kind::Decision(n) => {
                let mut all = self.chooses(&self.name, &n.branches, n.r#else.as_ref());
                if by == By::Flags
                    && let Some(first) = all.first_mut()
                {
                    first.hook = Some(self.hook());
                }
                all
            }
            Kind::Ask(n) => self.ask(n, by),
            Kind::Handoff(n) => self.handoff(n),
            Kind::Subflow(_) => self.subflow(),
            Kind::End(_) => vec![self.inner(self.ended()).asking(&self.name, failed())],
            Kind::Set(_) | Kind::Action(_) => {
                let (then, rest) = self.routed(&self.name);
                let mut all = vec![self.inner(then).asking(&self.name, failed())];
                all.extend(rest);
                all
            }
            Kind::Todo(_) | Kind::Unknown(_) => Vec::new(),
        }
    }

    fn card(&self) -> Card {
        (self.flow_id.to_owned(), self.node.to_owned())
    }

    fn heard(&self) -> String {
        self.plan.heard(self.flow_id, self.node)
    }

    fn hook(&self) -> Hook {
        Hook { label: self.name.clone(), failed: failed() }
    }

    fn about(&self) -> String {
        write::about(self.entry, self.flow_id, self.node, self.plan)
    }

    fn alone(&self, step: Step) -> Intent {
        self.inner(Then::Step(step))
    }

    fn inner(&self, then: Then) -> Intent {
        Intent::inner(&self.name, self.about(), then)
    }

    /// To a card; nowhere is the end of the way.
    fn to(&self, to: Option<&String>) -> Step {
        to.map_or_else(|| Step::to(REST), |to| Step::to(self.plan.card(self.flow_id, to)))
    }

    /// Branches by the flow's conditions.
    fn chooses(&self, name: &str, rows: &[Row], otherwise: Option<&String>) -> Vec<Intent> {
        let branches = rows.iter().enumerate().map(|(i, row)| Branch {
            name: format!("branch-{i}"),
            when: self.plan.asks(self.flow_id, &Place::Branch(self.node.to_owned(), i)),
            says: Vec::new(),
            step: self.to(Some(&row.to)),
        });
        let branches = branches.collect();
        let end = match otherwise {
            Some(to) => self.to(Some(to)),
            None => lost("no_branch_holds"),
        };
        let about = self.about();
        let (first, rest) = chained(name, &about, branches, Vec::new(), end);
        let mut all = vec![Intent::inner(name, about, first)];
        all.extend(rest);
        all
    }

    /// Goes on by the port that the function named.
    fn routed(&self, name: &str) -> (Then, Vec<Intent>) {
        let ports = ports(self.plan, &self.card());
        let drawn = ports.iter().filter_map(|(port, to)| Some((word(&ports, port), to.as_ref()?)));
        let drawn: Vec<(String, &String)> = drawn.collect();
        let names = Names::of(drawn.iter().map(|(word, _)| word.as_str()), &BRANCH);
        let named = |word: &str| format!("port-{}", names.get(word).unwrap_or("unknown"));
        let by_port =
            |name: String, word: &str, step: Step| Branch { name, when: is(PORT, word), says: Vec::new(), step };
        let mut branches: Vec<Branch> =
            drawn.iter().map(|(word, to)| by_port(named(word), word, self.to(Some(to)))).collect();
        if let Kind::Subflow(n) = &self.entry.kind
            && let Some(start) = self.plan.flow(&n.flow).and_then(Flow::start)
        {
            branches.push(by_port("into".to_owned(), "into", Step::to(self.plan.card(&n.flow, start))));
        }
        branches.push(by_port("rest".to_owned(), "rest", Step::to(REST)));
        chained(name, &self.about(), branches, Vec::new(), lost("no_such_port"))
    }

    fn assign(&self, n: &Set) -> Step {
        let mut step = self.to(n.next.as_ref());
        for (slot, from) in &n.assign {
            let name = format!("slots.{slot}");
            let Some(value) = self.plan.constant(self.flow_id, slot, from.as_ref()) else { continue };
            let (has, held) = (self.plan.has(self.flow_id, &name), self.plan.value(self.flow_id, &name));
            if self.plan.is_read(self.flow_id, &has) {
                step = step.noting(has, "true");
            }
            if self.plan.is_read(self.flow_id, &held) {
                step = step.noting(held, write::text(&value));
            }
        }
        step
    }

    fn handoff(&self, _: &Handoff) -> Vec<Intent> {
        let left = self.plan.left(self.flow_id, self.node);
        let (then, rest) = self.routed(&left);
        let mut all = vec![self.inner(spoken(&Step::to(&left))).asking(&self.name, failed())];
        all.push(Intent::inner(left, self.about(), then));
        all.extend(rest);
        all
    }

    fn subflow(&self) -> Vec<Intent> {
        let left = self.plan.left(self.flow_id, self.node);
        let (then, rest) = self.routed(&left);
        let mut all = vec![self.alone(Step::to(&left)).asking(&self.name, failed())];
        all.push(Intent::inner(left, self.about(), then));
        all.extend(rest);
        all
    }

    /// After an `end` that the function carried out: over, or back to whoever called.
    fn ended(&self) -> Then {
        if self.flow_id == self.plan.policy.flow().id {
            return Then::Step(Step::plain(To::End));
        }
        Then::Step(Step::to(self.plan.back(self.flow_id)))
    }

    fn ask(&self, n: &Ask, by: By) -> Vec<Intent> {
        let has = is_set(&self.plan.has(self.flow_id, &format!("slots.{}", n.slot)));
        let slot = write::slot_name(self.plan, self.flow, &n.slot);
        let again = || To::SlotAgain { intent: self.name.clone(), slot: slot.clone() };
        let at = |step: Step| step.noting(AT, &self.name);
        let branch = |name: &str, when: String, says: Vec<String>, step: Step| Branch {
            name: name.to_owned(),
            when,
            says,
            step,
        };
        let mut more = Vec::new();
        let mut card = if by == By::Lex {
            let filled = branch("filled", has.clone(), Vec::new(), self.to(n.filled.as_ref()));
            let wait = at(Step::plain(To::Slot(slot.clone())));
            self.inner(Then::Choose(Choice { branches: vec![filled], says: Vec::new(), otherwise: wait }))
        } else {
            let filled = branch("filled", is(PORT, "filled"), Vec::new(), self.to(n.filled.as_ref()));
            let rest = branch("rest", is(PORT, "rest"), Vec::new(), Step::to(REST));
            let wait = at(Step::plain(again()));
            let mut branches = vec![filled, rest];
            branches.extend(speaking("said", SAID, &wait));
            let (then, rest) = chained(&self.name, &self.about(), branches, Vec::new(), wait);
            more.extend(rest);
            self.inner(then).asking(&self.name, failed())
        };
        card.slots.push(self.slot(n, slot.clone()));
        let reprompt = n.reprompt.as_ref().unwrap_or(&n.prompt);
        let mut branches = vec![
            branch("filled", has, Vec::new(), self.to(n.filled.as_ref())),
            branch("failed", is(ATTEMPTS, &n.attempts.max(1).to_string()), Vec::new(), self.to(n.failed.as_ref())),
        ];
        let says = match words(reprompt) {
            Some(says) => says,
            None => {
                branches.extend(speaking("again", AGAIN, &at(Step::plain(again()))));
                Vec::new()
            }
        };
        let (heard, rest) = chained(&self.heard(), &self.about(), branches, says, at(Step::plain(again())));
        more.extend(rest);
        let mut all = vec![card, Intent::inner(self.heard(), self.about(), heard)];
        all.extend(more);
        all
    }

    fn slot(&self, n: &Ask, name: String) -> Slot {
        let prompt = match words(&n.prompt) {
            Some(words) if !words.is_empty() => words,
            Some(_) => vec!["…".to_owned()],
            None => vec![format!("[{SAID}]")],
        };
        let asked = Asked {
            prompt,
            hook: Hook { label: "hear".to_owned(), failed: failed() },
            taken: spoken(&Step::to(TURN)),
            missed: Step::to(super::lower::FALLBACK),
        };
        let r#type = write::slot_type(self.plan, self.flow, &n.slot);
        Slot { name, description: format!("Fills {}", n.slot), r#type, asked: Some(asked) }
    }
}

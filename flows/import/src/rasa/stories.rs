//! Rules and stories as branches. Stories that begin alike share their cards.

use flow_model::tree::Json;

use super::domain::{Domain, literal};
use crate::draft::entry;
use crate::{Card, Code, Draft, Kept, Part, Source, conditions};

/// One step of a rule or story.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Step {
    /// The customer says something: its condition.
    Hears(String),
    /// It goes on only where this holds.
    Holds(String),
    Does(String),
}

/// Steps after one another, and what may come after them.
#[derive(Default)]
struct Tree {
    after: Vec<(Step, Tree)>,
    /// The part that it was read from.
    rule: bool,
}

impl Tree {
    fn add(&mut self, steps: &[Step], rule: bool) {
        let Some((first, rest)) = steps.split_first() else { return };
        let at = match self.after.iter().position(|(step, _)| step == first) {
            Some(at) => at,
            None => {
                self.after.push((first.clone(), Tree { after: Vec::new(), rule }));
                self.after.len() - 1
            }
        };
        if let Some((_, tree)) = self.after.get_mut(at) {
            tree.add(rest, rule);
        }
    }
}

/// How many steps a story has at most, and how many cards all of them become.
const LONGEST: usize = 120;
const CARDS: usize = 20_000;

/// The flow of a project in the making.
pub(super) struct Build<'a, 'p, 's> {
    pub(super) source: &'a Source<'p>,
    pub(super) draft: &'a mut Draft,
    pub(super) domain: &'a Domain<'s>,
    pub(super) main: String,
    /// What is decided on every turn, where no question waits.
    route: String,
    /// Questions: their card, and the form.
    pub(super) asked: Vec<(String, String)>,
    /// What is done when a form is filled.
    pub(super) filled: Vec<(String, Vec<Step>)>,
    pub(super) forms: Vec<String>,
    pub(super) cards: usize,
}

impl<'a, 'p, 's> Build<'a, 'p, 's> {
    pub(super) fn new(source: &'a Source<'p>, draft: &'a mut Draft, domain: &'a Domain<'s>) -> Self {
        let main = draft.card_id("\u{1}main", "main");
        let route = draft.card_id("\u{1}route", "route");
        Self { source, draft, domain, main, route, asked: Vec::new(), filled: Vec::new(), forms: Vec::new(), cards: 0 }
    }

    /// Everything.
    pub(super) fn all(mut self, files: &[&Part]) {
        let (mut tree, mut first, mut within, mut fallback) = (Tree::default(), Vec::new(), Vec::new(), Vec::new());
        for (key, rule) in [("rules", true), ("stories", false)] {
            for part in files.iter().flat_map(|file| file.list(key)) {
                let _ = part.text(if rule { "rule" } else { "story" });
                part.leave(&["metadata", "wait_for_user_input"], "settings of rules and stories");
                let mut steps = self.conditions(part);
                let form = part.list("condition").iter().find_map(|one| one.text("active_loop"));
                steps.extend(self.steps(part));
                steps.truncate(LONGEST);
                let starts = part.flag("conversation_start") == Some(true);
                match (form, steps.as_slice()) {
                    _ if starts => first.extend(steps),
                    (Some(form), [Step::Does(action), rest @ ..]) if action == form => {
                        self.filled.push((form.to_owned(), rest.to_vec()));
                    }
                    (Some(form), _) if steps.iter().any(|step| matches!(step, Step::Hears(_))) => {
                        within.push((form.to_owned(), steps));
                    }
                    (_, [Step::Hears(when), rest @ ..]) if when == FALLBACK && fallback.is_empty() => {
                        fallback = ordered(rest.to_vec());
                    }
                    _ if rule && !steps.iter().any(|step| matches!(step, Step::Hears(_))) => self.follows(part, &steps),
                    _ => tree.add(&ordered(steps), rule),
                }
            }
        }
        self.draw(&tree, &first, within, &fallback);
    }

    /// A rule that begins with an action says what comes after it wherever it ran: it is kept in words.
    fn follows(&mut self, part: &Part, steps: &[Step]) {
        let word = |step: &Step| match step {
            Step::Hears(text) | Step::Holds(text) | Step::Does(text) => text.clone(),
        };
        let text = format!("Wherever this ran: {}", steps.iter().map(word).collect::<Vec<_>>().join(", then "));
        let id = self.draft.add("rule", Card::new("note").text("text", &text));
        self.source.note(
            part,
            Code::NotUnderstood,
            format!("a rule without a customer's turn: {text}"),
            Kept::Card(id),
        );
    }

    fn draw(&mut self, tree: &Tree, first: &[Step], within: Vec<(String, Vec<Step>)>, fallback: &[Step]) {
        let (main, route) = (self.main.clone(), self.route.clone());
        let start = self.draft.card_id("\u{1}start", "start");
        let begin = self.chain(first, &main);
        let begin = self.initial(&begin);
        self.draft.put(&start, Card::new("start").text("next", begin));
        let heard = self.every_turn(&route);
        self.draft.put(&main, Card::new("listen").with("branches", Json::List(Vec::new())).text("else", heard));
        let rows = self.rows(tree, &mut Vec::new());
        let otherwise = self.chain(fallback, &main);
        self.draft.put(&route, Card::new("decision").branches(&rows).text("else", otherwise));
        for (when, to) in &rows {
            self.interrupt(None, when, to);
        }
        for (form, steps) in within {
            let when = conditions::all(&guards(&steps));
            let to = self.chain(&without_guards(&steps), &main);
            self.interrupt(Some(&form), &when, &to);
        }
    }

    /// Requests that are heard while a form asks.
    fn interrupt(&mut self, form: Option<&str>, when: &str, to: &str) {
        let asked = self.asked.iter().filter(|(_, mine)| form.is_none_or(|form| form == mine));
        let within: Vec<Json> = asked.map(|(card, _)| Json::text(card)).collect();
        if within.is_empty() || self.asked.iter().any(|(card, _)| card == to) {
            return;
        }
        let when = conditions::canonical(when).unwrap_or_else(|_| when.to_owned());
        let id = self.draft.declare(
            "triggers",
            &format!("{}_{to}", form.unwrap_or("heard")),
            entry(&[("when", &when), ("to", to)]),
        );
        if let Some(entry) = self.draft.known("triggers", &id) {
            entry.set("within", Json::List(within));
        }
    }

    /// Slots with a value from the beginning.
    fn initial(&mut self, next: &str) -> String {
        if self.domain.initial.is_empty() {
            return next.to_owned();
        }
        let row = |(slot, value): &(String, String)| (slot.clone(), Json::text(value));
        let assign = Json::Map(self.domain.initial.iter().map(row).collect());
        self.draft.add("initial_values", Card::new("set").with("assign", assign).text("next", next))
    }

    /// Actions that set slots before anything is decided.
    fn every_turn(&mut self, next: &str) -> String {
        let mut to = next.to_owned();
        for (action, slots) in self.domain.every_turn.iter().rev() {
            let id = self.draft.card_id(&format!("\u{1}turn/{action}"), action);
            let known: Vec<&(String, &'static str)> =
                slots.iter().filter_map(|slot| self.domain.slots.get(slot)).collect();
            let assign = known.iter().map(|(slot, _)| (slot.clone(), Json::Text(format!("{id}.{slot}")))).collect();
            let set = self.draft.card_id(&format!("\u{1}turn/{action}/set"), &format!("{action}_answers"));
            let call = self.draft.call(action);
            let outputs = known
                .iter()
                .map(|(slot, kind)| (slot.clone(), Json::text(if *kind == "enum" { "text" } else { kind })))
                .collect();
            if let Some(entry) = self.draft.known("calls", &call) {
                entry.set("outputs", Json::Map(outputs));
            }
            let card = Card::new("action").text("call", call);
            self.draft.put(&id, ["ok", "error", "timeout"].into_iter().fold(card, |card, port| card.text(port, &set)));
            self.draft.put(&set, Card::new("set").with("assign", Json::Map(assign)).text("next", to));
            to = id;
        }
        to
    }

    /// The branches of what may be heard or hold next; rules before stories.
    fn rows(&mut self, tree: &Tree, held: &mut Vec<String>) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for rule in [true, false] {
            for (step, after) in tree.after.iter().filter(|(_, after)| after.rule == rule) {
                let (Step::Hears(when) | Step::Holds(when)) = step else { continue };
                held.push(when.clone());
                if after.after.iter().all(|(step, _)| matches!(step, Step::Does(_))) || matches!(step, Step::Hears(_)) {
                    let whole = conditions::all(held);
                    let to = self.after(after);
                    rows.push((conditions::canonical(&whole).unwrap_or(whole), to));
                } else {
                    rows.extend(self.rows(after, held));
                }
                held.pop();
            }
        }
        rows
    }

    /// The card of what comes after a step.
    fn after(&mut self, tree: &Tree) -> String {
        let main = self.main.clone();
        self.cards += 1;
        if self.cards > CARDS {
            return main;
        }
        if let [(Step::Does(action), rest)] = tree.after.as_slice() {
            let to = self.after(rest);
            return self.action(action, &to);
        }
        let hears: Vec<&(Step, Tree)> = tree.after.iter().filter(|(step, _)| matches!(step, Step::Hears(_))).collect();
        let Some((Step::Does(action), rest)) = tree.after.iter().find(|(step, _)| matches!(step, Step::Does(_))) else {
            if tree.after.is_empty() {
                return main;
            }
            let rows = self.rows(tree, &mut Vec::new());
            let (kind, otherwise) = match hears.is_empty() {
                true => ("decision", main),
                false => ("listen", self.route.clone()),
            };
            return self.draft.add("story", Card::new(kind).branches(&rows).text("else", otherwise));
        };
        // Stories that do different things after the same words: which of them is learned there.
        let to = self.after(rest);
        let to = self.action(action, &to);
        let others: Vec<&str> = tree
            .after
            .iter()
            .filter_map(|(step, _)| if let Step::Does(other) = step { Some(other.as_str()) } else { None })
            .collect();
        if others.len() < 2 {
            return to;
        }
        let text = format!(
            "After the same words the stories do different things, which the trained model chooses: {}",
            others.join(", ")
        );
        let id = self.draft.card_id(&format!("\u{1}choice/{}", self.cards), "choice");
        self.draft.todo(&id, &text, Some(&to));
        self.source.note_file("", Code::NotUnderstood, text, Kept::Card(id.clone()));
        id
    }

    /// Steps one after another.
    pub(super) fn chain(&mut self, steps: &[Step], next: &str) -> String {
        let mut to = next.to_owned();
        for step in steps.iter().rev() {
            to = match step {
                Step::Does(action) => self.action(action, &to),
                Step::Hears(when) => {
                    let rows = [(when.clone(), to)];
                    self.draft.add("story", Card::new("listen").branches(&rows).text("else", self.route.clone()))
                }
                Step::Holds(when) if to == next => {
                    let _ = when;
                    to
                }
                Step::Holds(when) => {
                    let rows = [(when.clone(), to)];
                    self.draft.add("story", Card::new("decision").branches(&rows).text("else", next))
                }
            };
        }
        to
    }

    /// What must hold before a rule is looked at.
    fn conditions(&mut self, part: &Part) -> Vec<Step> {
        part.list("condition").iter().flat_map(|one| self.was_set(one)).map(Step::Holds).collect()
    }

    /// `slot_was_set`: each slot with its value, or that it has one.
    fn was_set(&mut self, part: &Part) -> Vec<String> {
        let Some(slots) = part.get("slot_was_set") else { return Vec::new() };
        let maps: Vec<&Part> = if slots.items().is_empty() { vec![slots] } else { slots.items().iter().collect() };
        let mut found = Vec::new();
        for one in maps {
            if let Some(name) = one.as_text() {
                let id = self.draft.slot(name);
                found.push(format!("has(slots.{id})"));
            }
            for (name, value) in one.entries() {
                // Who asks next is the form's own matter.
                if name == "requested_slot" {
                    value.leave_rest("which slot a form asks for next");
                    continue;
                }
                let (id, kind) =
                    self.domain.slots.get(name).cloned().unwrap_or_else(|| (self.draft.slot(name), "text"));
                let value = value.plain().and_then(|value| literal(kind, &value));
                found.push(match value {
                    Some(_) if kind == "text" => format!("has(slots.{id})"),
                    Some(value) => format!("slots.{id} == {value}"),
                    None => format!("!has(slots.{id})"),
                });
            }
        }
        found
    }

    fn steps(&mut self, part: &Part) -> Vec<Step> {
        let mut steps = Vec::new();
        for step in part.list("steps") {
            if let Some(action) = step.text("action") {
                steps.extend((action != "action_listen").then(|| Step::Does(action.to_owned())));
            } else if step.get("intent").is_some() || step.get("or").is_some() {
                steps.push(Step::Hears(self.hears(step)));
            } else if step.get("slot_was_set").is_some() {
                steps.extend(self.was_set(step).into_iter().map(Step::Holds));
            } else if let Some((_, form)) = step.entries().iter().find(|(key, _)| key == "active_loop") {
                form.leave_rest("where forms begin and end, which their questions say here");
            }
        }
        steps
    }

    /// What is heard: an intent with its entities, or one of several.
    fn hears(&mut self, step: &Part) -> String {
        let mut any = Vec::new();
        let several: Vec<&Part> = step.list("or").iter().collect();
        for one in if several.is_empty() { vec![step] } else { several } {
            let Some(name) = one.text("intent") else { continue };
            let name = name.trim_start_matches('/').to_owned();
            if name == "nlu_fallback" {
                any.push(FALLBACK.to_owned());
                continue;
            }
            let intent = self.draft.intent(&name);
            let mut all = vec![format!("intent == {}", conditions::text(&intent))];
            for entity in one.list("entities") {
                let named: Vec<String> = match entity.as_text() {
                    Some(name) => vec![name.to_owned()],
                    None => entity
                        .entries()
                        .iter()
                        .map(|(name, value)| (name.clone(), value.leave_rest("the words of an example")).0)
                        .collect(),
                };
                all.extend(named.iter().map(|name| format!("has(slots.{})", self.draft.slot(name))));
            }
            one.leave(&["user"], "the words of an example");
            any.push(conditions::all(&all));
        }
        conditions::any(&any)
    }
}

/// Nothing was understood.
const FALLBACK: &str = "intent == \"none\"";

fn guards(steps: &[Step]) -> Vec<String> {
    let end = steps.iter().position(|step| matches!(step, Step::Does(_))).unwrap_or(steps.len());
    let said = |step: &Step| match step {
        Step::Hears(when) | Step::Holds(when) => Some(when.clone()),
        Step::Does(_) => None,
    };
    steps.iter().take(end).filter_map(said).collect()
}

fn without_guards(steps: &[Step]) -> Vec<Step> {
    steps.iter().skip_while(|step| !matches!(step, Step::Does(_))).cloned().collect()
}

/// What is heard together with what must hold then is one step. What holds after an action and before the customer speaks is
/// what that action did; what holds at the very end decides nothing any more.
fn ordered(steps: Vec<Step>) -> Vec<Step> {
    let (mut all, mut run, mut acted) = (Vec::new(), Vec::new(), false);
    for step in steps {
        if matches!(step, Step::Does(_)) {
            all.extend(one_of(&run, acted));
            run.clear();
            acted = true;
            all.push(step);
        } else {
            run.push(step);
        }
    }
    if run.iter().any(|step| matches!(step, Step::Hears(_))) {
        all.extend(one_of(&run, acted));
    }
    all
}

/// Steps without an action between as one.
fn one_of(run: &[Step], acted: bool) -> Option<Step> {
    let heard = run.iter().rposition(|step| matches!(step, Step::Hears(_)));
    let from = if acted { heard.unwrap_or(0) } else { 0 };
    let rest = guards(run.get(from..)?);
    if rest.is_empty() {
        return None;
    }
    let whole = conditions::all(&rest);
    let whole = conditions::canonical(&whole).unwrap_or(whole);
    Some(if heard.is_some() { Step::Hears(whole) } else { Step::Holds(whole) })
}

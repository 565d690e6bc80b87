//! Rules and stories as branches. Stories that begin alike share their cards.

use std::collections::{BTreeMap, VecDeque};

use flow_model::tree::Json;
use indexmap::IndexMap;

use super::domain::{Domain, literal};
use super::say;
use crate::draft::entry;
use crate::{Card, Code, Draft, Kept, Part, Source, conditions};

/// One step of a rule or story.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Step {
    /// The customer says something: its condition.
    Hears(String),
    /// It goes on only where this holds.
    Holds(String),
    Does(String),
    /// A form asks from here on, or none does any more.
    Loop(Option<String>),
    /// A place that other stories begin at or lead to.
    At(String),
}

/// Steps after one another, and what may come after them.
#[derive(Default)]
struct Tree {
    after: IndexMap<Step, Tree>,
    /// Whether a rule says so.
    rule: bool,
}

impl Tree {
    fn add(&mut self, steps: &[Step], rule: bool) {
        let Some((first, rest)) = steps.split_first() else { return };
        let next = self.after.entry(first.clone()).or_insert_with(|| Tree { after: IndexMap::new(), rule });
        next.add(rest, rule);
    }

    /// What is done next.
    fn does(&self) -> impl Iterator<Item = (&str, &Tree)> {
        self.after
            .iter()
            .filter_map(|(step, tree)| if let Step::Does(action) = step { Some((action.as_str(), tree)) } else { None })
    }
}

/// How many steps a story has at most, and how many cards all of them become.
const LONGEST: usize = 400;
const CARDS: usize = 20_000;
/// How often a form is drawn, and how many stories places where they meet make of them.
pub(super) const FORMS: usize = 12;
const JOINED: usize = 400;

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
    /// What is done when a form is filled: what must hold for it, and the steps.
    pub(super) filled: Vec<(String, Vec<String>, Vec<Step>)>,
    /// The first question of a form that goes on at a card.
    pub(super) forms: BTreeMap<(String, String), String>,
    pub(super) cards: usize,
}

/// A rule or story.
struct Told<'s> {
    part: &'s Part,
    rule: bool,
    steps: Vec<Step>,
}

impl<'a, 'p, 's> Build<'a, 'p, 's> {
    pub(super) fn new(source: &'a Source<'p>, draft: &'a mut Draft, domain: &'a Domain<'s>) -> Self {
        let main = draft.card_id("\u{1}main", "main");
        let route = draft.card_id("\u{1}route", "route");
        let (asked, filled, forms) = Default::default();
        Self { source, draft, domain, main, route, asked, filled, forms, cards: 0 }
    }

    /// Everything.
    pub(super) fn all(mut self, files: &[&'s Part]) {
        let (mut tree, mut first, mut within, mut fallback) = (Tree::default(), Vec::new(), Vec::new(), Vec::new());
        for told in self.told(files) {
            let Told { part, rule, mut steps } = told;
            let form = part.list("condition").iter().find_map(|one| one.text("active_loop"));
            self.interruptions(&mut steps, &mut within);
            let held = steps.iter().take_while(|step| matches!(step, Step::Holds(_))).count();
            let hears = steps.iter().any(|step| matches!(step, Step::Hears(_)));
            match (form, steps.get(held..).unwrap_or(&[])) {
                _ if part.flag("conversation_start") == Some(true) => first.extend(steps),
                (Some(form), [Step::Does(action), rest @ ..]) if action == form => {
                    let guard = steps.iter().take(held).filter_map(condition).collect();
                    self.filled.push((form.to_owned(), guard, rest.to_vec()));
                }
                (Some(form), _) if hears => within.push((form.to_owned(), steps)),
                (_, [Step::Hears(when), rest @ ..]) if when == FALLBACK && fallback.is_empty() => {
                    fallback = ordered(rest.to_vec());
                }
                _ if rule && !hears => self.follows(part, &steps),
                _ => tree.add(&ordered(self.said_once(steps)), rule),
            }
        }
        for (_, steps) in &mut within {
            *steps = self.said_once(std::mem::take(steps));
        }
        let mut seen = Vec::new();
        within.retain(|one| {
            !seen.contains(one) && {
                seen.push(one.clone());
                seen.len() < CARDS
            }
        });
        self.draw(&tree, &first, within, &fallback);
    }

    /// Rules and stories, those that meet at a place put together.
    fn told(&mut self, files: &[&'s Part]) -> Vec<Told<'s>> {
        let (mut found, mut begun): (Vec<Told<'s>>, BTreeMap<String, Vec<Told<'s>>>) = Default::default();
        for (key, rule) in [("rules", true), ("stories", false)] {
            for part in files.iter().flat_map(|file| file.list(key)) {
                let _ = part.text(if rule { "rule" } else { "story" });
                part.leave(&["metadata", "wait_for_user_input"], "settings of rules and stories");
                let mut steps = self.conditions(part);
                steps.extend(self.steps(part));
                if steps.len() > LONGEST {
                    steps.truncate(LONGEST);
                    let what = format!("it has more than {LONGEST} steps: those behind them are not drawn");
                    self.source.note(part, Code::NotUnderstood, what, Kept::Nothing);
                }
                match steps.split_first() {
                    Some((Step::At(place), rest)) => {
                        let told = Told { part, rule, steps: rest.to_vec() };
                        begun.entry(place.clone()).or_default().push(told);
                    }
                    _ => found.push(Told { part, rule, steps }),
                }
            }
        }
        let reached = |place: &String| {
            let leads = |told: &Told<'_>| told.steps.contains(&Step::At(place.clone()));
            found.iter().any(leads) || begun.values().flatten().any(leads)
        };
        let lonely: Vec<String> = begun.keys().filter(|place| !reached(place)).cloned().collect();
        for told in lonely.iter().flat_map(|place| begun.remove(place).unwrap_or_default()) {
            let step = told.part.list("steps").iter().find(|step| step.get("checkpoint").is_some());
            let what = "no story leads to the checkpoint at which it begins: here it may begin at any time";
            self.source.note(step.unwrap_or(told.part), Code::NotUnderstood, what, Kept::Nothing);
            found.push(told);
        }
        let mut whole = Vec::new();
        let mut open: VecDeque<Told<'s>> = found.into();
        while let Some(mut told) = open.pop_front() {
            let at = told.steps.iter().position(|step| matches!(step, Step::At(_)));
            let Some(Step::At(place)) = at.and_then(|at| told.steps.get(at)).cloned() else {
                whole.push(told);
                continue;
            };
            let rest = told.steps.split_off(at.unwrap_or(0));
            let go_on = begun.get(&place).filter(|_| whole.len() + open.len() < JOINED + files.len());
            match go_on {
                Some(all) => open.extend(all.iter().map(|more| {
                    let steps: Vec<Step> = told.steps.iter().chain(&more.steps).take(LONGEST).cloned().collect();
                    Told { part: told.part, rule: told.rule, steps }
                })),
                None => {
                    let what = format!("no story begins at {place}, or too many meet there: it goes on without it");
                    self.source.note(told.part, Code::Missing, what, Kept::Nothing);
                    told.steps.extend(rest.into_iter().skip(1));
                    open.push_back(told);
                }
            }
        }
        whole
    }

    /// What is heard while a form asks is taken out of a story: it interrupts the form's questions.
    fn interruptions(&mut self, steps: &mut Vec<Step>, within: &mut Vec<(String, Vec<Step>)>) {
        let mut kept: Vec<Step> = Vec::new();
        let mut open: Option<(String, Vec<Step>)> = None;
        let mut rest = std::mem::take(steps).into_iter();
        while let Some(step) = rest.next() {
            match (step, &mut open) {
                // Another form takes over for good: all that follows is what interrupts the one before.
                (Step::Loop(Some(other)), Some((form, inner))) if other != *form && heard(inner) => {
                    let mut tail = std::mem::take(inner);
                    tail.push(Step::Loop(Some(other)));
                    tail.extend(rest.by_ref());
                    self.interruptions(&mut tail, within);
                    within.push((form.clone(), tail));
                }
                (Step::Loop(Some(form)), _) => open = Some((form, Vec::new())),
                (Step::Loop(None), asks) => match asks.take() {
                    Some((_, inner)) if !heard(&inner) => kept.extend(inner),
                    asks => within.extend(asks),
                },
                // The form asks again.
                (Step::Does(action), Some((form, inner))) if action == *form => {
                    let mut inner = std::mem::take(inner);
                    if heard(&inner) {
                        inner.push(Step::Does(action));
                        within.push((form.clone(), inner));
                    } else {
                        kept.extend(inner);
                    }
                }
                (step, Some((_, inner))) => inner.push(step),
                (step, None) => kept.push(step),
            }
        }
        match open {
            Some((_, inner)) if !heard(&inner) => kept.extend(inner),
            asks => within.extend(asks),
        }
        *steps = kept;
    }

    /// What the rule of a form says when it is filled is not said again by a story that goes on with it.
    fn said_once(&self, steps: Vec<Step>) -> Vec<Step> {
        let (mut all, mut steps) = (Vec::new(), steps.into_iter().peekable());
        while let Some(step) = steps.next() {
            let form = if let Step::Does(action) = &step { Some(action.clone()) } else { None };
            all.push(step);
            let filled = form.and_then(|form| self.filled.iter().find(|(known, ..)| *known == form));
            for said in filled.map_or(&[][..], |(_, _, steps)| steps) {
                if steps.peek() != Some(said) {
                    break;
                }
                steps.next();
            }
        }
        all
    }

    /// A rule that begins with an action says what comes after it wherever it ran: it is kept in words.
    fn follows(&mut self, part: &Part, steps: &[Step]) {
        let word = |step: &Step| match step {
            Step::Hears(text) | Step::Holds(text) | Step::Does(text) | Step::At(text) => text.clone(),
            Step::Loop(form) => form.clone().unwrap_or_else(|| "no form".to_owned()),
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
        let begin = say::initial(self.draft, self.domain, &begin);
        self.draft.put(&start, Card::new("start").text("next", begin));
        let heard = say::every_turn(self.draft, self.domain, &route);
        self.draft.put(&main, Card::new("listen").with("branches", Json::List(Vec::new())).text("else", heard));
        let rows = self.rows(tree, &mut Vec::new(), true);
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
        // A form that is asking is not begun again.
        let own = |(card, mine): &(String, String)| card == to && form.is_none_or(|form| form == mine);
        if within.is_empty() || self.asked.iter().any(own) {
            return;
        }
        let when = conditions::canonical(when).unwrap_or_else(|_| when.to_owned());
        let name = format!("{}_{to}", form.unwrap_or("heard"));
        let id = self.draft.declare_new("triggers", &name, entry(&[("when", &when), ("to", to)]));
        if let Some(entry) = self.draft.known("triggers", &id) {
            entry.set("within", Json::List(within));
        }
    }

    /// The branches of what may be heard or hold next; rules before stories. What is done there without a word of the
    /// customer the trained model chooses: a signal stands for it.
    fn rows(&mut self, tree: &Tree, held: &mut Vec<String>, does: bool) -> Vec<(String, String)> {
        let mut rows = Vec::new();
        for rule in [true, false] {
            for (step, after) in tree.after.iter().filter(|(_, after)| after.rule == rule) {
                let when = match step {
                    Step::Hears(when) | Step::Holds(when) => when.clone(),
                    Step::Does(action) if does => {
                        self.chosen(action, held.last().map_or("the beginning", String::as_str))
                    }
                    _ => continue,
                };
                held.push(when);
                let whole = conditions::all(held);
                let whole = conditions::canonical(&whole).unwrap_or(whole);
                let last = held.pop();
                match step {
                    Step::Does(action) => {
                        let to = self.after(after, action);
                        rows.push((whole, self.action(action, &to)));
                    }
                    Step::Holds(_) if after.after.keys().any(|step| !matches!(step, Step::Does(_))) => {
                        held.extend(last);
                        rows.extend(self.rows(after, held, true));
                        held.pop();
                    }
                    _ => {
                        let to = self.after(after, &whole);
                        rows.push((whole, to));
                    }
                }
            }
        }
        rows
    }

    /// A signal for what the trained model chooses.
    fn chosen(&mut self, action: &str, before: &str) -> String {
        let before: String = before.chars().take(80).collect();
        let original = format!("after {before}: {action}");
        let signal = self.draft.undecided(&original, "rasa");
        let what = format!("the trained model chooses {action} after {before}: here the signal {signal} does");
        self.source.note_file("", Code::Condition, what, Kept::Nothing);
        signal
    }

    /// The card of what comes after a step.
    fn after(&mut self, tree: &Tree, before: &str) -> String {
        let main = self.main.clone();
        self.cards += 1;
        if self.cards > CARDS {
            if self.cards == CARDS + 1 {
                let what = "there are more steps than can be drawn: stories go on at the beginning instead";
                self.source.note_file("", Code::NotUnderstood, what, Kept::Nothing);
            }
            return main;
        }
        let hears = tree.after.keys().any(|step| matches!(step, Step::Hears(_)));
        let waits = match tree.after.keys().any(|step| !matches!(step, Step::Does(_))) {
            false => None,
            true => {
                let rows = self.rows(tree, &mut Vec::new(), false);
                let (kind, otherwise) = if hears { ("listen", self.route.clone()) } else { ("decision", main.clone()) };
                Some(self.draft.add("story", Card::new(kind).branches(&rows).text("else", otherwise)))
            }
        };
        let alternatives: Vec<(&str, &Tree)> = tree.does().collect();
        match (alternatives.as_slice(), waits) {
            ([], waits) => waits.unwrap_or(main),
            ([(action, rest)], None) => {
                let to = self.after(rest, action);
                self.action(action, &to)
            }
            // Stories that do different things after the same words: which of them is learned there.
            (several, waits) => {
                let mut rows = Vec::new();
                for (action, rest) in several {
                    let to = self.after(rest, action);
                    let to = self.action(action, &to);
                    rows.push((self.chosen(action, before), to));
                }
                let otherwise = match waits {
                    Some(waits) => waits,
                    None => rows.pop().map_or(main, |(_, to)| to),
                };
                self.draft.add("choice", Card::new("decision").branches(&rows).text("else", otherwise))
            }
        }
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
                // What holds at the very end decides nothing any more.
                Step::Holds(_) if to == next => to,
                Step::Loop(_) | Step::At(_) => to,
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
            } else if let Some(words) = step.get("user").and_then(Part::plain) {
                // What was said is known, what it meant is not.
                let signal = self.draft.undecided(&words, "rasa");
                let what = format!("which intent \"{words}\" has is not said: the signal {signal} stands for it");
                self.source.note(step, Code::Condition, what, Kept::Document);
                steps.push(Step::Hears(signal));
            } else if let Some(place) = step.get("checkpoint").and_then(Part::plain) {
                steps.extend(self.was_set(step).into_iter().map(Step::Holds));
                steps.push(Step::At(place));
            } else if step.get("slot_was_set").is_some() {
                steps.extend(self.was_set(step).into_iter().map(Step::Holds));
            } else if let Some((_, form)) = step.entries().iter().find(|(key, _)| key == "active_loop") {
                form.leave_rest("where forms begin and end, which their questions say here");
                let name = form.plain().filter(|name| name != "null");
                steps.push(Step::Loop(name.filter(|name| self.domain.forms.contains_key(name))));
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
        // A long list of intents is said as one.
        let plain: Option<Vec<&str>> =
            any.iter().map(|one| one.strip_prefix("intent == ").filter(|one| !one.contains(" && "))).collect();
        match plain {
            Some(intents) if intents.len() > MANY => format!("intent in [{}]", intents.join(", ")),
            _ => conditions::any(&any),
        }
    }
}

/// From how many intents on a list says less than a row of comparisons.
const MANY: usize = 20;

/// Whether the customer says something in them.
fn heard(steps: &[Step]) -> bool {
    steps.iter().any(|step| matches!(step, Step::Hears(_)))
}

fn condition(step: &Step) -> Option<String> {
    match step {
        Step::Hears(when) | Step::Holds(when) => Some(when.clone()),
        Step::Does(_) | Step::Loop(_) | Step::At(_) => None,
    }
}

/// Nothing was understood.
const FALLBACK: &str = "intent == \"none\"";

fn guards(steps: &[Step]) -> Vec<String> {
    let end = steps.iter().position(|step| matches!(step, Step::Does(_))).unwrap_or(steps.len());
    steps.iter().take(end).filter_map(condition).collect()
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

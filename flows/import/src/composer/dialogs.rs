//! Dialogs become cards: the main one listens, the others are begun, and triggers interrupt.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::tree::Json;

use super::expr;
use super::say::Tongue;
use super::{Bot, Dialog};
use crate::draft::entry;
use crate::{Card, Code, Draft, Kept, Part, Source, conditions};

/// How deep dialogs are begun within one another, and how often each becomes cards.
const DEPTH: usize = 20;
const COPIES: u32 = 12;
/// How many actions become cards in all.
const ACTIONS: usize = 20_000;

/// Where an action stands.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    /// The dialog, by number.
    pub(super) dialog: usize,
    /// Which copy of it.
    pub(super) copy: u32,
    /// Where it goes on when the dialog ends, and where it begins anew.
    pub(super) ends: String,
    pub(super) begins: String,
    /// Where a loop goes on when it is left.
    pub(super) leaves: Option<String>,
    /// What a handoff is said to have become, where that is known.
    pub(super) state: Option<&'static str>,
    /// The copies that are under way, the main dialog's first.
    pub(super) within: Vec<u32>,
}

/// A question, and the copies of dialogs that are under way at it.
struct Asked {
    card: String,
    within: Vec<u32>,
}

/// A request that a dialog hears while it asks.
struct Heard {
    name: String,
    when: String,
    to: String,
    copy: u32,
}

/// A card and its place in the order of the project.
struct Made {
    order: (u32, u32, u32),
    id: String,
    card: Card,
    why: Vec<String>,
}

/// The flow of a bot in the making.
pub(super) struct Build<'a, 's, 'p> {
    pub(super) source: &'a Source<'p>,
    pub(super) draft: &'a mut Draft,
    pub(super) bot: &'a Bot<'s>,
    cards: Vec<Made>,
    /// Where a dialog begins, by dialog and where it goes on; and whether that card is still to be made.
    begun: BTreeMap<(usize, String), String>,
    stack: Vec<usize>,
    copies: Vec<u32>,
    copy: u32,
    actions: usize,
    /// How many templates were looked up for the text at hand.
    pub(super) templates: usize,
    asked: Vec<Asked>,
    told: BTreeSet<(u32, u32, String)>,
    heard: Vec<Heard>,
    /// What is said of triggers.
    words: Vec<String>,
    /// The intent that is known to be the customer's where a condition is read.
    given: Option<String>,
    pub(super) calls: Vec<super::actions::Called>,
    pub(super) main: String,
}

/// What of a trigger is for the screen of the other tool.
const SCREEN: &str = "ids and looks of the other tool";

impl<'a, 's, 'p> Build<'a, 's, 'p> {
    pub(super) fn new(source: &'a Source<'p>, draft: &'a mut Draft, bot: &'a Bot<'s>) -> Self {
        let copies = vec![0; bot.dialogs.len()];
        Self {
            source,
            draft,
            bot,
            cards: Vec::new(),
            begun: BTreeMap::new(),
            stack: Vec::new(),
            copies,
            copy: 0,
            actions: 0,
            templates: 0,
            asked: Vec::new(),
            told: BTreeSet::new(),
            heard: Vec::new(),
            words: Vec::new(),
            given: None,
            calls: Vec::new(),
            main: String::new(),
        }
    }

    pub(super) fn tongue<'t>(&'t mut self, scope: &Scope) -> Tongue<'t> {
        let dialog = self.bot.dialogs.get(scope.dialog).map_or("", |dialog| dialog.id.as_str());
        Tongue { draft: self.draft, known: &self.bot.known, dialog, given: self.given.as_deref() }
    }

    pub(super) fn generator(&self, scope: &Scope) -> &'a str {
        self.bot.dialogs.get(scope.dialog).map_or("", |dialog| dialog.generator.as_str())
    }

    /// Whether there is room for another action.
    pub(super) fn room(&mut self) -> bool {
        self.actions += 1;
        self.actions <= ACTIONS
    }

    /// Tells something of a part, however often it becomes a card.
    pub(super) fn tell(&mut self, part: &Part, code: Code, what: &str, kept: Kept) {
        if self.told.insert((part.file, part.at, what.to_owned())) {
            self.source.note(part, code, what, kept);
        }
    }

    /// The id of the card of an action.
    pub(super) fn id(&mut self, part: &Part, scope: &Scope, role: &str) -> String {
        let key = format!("{}/{}/{}/{role}", scope.copy, part.file, part.at);
        let named = part.get("$designer").and_then(|designer| designer.peek("name")).filter(|name| !is_usual(name));
        let kind = part.peek("$kind").unwrap_or("card").trim_start_matches("Microsoft.");
        let number = part.get("$designer").and_then(|designer| designer.peek("id")).unwrap_or("");
        let base = match named {
            Some(name) => name.to_owned(),
            None => format!("{kind}_{number}"),
        };
        let wanted = if role.is_empty() { base } else { format!("{base}_{role}") };
        self.draft.card_id(&key, &wanted)
    }

    /// A card of an action; `role` tells several of one action apart.
    pub(super) fn put(&mut self, part: &Part, scope: &Scope, role: u32, id: &str, mut card: Card) {
        let designer = part.get("$designer");
        let mut why = Vec::new();
        if let Some(designer) = designer {
            designer.leave(&["id", "description"], SCREEN);
            if let Some(name) = designer.text("name").filter(|name| !is_usual(name) && *name != id && role == 0) {
                card = card.text("title", name);
            }
            why.extend(
                designer.text("comment").filter(|comment| role == 0 && !comment.trim().is_empty()).map(str::to_owned),
            );
        }
        let dialog = self.bot.dialogs.get(scope.dialog).filter(|_| scope.dialog > 0);
        card = card.maybe("group", dialog.map(|dialog| dialog.id.clone()));
        if role == 0 {
            self.source.owner(part, id);
        }
        self.cards.push(Made { order: (scope.copy, part.at, role), id: id.to_owned(), card, why });
    }

    /// Adds to the reason of a card that was made.
    pub(super) fn remark(&mut self, id: &str, text: &str) {
        if let Some(made) = self.cards.iter_mut().rev().find(|made| made.id == id) {
            made.why.push(text.to_owned());
        }
    }

    /// A question that the customer is asked; `open` where other requests are heard meanwhile.
    pub(super) fn asks(&mut self, card: &str, scope: &Scope, open: bool) {
        if open {
            self.asked.push(Asked { card: card.to_owned(), within: scope.within.clone() });
        }
    }

    /// A condition as ours; one that cannot be said becomes a signal with its text, and is told.
    pub(super) fn when(&mut self, part: &Part, raw: &str, scope: &Scope, kept: Kept) -> String {
        let read = expr::parse(raw);
        let said = read.and_then(|read| self.tongue(scope).holds(&read));
        if let Some(said) = said.and_then(|said| conditions::canonical(&said).ok()) {
            return said;
        }
        let what = format!("the condition {} cannot be said here: decide what it becomes", raw.trim());
        self.tell(part, Code::Condition, &what, kept);
        self.draft.undecided(raw.trim().trim_start_matches('='), "composer")
    }

    /// The whole bot.
    pub(super) fn all(mut self) {
        let Some(root) = self.bot.dialogs.first() else { return };
        self.main = self.draft.card_id("\u{1}main", "main");
        let main = self.main.clone();
        let scope = Scope {
            dialog: 0,
            copy: 0,
            ends: main.clone(),
            begins: main.clone(),
            leaves: None,
            state: None,
            within: vec![0],
        };
        self.copy = 1;
        head(root);
        super::inputs::examples(root.part, self.draft);
        let mut first = main.clone();
        for trigger in root.part.list("triggers").iter().rev() {
            if ["OnConversationUpdateActivity", "OnBeginDialog"].contains(&kind(trigger)) {
                self.trigger_head(trigger);
                self.only_greeting(trigger);
                first = self.list(trigger.list("actions"), &scope, &first);
            }
        }
        let start = self.draft.card_id("\u{1}start", "start");
        self.draft.put(&start, Card::new("start").text("next", first));
        self.main_card(root, &scope);
        for dialog in 1..self.bot.dialogs.len() {
            self.left_alone(dialog);
        }
        self.finish();
    }

    /// A condition of a greeting, such as the channel, is told.
    fn only_greeting(&mut self, trigger: &Part) {
        if let Some(raw) = trigger.text("condition") {
            let what = format!("the greeting has a condition, and is said always here: {raw}");
            self.tell(trigger, Code::Condition, &what, Kept::Nothing);
        }
    }

    fn trigger_head(&mut self, trigger: &Part) {
        let _ = trigger.text("$kind");
        if let Some(designer) = trigger.get("$designer") {
            designer.leave(&["id", "name", "description"], SCREEN);
            if let Some(words) = designer.text("comment") {
                let name = trigger.peek("intent").unwrap_or_else(|| kind(trigger));
                self.words.push(format!("{name}: {words}"));
            }
        }
        trigger.leave(&["priority", "runOnce"], "priorities of triggers, which are the order of branches here");
    }

    /// What the main dialog listens for.
    fn main_card(&mut self, root: &Dialog<'s>, scope: &Scope) {
        let mut rows: Vec<(String, String)> = Vec::new();
        let mut otherwise = scope.ends.clone();
        let main = self.main.clone();
        for trigger in in_order(root.part) {
            match kind(trigger) {
                "OnIntent" => {
                    self.trigger_head(trigger);
                    let when = self.intent(trigger, scope);
                    let to = self.list(trigger.list("actions"), scope, &main);
                    self.interrupt(trigger, scope, &when, &to);
                    rows.push((when, to));
                }
                "OnMessageActivity" => {
                    self.trigger_head(trigger);
                    let when = trigger.text("condition").map(str::to_owned);
                    let when =
                        when.map_or("true".to_owned(), |raw| self.when(trigger, &raw, scope, Kept::Card(main.clone())));
                    rows.push((when, self.list(trigger.list("actions"), scope, &main)));
                }
                "OnUnknownIntent" => {
                    self.trigger_head(trigger);
                    self.only_greeting(trigger);
                    otherwise = self.list(trigger.list("actions"), scope, &main);
                }
                "OnConversationUpdateActivity" | "OnBeginDialog" => {}
                _ if is_status(trigger) => {}
                _ => self.unlike(trigger, scope, &main),
            }
        }
        let card = Card::new("listen").branches(&rows).text("else", otherwise);
        self.cards.push(Made { order: (0, 0, 0), id: main, card, why: Vec::new() });
    }

    /// The condition of a trigger on an intent.
    fn intent(&mut self, trigger: &Part, scope: &Scope) -> String {
        let name = trigger.text("intent").unwrap_or("").trim_start_matches('#');
        let mut parts = Vec::new();
        if !name.is_empty() {
            let intent = self.draft.intent(name);
            parts.push(format!("intent == {}", conditions::text(&intent)));
        }
        for entity in trigger.list("entities").iter().filter_map(Part::as_text) {
            let slot = self.tongue(scope).entity(entity.trim_start_matches('@'));
            parts.push(format!("has({slot})"));
        }
        if let Some(raw) = trigger.get("condition").and_then(Part::plain) {
            self.given = (!name.is_empty()).then(|| name.to_owned());
            parts.push(self.when(trigger, &raw, scope, Kept::Document));
            self.given = None;
        }
        let whole = conditions::all(&parts);
        conditions::canonical(&whole).unwrap_or(whole)
    }

    /// A trigger is heard at questions too: it is put there when all of them are known.
    fn interrupt(&mut self, trigger: &Part, scope: &Scope, when: &str, to: &str) {
        let name = trigger.peek("intent").unwrap_or("interrupted").to_owned();
        self.heard.push(Heard { name, when: when.to_owned(), to: to.to_owned(), copy: scope.copy });
    }

    /// A trigger on what a customer does not say: a trigger that waits for a signal.
    fn unlike(&mut self, trigger: &Part, scope: &Scope, next: &str) {
        self.trigger_head(trigger);
        let what = trigger.peek("$kind").unwrap_or("a trigger").trim_start_matches("Microsoft.").to_owned();
        let extra: Vec<String> = ["event", "intent", "property", "value", "dialogId", "operation", "condition"]
            .iter()
            .filter_map(|key| trigger.get(key)?.plain())
            .collect();
        let original = [vec![what.clone()], extra].concat().join(": ");
        let to = self.list(trigger.list("actions"), scope, next);
        let signal = self.draft.undecided(&original, "composer");
        let said = format!("{what} is heard only when the signal {signal} says so: decide what it becomes");
        self.tell(trigger, Code::NotUnderstood, &said, Kept::Document);
        self.draft.declare_new("triggers", &what, entry(&[("title", &original), ("when", &signal), ("to", &to)]));
    }

    /// Where a dialog begins that goes on at `next`.
    pub(super) fn begin(&mut self, part: &Part, name: &str, next: &str, scope: &Scope) -> String {
        let wanted = name.trim().trim_start_matches('=').trim_matches(['\'', '"']).to_ascii_lowercase();
        let found = self.bot.dialogs.iter().position(|dialog| dialog.name == wanted);
        let Some(at) = found else {
            let what = format!("the dialog {name} is not in the project");
            return self.undecided_begin(part, scope, next, &what, Code::Missing);
        };
        if at == 0 {
            return self.main.clone();
        }
        if let Some(begun) = self.begun.get(&(at, next.to_owned())) {
            return begun.clone();
        }
        let again = match self.stack.contains(&at) {
            true => Some("begins itself again before it has ended: it goes on there as the first time".to_owned()),
            false if self.stack.len() >= DEPTH || self.copies.get(at).is_none_or(|copies| *copies >= COPIES) => Some(
                format!("is begun here as well, and drawn {COPIES} times already: it goes on as one of those does"),
            ),
            false => None,
        };
        let Some(why) = again else { return self.make(at, next, scope) };
        let before = self.begun.iter().rev().find(|((dialog, _), _)| *dialog == at).map(|(_, card)| card.clone());
        match before {
            Some(card) => {
                self.tell(part, Code::NotUnderstood, &format!("{name} {why}"), Kept::Card(card.clone()));
                card
            }
            None => self.undecided_begin(part, scope, next, &format!("{name} {why}"), Code::NotUnderstood),
        }
    }

    fn undecided_begin(&mut self, part: &Part, scope: &Scope, next: &str, what: &str, code: Code) -> String {
        let id = self.id(part, scope, "begin");
        self.tell(part, code, what, Kept::Card(id.clone()));
        self.draft.undecided.push(id.clone());
        self.put(part, scope, 1, &id, Card::new("todo").text("text", what).text("next", next));
        id
    }

    fn make(&mut self, at: usize, next: &str, from: &Scope) -> String {
        let Some(dialog) = self.bot.dialogs.get(at) else { return next.to_owned() };
        let copy = self.copy;
        self.copy += 1;
        if let Some(copies) = self.copies.get_mut(at) {
            *copies += 1;
        }
        let begins = self.draft.card_id(&format!("\u{1}begin/{copy}"), &dialog.id);
        self.begun.insert((at, next.to_owned()), begins.clone());
        self.stack.push(at);
        head(dialog);
        super::inputs::examples(dialog.part, self.draft);
        let within = from.within.iter().copied().chain([copy]).collect();
        let (ends, begun) = (next.to_owned(), begins.clone());
        let scope = Scope { dialog: at, copy, ends, begins: begun, leaves: None, state: None, within };
        let mut first = next.to_owned();
        for trigger in in_order(dialog.part).into_iter().rev() {
            if kind(trigger) == "OnBeginDialog" {
                self.trigger_head(trigger);
                self.only_greeting(trigger);
                first = self.list(trigger.list("actions"), &scope, &first);
            }
        }
        // The card by which it is entered is left out in the end; until then circles can lead back to it.
        let card = Card::new("decision").text("else", first);
        let order = (copy, 0, 0);
        self.cards.push(Made { order, id: begins.clone(), card, why: Vec::new() });
        self.heard_within(dialog, &scope);
        self.stack.pop();
        begins
    }

    /// What a dialog hears while it is under way.
    fn heard_within(&mut self, dialog: &Dialog<'s>, scope: &Scope) {
        let asked: Vec<String> = self
            .asked
            .iter()
            .filter(|asked| asked.within.contains(&scope.copy))
            .map(|asked| asked.card.clone())
            .collect();
        // After an interruption the open question is put again.
        let back = match asked.as_slice() {
            [only] => only.clone(),
            _ => scope.begins.clone(),
        };
        for trigger in in_order(dialog.part) {
            match kind(trigger) {
                "OnBeginDialog" => {}
                "OnIntent" if trigger.list("actions").is_empty() => {
                    self.trigger_head(trigger);
                    self.intent(trigger, scope);
                }
                "OnIntent" => {
                    self.trigger_head(trigger);
                    let when = self.intent(trigger, scope);
                    let to = self.list(trigger.list("actions"), scope, &back);
                    self.interrupt(trigger, scope, &when, &to);
                    if asked.len() != 1 {
                        let what = "after this interruption the dialog goes on from its beginning: what is known is not asked again";
                        self.tell(trigger, Code::Approximated, what, Kept::Document);
                    }
                }
                _ if self.copies.get(scope.dialog) == Some(&1) => self.unlike(trigger, scope, &back),
                _ => {}
            }
        }
    }

    /// A dialog that nothing begins is drawn beside the others.
    fn left_alone(&mut self, at: usize) {
        if self.copies.get(at) != Some(&0) {
            return;
        }
        let main = self.main.clone();
        let scope = Scope {
            dialog: at,
            copy: 0,
            ends: main.clone(),
            begins: main.clone(),
            leaves: None,
            state: None,
            within: vec![0],
        };
        self.make(at, &main, &scope);
        if let Some(dialog) = self.bot.dialogs.get(at) {
            let what = format!("no dialog begins {}", dialog.id);
            self.tell(dialog.part, Code::Missing, &what, Kept::Nothing);
        }
    }

    /// What is said when a person's side tells what became of a handoff.
    pub(super) fn status(&mut self, state: &'static str, scope: &Scope, next: &str) -> String {
        let Some(trigger) =
            self.bot.dialogs.first().and_then(|root| root.part.list("triggers").iter().find(|t| is_status(t)))
        else {
            return next.to_owned();
        };
        self.trigger_head(trigger);
        let _ = trigger.text("condition");
        let key = (usize::MAX, format!("{state}/{next}"));
        if let Some(there) = self.begun.get(&key) {
            return there.clone();
        }
        let copy = self.copy;
        self.copy += 1;
        let scope = Scope { dialog: 0, copy, state: Some(state), ends: next.to_owned(), ..scope.clone() };
        let first = self.list(trigger.list("actions"), &scope, next);
        self.begun.insert(key, first.clone());
        first
    }

    fn finish(mut self) {
        self.settle_calls();
        let main = self.main.clone();
        for words in std::mem::take(&mut self.words) {
            self.remark(&main, &words);
        }
        self.cards.sort_by_key(|made| made.order);
        for made in std::mem::take(&mut self.cards) {
            self.draft.put(&made.id, made.card);
            for why in &made.why {
                self.draft.remark("nodes", &made.id, why);
            }
        }
        // Inner dialogs are asked first.
        let mut heard = std::mem::take(&mut self.heard);
        heard.sort_by_key(|heard| std::cmp::Reverse(heard.copy));
        for Heard { name, when, to, copy } in heard {
            let cards = self.asked.iter().filter(|asked| asked.within.contains(&copy));
            let within: Vec<Json> = cards.map(|asked| Json::text(&asked.card)).collect();
            if !within.is_empty() {
                let id = self.draft.declare_new(
                    "triggers",
                    &format!("{name}/{copy}"),
                    entry(&[("title", &name), ("when", &when), ("to", &to)]),
                );
                if let Some(entry) = self.draft.known("triggers", &id) {
                    entry.set("within", Json::List(within));
                }
            }
        }
    }
}

/// What every dialog says of itself.
fn head(dialog: &Dialog<'_>) {
    let reason = "settings of dialogs that the runtime reads";
    dialog.part.leave(
        &[
            "$kind",
            "$schema",
            "$Imported",
            "id",
            "generator",
            "autoEndDialog",
            "defaultResultProperty",
            "schema",
            "selector",
        ],
        reason,
    );
    if let Some(designer) = dialog.part.get("$designer") {
        designer.leave_rest(SCREEN);
    }
    super::inputs::recognizer(dialog.part);
}

/// The kind of a trigger or action without the name of its maker.
pub(super) fn kind(part: &Part) -> &str {
    part.peek("$kind").unwrap_or("").trim_start_matches("Microsoft.")
}

fn is_status(trigger: &Part) -> bool {
    kind(trigger) == "OnEventActivity" && trigger.peek("condition").is_some_and(|when| when.contains("handoff.status"))
}

/// Triggers in the order in which they are tried: by priority, and those with a condition before the others.
fn in_order(dialog: &Part) -> Vec<&Part> {
    let first = dialog.get("selector").and_then(|selector| selector.peek("$kind")) == Some("Microsoft.FirstSelector");
    let mut triggers: Vec<&Part> = dialog.list("triggers").iter().collect();
    triggers.sort_by_key(|trigger| {
        let priority = trigger.get("priority").and_then(Part::plain).and_then(|text| text.parse::<i64>().ok());
        (!first && trigger.get("condition").is_none(), priority.unwrap_or(i64::MAX))
    });
    triggers
}

/// Names that the other tool gives by itself.
fn is_usual(name: &str) -> bool {
    const USUAL: [&str; 27] = [
        "Send a response",
        "Send an Activity",
        "Branch: if/else",
        "Branch: If/Else",
        "Branch: Switch (multiple options)",
        "Branch: switch",
        "Begin a new dialog",
        "Begin a Dialog",
        "Loop: for each item",
        "Loop: For each item",
        "Set a property",
        "Set a Property",
        "Set properties",
        "Edit an Array property",
        "Edit an array property",
        "Prompt for text",
        "Prompt for a number",
        "Text input",
        "Number input",
        "Confirmation",
        "Multiple choice",
        "Cancel all dialogs",
        "End this dialog",
        "End Dialog",
        "Send an HTTP request",
        "BeginDialog",
        "OnBeginDialog",
    ];
    name.trim().is_empty() || USUAL.contains(&name)
}

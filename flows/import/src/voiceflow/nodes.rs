//! Nodes become cards.

use std::collections::BTreeSet;

use flow_model::tree::Json;

use super::vocabulary::Vocabulary;
use super::{Diagram, Ports};
use crate::cards::{Begun, Cards, Due, trigger_within};
use crate::draft::legal;
use crate::{Card, Code, Draft, Kept, Part, Source, conditions};

/// Where a node stands.
#[derive(Clone, Debug)]
pub(super) struct Scope {
    diagram: usize,
    pub(super) copy: u32,
    /// The card by which the diagram is entered, which tells its copies apart.
    begins: String,
    /// Where it goes on when the diagram ends.
    pub(super) ends: String,
    /// What the cards of it are grouped by.
    group: String,
    /// What was said just before.
    pub(super) said: Option<String>,
}

/// A step.
pub(super) struct Node<'s> {
    pub(super) id: String,
    pub(super) part: &'s Part,
    pub(super) data: &'s Part,
}

/// A card that waits for the customer, and the intents that it hears itself.
pub(super) struct Waits {
    pub(super) card: String,
    pub(super) own: Vec<String>,
}

/// What is heard anywhere: its intent and where it leads.
struct Heard {
    intent: String,
    when: String,
    to: String,
}

/// The flow of a project in the making.
pub(super) struct Build<'a, 'p, 's> {
    pub(super) source: &'a Source<'p>,
    pub(super) draft: &'a mut Draft,
    pub(super) vocabulary: &'a Vocabulary<'s>,
    diagrams: &'a [Diagram<'s>],
    file: &'s Part,
    pub(super) cards: Cards,
    begun: Begun,
    pub(super) main: String,
    pub(super) waits: Vec<Waits>,
    heard: Vec<Heard>,
    told: BTreeSet<(u32, u32, String)>,
    /// The words of a step that are asked by the question behind it.
    asked: Option<String>,
}

impl<'a, 'p, 's> Build<'a, 'p, 's> {
    pub(super) fn new(
        source: &'a Source<'p>,
        draft: &'a mut Draft,
        vocabulary: &'a Vocabulary<'s>,
        diagrams: &'a [Diagram<'s>],
        file: &'s Part,
    ) -> Self {
        let (begun, main) = (Begun::new(diagrams.len()), draft.card_id("\u{1}main", "main"));
        let (cards, waits, heard, told) = Default::default();
        Self { source, draft, vocabulary, diagrams, file, cards, begun, main, waits, heard, told, asked: None }
    }

    /// Tells something of a part, however often it becomes a card.
    pub(super) fn tell(&mut self, part: &Part, code: Code, what: &str, kept: Kept) {
        if self.told.insert((part.file, part.at, what.to_owned())) {
            self.source.note(part, code, what, kept);
        }
    }

    /// Everything.
    pub(super) fn all(mut self) {
        let main = self.main.clone();
        let start = self.draft.card_id("\u{1}start", "start");
        for (at, diagram) in self.diagrams.iter().enumerate().filter(|(_, diagram)| !diagram.component) {
            let begins = self.begun.begin(self.draft, at, &diagram.name, &main);
            if at == 0 {
                self.draft.put(&start, Card::new("start").maybe("next", begins));
            }
        }
        while let Some(due) = self.begun.due() {
            self.draw(due);
        }
        for (at, diagram) in self.diagrams.iter().enumerate() {
            if !self.begun.is_begun(at) {
                let _ = self.begun.begin(self.draft, at, &diagram.name, &main);
            }
        }
        while let Some(due) = self.begun.due() {
            self.draw(due);
        }
        self.listens();
        std::mem::take(&mut self.cards).settle(self.draft);
        // What is heard anywhere is heard at other questions, too, but where they hear it themselves.
        for (at, Heard { intent, when, to }) in std::mem::take(&mut self.heard).iter().enumerate() {
            let open: Vec<String> =
                self.waits.iter().filter(|waits| !waits.own.contains(intent)).map(|waits| waits.card.clone()).collect();
            trigger_within(self.draft, &format!("heard_{at}"), Some(intent), when, to, &open);
        }
    }

    /// The card that listens where no step does.
    fn listens(&mut self) {
        let main = self.main.clone();
        let mut rows: Vec<(String, String)> = Vec::new();
        for heard in &self.heard {
            if !rows.iter().any(|(when, _)| *when == heard.when) {
                rows.push((heard.when.clone(), heard.to.clone()));
            }
        }
        let prompt = self.file.at(&["version", "platformData", "settings", "globalNoMatch", "prompt"]);
        let words = prompt.and_then(|prompt| prompt.get("content").or(Some(prompt))).map(|prompt| self.words(prompt));
        let mut otherwise = main.clone();
        if let Some(words) = words.filter(|words| !words.is_empty()) {
            otherwise = self.draft.card_id("\u{1}no_match", "no_match");
            self.draft.put(&otherwise, Card::new("message").text("text", words).text("next", &main));
        }
        self.draft.put(&main, Card::new("listen").branches(&rows).text("else", otherwise));
    }

    fn draw(&mut self, due: Due) {
        let Some(diagram) = self.diagrams.get(due.at) else { return };
        let Due { copy, begins, ends, at } = due;
        let group = legal(&diagram.name);
        let scope = Scope { diagram: at, copy, begins: begins.clone(), ends, group, said: None };
        let mut first = None;
        let mut within: BTreeSet<&str> = BTreeSet::new();
        for node in diagram.nodes.values() {
            within.extend(node.get("data").map_or(&[][..], |data| data.list("steps")).iter().filter_map(Part::as_text));
        }
        for (id, node) in &diagram.nodes {
            node.leave(&["nodeID", "coords"], "ids and places of nodes");
            match node.peek("type").unwrap_or("") {
                "start" => {
                    node.seen(&["type"]);
                    let Some(data) = node.get("data") else { continue };
                    let to = Ports::of(data).next.map(|to| self.target(&scope, &to));
                    let to = if data.list("steps").is_empty() { to } else { Some(self.block(&scope, id, node)) };
                    first = first.or(to);
                    data.leave(&["name", "label", "color", "triggers"], "looks of blocks");
                }
                "block" | "actions" => {
                    node.seen(&["type"]);
                    let _ = self.block(&scope, id, node);
                    self.place(&scope, id, node);
                }
                _ if within.contains(id) => {}
                _ => {
                    let _ = self.step(&scope, id, node, &scope.ends.clone());
                }
            }
        }
        let first = first.or_else(|| diagram.nodes.keys().next().map(|id| self.target(&scope, id)));
        let first = first.unwrap_or_else(|| scope.ends.clone());
        self.cards.head(copy, &begins, Card::new("decision").text("else", first));
    }

    /// Where blocks are drawn, where there is one diagram.
    fn place(&mut self, scope: &Scope, id: &str, node: &'s Part) {
        if self.diagrams.len() > 1 {
            return;
        }
        let at = |index: usize| {
            node.list("coords").get(index).and_then(Part::plain).and_then(|text| text.parse::<f64>().ok())
        };
        let (Some(x), Some(y)) = (at(0), at(1)) else { return };
        let steps = node.get("data").map_or(&[][..], |data| data.list("steps"));
        let whole = |at: f64| at.clamp(-100_000.0, 100_000.0) as i32;
        let _ = id;
        for (row, step) in (0_i32..).zip(steps.iter().filter_map(Part::as_text)) {
            let card = self.card(scope, step);
            self.draft.place(&card, (whole(x), whole(y).saturating_add(row.saturating_mul(110))));
        }
    }

    /// The card of a node.
    pub(super) fn card(&mut self, scope: &Scope, id: &str) -> String {
        let node = self.diagrams.get(scope.diagram).and_then(|diagram| diagram.nodes.get(id));
        let data = node.and_then(|node| node.get("data"));
        let kind = node.and_then(|node| node.peek("type")).unwrap_or("node");
        let name =
            data.and_then(|data| data.peek("name").or_else(|| data.peek("title"))).filter(|name| !name.is_empty());
        let wanted = name.map_or_else(|| kind.to_owned(), str::to_owned);
        self.draft.card_id(&format!("{}/{id}", scope.begins), &wanted)
    }

    /// A further card of a node.
    pub(super) fn role(&mut self, node: &Node<'s>, scope: &Scope, role: &str) -> String {
        self.draft.card_id(&format!("{}/{}/{role}", scope.begins, node.id), &format!("{}_{role}", node.id))
    }

    /// The card of what a port leads to; a node that is not there leads on to the end.
    pub(super) fn target(&mut self, scope: &Scope, id: &str) -> String {
        let there = self.diagrams.get(scope.diagram).is_some_and(|diagram| diagram.nodes.contains_key(id));
        if there { self.card(scope, id) } else { scope.ends.clone() }
    }

    /// The steps of a block one after another; gives the card that the first one is.
    fn block(&mut self, scope: &Scope, id: &str, node: &'s Part) -> String {
        let (card, Some(data)) = (self.card(scope, id), node.get("data")) else { return scope.ends.clone() };
        data.leave(&["color"], "looks of blocks");
        let _ = data.text("name");
        let steps: Vec<&'s str> = data.list("steps").iter().filter_map(Part::as_text).collect();
        let diagram = self.diagrams.get(scope.diagram);
        let found: Vec<(&'s str, &'s Part)> = steps
            .iter()
            .filter_map(|step| {
                diagram.and_then(|diagram| diagram.nodes.get_key_value(step)).map(|(id, part)| (*id, *part))
            })
            .filter(|(step, _)| *step != id)
            .collect();
        let mut next = scope.ends.clone();
        self.asked = None;
        for (at, (step, part)) in found.iter().enumerate().rev() {
            let mut inner = scope.clone();
            // The words before a question for an entity are what it asks.
            if let Some((_, before)) = at.checked_sub(1).and_then(|at| found.get(at))
                && matches!(before.peek("type"), Some("text" | "speak" | "message"))
                && asks_entity(part)
                && let Some(data) = before.get("data")
            {
                inner.said = self.said(data).into_iter().next();
            }
            let asked = inner.said.is_some();
            let behind = self.step(&inner, step, part, &next);
            self.asked = asked.then(|| found.get(at.saturating_sub(1)).map(|(id, _)| (*id).to_owned())).flatten();
            next = behind;
        }
        self.cards.put(scope.copy, node, 0, &card, Card::new("decision").text("else", next));
        card
    }

    pub(super) fn put(&mut self, node: &Node<'s>, scope: &Scope, role: u32, id: &str, card: Card) {
        self.cards.put(scope.copy, node.part, role, id, card.text("group", &scope.group));
        if role == 0 {
            self.source.owner(node.part, id);
        }
    }

    /// A step that goes on at `next` where its port does not say where; gives its card.
    fn step(&mut self, scope: &Scope, id: &str, part: &'s Part, next: &str) -> String {
        let card = self.card(scope, id);
        if self.cards.is_full() {
            self.tell(part, Code::NotUnderstood, "there are more steps than can be drawn", Kept::Nothing);
            return next.to_owned();
        }
        let kind = part.text("type").unwrap_or("").to_owned();
        let Some(data) = part.get("data") else {
            self.cards.put(scope.copy, part, 0, &card, Card::new("decision").text("else", next));
            return card;
        };
        let asked = self.asked.take().is_some_and(|asked| asked == id);
        let node = Node { id: card.clone(), part, data };
        let ports = Ports::of(data);
        let next = ports.next.as_ref().map_or_else(|| next.to_owned(), |to| self.target(scope, to));
        match kind.as_str() {
            "text" | "speak" | "message" if asked => {
                let _ = self.said(data);
                self.cards.put(scope.copy, part, 0, &card, Card::new("decision").text("else", next));
            }
            "text" | "speak" | "message" => self.message(&node, scope, &next),
            "visual" | "image" | "video" | "card" | "cardV2" | "carousel" | "carouselV2" => {
                self.picture(&node, scope, &ports, &next)
            }
            "interaction" | "buttons" | "buttons-v2" | "choice" | "choice-v2" | "prompt" => {
                self.choice(&node, scope, &ports, &next);
            }
            "capture" | "captureV2" | "capture-v3" => {
                self.capture(&node, scope, &ports, &next);
            }
            "set" | "setV2" | "set-v3" => self.assign(&node, scope, &next),
            "if" | "ifV2" | "condition-v3" | "random" | "randomV2" => self.decide(&node, scope, &kind, &ports, &next),
            "intent" | "trigger" | "command" => self.hears(&node, scope, &kind, &next),
            "exit" => self.put(&node, scope, 0, &card, Card::new("end").text("outcome", "ended")),
            "goToNode" | "goToBlock" | "goTo" | "goToIntent" => self.goes(&node, scope, &next),
            "component" | "flow" => self.component(&node, scope, &next),
            "markup_text" | "note" | "markup_image" | "markup_video" => {
                let text =
                    data.get("content").or_else(|| data.get("text")).map(|text| self.words(text)).unwrap_or_default();
                let text = if text.is_empty() { kind.clone() } else { text };
                data.leave(
                    &["scale", "rotate", "width", "height", "backgroundColor", "overrideWidth"],
                    "looks of notes",
                );
                self.put(&node, scope, 0, &card, Card::new("note").text("text", text));
            }
            _ => self.call(&node, scope, &kind, &ports, &next),
        }
        card
    }

    fn message(&mut self, node: &Node<'s>, scope: &Scope, next: &str) {
        let texts = self.said(node.data);
        match texts.first() {
            Some(text) => {
                self.put(node, scope, 0, &node.id, Card::new("message").text("text", text).text("next", next));
                self.beside(node.part, &node.id, &texts);
            }
            // Steps without words only lead on.
            None => self.cards.put(scope.copy, node.part, 0, &node.id, Card::new("decision").text("else", next)),
        }
    }

    fn picture(&mut self, node: &Node<'s>, scope: &Scope, ports: &Ports, next: &str) {
        let text = self.shown(node.data);
        let waits =
            !ports.others.is_empty() || node.data.list("cards").iter().any(|card| !card.list("buttons").is_empty());
        let to = if waits && !ports.others.is_empty() {
            let inner = self.role(node, scope, "choice");
            let inner = Node { id: inner, part: node.part, data: node.data };
            self.choice(&inner, scope, ports, next)
        } else {
            next.to_owned()
        };
        let text = if text.is_empty() { "…".to_owned() } else { text };
        self.put(node, scope, 0, &node.id, Card::new("message").text("text", text).text("next", to));
        let what = "cards and pictures are kept in words";
        self.tell(node.part, Code::Approximated, what, Kept::Note(node.id.clone()));
    }

    fn assign(&mut self, node: &Node<'s>, scope: &Scope, next: &str) {
        let (assign, words) = self.sets(node.data);
        let title = node.data.text("title").or_else(|| node.data.text("label")).filter(|title| !title.is_empty());
        // What is set twice is set by a card behind the first one.
        let mut groups: Vec<Vec<(String, Json)>> = vec![Vec::new()];
        for (slot, value) in assign {
            if groups.last().is_some_and(|group| group.iter().any(|(there, _)| *there == slot)) {
                groups.push(Vec::new());
            }
            groups.last_mut().into_iter().for_each(|group| group.push((slot.clone(), value.clone())));
        }
        let mut to = next.to_owned();
        for (at, group) in (0..).zip(groups).collect::<Vec<(u32, _)>>().into_iter().rev() {
            let id = if at == 0 { node.id.clone() } else { self.role(node, scope, &format!("more_{at}")) };
            let card = Card::new("set").maybe("title", title.filter(|_| at == 0)).with("assign", Json::Map(group));
            self.put(node, scope, at, &id, card.text("next", to));
            to = id;
        }
        for text in words {
            self.cards.remark(&node.id, &text);
            self.tell(node.part, Code::Condition, &format!("{text} cannot be said here"), Kept::Note(node.id.clone()));
        }
    }

    fn decide(&mut self, node: &Node<'s>, scope: &Scope, kind: &str, ports: &Ports, next: &str) {
        let data = node.data;
        let listed: Vec<&'s Part> = data.list("expressions").iter().chain(data.list("items")).collect();
        let mut rows = Vec::new();
        let count = listed.len().max(ports.others.len());
        for at in 0..count {
            let part = listed.get(at).copied();
            let key = part.and_then(|part| part.peek("id")).unwrap_or("").to_owned();
            let to = ports.of_choice(at, &key).or_else(|| ports.others.get(at).and_then(|(_, target)| target.clone()));
            let to = to.map_or_else(|| scope.ends.clone(), |to| self.target(scope, &to));
            let said = part.filter(|_| !kind.starts_with("random")).map(|part| self.holds(part, 0));
            let when = match said {
                Some(Ok(said)) => conditions::canonical(&said),
                Some(Err(why)) => Err(why),
                None => Err("the other tool chooses".to_owned()),
            };
            let when = when.unwrap_or_else(|why| {
                let name = part.and_then(|part| part.peek("name").or_else(|| part.peek("label"))).unwrap_or("");
                let title = data.peek("name").unwrap_or(kind);
                let original = format!("{title} {} {name}", at + 1).trim().to_owned();
                let signal = self.draft.undecided(&original, "voiceflow");
                let what = format!(
                    "whether way {} of {kind} is taken cannot be said here ({why}): {signal} stands for it",
                    at + 1
                );
                self.tell(part.unwrap_or(node.part), Code::Condition, &what, Kept::Card(node.id.clone()));
                signal
            });
            rows.push((when, to));
        }
        let otherwise = ports.no_match.as_ref().map_or_else(|| next.to_owned(), |to| self.target(scope, to));
        let reason = "names of ways";
        data.leave(&["noMatch", "paths", "namedPaths", "noDuplicates", "name", "randomPaths"], reason);
        self.put(node, scope, 0, &node.id, Card::new("decision").branches(&rows).text("else", otherwise));
    }

    /// An intent that leads here from anywhere.
    fn hears(&mut self, node: &Node<'s>, scope: &Scope, kind: &str, next: &str) {
        let data = node.data;
        data.leave(&["mappings", "name", "availability", "settings"], "where intents are heard");
        let mut to = next.to_owned();
        if kind == "command"
            && let Some(begins) = data.text("diagramID").and_then(|id| self.begin(id, &scope.ends))
        {
            to = begins;
        }
        let mut wanted: Vec<String> = data.get("intent").and_then(Part::plain).into_iter().collect();
        for item in data.list("items") {
            item.leave(&["id", "settings"], "where intents are heard");
            let resource = item.text("resourceID").map(str::to_owned);
            match item.text("type") {
                Some("event") => {
                    let event = resource.unwrap_or_else(|| "event".to_owned());
                    let signal = self.draft.undecided(&event, "voiceflow");
                    let what =
                        format!("the event {event} is heard when the signal {signal} says so: decide what it becomes");
                    self.tell(item, Code::Approximated, &what, Kept::Card(node.id.clone()));
                    self.heard.push(Heard { intent: event, when: signal, to: node.id.clone() });
                }
                _ => wanted.extend(resource),
            }
        }
        for id in wanted {
            let intent = self.vocabulary.intent(self.draft, &id);
            let when = format!("intent == {}", conditions::text(&intent));
            self.heard.push(Heard { intent, when, to: node.id.clone() });
        }
        self.cards.put(scope.copy, node.part, 0, &node.id, Card::new("decision").text("else", to));
    }

    fn begin(&mut self, diagram: &str, ends: &str) -> Option<String> {
        let at = self.diagrams.iter().position(|known| known.id == diagram)?;
        let name = self.diagrams.get(at)?.name.clone();
        self.begun.begin(self.draft, at, &name, ends)
    }

    fn goes(&mut self, node: &Node<'s>, scope: &Scope, next: &str) {
        let data = node.data;
        let wanted = ["nodeID", "goToNodeID", "blockID"].iter().find_map(|key| data.text(key)).map(str::to_owned);
        let diagram = data.text("diagramID").map(str::to_owned);
        let same = diagram.as_deref().is_none_or(|id| self.diagrams.get(scope.diagram).is_some_and(|own| own.id == id));
        let to = match (wanted, same) {
            (Some(wanted), true) => self.target(scope, &wanted),
            (Some(wanted), false) => {
                self.far(diagram.as_deref().unwrap_or(""), &wanted).unwrap_or_else(|| next.to_owned())
            }
            (None, _) => match data.get("intent").and_then(Part::plain) {
                Some(intent) => {
                    let intent = self.vocabulary.intent(self.draft, &intent);
                    let heard = self.heard.iter().find(|heard| heard.intent == intent).map(|heard| heard.to.clone());
                    heard.unwrap_or_else(|| self.main.clone())
                }
                None => self.main.clone(),
            },
        };
        self.cards.put(scope.copy, node.part, 0, &node.id, Card::new("decision").text("else", to));
    }

    /// A node of another diagram.
    fn far(&mut self, diagram: &str, id: &str) -> Option<String> {
        let main = self.main.clone();
        let begins = self.begin(diagram, &main)?;
        let at = self.diagrams.iter().position(|known| known.id == diagram)?;
        let scope = Scope { diagram: at, copy: 0, begins, ends: main, group: String::new(), said: None };
        self.diagrams.get(at)?.nodes.contains_key(id).then(|| self.card(&scope, id))
    }

    fn component(&mut self, node: &Node<'s>, scope: &Scope, next: &str) {
        let wanted = node.data.text("diagramID").unwrap_or("").to_owned();
        node.data.leave(&["name"], "looks of blocks");
        if let Some(begins) = self.begin(&wanted, next) {
            self.cards.put(scope.copy, node.part, 0, &node.id, Card::new("decision").text("else", begins));
            return;
        }
        let there = self.diagrams.iter().any(|diagram| diagram.id == wanted);
        let (code, what) = match there {
            true => (
                Code::NotUnderstood,
                format!("the component {wanted} is begun here as well: it is drawn too often already"),
            ),
            false => (Code::Missing, format!("the component {wanted} is not in the file")),
        };
        self.tell(node.part, code, &what, Kept::Card(node.id.clone()));
        self.draft.undecided.push(node.id.clone());
        self.put(node, scope, 0, &node.id, Card::new("todo").text("text", what).text("next", next));
    }
}

/// Whether a step asks for an entity.
fn asks_entity(part: &Part) -> bool {
    let Some(data) = part.get("data") else { return false };
    match part.peek("type") {
        Some("captureV2") => data.at(&["capture", "intent", "slots"]).is_some_and(|slots| !slots.items().is_empty()),
        Some("capture-v3") => data.get("capture").is_some_and(|capture| !capture.list("items").is_empty()),
        Some("capture") => data.peek("variable").is_none() && data.peek("slot").is_some(),
        _ => false,
    }
}

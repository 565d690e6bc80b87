//! The flow in the making.

use std::collections::{BTreeMap, BTreeSet};

use flow_conditions::names::{MAX_ID, is_id};
use flow_model::tree::{Json, Map};
use indexmap::IndexMap;

/// A card in the making.
#[derive(Clone, Debug)]
pub struct Card {
    pub(crate) fields: Map,
}

impl Card {
    /// A card of a kind.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        Self { fields: vec![("kind".to_owned(), Json::text(kind))] }
    }

    /// A field with any value.
    #[must_use]
    pub fn with(mut self, key: &str, value: Json) -> Self {
        self.fields.push((key.to_owned(), value));
        self
    }

    /// A field with a text, or an edge: the id of the card that a port leads to.
    #[must_use]
    pub fn text(self, key: &str, text: impl Into<String>) -> Self {
        self.with(key, Json::Text(text.into()))
    }

    /// As [`Card::text`], where there is one.
    #[must_use]
    pub fn maybe(self, key: &str, text: Option<impl Into<String>>) -> Self {
        match text {
            Some(text) => self.text(key, text),
            None => self,
        }
    }

    /// Branches: the condition and the card of each.
    #[must_use]
    pub fn branches(self, rows: &[(String, String)]) -> Self {
        let row = |(when, to): &(String, String)| entry(&[("when", when), ("to", to)]);
        self.with("branches", Json::List(rows.iter().map(row).collect()))
    }
}

/// An object of texts.
#[must_use]
pub(crate) fn entry(fields: &[(&str, &str)]) -> Json {
    Json::Map(fields.iter().map(|(key, text)| ((*key).to_owned(), Json::text(*text))).collect())
}

/// The flow in the making. Names of the project become legal ids that are different; the same key gives the same id.
#[derive(Debug)]
pub struct Draft {
    /// The id that is wanted; made legal.
    pub id: String,
    /// What people read.
    pub title: Option<String>,
    /// What the flow is for.
    pub description: Option<String>,
    /// The language of its texts.
    pub locale: Option<String>,
    pub(crate) sections: BTreeMap<&'static str, IndexMap<String, Json>>,
    names: BTreeMap<(&'static str, String), String>,
    used: BTreeSet<(&'static str, String)>,
    /// The last number behind each name.
    numbers: BTreeMap<(&'static str, String), usize>,
    types: BTreeMap<String, BTreeSet<&'static str>>,
    pub(crate) places: BTreeMap<String, (i32, i32)>,
    /// Cards at which it was told that they were to be there.
    pub(crate) undecided: Vec<String>,
}

impl Draft {
    /// An empty flow of a project.
    #[must_use]
    pub fn new(name: &str) -> Self {
        Self {
            id: name.to_owned(),
            title: None,
            description: None,
            locale: None,
            sections: BTreeMap::new(),
            names: BTreeMap::new(),
            used: BTreeSet::new(),
            numbers: BTreeMap::new(),
            types: BTreeMap::new(),
            places: BTreeMap::new(),
            undecided: Vec::new(),
        }
    }

    fn id(&mut self, section: &'static str, key: &str, wanted: &str) -> String {
        let slot = (section, key.to_owned());
        if let Some(id) = self.names.get(&slot) {
            return id.clone();
        }
        let base = legal(wanted);
        let mut id = base.clone();
        // Where many are called the same, the numbers before this one are known to be taken.
        let number = self.numbers.entry((section, base.clone())).or_insert(1);
        while !self.used.insert((section, id.clone())) {
            *number += 1;
            let end = format!("_{number}");
            id = format!("{}{end}", base.get(..base.len().min(MAX_ID - end.len())).unwrap_or(&base));
        }
        self.names.insert(slot, id.clone());
        id
    }

    /// The id of a card by a key of the importer's own; `wanted` is what it is called where it is new. The card itself may
    /// come later.
    pub fn card_id(&mut self, key: &str, wanted: &str) -> String {
        self.id("nodes", key, wanted)
    }

    /// Whether a card is there.
    #[must_use]
    pub fn has_card(&self, id: &str) -> bool {
        self.sections.get("nodes").is_some_and(|nodes| nodes.contains_key(id))
    }

    /// Puts a card there; the first one of an id stays.
    pub fn put(&mut self, id: &str, card: Card) {
        self.entry_of("nodes", id, Json::Map(card.fields));
    }

    /// Puts a card there whose id is made of what it is called, and gives that id.
    pub fn add(&mut self, wanted: &str, card: Card) -> String {
        let key = format!("\u{1}{}", self.used.len());
        let id = self.card_id(&key, wanted);
        self.put(&id, card);
        id
    }

    /// A card for what is to be decided by people, such as what cannot be said here.
    pub fn todo(&mut self, id: &str, text: &str, next: Option<&str>) {
        self.undecided.push(id.to_owned());
        self.put(id, Card::new("todo").text("text", text).maybe("next", next));
    }

    /// Where a card is drawn, as the other tool has it.
    pub fn place(&mut self, card: &str, at: (i32, i32)) {
        self.places.insert(card.to_owned(), at);
    }

    fn entry_of(&mut self, section: &'static str, id: &str, value: Json) -> &mut Json {
        self.used.insert((section, id.to_owned()));
        self.sections.entry(section).or_default().entry(id.to_owned()).or_insert(value)
    }

    /// An entry of a section that is there.
    pub fn known(&mut self, section: &'static str, id: &str) -> Option<&mut Json> {
        self.sections.get_mut(section)?.get_mut(id)
    }

    /// Adds to the reason that a card or another entry gives, in a line of its own; nothing is said twice.
    pub fn remark(&mut self, section: &'static str, id: &str, text: &str) {
        let Some(entry) = self.known(section, id) else { return };
        let why = match entry.get("why").and_then(Json::as_text) {
            Some(old) if format!("\n{old}\n").contains(&format!("\n{text}\n")) => return,
            Some(old) => format!("{old}\n{text}"),
            None => text.to_owned(),
        };
        entry.set("why", Json::Text(why));
    }

    /// An intent under its own name, cut where it is too long.
    pub fn intent(&mut self, name: &str) -> String {
        let name = free(name);
        self.entry_of("intents", &name, Json::map());
        name
    }

    /// Adds examples to an intent; none is there twice.
    pub fn examples(&mut self, intent: &str, texts: impl IntoIterator<Item = String>) {
        let Some(entry) = self.known("intents", intent) else { return };
        let mut list: Vec<Json> = entry.get("examples").map_or_else(Vec::new, |list| list.items().to_vec());
        let mut there: BTreeSet<String> = list.iter().filter_map(Json::as_text).map(str::to_owned).collect();
        list.extend(texts.into_iter().filter(|text| there.insert(text.clone())).map(Json::Text));
        if !list.is_empty() {
            entry.set("examples", Json::List(list));
        }
    }

    /// The id of a slot by its name in the project; a text, until [`Draft::wants`] says otherwise.
    pub fn slot(&mut self, name: &str) -> String {
        self.slot_of(name, name)
    }

    /// As [`Draft::slot`], by a key of the importer's own, such as a name with the scope that it has.
    pub fn slot_of(&mut self, key: &str, name: &str) -> String {
        let id = self.id("slots", key, name);
        let title = (id != name).then(|| entry(&[("title", name)]));
        self.entry_of("slots", &id, title.unwrap_or_else(Json::map));
        id
    }

    /// A slot is used as a value of this type (`bool integer number text`). Where uses differ it is a text.
    pub fn wants(&mut self, slot: &str, kind: &'static str) {
        self.types.entry(slot.to_owned()).or_default().insert(kind);
    }

    /// The type of a slot by its uses.
    pub(crate) fn kind_of(&self, slot: &str) -> &'static str {
        let uses = self.types.get(slot);
        let mut uses = uses.into_iter().flatten().copied();
        match (uses.next(), uses.next(), uses.next()) {
            (Some(only), None, _) => only,
            (Some("integer"), Some("number"), None) => "number",
            _ => "text",
        }
    }

    /// A call under its own name, cut where it is too long.
    pub fn call(&mut self, name: &str) -> String {
        let name = free(name);
        self.entry_of("calls", &name, Json::map());
        name
    }

    /// A tier by its name in the project.
    pub fn tier(&mut self, name: &str) -> String {
        let id = self.id("tiers", name, name);
        self.entry_of("tiers", &id, entry(&[("title", name)]));
        id
    }

    /// What a person receives: the last words, what was wanted, and what was collected.
    pub fn context(&mut self, name: &str) -> String {
        let id = self.id("contexts", name, name);
        let field = |from: &str| entry(&[("from", from)]);
        let fields = vec![
            ("last_messages".to_owned(), field("transcript.last(10)")),
            ("intent".to_owned(), field("intent")),
            ("reasons".to_owned(), field("handoff.reasons")),
        ];
        let summary = ("summary".to_owned(), Json::text("{intent.title|Unknown}: {reasons}"));
        self.entry_of("contexts", &id, Json::Map(vec![summary, ("fields".to_owned(), Json::Map(fields))]));
        id
    }

    /// A request for a person that goes on at `next`, whatever comes of it.
    pub(crate) fn people(&mut self, context: &str, next: &str) -> Card {
        let (tier, context) = (self.tier("people"), self.context(context));
        let card = Card::new("handoff").text("context", context).text("tier", tier);
        ["resumed", "resolved", "timeout", "closed", "failed"]
            .into_iter()
            .fold(card, |card, port| card.text(port, next))
    }

    /// A declared signal that says whether a condition of the other tool holds which cannot be said here; its title is the
    /// original text.
    pub fn undecided(&mut self, original: &str, source: &str) -> String {
        let part = self.id("signals", original, original);
        let name = format!("imported.{part}");
        let kind = entry(&[("title", original), ("type", "bool"), ("source", source)]);
        self.entry_of("signals", &name, kind);
        name
    }

    /// Puts an entry into any other section, whatever else is called so. Gives its id.
    pub fn declare_new(&mut self, section: &'static str, wanted: &str, value: Json) -> String {
        let key = format!("\u{1}{}", self.used.len());
        self.declare_as(section, &key, wanted, value)
    }

    fn declare_as(&mut self, section: &'static str, key: &str, wanted: &str, value: Json) -> String {
        let id = self.id(section, key, wanted);
        self.entry_of(section, &id, value);
        id
    }

    /// Puts an entry into any other section, such as `hours`; the first one of an id stays. Gives its id.
    pub fn declare(&mut self, section: &'static str, name: &str, value: Json) -> String {
        self.declare_as(section, name, name, value)
    }
}

/// A name that may be any text, cut where it is too long; control characters become spaces.
fn free(name: &str) -> String {
    let plain: String = name.chars().map(|c| if c.is_control() { ' ' } else { c }).take(128).collect();
    if plain.trim().is_empty() { "unnamed".to_owned() } else { plain }
}

/// The nearest legal id to a name: other characters become `_`, one at a time, and a long name ends in a sum of the whole.
#[must_use]
pub(crate) fn legal(name: &str) -> String {
    let mut id = String::new();
    for c in name.trim().chars() {
        match c {
            'a'..='z' | 'A'..='Z' | '0'..='9' => id.push(c),
            _ if id.ends_with('_') && c != '_' => {}
            _ => id.push('_'),
        }
    }
    if !name.ends_with('_') {
        id.truncate(id.trim_end_matches('_').len());
    }
    if id.is_empty() || id.starts_with(|c: char| c.is_ascii_digit()) {
        let odd = name.chars().any(char::is_alphanumeric) && id.is_empty();
        id = if odd { format!("x_{:08x}", flow_export::names::sum(name.as_bytes())) } else { format!("_{id}") };
    }
    if id.len() > MAX_ID {
        let end = format!("_{:08x}", flow_export::names::sum(name.as_bytes()));
        id = format!("{}{end}", id.get(..MAX_ID - end.len()).unwrap_or_default());
    }
    if is_id(&id) { id } else { format!("{id}_") }
}

#[cfg(test)]
mod tests {
    use super::{Draft, legal};
    use flow_conditions::names::is_id;

    #[test]
    fn names_become_legal_ids() {
        for (name, id) in [
            ("Default Start Flow", "Default_Start_Flow"),
            ("> collect address", "_collect_address"),
            ("in", "in_"),
            ("2nd", "_2nd"),
            ("", "_"),
            ("fee_", "fee_"),
            ("a--b", "a_b"),
        ] {
            assert_eq!(legal(name), id);
        }
        for name in ["日本", "…", &"long ".repeat(40), "true", "\u{0}"] {
            assert!(is_id(&legal(name)), "{name} {}", legal(name));
        }
        assert_ne!(legal("日本"), legal("日光"));
    }

    #[test]
    fn the_same_key_gives_the_same_id_and_others_differ() {
        let mut draft = Draft::new("x");
        let first = draft.card_id("a", "Hello there");
        assert_eq!(draft.card_id("a", "something else"), first);
        assert_eq!(draft.card_id("b", "Hello there"), format!("{first}_2"));
        let long = "x".repeat(64);
        let (one, two) = (draft.card_id("c", &long), draft.card_id("d", &long));
        assert!(one != two && is_id(&one) && is_id(&two));
    }
}

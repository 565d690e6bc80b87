//! What an importer made becomes a document: whole, laid out, canonical, and with every element of the project told.

mod collapse;
mod mend;
mod places;

use std::collections::{BTreeMap, BTreeSet, HashMap};

use flow_model::document;
use flow_model::flow::{FORMAT, Node};
use flow_model::tree::{Json, compact};
use flow_model::{Flow, canonical};
use indexmap::IndexMap;

use crate::draft::{Card, Draft, legal};
use crate::note::{Code, Kept, Note, Tally};
use crate::part::{Fate, Part};
use crate::source::{Looked, Place, Source, Told};
use crate::{Format, ImportError, Imported};

/// How many characters of a value are told.
const SHOWN: usize = 160;

/// The key under which what nobody understood is kept.
const KEPT: &str = "x_import";

pub(crate) fn finish(
    source: Source<'_>,
    mut draft: Draft,
    format: &'static dyn Format,
) -> Result<Imported, ImportError> {
    collapse::collapse(&mut draft, &source);
    let rest = Rest::of(&source);
    for (card, place, value) in &rest.kept {
        keep(&mut draft, card.as_deref(), place, value);
    }
    start(&mut draft);
    let mut told = source.told.take();
    told.extend(rest.told);
    told.extend(todo_cards(&mut draft));
    told.extend(within(&mut draft));
    told.extend(once(&mut draft));
    let id = legal(&draft.id);
    draft.id.clone_from(&id);
    told.extend(mend::mend(&mut draft, format.id(), &|draft| tree(draft, &rest.document)));
    let mut json = tree(&draft, &rest.document);
    lay_out(&draft, &mut json);
    let flow = canonical::text(&json);
    document::read(&flow).map_err(|problems| {
        let why = problems.first().map_or(String::new(), |problem| problem.message.clone());
        ImportError::Broken(source.project().name().to_owned(), why)
    })?;
    let mut before = BTreeSet::new();
    told.retain(|told| before.insert((told.code, told.file, told.place, told.what.clone())));
    let mut notes = places::notes(&source, told);
    notes.extend(rest.left.iter().map(|(reason, count)| left_out(reason, *count)));
    for (path, why) in source.project().skipped() {
        let (code, file) = (Code::NotRead, path.clone());
        notes.push(Note { code, file, pointer: String::new(), line: None, what: why.clone(), kept: Kept::Nothing });
    }
    let (format, title) = (format.id(), format.title());
    Ok(Imported { format, title, id, flow, called: Vec::new(), notes, tally: rest.tally })
}

fn left_out(reason: &str, count: usize) -> Note {
    let what = format!("{count} values are left out: {reason}");
    Note { code: Code::LeftOut, file: String::new(), pointer: String::new(), line: None, what, kept: Kept::Nothing }
}

/// What nobody looked at.
#[derive(Default)]
struct Rest {
    told: Vec<Told>,
    /// The card, the place and the value of what is kept; no card for the document.
    kept: Vec<(Option<String>, String, Json)>,
    /// What is kept with the document.
    document: Vec<(String, Json)>,
    left: IndexMap<&'static str, usize>,
    tally: Tally,
}

impl Rest {
    fn of(source: &Source<'_>) -> Self {
        let mut rest = Self::default();
        let owners: BTreeMap<(u32, u32), String> =
            source.owners.take().into_iter().map(|(file, at, card)| ((file, at), card)).collect();
        for (number, (path, looked)) in (0..).zip(&source.files) {
            rest.file(path, number, looked, &owners);
        }
        let document = rest.kept.extract_if(.., |(card, ..)| card.is_none());
        rest.document = document.map(|(_, place, value)| (place, value)).collect();
        rest
    }

    fn file(&mut self, path: &str, number: u32, looked: &Looked, owners: &BTreeMap<(u32, u32), String>) {
        if let Some(Some(part)) = looked.tree.get() {
            self.count(part);
            self.walk(part, &mut String::new(), None, path, owners);
        } else if let Some(lines) = looked.lines.get() {
            for (line, (text, fate)) in (1..).zip(&lines.lines) {
                if !text.trim().is_empty() {
                    self.line(number, line, text, fate.get());
                }
            }
        } else {
            self.tally.elements += 1;
            if let Some(reason) = looked.left.get() {
                self.tally.left_out += 1;
                *self.left.entry(reason).or_default() += 1;
                return;
            }
            self.tally.noted += 1;
            // A file that could not be read was told already.
            if looked.tree.get().is_none() {
                self.tell(Code::NotRead, number, Place::File, "the file is not read".to_owned(), Kept::Nothing);
            }
        }
    }

    fn tell(&mut self, code: Code, file: u32, place: Place, what: String, kept: Kept) {
        self.told.push(Told { code, file, place, what, kept });
    }

    fn line(&mut self, file: u32, line: u32, text: &str, fate: Fate) {
        self.tally.elements += 1;
        match fate {
            Fate::Read => self.tally.read += 1,
            Fate::Noted => self.tally.noted += 1,
            Fate::Left(reason) => {
                self.tally.left_out += 1;
                *self.left.entry(reason).or_default() += 1;
            }
            Fate::Unread => {
                self.tally.noted += 1;
                let what = format!("not understood: {}", shown(text.trim()));
                self.tell(Code::NotUnderstood, file, Place::Line(line), what, Kept::Nothing);
            }
        }
    }

    fn count(&mut self, part: &Part) {
        if part.is_element() {
            self.tally.elements += 1;
            match part.fate.get() {
                Fate::Read => self.tally.read += 1,
                Fate::Unread | Fate::Noted => self.tally.noted += 1,
                Fate::Left(reason) => {
                    self.tally.left_out += 1;
                    *self.left.entry(reason).or_default() += 1;
                }
            }
        }
        for inner in part.parts() {
            self.count(inner);
        }
    }

    fn walk(
        &mut self,
        part: &Part,
        pointer: &mut String,
        owner: Option<&str>,
        file: &str,
        owners: &BTreeMap<(u32, u32), String>,
    ) {
        if !part.has_unread() {
            return;
        }
        let owner = owners.get(&(part.file, part.at)).map(String::as_str).or(owner);
        if part.is_unread() && !pointer.is_empty() {
            let json = part.json();
            let what = format!("not understood: {} = {}", last(pointer), shown(&compact(&json)));
            let kept = owner.map_or(Kept::Document, |card| Kept::Note(card.to_owned()));
            self.tell(Code::NotUnderstood, part.file, Place::Value(part.at), what, kept);
            self.kept.push((owner.map(str::to_owned), format!("{file}#{pointer}"), within_digits(json)));
            return;
        }
        let length = pointer.len();
        for (at, inner) in part.items().iter().enumerate() {
            pointer.push_str(&format!("/{at}"));
            self.walk(inner, pointer, owner, file, owners);
            pointer.truncate(length);
        }
        for (key, inner) in part.entries() {
            pointer.push('/');
            pointer.push_str(&flow_model::tree::escape(key));
            self.walk(inner, pointer, owner, file, owners);
            pointer.truncate(length);
        }
    }
}

/// A value whose numbers a document may have; a longer one is kept as the text that it is.
fn within_digits(json: Json) -> Json {
    match json {
        Json::Number(number) if number.decimal().is_none_or(|d| d.digits().0 > 15 || d.digits().1 > 9) => {
            Json::text(number.text())
        }
        Json::List(items) => Json::List(items.into_iter().map(within_digits).collect()),
        Json::Map(map) => Json::Map(map.into_iter().map(|(key, value)| (key, within_digits(value))).collect()),
        other => other,
    }
}

/// The last step of a pointer that is a name.
fn last(pointer: &str) -> &str {
    let named = |step: &&str| !step.is_empty() && !step.bytes().all(|b| b.is_ascii_digit());
    pointer.rsplit('/').find(named).unwrap_or(pointer)
}

/// A text that is not too long to be told, on one line.
fn shown(text: &str) -> String {
    let plain = |c: char| if c.is_control() { ' ' } else { c };
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => text.get(..end).unwrap_or(text).chars().map(plain).chain("…".chars()).collect(),
        None => text.chars().map(plain).collect(),
    }
}

/// Keeps a value that nobody understood with its card.
fn keep(draft: &mut Draft, card: Option<&str>, place: &str, value: &Json) {
    let Some(entry) = card.and_then(|card| draft.known("nodes", card)) else { return };
    if entry.get(KEPT).is_none() {
        entry.set(KEPT, Json::map());
    }
    // Each place is kept once, so none is looked for.
    if let Some(Json::Map(kept)) = entry.at_mut(&[KEPT]) {
        kept.push((place.to_owned(), value.clone()));
    }
}

/// A conversation begins somewhere.
fn start(draft: &mut Draft) {
    let nodes = draft.sections.entry("nodes").or_default();
    let is_start = |card: &Json| card.get("kind").and_then(Json::as_text) == Some("start");
    if nodes.values().any(is_start) {
        return;
    }
    let first = nodes.iter().find(|(_, card)| card.get("kind").and_then(Json::as_text) != Some("note"));
    let first = first.map(|(id, _)| id.clone());
    let id = draft.card_id("\u{1}start", "start");
    draft.put(&id, Card::new("start").maybe("next", first));
    if let Some(nodes) = draft.sections.get_mut("nodes") {
        nodes.move_index(nodes.len() - 1, 0);
    }
}

/// Where an edge leads to a card that never came, people decide.
fn todo_cards(draft: &mut Draft) -> Vec<Told> {
    let flow = flow_model::flow::read(&tree(draft, &[]));
    let mut wanted: IndexMap<String, String> = IndexMap::new();
    for (id, node) in &flow.nodes {
        for exit in node.exits() {
            wanted.entry(exit.to.to_owned()).or_insert_with(|| format!("{id}.{}", exit.port));
        }
    }
    for (id, trigger) in &flow.triggers {
        wanted.entry(trigger.to.clone()).or_insert_with(|| format!("trigger.{id}"));
    }
    let mut told = Vec::new();
    for (id, from) in wanted {
        if !draft.has_card(&id) {
            let text = format!("{id} is not there: {from} leads to it in what was imported.");
            let (file, place) = (u32::MAX, Place::File);
            told.push(Told { code: Code::Missing, file, place, what: text.clone(), kept: Kept::Card(id.clone()) });
            draft.todo(&id, &text, None);
        }
    }
    told
}

/// A trigger is heard at cards that are there; one that is heard nowhere any more is told.
fn within(draft: &mut Draft) -> Vec<Told> {
    let Some(mut triggers) = draft.sections.remove("triggers") else { return Vec::new() };
    let mut told = Vec::new();
    triggers.retain(|id, trigger| {
        let Some(Json::List(cards)) = trigger.at_mut(&["within"]) else { return true };
        let there = |card: &str| card == "*" || card.contains(':') || draft.has_card(card);
        // What leaves a card out that is not there leaves nothing out.
        cards.retain(|card| card.as_text().and_then(|card| card.strip_prefix('!')).is_none_or(there));
        let before = cards.len();
        cards.retain(|card| card.as_text().is_none_or(|card| card.starts_with('!') || there(card)));
        if cards.len() < before {
            let what = format!("{id} is heard at a card that is not there in what was imported");
            let (file, place) = (u32::MAX, Place::File);
            told.push(Told { code: Code::Missing, file, place, what, kept: Kept::Nothing });
        }
        before == 0 || !cards.is_empty()
    });
    draft.sections.insert("triggers", triggers);
    told
}

/// Each key of a document is there once. What a project gives twice, such as a slot that is set again in one step, is what it
/// was given last; values that differ are told.
fn once(draft: &mut Draft) -> Vec<Told> {
    let mut told = Vec::new();
    for (section, entries) in &mut draft.sections {
        for (id, entry) in entries {
            let mut lost = Vec::new();
            keep_last(entry, &mut lost);
            let kept = if *section == "nodes" { Kept::Card(id.clone()) } else { Kept::Nothing };
            told.extend(lost.into_iter().map(|(key, value)| {
                let what = format!(
                    "{id}: {key} is given twice, and the last counts; this does not: {}",
                    shown(&compact(&value))
                );
                Told { code: Code::Approximated, file: u32::MAX, place: Place::File, what, kept: kept.clone() }
            }));
        }
    }
    told
}

/// Leaves each key once, in its first place and with its last value; the values that were lost, which are no other's.
pub(crate) fn keep_last(json: &mut Json, lost: &mut Vec<(String, Json)>) {
    match json {
        Json::List(items) => items.iter_mut().for_each(|item| keep_last(item, lost)),
        Json::Map(map) => {
            let mut places: HashMap<String, usize> = HashMap::new();
            let doubled = map.iter().enumerate().any(|(at, (key, _))| *places.entry(key.clone()).or_insert(at) != at);
            if doubled {
                let mut left: Vec<(String, Json)> = Vec::new();
                places.clear();
                for (key, value) in map.drain(..) {
                    let at = *places.entry(key.clone()).or_insert(left.len());
                    match left.get_mut(at) {
                        Some((_, before)) if *before == value => {}
                        Some((_, before)) => lost.push((key, std::mem::replace(before, value))),
                        None => left.push((key, value)),
                    }
                }
                *map = left;
            }
            map.iter_mut().for_each(|(_, value)| keep_last(value, lost));
        }
        _ => {}
    }
}

/// The document of a draft, without places.
fn tree(draft: &Draft, kept: &[(String, Json)]) -> Json {
    let mut map: Vec<(String, Json)> = Vec::new();
    let mut put = |key: &str, value: Json| map.push((key.to_owned(), value));
    put("$schema", Json::text("handoff-flow-1.schema.json"));
    put("format", Json::text(FORMAT));
    put("id", Json::text(&draft.id));
    for (key, text) in [("title", &draft.title), ("description", &draft.description), ("locale", &draft.locale)] {
        if let Some(text) = text {
            put(key, Json::text(text));
        }
    }
    for (section, entries) in &draft.sections {
        let entry = |(id, value): (&String, &Json)| (id.clone(), with_type(draft, section, id, value));
        put(section, Json::Map(entries.iter().map(entry).collect()));
    }
    if !draft.sections.contains_key("nodes") {
        put("nodes", Json::map());
    }
    if !kept.is_empty() {
        put(KEPT, Json::Map(kept.to_vec()));
    }
    canonical::ordered(&Json::Map(map))
}

/// Slots get the type of their uses.
fn with_type(draft: &Draft, section: &str, id: &str, value: &Json) -> Json {
    let mut value = value.clone();
    if section == "slots" && value.get("type").is_none() {
        value.set("type", Json::text(draft.kind_of(id)));
    }
    value
}

/// Places for all cards: those that the other tool had, and others round them.
fn lay_out(draft: &Draft, json: &mut Json) {
    let place = |(id, (x, y)): (&String, &(i32, i32))| {
        (id.clone(), Json::List(vec![Json::int((*x).into()), Json::int((*y).into())]))
    };
    let known: Vec<(String, Json)> = draft.places.iter().filter(|(id, _)| draft.has_card(id)).map(place).collect();
    json.set("layout", Json::Map(known));
    let flow: Flow = flow_model::flow::read(json);
    let mut places: BTreeMap<String, Json> = BTreeMap::new();
    for (id, at) in flow_layout::place_new(&flow) {
        places.extend([place((&id, &at))]);
    }
    places.extend(json.get("layout").map_or(&[][..], Json::entries).iter().cloned());
    let of = |(id, _): (&String, &Node)| Some((id.clone(), places.get(id)?.clone()));
    json.set("layout", Json::Map(flow.nodes.iter().filter_map(of).collect()));
}

#[cfg(test)]
mod tests {
    use super::within;
    use crate::{Card, Draft};
    use flow_model::tree::{Json, compact, read};

    #[test]
    fn a_trigger_leaves_out_only_cards_that_are_there() {
        let mut draft = Draft::new("x");
        draft.put("here", Card::new("listen"));
        let trigger = read(r#"{"when": "true", "to": "here", "within": ["group:g", "!gone", "!here"]}"#).json;
        let id = draft.declare("triggers", "t", trigger.unwrap_or(Json::Null));
        assert!(within(&mut draft).is_empty());
        assert!(draft.known("triggers", &id).is_some_and(|one| compact(one).contains(r#"["group:g","!here"]"#)));
    }
}

//! Amazon Connect: flows as its console and its API export them. The flow language of version 2019-10-30: `StartAction`,
//! `Metadata`, `Actions[{Identifier, Type, Parameters, Transitions}]`, plain or as the text of `Content` (read from 26
//! exported flows, 2026-04); and the form before it, of `modules`.
//!
//! | of the flow | in ours |
//! | --- | --- |
//! | a message block | a `message` |
//! | a Lex block, an input block | a `listen` with a branch for each intent; an `ask` and a `decision` |
//! | attributes, the working queue | `set` |
//! | a comparison, hours, staffing, a loop | a `decision` |
//! | a Lambda block, and blocks that have no kin here | an `action` |
//! | the transfer to a queue, a callback | a `handoff`; queues are tiers |
//! | another flow, a module | where that flow begins, where it is there |

mod blocks;
mod compare;
mod hours;
mod modules;

use std::collections::BTreeMap;

use flow_model::tree::{self, Json};
use indexmap::IndexMap;

use crate::{Card, Code, Draft, Format, ImportError, Kept, Parsed, Part, Project, Score, Source};

/// Amazon Connect.
#[derive(Debug)]
pub struct AmazonConnect;

/// What voice, recording and logging are set by.
const TUNING: &str = "settings of Connect for voice, recording, logging and its drawing";

impl Format for AmazonConnect {
    fn id(&self) -> &'static str {
        "amazon-connect"
    }

    fn title(&self) -> &'static str {
        "Amazon Connect"
    }

    fn about(&self) -> &'static str {
        "Contact flows in the flow language, one file or a folder of them: blocks, queues, hours, Lex and Lambda blocks."
    }

    fn recognises(&self, project: &Project) -> Score {
        let says = |path: &str| {
            let text = String::from_utf8_lossy(project.bytes(path).unwrap_or_default());
            (text.contains("StartAction") && text.contains("Transitions")) || modules::is_one(&text)
        };
        let mut json = project.paths().filter(|path| path.ends_with(".json"));
        // A project of Connect may have the Lex bot beside its flows.
        if json.any(says) { 97 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let mut flows: IndexMap<String, FlowPart<'_>> = IndexMap::new();
        for path in source.project().paths().filter(|path| path.ends_with(".json")) {
            let Some(whole) = source.parsed(path, unfolded) else { continue };
            let outer = whole.get("ContactFlow").unwrap_or(whole);
            let inner = outer.get("Content").unwrap_or(outer);
            if inner.get("Actions").is_some() {
                let stem = path.rsplit('/').next().and_then(|name| name.strip_suffix(".json")).unwrap_or(path);
                let name = outer.text("Name").or_else(|| inner.at(&["Metadata", "name"])?.as_text());
                let name = name.unwrap_or(stem).to_owned();
                outer.leave(&["Tags", "Status", "State"], TUNING);
                flows.insert(name, FlowPart::of(outer, inner));
            } else if whole.get("TimeZone").is_some() && whole.get("Config").is_some() {
                hours::read(draft, whole);
            }
        }
        if flows.is_empty() {
            let way = "no file holds a flow with Actions; export the flow from Connect again".to_owned();
            return Err(ImportError::Missing { file: "a contact flow".to_owned(), way });
        }
        let main = |flow: &FlowPart<'_>| {
            let kind = flow.outer.peek("Type").or_else(|| flow.inner.at(&["Metadata"])?.peek("type")).unwrap_or("");
            (matches!(kind, "CONTACT_FLOW" | "contactFlow" | ""), flow.inner.list("Actions").len())
        };
        let best = flows.values().map(main).max();
        if let Some(at) = flows.values().position(|flow| Some(main(flow)) == best) {
            flows.move_index(at, 0);
        }
        Reader { source, draft, flows, queues: IndexMap::new() }.read();
        Ok(())
    }
}

/// Content that is JSON within a text is JSON.
fn unfolded(text: &str) -> Result<Parsed, (u32, String)> {
    let reading = tree::read(text);
    let fault = reading.faults.iter().find(|fault| fault.kind == tree::FaultKind::NotJson);
    let told = |line: usize, why: &str| (u32::try_from(line).unwrap_or(u32::MAX), why.to_owned());
    if let Some(fault) = fault {
        return Err(told(fault.line, &fault.message));
    }
    let mut json = reading.json.ok_or_else(|| told(1, "it is no JSON"))?;
    for path in [&["Content"][..], &["ContactFlow", "Content"]] {
        if let Some(content) = json.at_mut(path)
            && let Some(inner) = content.as_text().and_then(|text| tree::read(text).json)
        {
            *content = inner;
            // Lines of what stands within a text say nothing.
            return Ok(Parsed { json, lines: vec![1] });
        }
    }
    if let Some(json) = modules::blocks(&json) {
        return Ok(Parsed { json, lines: vec![1] });
    }
    Ok(Parsed { json, lines: Vec::new() })
}

/// A flow of the project.
struct FlowPart<'s> {
    outer: &'s Part,
    inner: &'s Part,
    /// The blocks, and what its drawing says of each.
    blocks: BTreeMap<&'s str, &'s Part>,
    drawn: BTreeMap<&'s str, &'s Part>,
}

impl<'s> FlowPart<'s> {
    fn of(outer: &'s Part, inner: &'s Part) -> Self {
        let mut blocks = BTreeMap::new();
        for part in inner.list("Actions") {
            if let Some(name) = part.peek("Identifier") {
                blocks.entry(name).or_insert(part);
            }
        }
        let drawn = inner.at(&["Metadata", "ActionMetadata"]).map_or(&[][..], Part::entries);
        let drawn = drawn.iter().map(|(name, part)| (name.as_str(), part)).collect();
        Self { outer, inner, blocks, drawn }
    }
}

struct Reader<'s, 'd> {
    source: &'s Source<'s>,
    draft: &'d mut Draft,
    flows: IndexMap<String, FlowPart<'s>>,
    /// The queues that are ever set, as tiers, by the word that the slot holds.
    queues: IndexMap<String, String>,
}

/// A block, and what is needed to lead on from it.
struct Block<'s> {
    flow: String,
    part: &'s Part,
    id: String,
}

impl<'s> Reader<'s, '_> {
    fn read(mut self) {
        self.find_queues();
        let names: Vec<String> = self.flows.keys().cloned().collect();
        let first = names.first().cloned().unwrap_or_default();
        let (start, begin) = (self.draft.card_id("start", "start"), self.begin(&first));
        self.draft.put(&start, Card::new("start").maybe("next", begin));
        self.draft.id.clone_from(&first);
        self.draft.title = Some(first);
        for (at, name) in names.iter().enumerate() {
            self.flow(name, at, names.len() == 1);
        }
    }

    /// The card with which a flow begins.
    fn begin(&mut self, flow: &str) -> Option<String> {
        let action = self.flows.get(flow)?.inner.text("StartAction")?.to_owned();
        Some(self.card(flow, &action))
    }

    /// The card of a block.
    fn card(&mut self, flow: &str, action: &str) -> String {
        let known = self.flows.get(flow);
        let part = known.and_then(|flow| flow.blocks.get(action));
        let kind = part.and_then(|part| part.peek("Type")).unwrap_or("block");
        let friendly = known.and_then(|flow| flow.drawn.get(action)?.flag("isFriendlyName"));
        let wanted = if friendly == Some(true) || action.len() < 32 { action } else { kind };
        self.draft.card_id(&format!("{flow}/{action}"), wanted)
    }

    fn flow(&mut self, name: &str, at: usize, alone: bool) {
        let Some(flow) = self.flows.get(name) else { return };
        let (outer, inner) = (flow.outer, flow.inner);
        let begin = self.begin(name);
        for key in ["Description", "description"] {
            let about =
                outer.text(key).or_else(|| inner.at(&["Metadata"])?.text(key)).filter(|about| !about.is_empty());
            if let (Some(about), 0) = (about, at) {
                self.draft.description = Some(about.to_owned());
            }
        }
        outer.seen(&["Type"]);
        inner.leave(&["Version"], TUNING);
        for part in inner.list("Actions") {
            let Some(action) = part.text("Identifier") else { continue };
            let (id, kind) = (self.card(name, action), part.text("Type").unwrap_or("").to_owned());
            self.source.owner(part, &id);
            let block = Block { flow: name.to_owned(), part, id: id.clone() };
            self.block(&block, &kind);
            let place = self.flows.get(name).and_then(|flow| flow.drawn.get(action)?.get("position"));
            let place = place.and_then(|place| Some((place.number("x")?, place.number("y")?)));
            if let Some((x, y)) = place.filter(|_| alone) {
                self.draft.place(&id, (whole(x), whole(y)));
            }
        }
        inner.leave(&["Metadata"], TUNING);
        if let (Some(begin), true) = (begin, at > 0) {
            let what =
                format!("the flow {name} begins at {begin}; where no other leads to it, Connect itself starts it");
            self.source.note(outer, Code::Approximated, what, Kept::Card(begin));
        }
    }

    /// The queues that blocks set, so that a transfer knows its tiers.
    fn find_queues(&mut self) {
        for flow in self.flows.values() {
            for part in flow.inner.list("Actions") {
                let Some(queue) = part.at(&["Parameters", "QueueId"]).and_then(Part::as_text) else { continue };
                let name = last(queue).to_owned();
                if !self.queues.contains_key(&name) {
                    let title = part.peek("Identifier").and_then(|block| called(flow, block, "QueueId", "queue"));
                    let tier = self.draft.tier(title.filter(|_| is_uuid(&name)).unwrap_or(&name));
                    self.queues.insert(name, tier);
                }
            }
        }
        if self.queues.is_empty() {
            let tier = self.draft.tier("people");
            self.queues.insert("people".to_owned(), tier);
        }
    }

    /// The tier of a queue by the word that the slot holds; the first one where it is none.
    fn tier_of(&self, name: Option<&str>) -> String {
        let tier = name.and_then(|name| self.queues.get(name)).or_else(|| self.queues.values().next());
        tier.map_or_else(|| "people".to_owned(), Clone::clone)
    }
}

/// What the console calls a queue, a flow or the like, where it shows the name beside its id.
fn called<'s>(flow: &FlowPart<'s>, block: &str, key: &str, old: &str) -> Option<&'s str> {
    let drawn = *flow.drawn.get(block)?;
    let name = drawn.at(&["parameters", key, "displayName"]).or_else(|| drawn.at(&[old, "text"]))?;
    name.as_text().filter(|name| !name.trim().is_empty())
}

/// Whether a name is an id that says nothing to people.
fn is_uuid(name: &str) -> bool {
    name.len() == 36 && name.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
}

/// A place on the canvas; what is too far out comes to its edge.
fn whole(at: f64) -> i32 {
    at.clamp(-100_000.0, 100_000.0) as i32
}

/// The name at the end of an ARN or a reference, without what marks a placeholder.
fn last(reference: &str) -> &str {
    let name = reference.rsplit(['/', '.']).next().unwrap_or(reference);
    let name = if name.contains(':') { name.rsplit(':').next().unwrap_or(name) } else { name };
    let name = name.trim_matches(['$', '{', '}', '%', ' ']);
    if name.is_empty() { reference } else { name }
}

/// A slot named by a reference: `$.Attributes.x`, `$.Lex.Slots.x`.
fn slot_of(draft: &mut Draft, reference: &str) -> Option<String> {
    let rest = reference.strip_prefix("$.")?;
    if rest == blocks::STORED {
        return Some(draft.slot_of(reference, "stored input"));
    }
    let leads = ["Attributes.", "FlowAttributes.", "External.", "Lex.Slots.", "Lex.SessionAttributes.", "Customer."];
    let name = leads.iter().find_map(|lead| rest.strip_prefix(lead))?;
    (!name.is_empty()).then(|| draft.slot(name))
}

/// A text with placeholders of ours.
fn text(draft: &mut Draft, theirs: &str) -> String {
    let escape = |text: &str| text.replace('{', "{{").replace('}', "}}");
    let (mut out, mut rest) = (String::new(), theirs);
    while let Some(at) = rest.find("$.") {
        let (before, from) = rest.split_at(at);
        out.push_str(&escape(before));
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '$');
        let end = from.char_indices().find(|(_, c)| !part(*c)).map_or(from.len(), |(at, _)| at);
        let name = from.get(..end).unwrap_or(from).trim_end_matches(['.', '-']);
        match slot_of(draft, name) {
            Some(slot) => out.push_str(&format!("{{slots.{slot}}}")),
            None => out.push_str(name),
        }
        rest = from.get(name.len().max(2)..).unwrap_or("");
    }
    out.push_str(&escape(rest));
    out
}

/// An object of texts.
fn texts(entries: impl IntoIterator<Item = (String, String)>) -> Json {
    Json::Map(entries.into_iter().map(|(key, text)| (key, Json::Text(text))).collect())
}

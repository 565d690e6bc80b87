//! Drawings and outlines of any tool: boxes with words become cards, arrows become edges, words on arrows conditions.

mod csv;
mod drawio;
mod mermaid;

use std::collections::{BTreeMap, BTreeSet};

pub use csv::Outline;
pub use drawio::Drawio;
use flow_model::tree::Json;
use indexmap::IndexMap;
pub use mermaid::Mermaid;

use crate::{Card, Code, Draft, Kept, Source, conditions};

/// What the form of a box says.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Form {
    #[default]
    Plain,
    Start,
    End,
    Choice,
}

/// A box.
#[derive(Clone, Debug, Default)]
struct Shape {
    label: String,
    form: Form,
    place: Option<(i32, i32)>,
    group: Option<String>,
    /// What else is said of it.
    more: Vec<String>,
}

/// An arrow.
#[derive(Clone, Debug)]
struct Arrow {
    from: String,
    to: String,
    label: String,
}

/// A drawing.
#[derive(Debug, Default)]
struct Drawing {
    shapes: IndexMap<String, Shape>,
    arrows: Vec<Arrow>,
}

/// How many words of a label name its card.
const NAMED: usize = 5;

impl Drawing {
    /// The box of a key; it is there from now on.
    fn shape(&mut self, key: &str) -> &mut Shape {
        self.shapes.entry(key.to_owned()).or_default()
    }

    /// Draws it into the flow.
    fn draw(self, source: &Source<'_>, draft: &mut Draft, path: &str) {
        let ids: IndexMap<String, String> = self
            .shapes
            .iter()
            .map(|(key, shape)| (key.clone(), draft.card_id(key, &named(&shape.label, key))))
            .collect();
        let (ways, mut told) = (Ways::of(&self), Vec::new());
        let start = ways.start(&self);
        for (key, shape) in &self.shapes {
            let Some(id) = ids.get(key) else { continue };
            let out: Vec<(&str, &str)> =
                ways.from(key).filter_map(|arrow| Some((arrow.label.as_str(), ids.get(&arrow.to)?.as_str()))).collect();
            told.extend(one(draft, id, shape, &out, start == Some(key)));
            if let Some(at) = shape.place {
                draft.place(id, at);
            }
            for more in &shape.more {
                draft.remark("nodes", id, more);
            }
        }
        for (code, what, card) in told {
            source.note_file(path, code, what, Kept::Card(card));
        }
    }
}

/// The arrows by the box that they leave, and the boxes that they enter.
struct Ways<'d> {
    out: BTreeMap<&'d str, Vec<&'d Arrow>>,
    entered: BTreeSet<&'d str>,
}

impl<'d> Ways<'d> {
    fn of(drawing: &'d Drawing) -> Self {
        let mut out: BTreeMap<&str, Vec<&Arrow>> = BTreeMap::new();
        for arrow in &drawing.arrows {
            out.entry(&arrow.from).or_default().push(arrow);
        }
        Self { out, entered: drawing.arrows.iter().map(|arrow| arrow.to.as_str()).collect() }
    }

    fn from(&self, key: &str) -> impl Iterator<Item = &'d Arrow> {
        self.out.get(key).into_iter().flatten().copied()
    }

    /// The box that is the start: nothing leads to it, and one arrow without words leaves it.
    fn start(&self, drawing: &'d Drawing) -> Option<&'d String> {
        let leads = |key: &str| match self.out.get(key).map(Vec::as_slice) {
            Some([only]) => only.label.trim().is_empty(),
            _ => false,
        };
        let is =
            |(key, shape): &(&String, &Shape)| is_start(shape) && !self.entered.contains(key.as_str()) && leads(key);
        drawing.shapes.iter().find(is).map(|(key, _)| key)
    }
}

type Told = (Code, String, String);

fn one(draft: &mut Draft, id: &str, shape: &Shape, out: &[(&str, &str)], first: bool) -> Vec<Told> {
    let label = shape.label.trim();
    let words = label.replace('{', "{{").replace('}', "}}");
    let next = out.first().map(|(_, to)| *to);
    let group = |card: Card| card.maybe("group", shape.group.clone());
    let conditional = out.iter().any(|(label, _)| !label.trim().is_empty());
    if first {
        let title = Some(label).filter(|label| !label.is_empty() && *label != id);
        draft.put(id, group(Card::new("start").maybe("title", title).maybe("next", next)));
        return Vec::new();
    }
    if out.is_empty() && is_end(shape) {
        let outcome = if label.is_empty() { "done" } else { label };
        draft.put(id, group(Card::new("end").text("outcome", outcome)));
        return Vec::new();
    }
    if shape.form == Form::Choice || out.len() > 1 || conditional {
        let choice = shape.form == Form::Choice || label.is_empty();
        let at = if choice { id.to_owned() } else { draft.card_id(&format!("{id}\u{1}ways"), &format!("{id}_ways")) };
        if !choice {
            draft.put(id, group(Card::new("message").text("text", words).text("next", &at)));
        }
        return ways(draft, &at, shape, label, out, choice);
    }
    if label.is_empty() {
        let text = "A box without words: decide what happens here.";
        draft.todo(id, text, next);
        return vec![(Code::NotUnderstood, text.to_owned(), id.to_owned())];
    }
    draft.put(id, group(Card::new("message").text("text", words).maybe("next", next)));
    Vec::new()
}

/// A decision between arrows.
fn ways(draft: &mut Draft, id: &str, shape: &Shape, label: &str, out: &[(&str, &str)], choice: bool) -> Vec<Told> {
    let mut told = Vec::new();
    let word = |label: &str| label.trim().to_lowercase();
    let otherwise = out
        .iter()
        .rposition(|(label, _)| ["else", "otherwise", "default", "sonst", ""].contains(&word(label).as_str()))
        .or_else(|| {
            out.iter().rposition(|(label, _)| out.len() == 2 && ["no", "nein", "false"].contains(&word(label).as_str()))
        });
    let mut rows = Vec::new();
    for (at, (said, to)) in out.iter().enumerate() {
        if Some(at) == otherwise {
            continue;
        }
        let when = match condition(said) {
            Some(when) => when,
            None => {
                let text = format!("{label} {said}");
                let text =
                    if text.trim().is_empty() { format!("way {} of {id}", at + 1) } else { text.trim().to_owned() };
                let what = format!("whether \"{text}\" holds is a signal here: decide what it becomes");
                told.push((Code::Condition, what, id.to_owned()));
                draft.undecided(&text, "a drawing")
            }
        };
        rows.push((when, (*to).to_owned()));
    }
    let to = otherwise.and_then(|at| out.get(at)).map(|(_, to)| *to);
    let to = match to {
        Some(to) => to.to_owned(),
        // What happens otherwise was not drawn.
        None => {
            let open = draft.card_id(&format!("{id}\u{1}else"), &format!("{id}_else"));
            let text = format!("What happens when none of the ways of \"{label}\" holds? It is not drawn.");
            draft.todo(&open, &text, None);
            told.push((Code::Missing, text, open.clone()));
            open
        }
    };
    let card = Card::new("decision").branches(&rows).text("else", to).maybe("group", shape.group.clone());
    let card = if choice && !label.is_empty() { card.text("title", label) } else { card };
    draft.put(id, card);
    told
}

/// A label that is a condition of ours.
fn condition(label: &str) -> Option<String> {
    let compares = ["==", "!=", "<", ">", " in [", "has("].iter().any(|sign| label.contains(sign));
    if compares { conditions::canonical(label.trim()).ok() } else { None }
}

fn is_start(shape: &Shape) -> bool {
    shape.form == Form::Start || ["start", "begin", "beginn"].contains(&shape.label.trim().to_lowercase().as_str())
}

fn is_end(shape: &Shape) -> bool {
    let label = shape.label.trim().to_lowercase();
    shape.form == Form::End || ["end", "ende", "stop", "done", "finish"].contains(&label.as_str())
}

/// What a card is called: its first words, else its key.
fn named(label: &str, key: &str) -> String {
    let words: Vec<&str> = label.split_whitespace().take(NAMED).collect();
    if words.is_empty() { key.to_owned() } else { words.join(" ") }
}

/// A declared place, as whole numbers within reason.
fn place(x: Option<f64>, y: Option<f64>) -> Option<(i32, i32)> {
    let whole = |at: f64| format!("{:.0}", at.clamp(-100_000.0, 100_000.0)).parse::<i32>().ok();
    Some((whole(x?)?, whole(y?)?))
}

/// A start that leads to the first box that nothing leads to.
fn begin(draft: &mut Draft, drawing: &Drawing) {
    let ways = Ways::of(drawing);
    if ways.start(drawing).is_some() || drawing.shapes.is_empty() {
        return;
    }
    let entered = |key: &String| ways.entered.contains(key.as_str());
    let first = drawing.shapes.keys().find(|key| !entered(key)).or_else(|| drawing.shapes.keys().next());
    let start = draft.card_id("\u{1}start", "start");
    let next = first.map(|key| {
        draft.card_id(key, &named(&drawing.shapes.get(key).map_or(String::new(), |shape| shape.label.clone()), key))
    });
    let card = Card::new("start").with("next", next.map_or(Json::Null, Json::Text));
    draft.put(&start, card);
}

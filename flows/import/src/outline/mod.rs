//! Drawings and outlines of any tool: boxes with words become cards, arrows become edges, words on arrows conditions.

mod csv;
mod drawio;
mod groups;
mod mermaid;
mod people;

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
    /// The start where nothing leads to it, the end where nothing leads on.
    Terminal,
}

/// A box.
#[derive(Clone, Debug, Default)]
struct Shape {
    label: String,
    form: Form,
    place: Option<(i32, i32)>,
    /// The key of the group that it stands in.
    group: Option<String>,
    /// Whether the drawing says what it is, and not only that something leads there.
    said: bool,
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

/// Boxes that stand together.
#[derive(Clone, Debug, Default)]
struct Group {
    title: String,
    within: Option<String>,
}

/// A drawing.
#[derive(Debug, Default)]
struct Drawing {
    shapes: IndexMap<String, Shape>,
    arrows: Vec<Arrow>,
    groups: IndexMap<String, Group>,
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
            let group = shape.group.as_ref().map(|group| self.title(group));
            let drawn = Drawn { id, label: shape.label.trim(), shape, group, out: &out };
            told.extend(drawn.card(draft, start == Some(key)));
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

/// A box with the arrows that leave it: their words, and the cards that they lead to.
struct Drawn<'d> {
    id: &'d str,
    label: &'d str,
    shape: &'d Shape,
    group: Option<String>,
    out: &'d [(&'d str, &'d str)],
}

impl Drawn<'_> {
    fn put(&self, draft: &mut Draft, id: &str, card: Card) {
        draft.put(id, card.maybe("group", self.group.clone()));
    }

    fn card(&self, draft: &mut Draft, first: bool) -> Vec<Told> {
        let (id, label, out) = (self.id, self.label, self.out);
        let next = out.first().map(|(_, to)| *to);
        let several = out.len() > 1 || out.iter().any(|(label, _)| !label.trim().is_empty());
        let choice = self.shape.form == Form::Choice;
        if first {
            let title = Some(label).filter(|label| !label.is_empty() && *label != id);
            self.put(draft, id, Card::new("start").maybe("title", title).maybe("next", next));
            return Vec::new();
        }
        let person = !choice && people::asked(label);
        if out.is_empty() && is_end(self.shape) && !person {
            let outcome = if label.is_empty() { "done" } else { label };
            self.put(draft, id, Card::new("end").text("outcome", outcome));
            return Vec::new();
        }
        if choice || (several && label.is_empty()) {
            return self.ways(draft, id, "decision", Some(label));
        }
        if !out.is_empty() && people::speaks(label) {
            let mut told = self.ways(draft, id, "listen", Some(label));
            let what = format!("\"{label}\" is taken for a turn of the customer");
            told.push((Code::Approximated, what, id.to_owned()));
            return told;
        }
        let (to, mut told) = self.after(draft, several);
        if person {
            told.push(people::draw(draft, id, label, self.group.clone(), to));
        } else if label.is_empty() {
            let text = "A box without words: decide what happens here.";
            draft.todo(id, text, next);
            told.push((Code::NotUnderstood, text.to_owned(), id.to_owned()));
        } else {
            let words = label.replace('{', "{{").replace('}', "}}");
            self.put(draft, id, Card::new("message").text("text", words).maybe("next", to));
        }
        told
    }

    /// Where it goes on when its words are said; what asks waits for an answer.
    fn after(&self, draft: &mut Draft, several: bool) -> (Option<String>, Vec<Told>) {
        let asks = self.label.ends_with('?') && !self.out.is_empty();
        let next = self.out.first().map(|(_, to)| (*to).to_owned());
        if !several && !asks {
            return (next, Vec::new());
        }
        let name = if asks { "answer" } else { "ways" };
        let at = draft.card_id(&format!("{}\u{1}ways", self.id), &format!("{}_{name}", self.id));
        let told = self.ways(draft, &at, if asks { "listen" } else { "decision" }, None);
        (Some(at), told)
    }

    /// A card that decides between arrows.
    fn ways(&self, draft: &mut Draft, id: &str, kind: &str, title: Option<&str>) -> Vec<Told> {
        let (mut told, label, out) = (Vec::new(), self.label, self.out);
        let otherwise = otherwise(out);
        let mut rows = Vec::new();
        for (at, (said, to)) in out.iter().enumerate().filter(|(at, _)| Some(*at) != otherwise) {
            let when = condition(said).unwrap_or_else(|| {
                let text = format!("{label} {said}");
                let text =
                    if text.trim().is_empty() { format!("way {} of {id}", at + 1) } else { text.trim().to_owned() };
                let what = format!("whether \"{text}\" holds is a signal here: decide what it becomes");
                told.push((Code::Condition, what, id.to_owned()));
                draft.undecided(&text, "a drawing")
            });
            rows.push((when, (*to).to_owned()));
        }
        let to = match otherwise.and_then(|at| out.get(at)) {
            Some((_, to)) => (*to).to_owned(),
            // What happens otherwise was not drawn.
            None => {
                let open = draft.card_id(&format!("{id}\u{1}else"), &format!("{id}_else"));
                let named = if label.is_empty() { id } else { label };
                let text = format!("What happens when none of the ways of \"{named}\" holds? It is not drawn.");
                draft.todo(&open, &text, None);
                told.push((Code::Missing, text, open.clone()));
                open
            }
        };
        let card = Card::new(kind).branches(&rows).text("else", to);
        self.put(draft, id, card.maybe("title", title.filter(|title| !title.is_empty())));
        told
    }
}

/// The arrow that is taken when no other is.
fn otherwise(out: &[(&str, &str)]) -> Option<usize> {
    let said = |label: &str, known: &[&str]| known.contains(&label.trim().to_lowercase().as_str());
    let last = |known: &[&str]| out.iter().rposition(|(label, _)| said(label, known));
    last(&["else", "otherwise", "default", "sonst", ""])
        .or_else(|| last(&["no", "nein", "false"]).filter(|_| out.len() == 2))
}

/// A label that is a condition of ours.
fn condition(label: &str) -> Option<String> {
    let compares = ["==", "!=", "<", ">", " in [", "has("].iter().any(|sign| label.contains(sign));
    if compares { conditions::canonical(label.trim()).ok() } else { None }
}

/// From how many words on a text in the form of a start is what is said.
const SAID: usize = 8;

/// Whether the words of a box with round ends are what is said there.
fn speaks(shape: &Shape) -> bool {
    shape.label.contains(['?', '!']) || shape.label.split_whitespace().count() > SAID
}

fn is_start(shape: &Shape) -> bool {
    let label = shape.label.trim().to_lowercase();
    let form = shape.form == Form::Start || (shape.form == Form::Terminal && !speaks(shape));
    form || ["start", "begin", "beginn", "start here", "anfang", "inicio", "début"].contains(&label.as_str())
}

fn is_end(shape: &Shape) -> bool {
    const ENDS: [&str; 13] = [
        "end",
        "ende",
        "stop",
        "done",
        "finish",
        "finished",
        "exit",
        "fin",
        "end chat",
        "end call",
        "end conversation",
        "end of conversation",
        "conversation ends",
    ];
    let label = shape.label.trim().to_lowercase();
    shape.form == Form::End
        || (shape.form == Form::Terminal && !speaks(shape))
        || ENDS.contains(&label.trim_end_matches('.'))
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

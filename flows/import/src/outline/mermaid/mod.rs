//! Mermaid: flowcharts and state diagrams, in a file of their own or in the blocks of a Markdown file.

mod flowchart;
mod states;
mod words;

use std::collections::BTreeSet;

use super::{Drawing, Group};
use crate::{Code, Draft, Format, ImportError, Kept, Lines, Project, Score, Source};

/// Mermaid.
pub struct Mermaid;

impl Format for Mermaid {
    fn id(&self) -> &'static str {
        "mermaid"
    }

    fn title(&self) -> &'static str {
        "Mermaid"
    }

    fn about(&self) -> &'static str {
        "A flowchart or state diagram in a .mmd file, or in a block of a Markdown file: boxes, arrows with their words, groups."
    }

    fn recognises(&self, project: &Project) -> Score {
        match path(project) {
            Some(path) if is_markdown(path) => 40,
            Some(_) => 80,
            None => 0,
        }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let missing = || ImportError::Missing {
            file: "a diagram".to_owned(),
            way: "choose a .mmd file, or a Markdown file with a flowchart".to_owned(),
        };
        let path = path(source.project()).ok_or_else(missing)?;
        let lines = source.lines(path).ok_or_else(missing)?;
        let mut reader = Reader::default();
        for block in blocks(lines, is_markdown(path)) {
            reader.block(lines, &block);
        }
        if let Some((line, kind)) = reader.other.first().filter(|_| reader.drawing.shapes.is_empty()) {
            let why = format!("a diagram of the kind {kind} is no flow: choose a flowchart or a state diagram");
            return Err(ImportError::Unreadable { file: path.to_owned(), line: Some(*line), why });
        }
        for (line, kind) in reader.other {
            let what = format!("a diagram of the kind {kind} is not read: flowcharts and state diagrams are");
            source.note_line(lines, line, Code::NotRead, what, Kept::Nothing);
        }
        draft.title = reader.title.or_else(|| draft.title.take());
        let told = reader.drawing.settle();
        super::begin(draft, &reader.drawing);
        reader.drawing.draw(source, draft, path);
        told.into_iter().for_each(|what| source.note_file(path, Code::Approximated, what, Kept::Nothing));
        Ok(())
    }
}

fn is_markdown(path: &str) -> bool {
    [".md", ".markdown", ".mdx"].iter().any(|end| path.to_ascii_lowercase().ends_with(end))
}

fn path(project: &Project) -> Option<&str> {
    let drawn = |path: &&str| {
        let low = path.to_ascii_lowercase();
        if low.ends_with(".mmd") || low.ends_with(".mermaid") {
            return true;
        }
        let text = || crate::encoding::text(project.bytes(path).unwrap_or_default()).0;
        is_markdown(path) && text().lines().any(|line| fence(line).is_some())
    };
    project.paths().find(drawn)
}

const LOOKS: &str = "how a diagram looks";
const ROUND: &str = "words round the diagram";
/// Over how many lines a text in quotes goes at most.
const LINES: usize = 60;

/// Kinds of diagrams that are no flows.
const OTHERS: [&str; 23] = [
    "sequenceDiagram",
    "classDiagram",
    "classDiagram-v2",
    "erDiagram",
    "gantt",
    "pie",
    "journey",
    "gitGraph",
    "mindmap",
    "timeline",
    "quadrantChart",
    "requirementDiagram",
    "C4Context",
    "C4Container",
    "C4Component",
    "sankey-beta",
    "xychart-beta",
    "block-beta",
    "architecture-beta",
    "packet-beta",
    "kanban",
    "radar-beta",
    "zenuml",
];

/// What closes the block that a line of a Markdown file opens; none where it opens none of Mermaid.
fn fence(line: &str) -> Option<&'static str> {
    let line = line.trim_start_matches(['>', ' ', '\t']);
    ["```", "~~~", ":::"].into_iter().find(|sign| {
        let word = line.trim_start_matches(|c| sign.starts_with(c)).trim();
        line.starts_with(sign) && ["mermaid", "{mermaid", "{.mermaid"].iter().any(|name| word.starts_with(name))
    })
}

/// A line of a diagram: its number, and its text.
type Line<'l> = (u32, &'l str);

/// The lines of each diagram; a file that is no Markdown is one, unless it has blocks all the same.
fn blocks<'l>(lines: &'l Lines, markdown: bool) -> Vec<Vec<Line<'l>>> {
    if !markdown && !lines.iter().any(|(_, line)| fence(line).is_some()) {
        return vec![lines.iter().collect()];
    }
    let (mut blocks, mut open): (Vec<Vec<Line<'l>>>, Option<&str>) = (Vec::new(), None);
    for (number, line) in lines.iter() {
        let bare = line.trim_start_matches(['>', ' ', '\t']);
        match open {
            Some(close) if bare.starts_with(close) => open = None,
            Some(_) => {
                blocks.last_mut().into_iter().for_each(|block| block.push((number, line)));
                continue;
            }
            None => {
                open = fence(line);
                blocks.extend(open.map(|_| Vec::new()));
            }
        }
        lines.leave(number, ROUND);
    }
    blocks
}

/// What a diagram is.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
enum Kind {
    #[default]
    Flowchart,
    States,
    Other,
}

#[derive(Default)]
struct Reader {
    drawing: Drawing,
    title: Option<String>,
    /// Diagrams that are no flows: where they begin, and what they are.
    other: Vec<(u32, String)>,
    kind: Kind,
    /// How many diagrams came before this one: their boxes may have the same names.
    before: usize,
    /// The groups that are open.
    open: Vec<String>,
    /// The state that the lines of a note are about.
    noting: Option<String>,
    /// The names of arrows.
    links: BTreeSet<String>,
}

/// How many of these lines are one: a text in quotes, and what stands in braces, may go over several.
fn whole(lines: &[Line<'_>]) -> usize {
    let first = lines.first().map_or("", |(_, line)| line.trim());
    let (mut quotes, mut braces, mut settings) = (false, false, first.starts_with("%%{"));
    if first.starts_with("%%") && !settings {
        return 1;
    }
    for (at, (_, line)) in lines.iter().take(LINES).enumerate() {
        quotes ^= line.matches('"').count() % 2 == 1;
        braces = (braces || line.contains("@{")) && !line.contains('}');
        settings = settings && !line.contains("}%%");
        if !quotes && !braces && !settings {
            return at + 1;
        }
    }
    1
}

impl Reader {
    /// The key of a box: names are those of one diagram.
    fn key(&self, name: &str) -> String {
        if self.before == 0 { name.to_owned() } else { format!("{}/{name}", self.before) }
    }

    fn block(&mut self, lines: &Lines, block: &[Line<'_>]) {
        let (mut at, mut begun) = (self.front(lines, block), false);
        (self.kind, self.noting) = (Kind::Flowchart, None);
        self.open.clear();
        self.links.clear();
        while let Some(rest) = block.get(at..).filter(|rest| !rest.is_empty()) {
            let count = whole(rest);
            let these = rest.get(..count).unwrap_or(rest);
            at += count;
            let text = these.iter().map(|(_, line)| *line).collect::<Vec<_>>().join("\n");
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            let number = these.first().map_or(0, |(number, _)| *number);
            let fate = if begun || text.starts_with("%%") {
                self.line(text)
            } else {
                begun = true;
                self.head(number, text)
            };
            for (number, _) in these {
                match fate {
                    Fate::Read => lines.read(*number),
                    Fate::Left(reason) => lines.leave(*number, reason),
                    Fate::Unread => {}
                }
            }
        }
        self.before += 1;
    }

    /// The settings before a diagram, of which the title is read; how many lines they are.
    fn front(&mut self, lines: &Lines, block: &[Line<'_>]) -> usize {
        let Some(from) = block.iter().position(|(_, line)| !line.trim().is_empty()) else { return 0 };
        let rest = block.get(from..).unwrap_or(&[]);
        if rest.first().is_none_or(|(_, line)| line.trim() != "---") {
            return 0;
        }
        let Some(end) = rest.iter().skip(1).position(|(_, line)| line.trim() == "---") else { return 0 };
        for (number, line) in rest.iter().take(end + 2) {
            match line.strip_prefix("title:").map(|title| title.trim().trim_matches(['"', '\''])) {
                Some(title) if self.title.is_none() && !title.is_empty() => {
                    self.title = Some(title.to_owned());
                    lines.read(*number);
                }
                _ => lines.leave(*number, LOOKS),
            }
        }
        from + end + 2
    }

    /// The first line of a diagram says what it is.
    fn head(&mut self, number: u32, text: &str) -> Fate {
        let (first, rest) = text.split_once(';').unwrap_or((text, ""));
        let word = first.split_whitespace().next().unwrap_or("");
        match word {
            "flowchart" | "graph" | "flowchart-elk" => {
                if rest.trim().is_empty() {
                    Fate::Read
                } else {
                    self.line(rest.trim())
                }
            }
            "stateDiagram" | "stateDiagram-v2" => {
                self.kind = Kind::States;
                Fate::Read
            }
            _ if OTHERS.contains(&word) => {
                self.kind = Kind::Other;
                self.other.push((number, word.to_owned()));
                Fate::Read
            }
            _ => self.line(text),
        }
    }

    fn line(&mut self, text: &str) -> Fate {
        let word = text.split_whitespace().next().unwrap_or("");
        match word {
            _ if self.kind == Kind::Other => Fate::Left("diagrams that are no flows"),
            _ if text.starts_with("%%") => Fate::Left(LOOKS),
            _ if self.kind == Kind::States && self.noted(text) => Fate::Read,
            "classDef" | "class" | "style" | "linkStyle" | "click" | "direction" | "accTitle:" | "accDescr:" => {
                Fate::Left(LOOKS)
            }
            "scale" | "hide" if self.kind == Kind::States => Fate::Left(LOOKS),
            _ if self.kind == Kind::States && text == "--" => Fate::Left("that states are held side by side"),
            "subgraph" => self.group(text),
            _ if matches!(text, "end" | "}") => {
                self.open.pop();
                Fate::Read
            }
            _ => {
                let read = match self.kind {
                    Kind::States => self.state(text),
                    _ => self.statements(text),
                };
                if read { Fate::Read } else { Fate::Unread }
            }
        }
    }

    /// `subgraph key [words]`, `subgraph words`.
    fn group(&mut self, text: &str) -> Fate {
        let rest = text.trim_start_matches("subgraph").trim();
        let (key, title) = match rest.split_once('[') {
            Some((key, title)) => (key.trim(), title.trim_end().trim_end_matches(']').trim_matches(['(', ')'])),
            None => (rest, rest),
        };
        let title = words::plain(title);
        let key = self.key(if key.is_empty() { &title } else { key.trim_matches('"') });
        self.begin_group(key, title);
        Fate::Read
    }

    fn begin_group(&mut self, key: String, title: String) {
        let group = Group { title, within: self.open.last().cloned() };
        self.drawing.groups.entry(key.clone()).or_insert(group);
        self.open.push(key);
    }
}

/// What became of a line.
#[derive(Clone, Copy)]
enum Fate {
    Read,
    Left(&'static str),
    Unread,
}

//! YAML as a tree with lines: scalars stay as they are written, repeated parts are copied up to a bound.

use flow_model::tree::Json;
use saphyr_parser::{Event, Parser, ScalarStyle};

/// How many values a file may have, those of repeated parts included.
const MOST: usize = 2_000_000;
/// How many bytes the copies of parts may have that have a name, or are repeated by it; a value counts as [`VALUE`] beside its
/// words.
const COPIED: usize = 64 << 20;
const VALUE: usize = 64;
/// How deep they may nest.
const DEPTH: usize = 100;

/// A value with its line.
#[derive(Clone, Debug)]
pub struct Node {
    /// From 1.
    pub line: u64,
    value: Value,
}

#[derive(Clone, Debug)]
enum Value {
    Null,
    Text(String),
    List(Vec<Node>),
    Map(Vec<(String, Node)>),
}

impl Node {
    /// The value at a key.
    pub fn get(&self, key: &str) -> Option<&Node> {
        self.entries().iter().find(|(k, _)| k == key).map(|(_, value)| value)
    }

    /// The entries of a map.
    pub fn entries(&self) -> &[(String, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    /// The items of a list.
    pub fn items(&self) -> &[Node] {
        match &self.value {
            Value::List(items) => items,
            _ => &[],
        }
    }

    /// The text of a scalar.
    pub fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value without its lines.
    pub fn json(&self) -> Json {
        match &self.value {
            Value::Null => Json::Null,
            Value::Text(text) => Json::Text(text.clone()),
            Value::List(items) => Json::List(items.iter().map(Node::json).collect()),
            Value::Map(map) => Json::Map(map.iter().map(|(key, value)| (key.clone(), value.json())).collect()),
        }
    }

    /// How many bytes a copy takes, about.
    fn bytes(&self) -> usize {
        VALUE
            + match &self.value {
                Value::List(items) => items.iter().map(Node::bytes).sum(),
                Value::Map(map) => map.iter().map(|(key, value)| key.len() + value.bytes()).sum(),
                Value::Text(text) => text.len(),
                Value::Null => 0,
            }
    }
}

/// A list or map that is not closed yet.
struct Open {
    node: Node,
    key: Option<String>,
    anchor: usize,
}

struct Builder {
    documents: Vec<Node>,
    open: Vec<Open>,
    /// Parts with a name, and how many bytes a copy of each takes.
    anchors: Vec<(usize, usize, Node)>,
    count: usize,
    copied: usize,
}

/// The documents of a file, and where and why it cannot be read on.
pub fn read(text: &str) -> (Vec<Node>, Option<(u64, String)>) {
    let mut builder = Builder { documents: Vec::new(), open: Vec::new(), anchors: Vec::new(), count: 0, copied: 0 };
    for event in Parser::new_from_str(text) {
        let stopped = match event {
            Ok((event, span)) => {
                let line = span.start.line() as u64;
                builder.event(event, line).map_err(|why| (line, why)).err()
            }
            Err(error) => Some((error.marker().line() as u64, error.info().to_owned())),
        };
        if let Some(fault) = stopped {
            // What was begun is still worth reading.
            while let Some(open) = builder.open.pop() {
                let _ = builder.close(Open { anchor: 0, ..open });
            }
            return (builder.documents, Some(fault));
        }
    }
    (builder.documents, None)
}

impl Builder {
    fn event(&mut self, event: Event<'_>, line: u64) -> Result<(), String> {
        self.count += 1;
        if self.count > MOST || self.open.len() > DEPTH {
            return Err("it has too many parts, or they nest too deep".to_owned());
        }
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let null = style == ScalarStyle::Plain && ["", "~", "null", "Null", "NULL"].contains(&&*text);
                let value = if null { Value::Null } else { Value::Text(text.into_owned()) };
                self.put(Node { line, value }, anchor)?;
            }
            Event::SequenceStart(anchor, _) => self.begin(line, Value::List(Vec::new()), anchor),
            Event::MappingStart(anchor, _) => self.begin(line, Value::Map(Vec::new()), anchor),
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    self.close(open)?;
                }
            }
            Event::Alias(anchor) => {
                let found = self.anchors.iter().rev().find(|(known, ..)| *known == anchor);
                let (_, bytes, node) = found.ok_or("it repeats a part that is not there")?;
                copies(&mut self.copied, *bytes)?;
                let node = node.clone();
                self.put(node, 0)?;
            }
            Event::Nothing | Event::StreamStart | Event::StreamEnd | Event::DocumentStart(_) | Event::DocumentEnd => {}
        }
        Ok(())
    }

    fn begin(&mut self, line: u64, value: Value, anchor: usize) {
        self.open.push(Open { node: Node { line, value }, key: None, anchor });
    }

    fn close(&mut self, open: Open) -> Result<(), String> {
        self.put(open.node, open.anchor)
    }

    fn put(&mut self, node: Node, anchor: usize) -> Result<(), String> {
        if anchor > 0 {
            let bytes = node.bytes();
            copies(&mut self.copied, bytes)?;
            self.anchors.push((anchor, bytes, node.clone()));
        }
        let Some(parent) = self.open.last_mut() else {
            self.documents.push(node);
            return Ok(());
        };
        match &mut parent.node.value {
            Value::List(items) => items.push(node),
            Value::Map(entries) => match parent.key.take() {
                Some(key) => entries.push((key, node)),
                None => parent.key = Some(node.text().unwrap_or_default().to_owned()),
            },
            Value::Null | Value::Text(_) => {}
        }
        Ok(())
    }
}

/// Makes room for a copy.
fn copies(copied: &mut usize, bytes: usize) -> Result<(), String> {
    *copied += bytes;
    if *copied > COPIED { Err("its parts are repeated too often: write them out once each".to_owned()) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use flow_model::tree::compact;

    fn shown(text: &str) -> Vec<String> {
        read(text).0.iter().map(|node| compact(&node.json())).collect()
    }

    #[test]
    fn scalars_lists_maps_and_repeats_are_read() {
        let text = "a: 1\nb: &x [yes, '~', ~]\nc: *x\nd: |\n  two\n  lines\n";
        assert_eq!(shown(text), [r#"{"a":"1","b":["yes","~",null],"c":["yes","~",null],"d":"two\nlines\n"}"#]);
        let (documents, _) = read("- a\n-\n  b: c\n");
        assert_eq!(documents[0].items().iter().map(|n| n.line).collect::<Vec<_>>(), [1, 3]);
    }

    #[test]
    fn what_is_broken_or_endless_ends_with_its_line() {
        let (documents, fault) = read("a: 1\nb: [1, 2\nc: }\n");
        assert!(!documents.is_empty());
        assert!(fault.is_some_and(|(line, _)| line >= 2));
        let mut bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n".to_owned();
        for level in 1..12 {
            let before = vec![format!("*a{}", level - 1); 10].join(", ");
            bomb.push_str(&format!("a{level}: &a{level} [{before}]\n"));
        }
        assert!(read(&bomb).1.is_some());
        let long = format!("a: &a {}\nb: [{}]\n", "x".repeat(100_000), vec!["*a"; 1000].join(", "));
        assert!(read(&long).1.is_some());
        let nested: String = (0..90).map(|at| format!("&a{at} [")).collect();
        assert!(read(&format!("{nested}{}{}", "x, ".repeat(20_000), "]".repeat(90))).1.is_some());
        assert!(read(&"[".repeat(10_000)).1.is_some());
    }
}

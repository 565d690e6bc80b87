//! draw.io drawings: boxes, arrows and their words, plain or packed.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::tree::Json;
use miniz_oxide::inflate::decompress_to_vec_with_limit;

use super::{Arrow, Drawing, Form, place};
use crate::source::Parsed;
use crate::{Draft, Format, ImportError, Part, Project, Score, Source};

/// draw.io.
pub struct Drawio;

/// How long all packed pages are at most, and how deep and how many the elements are.
const LONGEST: usize = 64 << 20;
const DEPTH: usize = 60;
const MOST: usize = 400_000;

impl Format for Drawio {
    fn id(&self) -> &'static str {
        "drawio"
    }

    fn title(&self) -> &'static str {
        "draw.io"
    }

    fn about(&self) -> &'static str {
        "A .drawio file, plain or packed: boxes, diamonds, arrows with their words, and where they stand."
    }

    fn recognises(&self, project: &Project) -> Score {
        if path(project).is_some() { 80 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let path = path(source.project()).ok_or_else(|| ImportError::Missing {
            file: "a drawing".to_owned(),
            way: "choose a .drawio file".to_owned(),
        })?;
        let root = source.parsed(path, parse).ok_or_else(|| ImportError::Unreadable {
            file: path.to_owned(),
            line: None,
            why: "it is no drawing of draw.io that can be read; save it again".to_owned(),
        })?;
        let mut drawing = Drawing::default();
        let mut labels = Labels::default();
        let mut page = 0;
        cells(root, &mut page, &mut |part, wrapped, page| cell(&mut drawing, &mut labels, part, wrapped, page));
        super::begin(draft, &drawing);
        for words in labels.waiting.into_values().flatten().filter(|words| !words.is_empty()) {
            let what = format!("these words belong to an arrow that is not there: {words}");
            let id = draft.add("words", crate::Card::new("note").text("text", words));
            source.note_file(path, crate::Code::Missing, what, crate::Kept::Card(id));
        }
        drawing.draw(source, draft, path);
        Ok(())
    }
}

fn path(project: &Project) -> Option<&str> {
    project.paths().find(|path| {
        let low = path.to_ascii_lowercase();
        let text = || crate::encoding::text(project.bytes(path).unwrap_or_default()).0;
        (low.ends_with(".drawio") || low.ends_with(".xml")) && {
            let text = text();
            text.contains("<mxfile") || text.contains("<mxGraphModel")
        }
    })
}

const LOOKS: &str = "how a drawing looks";

/// Each cell with what wraps it, page by page.
fn cells<'s>(part: &'s Part, page: &mut usize, each: &mut dyn FnMut(&'s Part, Option<&'s Part>, usize)) {
    match part.text("tag") {
        Some("diagram") => *page += 1,
        Some("mxCell") => each(part, None, *page),
        Some("UserObject" | "object") => {
            if let Some(inner) = part.list("children").iter().find(|inner| inner.peek("tag") == Some("mxCell")) {
                let _ = inner.text("tag");
                each(inner, Some(part), *page);
            }
            return;
        }
        _ => {}
    }
    if part.peek("tag") != Some("mxCell") {
        for (key, value) in part.entries() {
            if !["tag", "children"].contains(&key.as_str()) {
                value.leave_rest(LOOKS);
            }
        }
    }
    if part.peek("tag") != Some("mxCell") {
        part.list("children").iter().for_each(|inner| cells(inner, page, each));
    }
}

/// The words of arrows that stand as boxes of their own.
#[derive(Default)]
struct Labels {
    /// The arrow of each edge, by number.
    arrows: BTreeMap<String, usize>,
    /// Words whose edge has not come yet.
    waiting: BTreeMap<String, Vec<String>>,
}

fn cell(drawing: &mut Drawing, labels: &mut Labels, part: &Part, wrapped: Option<&Part>, page: usize) {
    let key = |id: &str| format!("{page}/{id}");
    let named = wrapped.unwrap_or(part);
    let id = key(named.text("id").unwrap_or(""));
    let label = words(wrapped.and_then(|part| part.text("label")).or_else(|| part.text("value")).unwrap_or(""));
    let style = part.text("style").unwrap_or("").to_ascii_lowercase();
    let parent = part.text("parent").map(key);
    let geometry = part.list("children").iter().find(|inner| inner.peek("tag") == Some("mxGeometry"));
    let at = geometry.and_then(|geometry| place(geometry.number("x"), geometry.number("y")));
    if part.text("edge") == Some("1") {
        // An arrow that is tied to no box leads to one without words, which is told.
        let end = |name: &str| part.text(name).map_or_else(|| format!("{id} {name}"), key);
        let (from, to) = (end("source"), end("target"));
        for end in [&from, &to] {
            drawing.shape(end);
        }
        let more = labels.waiting.remove(&id).unwrap_or_default();
        let label = [vec![label], more].concat().join(" ").trim().to_owned();
        labels.arrows.insert(id, drawing.arrows.len());
        drawing.arrows.push(Arrow { from, to, label });
        part.leave_rest(LOOKS);
        return;
    }
    if part.text("vertex") != Some("1") {
        part.leave_rest(LOOKS);
        return;
    }
    if style.contains("edgelabel") {
        let parent = parent.unwrap_or_default();
        match labels.arrows.get(&parent).and_then(|at| drawing.arrows.get_mut(*at)) {
            Some(arrow) => arrow.label = format!("{} {label}", arrow.label).trim().to_owned(),
            None => labels.waiting.entry(parent).or_default().push(label),
        }
        part.leave_rest(LOOKS);
        return;
    }
    let form = match &style {
        style if style.contains("rhombus") || style.contains("decision") => Form::Choice,
        style if style.contains("flowchart.start") => Form::Start,
        style if style.contains("flowchart.terminator") && label.to_lowercase().starts_with("end") => Form::End,
        _ => Form::Plain,
    };
    let shape = drawing.shape(&id);
    (shape.label, shape.form, shape.place) = (label, form, at);
    part.leave_rest(LOOKS);
    for (key, value) in wrapped
        .map_or(&[][..], Part::entries)
        .iter()
        .filter(|(key, _)| !["tag", "children", "id", "label"].contains(&key.as_str()))
    {
        shape.more.extend(value.plain().map(|value| format!("{key}: {value}")));
    }
}

/// Words without the tags of HTML.
fn words(value: &str) -> String {
    let mut out = String::new();
    let mut rest = value;
    while let Some(open) = rest.find('<') {
        let (before, from) = rest.split_at(open);
        out.push_str(before);
        if !from.get(1..).is_some_and(|tag| tag.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/')) {
            out.push('<');
            rest = from.get(1..).unwrap_or("");
            continue;
        }
        let tag: String = from.chars().skip(1).take(6).collect::<String>().to_ascii_lowercase();
        let breaks = ["br", "/p", "/div", "div", "p>", "li"].iter().any(|name| tag.starts_with(name));
        out.push_str(if breaks { "\n" } else { "" });
        rest = match from.find('>') {
            Some(end) => from.get(end + 1..).unwrap_or(""),
            None => "",
        };
    }
    out.push_str(rest);
    let plain = entities(&out).replace('\u{a0}', " ");
    plain.lines().map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `&amp;` and its like as characters.
fn entities(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('&') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let name = from.find(';').filter(|end| *end < 12).and_then(|end| from.get(1..end));
        let known = name.and_then(|name| match name {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            "nbsp" => Some(' '),
            _ => {
                let number = name.strip_prefix('#')?;
                let hex = number.strip_prefix(['x', 'X']).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                char::from_u32(hex.or_else(|| number.parse().ok())?)
            }
        });
        match (known, name) {
            (Some(c), Some(name)) => {
                out.push(c);
                rest = from.get(name.len() + 2..).unwrap_or("");
            }
            _ => {
                out.push('&');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out + rest
}

/// An element that is not closed yet.
struct Open {
    fields: Vec<(String, Json)>,
    children: Vec<Json>,
    text: String,
}

/// A file as a tree: each element by its tag, its attributes and its children.
fn parse(text: &str) -> Result<Parsed, (u32, String)> {
    let json = tree(text, &mut Room { parts: MOST, bytes: LONGEST }, 0)?;
    Ok(Parsed { json, lines: Vec::new() })
}

/// How many elements, and how many bytes of packed pages, there may still be.
struct Room {
    parts: usize,
    bytes: usize,
}

fn tree(text: &str, room: &mut Room, level: usize) -> Result<Json, (u32, String)> {
    let line = |at: usize| {
        u32::try_from(text.get(..at).map_or(0, |before| before.matches('\n').count()) + 1).unwrap_or(u32::MAX)
    };
    let mut open: Vec<Open> = vec![Open { fields: Vec::new(), children: Vec::new(), text: String::new() }];
    let mut at = 0;
    while let Some(begun) = text.get(at..).and_then(|rest| rest.find('<')).map(|found| at + found) {
        if let (Some(top), Some(words)) = (open.last_mut(), text.get(at..begun)) {
            top.text.push_str(words.trim());
        }
        let rest = text.get(begun..).unwrap_or("");
        let ends = [("<!--", "-->"), ("<?", "?>"), ("<!", ">")]
            .iter()
            .find(|(sign, _)| rest.starts_with(sign))
            .map_or(">", |(_, end)| end);
        let quoted = if ends == ">" && !rest.starts_with("<!") {
            tag_end(rest)
        } else {
            rest.find(ends).map(|end| end + ends.len() - 1)
        };
        let end = quoted.ok_or_else(|| (line(begun), "a tag is not closed".to_owned()))?;
        let tag = rest.get(1..end).unwrap_or("");
        at = begun + end + 1;
        if room.parts == 0 || open.len() > DEPTH {
            return Err((line(begun), "it has too many parts, or they nest too deep".to_owned()));
        }
        room.parts -= 1;
        if tag.starts_with(['?', '!']) {
            continue;
        }
        if tag.starts_with('/') {
            close(&mut open, room, level)?;
            continue;
        }
        let bare = tag.strip_suffix('/').unwrap_or(tag);
        open.push(Open { fields: attributes(bare), children: Vec::new(), text: String::new() });
        if bare.len() < tag.len() {
            close(&mut open, room, level)?;
        }
    }
    if open.len() != 1 {
        return Err((line(text.len()), "it ends before its last element does".to_owned()));
    }
    let children = open.pop().map(|top| top.children).unwrap_or_default();
    if children.is_empty() {
        return Err((1, "there is no element in it".to_owned()));
    }
    Ok(Json::Map(vec![("tag".to_owned(), Json::text("file")), ("children".to_owned(), Json::List(children))]))
}

fn close(open: &mut Vec<Open>, room: &mut Room, level: usize) -> Result<(), (u32, String)> {
    if open.len() < 2 {
        return Err((1, "an element ends that did not begin".to_owned()));
    }
    let Some(Open { mut fields, mut children, text }) = open.pop() else { return Ok(()) };
    let diagram = fields.first().is_some_and(|(_, tag)| tag.as_text() == Some("diagram"));
    if diagram && children.is_empty() && !text.is_empty() && level == 0 {
        let why = || (1, "a packed page cannot be unpacked, or is too long: save the drawing uncompressed".to_owned());
        let unpacked = unpacked(&text, room.bytes).ok_or_else(why)?;
        room.bytes -= unpacked.len().min(room.bytes);
        children
            .extend(tree(&unpacked, room, 1)?.get("children").map(|inner| inner.items().to_vec()).unwrap_or_default());
    } else if !text.is_empty() {
        fields.push(("words".to_owned(), Json::Text(entities(&text))));
    }
    if !children.is_empty() {
        fields.push(("children".to_owned(), Json::List(children)));
    }
    if let Some(top) = open.last_mut() {
        top.children.push(Json::Map(fields));
    }
    Ok(())
}

/// Where a tag ends: a `>` within quotes is none.
fn tag_end(rest: &str) -> Option<usize> {
    let mut quote = None;
    rest.char_indices().find_map(|(at, c)| {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (None, '"' | '\'') => quote = Some(c),
            (None, '>') => return Some(at),
            _ => {}
        }
        None
    })
}

fn attributes(tag: &str) -> Vec<(String, Json)> {
    let name = tag.split_whitespace().next().unwrap_or("");
    let mut fields = vec![("tag".to_owned(), Json::text(name))];
    let mut known = BTreeSet::from(["tag".to_owned(), "children".to_owned()]);
    let mut rest = tag.get(name.len()..).unwrap_or("");
    while let Some((key, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let Some(quote) = after.chars().next().filter(|c| matches!(c, '"' | '\'')) else { break };
        let Some((value, more)) = after.get(1..).and_then(|inner| inner.split_once(quote)) else { break };
        let key = key.trim().to_owned();
        if known.insert(key.clone()) {
            fields.push((key, Json::Text(entities(value))));
        }
        rest = more;
    }
    fields
}

/// A packed page: base64 of deflated text with `%` escapes.
fn unpacked(text: &str, most: usize) -> Option<String> {
    let (mut bytes, mut held, mut bits) = (Vec::new(), 0_u32, 0_u32);
    for c in text.bytes().filter(|c| !c.is_ascii_whitespace() && *c != b'=') {
        let value = match c {
            b'A'..=b'Z' => c - b'A',
            b'a'..=b'z' => c - b'a' + 26,
            b'0'..=b'9' => c - b'0' + 52,
            b'+' => 62,
            b'/' => 63,
            _ => return None,
        };
        held = (held << 6 | u32::from(value)) & 0xff_ffff;
        bits += 6;
        if bits >= 8 {
            bits -= 8;
            bytes.push(u8::try_from(held >> bits & 0xff).ok()?);
        }
    }
    let escaped = decompress_to_vec_with_limit(&bytes, most).ok()?;
    let (mut out, mut at) = (Vec::with_capacity(escaped.len()), 0);
    while let Some(byte) = escaped.get(at) {
        let hex = (*byte == b'%').then(|| escaped.get(at + 1..at + 3)).flatten();
        let value = hex.and_then(|hex| u8::from_str_radix(std::str::from_utf8(hex).ok()?, 16).ok());
        out.push(value.unwrap_or(*byte));
        at += if value.is_some() { 3 } else { 1 };
    }
    String::from_utf8(out).ok()
}

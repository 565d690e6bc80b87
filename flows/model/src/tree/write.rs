//! Writing JSON in its one canonical form.

use super::Json;

/// How many columns an object or list may take on one line, its indent and key counted.
pub const WIDTH: usize = 100;

/// The canonical text: two-space indent, short values on one line, one newline at the end.
#[must_use]
pub fn canonical(json: &Json) -> String {
    let mut out = String::new();
    write(json, 0, 0, &mut out);
    out.push('\n');
    out
}

/// The shortest text, on one line without spaces: what is sent and hashed.
#[must_use]
pub fn compact(json: &Json) -> String {
    let mut out = String::new();
    write_compact(json, &mut out);
    out
}

/// Writes `json`, whose line has `lead` columns before it.
fn write(json: &Json, indent: usize, lead: usize, out: &mut String) {
    let (open, close, len) = match json {
        Json::List(items) => ('[', ']', items.len()),
        Json::Map(map) => ('{', '}', map.len()),
        _ => return scalar(json, out),
    };
    if len == 0 {
        out.push(open);
        out.push(close);
        return;
    }
    let start = out.len();
    if one_line(json, WIDTH.saturating_sub(lead), out).is_some() {
        return;
    }
    out.truncate(start);
    out.push(open);
    let inner = indent + 2;
    let mut first = true;
    let mut line = |out: &mut String| {
        out.push_str(if first { "\n" } else { ",\n" });
        first = false;
        out.extend(std::iter::repeat_n(' ', inner));
    };
    match json {
        Json::List(items) => {
            for item in items {
                line(out);
                write(item, inner, inner, out);
            }
        }
        Json::Map(map) => {
            for (key, value) in map {
                line(out);
                let from = out.len();
                string(key, out);
                out.push_str(": ");
                let columns = columns(&out[from..]);
                write(value, inner, inner + columns, out);
            }
        }
        _ => {}
    }
    out.push('\n');
    out.extend(std::iter::repeat_n(' ', indent));
    out.push(close);
}

fn columns(text: &str) -> usize {
    text.chars().count()
}

/// Writes on one line if that takes no more than `room` columns; `None` (and rubbish in `out`) where it does not.
fn one_line(json: &Json, room: usize, out: &mut String) -> Option<()> {
    let from = out.len();
    let fits = |out: &String| (out.len() - from <= room || columns(&out[from..]) <= room).then_some(());
    let left = |out: &String| room.saturating_sub(columns(&out[from..]));
    match json {
        Json::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                one_line(item, left(out), out)?;
            }
            out.push(']');
        }
        Json::Map(map) if map.is_empty() => out.push_str("{}"),
        Json::Map(map) => {
            out.push_str("{ ");
            for (i, (key, value)) in map.iter().enumerate() {
                out.push_str(if i > 0 { ", " } else { "" });
                string(key, out);
                out.push_str(": ");
                one_line(value, left(out), out)?;
            }
            out.push_str(" }");
        }
        _ => scalar(json, out),
    }
    fits(out)
}

fn scalar(json: &Json, out: &mut String) {
    match json {
        Json::Bool(true) => out.push_str("true"),
        Json::Bool(false) => out.push_str("false"),
        Json::Number(number) => out.push_str(number.text()),
        Json::Text(text) => string(text, out),
        Json::Null | Json::List(_) | Json::Map(_) => out.push_str("null"),
    }
}

/// Writes a string, escaping only what JSON must.
fn string(text: &str, out: &mut String) {
    out.push('"');
    let mut rest = text;
    while let Some(at) = escaped(rest.as_bytes()) {
        let (plain, from) = rest.split_at(at);
        out.push_str(plain);
        let mut after = from.chars();
        match after.next() {
            Some('"') => out.push_str("\\\""),
            Some('\\') => out.push_str("\\\\"),
            Some('\n') => out.push_str("\\n"),
            Some('\r') => out.push_str("\\r"),
            Some('\t') => out.push_str("\\t"),
            Some('\u{8}') => out.push_str("\\b"),
            Some('\u{c}') => out.push_str("\\f"),
            other => out.push_str(&format!("\\u{:04x}", other.map_or(0, u32::from))),
        }
        rest = after.as_str();
    }
    out.push_str(rest);
    out.push('"');
}

/// Where the first byte stands that must be escaped: no part of a longer character is one.
fn escaped(bytes: &[u8]) -> Option<usize> {
    /// So many bytes are looked at together.
    const TOGETHER: usize = 16;
    let must = |byte: &u8| *byte < 0x20 || *byte == b'"' || *byte == b'\\';
    let blocks = bytes.chunks_exact(TOGETHER);
    let clear = blocks.take_while(|block| !block.iter().fold(false, |any, byte| any | must(byte))).count() * TOGETHER;
    bytes[clear..].iter().position(must).map(|at| clear + at)
}

fn write_compact(json: &Json, out: &mut String) {
    match json {
        Json::List(items) => {
            out.push('[');
            for (i, item) in items.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                write_compact(item, out);
            }
            out.push(']');
        }
        Json::Map(map) => {
            out.push('{');
            for (i, (key, value)) in map.iter().enumerate() {
                out.push_str(if i > 0 { "," } else { "" });
                string(key, out);
                out.push(':');
                write_compact(value, out);
            }
            out.push('}');
        }
        _ => scalar(json, out),
    }
}

//! What the exports write for people in the same words: templates filled in, losses as rows, texts of the document inside
//! of a line, and the calls that somebody has to fill in.

use std::borrow::Cow;
use std::fmt::Write as _;

use flow_model::flow::{Flow, Kind};
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, Value, context};

use crate::bundle::{ExportError, Loss};
use crate::policy::python::{Py, hidden};

/// Fills a template; `more` adds to its filters, which are `line` and `quoted` (a text of YAML in double quotes).
///
/// # Errors
/// A template that does not fit.
pub fn filled(
    file: &str,
    template: &str,
    values: Value,
    more: fn(&mut Environment<'static>),
) -> Result<String, ExportError> {
    let failed = |error: minijinja::Error| ExportError::Template { file: file.to_owned(), why: error.to_string() };
    // Lines that hold a tag alone leave nothing behind.
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).keep_trailing_newline(true).build();
    let mut environment = Environment::new();
    environment.set_syntax(syntax.map_err(failed)?);
    environment.add_filter("line", |text: String| in_prose(&text));
    environment.add_filter("quoted", |text: String| quoted(&text));
    more(&mut environment);
    environment.render_str(template, values).map_err(failed)
}

/// Texts in the places that a piece of code has for them, such as `@CALLS@`: in one go, so that a text of the document that
/// looks like a place is none.
pub fn placed(template: &str, texts: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(template.len());
    let mut rest = template;
    while let Some((at, (place, text))) =
        texts.iter().filter_map(|one| Some((rest.find(one.0)?, one))).min_by_key(|(at, _)| *at)
    {
        let (before, behind) = rest.split_at(at);
        out.push_str(before);
        out.push_str(text);
        rest = behind.strip_prefix(place).unwrap_or_default();
    }
    out + rest
}

/// Losses as a template goes through them.
pub fn rows(losses: &[Loss]) -> Vec<Value> {
    let row = |loss: &Loss| {
        context! {
            node => loss.node.clone(),
            meant => loss.meant.text(),
            written => loss.written.text(),
            why => loss.why.text(),
        }
    };
    losses.iter().map(row).collect()
}

/// A double-quoted scalar of YAML.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c => escape(&mut out, c),
        }
    }
    out.push('"');
    out
}

/// A double-quoted scalar of JSON as one of YAML, which wants more of its signs escaped.
pub fn escaped(quoted: &str) -> Cow<'_, str> {
    // Most is plain: looked at whole, many bytes at a time.
    if !quoted.bytes().fold(false, |odd, byte| odd | !(0x20..0x7f).contains(&byte)) {
        return Cow::Borrowed(quoted);
    }
    let (mut out, mut plain) = (String::with_capacity(quoted.len()), 0);
    for (at, c) in quoted.char_indices().filter(|(_, c)| hidden(*c)) {
        out.push_str(&quoted[plain..at]);
        escape(&mut out, c);
        plain = at + c.len_utf8();
    }
    out.push_str(&quoted[plain..]);
    Cow::Owned(out)
}

fn escape(out: &mut String, c: char) {
    let code = u32::from(c);
    let _ = match code {
        _ if !hidden(c) => write!(out, "{c}"),
        0..=0xff => write!(out, "\\x{code:02X}"),
        0x100..=0xffff => write!(out, "\\u{code:04X}"),
        _ => write!(out, "\\U{code:08X}"),
    };
}

/// A text with one space between its words.
pub fn joined(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A text of the document as one line.
pub fn one_line(text: &str) -> String {
    joined(text).chars().filter(|c| !hidden(*c)).collect()
}

/// A text of the document inside of a line of Markdown: neither a tag nor a link or a picture comes of it.
pub fn in_prose(text: &str) -> String {
    one_line(text).replace('&', "&amp;").replace('<', "&lt;").replace('[', "\\[")
}

/// The tier that is asked when nothing could be decided: where the first handoff of the document leads.
pub fn first_tier(flow: &Flow) -> Option<String> {
    let handoff = flow.nodes.values().find_map(|node| match &node.kind {
        Kind::Handoff(handoff) => Some(handoff.tier.clone()),
        _ => None,
    });
    handoff.or_else(|| flow.tiers.keys().next().cloned())
}

/// What is known of the call `name`, in a sentence that begins with what is `shown` of its name; nothing of one that no
/// flow declares.
pub fn about_call(flows: &[(&str, &Flow)], name: &str, shown: &str) -> Option<String> {
    let call = flows.iter().find_map(|(_, flow)| flow.calls.get(name))?;
    let list = |names: Vec<&str>| if names.is_empty() { "none".to_owned() } else { names.join(", ") };
    Some(format!(
        "{shown}. Inputs: {}; outputs: {}; errors: {}.",
        list(call.inputs.keys().map(String::as_str).collect()),
        list(call.outputs.keys().map(String::as_str).collect()),
        list(call.errors.keys().map(String::as_str).collect()),
    ))
}

/// Seconds that a call of a card may take, no more than `most`, by `flow.card`, as a Python table.
pub fn call_limits(flows: &[(&str, &Flow)], most: Option<i64>) -> Py {
    let of = |(id, flow): &(&str, &Flow)| {
        let (id, nodes) = ((*id).to_owned(), flow.nodes.iter());
        let limit = move |(node, card): (&String, &flow_model::flow::Node)| match &card.kind {
            Kind::Action(action) => {
                let (own, most) = (action.time_limit?, most.map(Into::into));
                Some((format!("{id}.{node}"), Py::Code(most.map_or(own, |most| own.min(most)).to_string())))
            }
            _ => None,
        };
        nodes.filter_map(limit).collect::<Vec<_>>()
    };
    Py::Map(flows.iter().flat_map(of).collect())
}

#[cfg(test)]
mod tests {
    use super::{in_prose, placed};

    #[test]
    fn a_text_that_looks_like_a_place_is_none() {
        assert_eq!(placed("@A@ and @B@, @A@", &[("@A@", "@B@"), ("@B@", "\"@A@\"")]), "@B@ and \"@A@\", @B@");
        assert_eq!(placed("none", &[("@A@", "x")]), "none");
    }

    #[test]
    fn texts_are_no_markup() {
        assert_eq!(in_prose("Q&A\n<b> ![x](http://y)"), "Q&amp;A &lt;b> !\\[x](http://y)");
    }
}

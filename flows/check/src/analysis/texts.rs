//! Every text that somebody hears, with its place.

use std::borrow::Cow;

use flow_model::flow::{Flow, Kind};
use flow_model::template::{Piece, Placeholder, parse};
use flow_model::tree::escape;

/// Who hears a text, and when.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hearer {
    /// The customer, on the way or while the AI waits.
    Customer,
    /// The customer, when a request goes out or is out.
    Waiting,
    /// The person, as a suggestion of what to say.
    Person,
}

/// A text of a node.
#[derive(Debug)]
pub(crate) struct Said<'a> {
    /// The node.
    pub(crate) node: usize,
    /// Pointer of the text.
    pub(crate) path: String,
    /// The text.
    pub(crate) text: &'a str,
    /// Who hears it.
    pub(crate) hearer: Hearer,
    /// Its placeholders.
    pub(crate) values: Vec<Placeholder>,
    /// The words without them.
    pub(crate) plain: Cow<'a, str>,
    /// The same in small letters and with straight apostrophes.
    pub(crate) small: String,
}

/// All texts of the nodes, in the order of the document.
pub(crate) fn said(flow: &Flow) -> Vec<Said<'_>> {
    let mut found = Vec::new();
    for (node, (id, entry)) in flow.nodes.iter().enumerate() {
        let base = format!("/nodes/{}", escape(id));
        texts_of(&entry.kind, &mut |place, text, hearer| {
            let (values, plain) = split(text);
            let small = small(&plain);
            found.push(Said { node, path: [&base, "/", &place].concat(), text, hearer, values, plain, small });
        });
    }
    found
}

fn texts_of<'a>(kind: &'a Kind, say: &mut dyn FnMut(String, &'a str, Hearer)) {
    use Hearer::{Customer, Person, Waiting};
    match kind {
        Kind::Message(n) => say("text".into(), &n.text, Customer),
        Kind::Ask(n) => {
            say("prompt".into(), &n.prompt, Customer);
            if let Some(reprompt) = &n.reprompt {
                say("reprompt".into(), reprompt, Customer);
            }
            for (i, row) in n.idle.iter().enumerate() {
                if let Some(text) = &row.say {
                    say(format!("idle/{i}/say"), text, Customer);
                }
            }
        }
        Kind::Listen(n) => {
            for (i, row) in n.idle.iter().enumerate() {
                if let Some(text) = &row.say {
                    say(format!("idle/{i}/say"), text, Customer);
                }
            }
        }
        Kind::Handoff(n) => {
            if let Some(text) = &n.say {
                say("say".into(), text, Waiting);
            }
            for (i, row) in n.waiting.say.iter().enumerate() {
                say(format!("waiting/say/{i}/text"), &row.text, Waiting);
            }
            if let Some(text) = &n.waiting.else_say {
                say("waiting/else_say".into(), text, Waiting);
            }
            for (i, row) in n.assist.iter().enumerate() {
                if let Some(text) = &row.suggest {
                    say(format!("assist/{i}/suggest"), text, Person);
                }
            }
        }
        _ => {}
    }
}

/// Words in small letters and with straight apostrophes.
pub(crate) fn small(words: &str) -> String {
    let small = words.to_lowercase();
    if small.contains('’') { small.replace('’', "'") } else { small }
}

/// The placeholders of a text, and its words with their fallbacks in their place.
pub(crate) fn split(text: &str) -> (Vec<Placeholder>, Cow<'_, str>) {
    if !text.bytes().any(|byte| matches!(byte, b'{' | b'}')) {
        return (Vec::new(), Cow::Borrowed(text));
    }
    let (mut values, mut plain) = (Vec::new(), String::new());
    for piece in parse(text).0 {
        match piece {
            Piece::Text(words) => plain.push_str(&words),
            Piece::Value(value) => {
                plain.push_str(value.fallback.as_deref().unwrap_or_default());
                values.push(value);
            }
        }
    }
    (values, Cow::Owned(plain))
}

/// The placeholders of a text.
pub(crate) fn placeholders(text: &str) -> Vec<Placeholder> {
    split(text).0
}

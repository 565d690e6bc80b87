//! What topics say: texts with expressions within braces.

use super::fx;
use super::topics::{Build, Scope};
use crate::composer::say::{Cases, Value};
use crate::{Code, Kept, Part};

/// What a part says.
#[derive(Default)]
pub(super) struct Said {
    pub(super) texts: Vec<String>,
    buttons: Vec<String>,
    /// Whether an expression of it could not be said.
    odd: bool,
}

impl Build<'_, '_, '_> {
    /// What an activity, a prompt or a message says: a text, or several to choose from.
    pub(super) fn said(&mut self, part: &Part, scope: &Scope) -> Said {
        let mut said = Said::default();
        let mut raw: Vec<String> = part.as_text().map(str::to_owned).into_iter().collect();
        if let Some(texts) = part.get("text") {
            raw.extend(texts.as_text().map(str::to_owned));
            raw.extend(texts.items().iter().filter_map(Part::plain));
        }
        let words = "what is spoken where the text is shown, and looks of messages";
        part.leave(&["speak", "kind", "attachmentLayout", "inputHint"], words);
        for reply in ["quickReplies", "suggestedActions"].iter().flat_map(|key| part.list(key)) {
            said.buttons.extend(
                reply.as_text().or_else(|| reply.text("text")).or_else(|| reply.text("title")).map(str::to_owned),
            );
            reply.leave(&["kind", "value"], "what buttons send");
        }
        for text in raw {
            let (text, odd) = self.text(&text, scope);
            said.odd |= odd;
            if !text.trim().is_empty() {
                said.texts.push(text);
            }
        }
        said
    }

    /// A text with placeholders of ours, and whether an expression of it stands there as it was written.
    pub(super) fn text(&mut self, theirs: &str, scope: &Scope) -> (String, bool) {
        let escape = |text: &str| text.replace('{', "{{").replace('}', "}}");
        let (mut out, mut rest, mut odd) = (String::new(), theirs, false);
        while let Some(open) = rest.find('{') {
            let (before, from) = rest.split_at(open);
            out.push_str(&escape(before));
            let Some(end) = closing(from) else {
                rest = from;
                break;
            };
            let inner = from.get(1..end).unwrap_or("");
            let topic = self.topic(scope);
            let read = fx::parse(inner).filter(|_| !inner.trim().is_empty());
            let cases = read.and_then(|read| self.tongue(topic).cases(&read));
            match cases.and_then(|cases| placeholder(&cases)) {
                Some(placed) => out.push_str(&placed),
                None => {
                    odd = true;
                    out.push_str(&escape(from.get(..=end).unwrap_or(from)));
                }
            }
            rest = from.get(end + 1..).unwrap_or("");
        }
        out.push_str(&escape(rest));
        (out, odd)
    }

    /// What is told of words beside the first ones.
    pub(super) fn beside(&mut self, part: &Part, id: &str, said: &Said) {
        for other in said.texts.iter().skip(1) {
            self.cards.remark(id, &format!("Also said: {other}"));
        }
        if said.texts.len() > 1 {
            let what = format!("one of {} texts is said there; here it is the first one", said.texts.len());
            self.tell(part, Code::Approximated, &what, Kept::Note(id.to_owned()));
        }
        if !said.buttons.is_empty() {
            self.cards.remark(id, &format!("Buttons: {}", said.buttons.join(" | ")));
            self.tell(part, Code::Approximated, "buttons are kept in words", Kept::Note(id.to_owned()));
        }
        if said.odd {
            let what = "an expression within the text cannot be said here and stands there as it was written";
            self.tell(part, Code::Approximated, what, Kept::Card(id.to_owned()));
        }
    }
}

/// Where the brace that a text begins with is closed; braces within texts in quotes do not count.
fn closing(text: &str) -> Option<usize> {
    let (mut depth, mut quoted) = (0_usize, false);
    for (at, c) in text.char_indices() {
        match c {
            '"' => quoted = !quoted,
            '{' if !quoted => depth += 1,
            '}' if !quoted => {
                depth -= 1;
                if depth == 0 {
                    return Some(at);
                }
            }
            _ => {}
        }
    }
    None
}

/// A value in a text: a name, perhaps with words for when it is unset.
fn placeholder(cases: &Cases) -> Option<String> {
    let plain = |text: &str| text.replace('{', "{{").replace('}', "}}");
    match cases.as_slice() {
        [(_, Value::Name(name, ..))] => Some(format!("{{{name}}}")),
        [(_, Value::Literal(_, _, text))] => Some(plain(text)),
        [(_, Value::Unset)] => Some(String::new()),
        [(guard, Value::Name(name, ..)), (_, other)] => {
            let bare = guard.replace(['(', ')'], "");
            let signs = bare.len() - bare.trim_start_matches('!').len();
            if signs % 2 != 0 || bare.trim_start_matches('!') != format!("has{name}") {
                return None;
            }
            match other {
                Value::Unset => Some(format!("{{{name}}}")),
                Value::Literal(_, _, text) if !text.contains(['{', '}', '|']) => Some(format!("{{{name}|{text}}}")),
                _ => None,
            }
        }
        _ => None,
    }
}

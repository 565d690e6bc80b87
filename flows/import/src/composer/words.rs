//! Texts as they are said: templates looked up, expressions as placeholders.

use super::dialogs::{Build, Scope};
use super::expr::{self, Expr};
use super::lg::{Body, plain};
use super::say::Value;
use crate::Part;

/// How deep templates stand in templates.
const DEPTH: usize = 6;
/// How long a text becomes at most, in characters.
const LONGEST: usize = 8000;
/// How many templates stand in one text at most, those in templates included.
const TEMPLATES: usize = 500;

/// What is said.
#[derive(Default)]
pub(super) struct Said {
    /// One of these.
    pub(super) texts: Vec<String>,
    pub(super) buttons: Vec<String>,
    /// What else belongs to it, such as how it is spoken.
    pub(super) more: Vec<String>,
    /// A template that chooses by itself, as it is written.
    pub(super) other: Option<String>,
}

impl<'b> Build<'b, '_, '_> {
    /// What an action says at a key.
    pub(super) fn said(&mut self, part: &Part, key: &str, scope: &Scope) -> Option<Said> {
        let at = part.get(key)?;
        let raw = at.as_text().or_else(|| at.text("template")).or_else(|| at.text("text"))?.to_owned();
        if raw.trim().is_empty() {
            return None;
        }
        self.templates = 0;
        Some(self.words(&raw, scope, 0))
    }

    /// The template of a name; none where templates stand in templates without measure.
    fn template(&mut self, name: &str, scope: &Scope, depth: usize) -> Option<&'b Body> {
        self.templates += 1;
        let room = depth < DEPTH && self.templates <= TEMPLATES;
        let bot = self.bot;
        room.then(|| bot.templates.get(self.generator(scope), name)).flatten().map(|found| &found.body)
    }

    pub(super) fn words(&mut self, raw: &str, scope: &Scope, depth: usize) -> Said {
        let Some(name) = template(raw) else {
            return Said { texts: vec![self.text(&plain(raw), scope, depth)], ..Said::default() };
        };
        match self.template(&name, scope, depth) {
            None => Said { texts: vec![literal(raw)], ..Said::default() },
            Some(Body::Other(text)) => Said { other: Some(text.clone()), ..Said::default() },
            Some(Body::Texts(texts)) => {
                let mut all = Said::default();
                for text in texts {
                    let one = self.words(text, scope, depth + 1);
                    all.texts.extend(one.texts);
                    all.buttons.extend(one.buttons);
                    all.more.extend(one.more);
                    all.other = all.other.or(one.other);
                }
                all
            }
            Some(Body::Card { text, buttons, more }) => {
                let mut said = self.words(text, scope, depth + 1);
                said.buttons.extend(buttons.iter().map(|button| plain(button)));
                said.more.extend(more.iter().map(|more| plain(more)));
                said
            }
        }
    }

    /// A text with expressions, as ours.
    pub(super) fn text(&mut self, raw: &str, scope: &Scope, depth: usize) -> String {
        let (mut out, mut rest) = (String::new(), raw);
        while let Some(open) = rest.find("${") {
            let (before, from) = rest.split_at(open);
            out.push_str(&braced(before));
            let Some(end) = closing(from) else {
                rest = from;
                break;
            };
            let (whole, after) = from.split_at(end);
            out.push_str(&self.placeholder(whole, scope, depth));
            rest = after;
            if out.len() > LONGEST {
                return format!("{out}…");
            }
        }
        out.push_str(&braced(rest));
        out
    }

    fn placeholder(&mut self, whole: &str, scope: &Scope, depth: usize) -> String {
        if let Some(name) = template(whole)
            && let Some(Body::Texts(texts)) = self.template(&name, scope, depth)
            && let Some(first) = texts.first()
        {
            return self.text(&plain(first), scope, depth + 1);
        }
        let Some(read) = expr::parse(whole) else { return literal(whole) };
        if let Expr::Text(text) = &read {
            return braced(text);
        }
        let mut tongue = self.tongue(scope);
        let name = |value: &Value| match value {
            Value::Name(name, ..) => Some(name.clone()),
            _ => None,
        };
        match tongue.cases(&read).as_deref() {
            Some([(_, value)]) => match (name(value), value) {
                (Some(name), _) => format!("{{{name}}}"),
                (None, Value::Literal(_, _, plain)) => braced(plain),
                _ => literal(whole),
            },
            Some([(_, first), (_, Value::Literal(_, _, plain))]) if matches!(&read, Expr::Call(..)) => {
                match name(first) {
                    Some(name) if !plain.contains(['{', '}', '|']) => format!("{{{name}|{plain}}}"),
                    _ => literal(whole),
                }
            }
            _ => literal(whole),
        }
    }
}

/// `${Name()}` and nothing else: the name of a template.
fn template(raw: &str) -> Option<String> {
    let inner = raw.trim().strip_prefix("${")?.strip_suffix('}')?;
    let (name, given) = inner.split_once('(')?;
    let fine = given.trim_end() == ")" && !name.is_empty();
    (fine && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | '.'))).then(|| name.to_owned())
}

fn braced(text: &str) -> String {
    text.replace('{', "{{").replace('}', "}}")
}

fn literal(text: &str) -> String {
    braced(text)
}

/// Where the `${…}` at the beginning ends.
fn closing(from: &str) -> Option<usize> {
    let (mut depth, mut quote) = (0_usize, None);
    for (at, c) in from.char_indices() {
        match (quote, c) {
            (Some(open), _) if open == c => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') if depth > 0 => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return Some(at + 1);
                }
            }
            _ => {}
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::{closing, template};

    #[test]
    fn expressions_end_where_they_end() {
        assert_eq!(closing("${a} b"), Some(4));
        assert_eq!(closing("${join(x, '}')} b"), Some(15));
        assert_eq!(closing("${open"), None);
        assert_eq!(template(" ${Say_1()} "), Some("Say_1".to_owned()));
        assert_eq!(template("${list(a)}"), None);
        assert_eq!(template("${a} ${b()}"), None);
    }
}

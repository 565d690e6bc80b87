//! What can be written next, for an editor.

use serde::Serialize;

use crate::ast::Span;
use crate::print::quoted;
use crate::token::{Tok, Token, tokens};
use crate::value::{Meaning, Scope, Type, Value};
use crate::words::value_words;

/// Something that can be written.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Completion {
    /// What the list shows.
    pub label: String,
    /// What it is.
    pub detail: String,
    /// What is written.
    pub insert: String,
    /// What it replaces, in UTF-16 units.
    pub replace: Span,
}

/// What may stand at a place.
enum Place {
    /// A name, or another beginning of a condition.
    Condition,
    /// A name alone, in `has(…)`.
    Name,
    /// A value to compare a name with.
    Value(String),
    /// A list, right of `in`.
    List(String),
    /// An operator; with the name that it follows, if that was not compared yet.
    Operator(Option<String>),
    /// Nothing that is known.
    Nothing,
}

/// What can be written at an offset (in UTF-16 units) of a source, the likely first.
#[must_use]
pub fn complete(source: &str, offset: u32, scope: &dyn Scope) -> Vec<Completion> {
    let at = Cursor::new(source, offset);
    let (before, _) = tokens(&at.before);
    let before: Vec<Token> = before.into_iter().filter(|token| token.tok != Tok::End).collect();
    let mut found = Found { at: &at, list: Vec::new() };
    match place(&before) {
        Place::Condition if at.in_text => {}
        Place::Condition => found.condition(scope),
        Place::Name => found.names(scope, &|_| true),
        Place::Value(name) => found.values(scope, &name),
        Place::List(name) => found.lists(scope, &name),
        Place::Operator(name) => found.operators(scope, name.as_deref()),
        Place::Nothing => {}
    }
    found.list
}

/// The text before the place, the word or text that is being written there, and what a completion replaces.
struct Cursor {
    before: String,
    partial: String,
    in_text: bool,
    replace: Span,
}

impl Cursor {
    fn new(source: &str, offset: u32) -> Self {
        let mut units = 0_u32;
        let prefix: String = source
            .chars()
            .take_while(|c| {
                units += if c.len_utf16() == 2 { 2 } else { 1 };
                units <= offset
            })
            .collect();
        let rest = source.get(prefix.len()..).unwrap_or("");
        let (cut, in_text) = match open_quote(&prefix) {
            Some(at) => (at, true),
            None => (prefix.trim_end_matches(|c: char| c.is_ascii_alphanumeric() || c == '_' || c == '.').len(), false),
        };
        let (before, written) = prefix.split_at(cut);
        let closing = in_text && rest.chars().next() == written.chars().next();
        let start = length(before);
        let end = start + length(written) + u32::from(closing);
        let partial = written.trim_start_matches(['"', '\'']).to_lowercase();
        Self { before: before.to_owned(), partial, in_text, replace: Span { start, end } }
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.encode_utf16().count()).unwrap_or(u32::MAX)
}

/// Where the text begins that is still open at the end, if one is.
fn open_quote(prefix: &str) -> Option<usize> {
    let mut open: Option<(usize, char)> = None;
    let mut escaped = false;
    for (at, c) in prefix.char_indices() {
        match open {
            Some(_) if escaped => escaped = false,
            Some(_) if c == '\\' => escaped = true,
            Some((_, quote)) if c == quote => open = None,
            None if c == '"' || c == '\'' => open = Some((at, c)),
            _ => {}
        }
    }
    open.map(|(at, _)| at)
}

fn is_comparison(tok: &Tok) -> bool {
    matches!(tok, Tok::Sign("==" | "!=" | "<" | "<=" | ">" | ">="))
}

fn is_in(tok: &Tok) -> bool {
    matches!(tok, Tok::Word(word) if &**word == "in")
}

/// The dotted name that ends with the last token, and how many tokens stand before it.
fn name_before(before: &[Token]) -> Option<(String, usize)> {
    let mut at = before.len();
    let mut parts = Vec::new();
    while let Some(Tok::Word(word)) = at.checked_sub(1).and_then(|last| before.get(last)).map(|token| &token.tok) {
        parts.push(word.to_string());
        at -= 1;
        match at.checked_sub(1).and_then(|last| before.get(last)).map(|token| &token.tok) {
            Some(Tok::Sign(".")) => at -= 1,
            _ => break,
        }
    }
    parts.reverse();
    (!parts.is_empty()).then(|| (parts.join("."), at))
}

fn place(before: &[Token]) -> Place {
    let Some((last, rest)) = before.split_last() else { return Place::Condition };
    match &last.tok {
        Tok::Sign("(") => match rest.last().map(|token| &token.tok) {
            Some(Tok::Word(word)) if &**word == "has" => Place::Name,
            Some(Tok::Word(_)) => Place::Nothing,
            _ => Place::Condition,
        },
        Tok::Sign("&&" | "||" | "!") => Place::Condition,
        tok if is_comparison(tok) => name_before(rest).map_or(Place::Nothing, |(name, _)| Place::Value(name)),
        tok if is_in(tok) => name_before(rest).map_or(Place::Nothing, |(name, _)| Place::List(name)),
        Tok::Sign("[" | ",") => list_item(rest),
        Tok::Word(word) if matches!(&**word, "true" | "false") => Place::Operator(None),
        Tok::Word(_) => match name_before(before) {
            Some((name, at)) => {
                let compared = at
                    .checked_sub(1)
                    .and_then(|at| before.get(at))
                    .is_some_and(|token| is_comparison(&token.tok) || is_in(&token.tok));
                Place::Operator((!compared).then_some(name))
            }
            None => Place::Operator(None),
        },
        Tok::Number(_) | Tok::Text(_) | Tok::Sign(")" | "]") => Place::Operator(None),
        _ => Place::Nothing,
    }
}

/// In the list right of `name in [`.
fn list_item(before: &[Token]) -> Place {
    let inside = before.iter().rev().take_while(|token| !is_in(&token.tok)).count();
    let Some(name) = before.len().checked_sub(inside + 1).and_then(|at| name_before(before.get(..at)?)) else {
        return Place::Nothing;
    };
    Place::Value(name.0)
}

struct Found<'a> {
    at: &'a Cursor,
    list: Vec<Completion>,
}

impl Found<'_> {
    fn offer(&mut self, label: impl Into<String>, detail: impl Into<String>, insert: impl Into<String>) {
        let label = label.into();
        if label.to_lowercase().trim_matches('"').contains(&self.at.partial) {
            self.list.push(Completion {
                label,
                detail: detail.into(),
                insert: insert.into(),
                replace: self.at.replace,
            });
        }
    }

    fn names(&mut self, scope: &dyn Scope, wanted: &dyn Fn(&Meaning) -> bool) {
        let mut names = scope.names();
        let begins = |name: &String| !name.to_lowercase().starts_with(&self.at.partial);
        names.sort_by_key(begins);
        for name in names {
            if let Some(meaning) = scope.meaning(&name).filter(wanted) {
                self.offer(name.as_str(), described(&meaning), name.as_str());
            }
        }
    }

    fn condition(&mut self, scope: &dyn Scope) {
        self.names(scope, &|meaning| {
            meaning.constant.is_none() && !matches!(meaning.r#type, Type::List(_) | Type::Any)
        });
        self.offer("has(…)", "whether a name has a value", "has(");
        self.names(scope, &|meaning| matches!(meaning.constant, Some(Value::Bool(_))));
        for value in ["true", "false"] {
            self.offer(value, "always or never", value);
        }
    }

    fn values(&mut self, scope: &dyn Scope, name: &str) {
        let Some(meaning) = scope.meaning(name) else { return };
        match &meaning.r#type {
            Type::Enum(values) => {
                for value in values.iter() {
                    self.offer(quoted(value), format!("a value of {name}"), quoted(value));
                }
            }
            Type::Bool => {
                for value in ["true", "false"] {
                    self.offer(value, "a value", value);
                }
            }
            _ => {}
        }
        if !self.at.in_text {
            let family = std::mem::discriminant(&sample(&meaning.r#type));
            let fits =
                |other: &Meaning| other.constant.as_ref().is_some_and(|value| std::mem::discriminant(value) == family);
            self.names(scope, &fits);
        }
    }

    fn lists(&mut self, scope: &dyn Scope, name: &str) {
        if let Some(Meaning { r#type: Type::Enum(values), .. }) = scope.meaning(name)
            && let Some(first) = values.first()
        {
            let insert = format!("[{}]", quoted(first));
            self.offer("[…]", format!("several values of {name}"), insert);
        } else {
            self.offer("[…]", "several values", "[");
        }
        self.names(scope, &|meaning| matches!(meaning.constant, Some(Value::List(_))));
    }

    fn operators(&mut self, scope: &dyn Scope, name: Option<&str>) {
        let ty = name.and_then(|name| scope.meaning(name)).map(|meaning| meaning.r#type);
        let operators: &[(&str, &str)] = match ty {
            Some(Type::Integer { .. } | Type::Number { .. }) => &[
                ("<", "is below"),
                ("<=", "is at most"),
                (">", "is above"),
                (">=", "is at least"),
                ("==", "is"),
                ("!=", "is not"),
                ("in", "is one of"),
            ],
            Some(Type::Enum(_) | Type::Text) => &[("==", "is"), ("!=", "is not"), ("in", "is one of")],
            Some(Type::Bool) | None => &[("&&", "and"), ("||", "or")],
            Some(Type::List(_) | Type::Any) => &[],
        };
        for (sign, words) in operators {
            self.offer(*sign, *words, format!("{sign} "));
        }
    }
}

fn sample(ty: &Type) -> Value {
    match ty {
        Type::Bool => Value::Bool(true),
        Type::Integer { .. } | Type::Number { .. } => Value::Number(crate::decimal::Decimal::ZERO),
        Type::Enum(_) | Type::Text => Value::Text("".into()),
        Type::List(_) | Type::Any => Value::List(Vec::new()),
    }
}

/// A type and its range in a few words.
fn described(meaning: &Meaning) -> String {
    if let Some(value) = &meaning.constant {
        return value_words(value);
    }
    let spread =
        |kind: &str, min: &Option<crate::decimal::Decimal>, max: &Option<crate::decimal::Decimal>| match (min, max) {
            (Some(min), Some(max)) => format!("{kind} from {min} to {max}"),
            (Some(min), None) => format!("{kind} from {min}"),
            (None, Some(max)) => format!("{kind} up to {max}"),
            (None, None) => kind.to_owned(),
        };
    match &meaning.r#type {
        Type::Bool => "true or false".to_owned(),
        Type::Integer { min, max } => spread("whole number", min, max),
        Type::Number { min, max } => spread("number", min, max),
        Type::Enum(values) if values.len() <= 4 => {
            values.iter().map(|value| quoted(value)).collect::<Vec<_>>().join(", ")
        }
        Type::Enum(values) => format!("one of {} values", values.len()),
        Type::Text => "text".to_owned(),
        Type::List(_) => "list".to_owned(),
        Type::Any => "anything".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::complete;
    use crate::testing::Names;

    /// Completes at the `|`.
    fn labels(marked: &str) -> Vec<String> {
        let offset = u32::try_from(marked.split('|').next().unwrap().encode_utf16().count()).unwrap();
        let source = marked.replacen('|', "", 1);
        complete(&source, offset, &Names::sample()).into_iter().map(|completion| completion.label).collect()
    }

    #[test]
    fn offers_what_can_stand_there() {
        assert_eq!(labels("conf|"), ["confidence"]);
        assert_eq!(labels("intent == |"), ["\"fee_dispute\"", "\"request_human\"", "\"cancel\"", "\"none\""]);
        assert_eq!(labels("intent == \"re|\""), ["\"request_human\""]);
        assert_eq!(labels("intent in [\"cancel\", n|]"), ["\"request_human\"", "\"cancel\"", "\"none\""]);
        assert_eq!(labels("flag == |"), ["true", "false"]);
        assert_eq!(labels("confidence < |"), ["const.big", "const.unsure"]);
        assert_eq!(labels("confidence |")[..2], ["<", "<="]);
        assert_eq!(labels("intent |"), ["==", "!=", "in"]);
        assert_eq!(labels("intent in |"), ["[…]", "const.list", "const.wrong"]);
        assert_eq!(labels("turn > 3 |"), ["&&", "||"]);
        assert_eq!(labels("has(slo|"), ["slots.name"]);
        assert!(labels("turn > 3 && |").contains(&"flag".to_owned()));
        assert!(labels("|").contains(&"has(…)".to_owned()));
        assert!(!labels("|").contains(&"reasons".to_owned()));
    }

    #[test]
    fn replaces_what_is_being_written() {
        let source = "intent == \"re\"";
        let found = complete(source, 13, &Names::sample());
        assert_eq!((found[0].replace.start, found[0].replace.end), (10, 14));
        let found = complete("\"😀\" == text && conf", 20, &Names::sample());
        assert_eq!((found[0].replace.start, found[0].replace.end), (16, 20));
    }
}

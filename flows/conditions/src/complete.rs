//! What can be written next, for an editor.

use serde::Serialize;

use crate::ast::{Comparison, Expr, Kind, Span};
use crate::decimal::Decimal;
use crate::print::quoted;
use crate::token::{Tok, Token, tokens};
use crate::types::{Want, check};
use crate::value::{Meaning, Scope, Type, Value};
use crate::words::value_words;

/// What can be asked of a text.
const TESTS: [(&str, &str); 3] = [
    ("startsWith", "whether the text begins with this"),
    ("endsWith", "whether the text ends with this"),
    ("contains", "whether this is in the text"),
];

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
    /// A name or constant to compare a written value with, or to calculate with.
    Operand(Family),
    /// A list, right of `in`.
    List(String),
    /// An operator behind something that was not compared yet.
    Comparison(Operand),
    /// `&&` or `||`.
    Joint,
    /// Nothing that is known.
    Nothing,
}

/// What an operator follows.
enum Operand {
    Name(String),
    Value(Family),
}

/// Types that can be compared with each other.
#[derive(Clone, Copy, PartialEq)]
enum Family {
    Bool,
    Number,
    Text,
    Other,
}

impl Family {
    const fn of(ty: &Type) -> Self {
        match ty {
            Type::Bool => Self::Bool,
            Type::Integer { .. } | Type::Number { .. } => Self::Number,
            Type::Enum(_) | Type::Text => Self::Text,
            Type::List(_) | Type::Any => Self::Other,
        }
    }

    const fn of_value(value: &Value) -> Self {
        match value {
            Value::Bool(_) => Self::Bool,
            Value::Number(_) => Self::Number,
            Value::Text(_) => Self::Text,
            Value::List(_) => Self::Other,
        }
    }
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
        Place::Operand(_) if at.in_text => {}
        Place::Operand(family) => found.operands(scope, family),
        Place::List(name) => found.lists(scope, &name),
        Place::Comparison(operand) => found.comparisons(scope, &operand),
        Place::Joint => found.joints(),
        Place::Nothing => {}
    }
    found.list
}

/// The text before the place, the word or text that is being written there, and what a completion replaces.
struct Cursor {
    before: String,
    written: String,
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
        Self { before: before.to_owned(), written: written.to_owned(), partial, in_text, replace: Span { start, end } }
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

fn is_arithmetic(tok: &Tok) -> bool {
    matches!(tok, Tok::Sign("+" | "-" | "*"))
}

fn place(before: &[Token]) -> Place {
    let Some((last, rest)) = before.split_last() else { return Place::Condition };
    match &last.tok {
        Tok::Sign("(") => opened(rest),
        Tok::Sign("&&" | "||" | "!") => Place::Condition,
        tok if is_comparison(tok) => compared(rest),
        tok if is_in(tok) => name_before(rest).map_or(Place::Nothing, |(name, _)| Place::List(name)),
        tok if is_arithmetic(tok) => Place::Operand(Family::Number),
        Tok::Sign("[" | ",") => list_item(rest),
        Tok::Word(_) | Tok::Number(_) | Tok::Text(_) => behind(before),
        Tok::Sign(")" | "]") => Place::Joint,
        _ => Place::Nothing,
    }
}

/// Behind an opening parenthesis.
fn opened(before: &[Token]) -> Place {
    match before {
        [.., Token { tok: Tok::Word(word), .. }] if &**word == "has" => Place::Name,
        [.., Token { tok: Tok::Sign("."), .. }, Token { tok: Tok::Word(word), .. }] if is_test(word) => {
            Place::Operand(Family::Text)
        }
        [.., Token { tok: Tok::Word(_), .. }] => Place::Nothing,
        _ => Place::Condition,
    }
}

fn is_test(word: &str) -> bool {
    TESTS.iter().any(|(test, _)| *test == word)
}

/// Right of a comparison.
fn compared(before: &[Token]) -> Place {
    let calculated = before.iter().rev().take_while(|token| !is_boundary(&token.tok)).any(|t| is_arithmetic(&t.tok));
    match before.last().map(|token| &token.tok) {
        Some(Tok::Number(_)) => Place::Operand(Family::Number),
        Some(Tok::Text(_)) => Place::Operand(Family::Text),
        Some(Tok::Word(word)) if matches!(&**word, "true" | "false") => Place::Operand(Family::Bool),
        _ if calculated => Place::Operand(Family::Number),
        _ => name_before(before).map_or(Place::Nothing, |(name, _)| Place::Value(name)),
    }
}

fn is_boundary(tok: &Tok) -> bool {
    matches!(tok, Tok::Sign("&&" | "||" | "!" | "(" | "[" | ","))
}

/// Behind an operand: it is compared next, unless it was already.
fn behind(before: &[Token]) -> Place {
    let part: Vec<&Tok> = before.iter().rev().map(|token| &token.tok).take_while(|tok| !is_boundary(tok)).collect();
    if part.iter().any(|tok| is_comparison(tok) || is_in(tok)) {
        return Place::Joint;
    }
    let calculated = part.iter().any(|tok| is_arithmetic(tok));
    match part.first() {
        _ if calculated => Place::Comparison(Operand::Value(Family::Number)),
        Some(Tok::Number(_)) => Place::Comparison(Operand::Value(Family::Number)),
        Some(Tok::Text(_)) => Place::Comparison(Operand::Value(Family::Text)),
        Some(Tok::Word(word)) if matches!(&**word, "true" | "false") => Place::Joint,
        _ => name_before(before).map_or(Place::Joint, |(name, _)| Place::Comparison(Operand::Name(name))),
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
        self.named(scope, &|_, meaning| wanted(meaning));
    }

    fn named(&mut self, scope: &dyn Scope, wanted: &dyn Fn(&str, &Meaning) -> bool) {
        let mut names = scope.names();
        let begins = |name: &String| !name.to_lowercase().starts_with(&self.at.partial);
        names.sort_by_key(begins);
        for name in names {
            if let Some(meaning) = scope.meaning(&name).filter(|meaning| wanted(&name, meaning)) {
                self.offer(name.as_str(), described(&meaning), name.as_str());
            }
        }
    }

    fn condition(&mut self, scope: &dyn Scope) {
        self.names(scope, &|meaning| {
            meaning.constant.is_none() && !matches!(meaning.r#type, Type::List(_) | Type::Any)
        });
        self.tests(scope);
        self.offer("has(…)", "whether a name has a value", "has(");
        self.names(scope, &|meaning| matches!(meaning.constant, Some(Value::Bool(_))));
        if self.at.partial.starts_with("const") {
            self.names(scope, &|meaning| matches!(meaning.constant, Some(Value::Number(_) | Value::Text(_))));
        }
        for value in ["true", "false"] {
            self.offer(value, "always or never", value);
        }
    }

    /// The questions that can be asked of the text whose name stands here already.
    fn tests(&mut self, scope: &dyn Scope) {
        let Some((name, begun)) = self.at.written.rsplit_once('.') else { return };
        if scope.meaning(name).is_none_or(|meaning| Family::of(&meaning.r#type) != Family::Text) {
            return;
        }
        for (test, words) in TESTS {
            if test.to_lowercase().starts_with(&begun.to_lowercase()) {
                self.offer(format!("{name}.{test}(…)"), words, format!("{name}.{test}(\""));
            }
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
        if self.at.in_text {
            return;
        }
        let family = Family::of(&meaning.r#type);
        let can_be = |other: &str, of: &Meaning| {
            of.constant.as_ref().is_some_and(|value| Family::of_value(value) == family) && fits(scope, name, other)
        };
        self.named(scope, &can_be);
        // Comparing two names is exact but not analysed: only where one is asked for.
        if !self.at.partial.is_empty() && !matches!(meaning.r#type, Type::Enum(_)) {
            self.named(scope, &|other, of| of.constant.is_none() && other != name && Family::of(&of.r#type) == family);
        }
    }

    fn operands(&mut self, scope: &dyn Scope, family: Family) {
        self.names(scope, &|of| of.constant.is_none() && Family::of(&of.r#type) == family);
        self.names(scope, &|of| of.constant.as_ref().is_some_and(|value| Family::of_value(value) == family));
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
        self.named(scope, &|list, of| matches!(of.constant, Some(Value::List(_))) && holds(scope, name, list));
    }

    fn comparisons(&mut self, scope: &dyn Scope, operand: &Operand) {
        let family = match operand {
            Operand::Value(family) => Some(*family),
            Operand::Name(name) => scope.meaning(name).map(|meaning| Family::of(&meaning.r#type)),
        };
        let operators: &[(&str, &str)] = match family {
            Some(Family::Number) => &[
                ("<", "is below"),
                ("<=", "is at most"),
                (">", "is above"),
                (">=", "is at least"),
                ("==", "is"),
                ("!=", "is not"),
                ("in", "is one of"),
            ],
            Some(Family::Text) => &[("==", "is"), ("!=", "is not"), ("in", "is one of")],
            Some(Family::Bool) | None => return self.joints(),
            Some(Family::Other) => &[],
        };
        for (sign, words) in operators {
            self.offer(*sign, *words, format!("{sign} "));
        }
    }

    fn joints(&mut self) {
        for (sign, words) in [("&&", "and"), ("||", "or")] {
            self.offer(sign, words, format!("{sign} "));
        }
    }
}

fn expr(kind: Kind) -> Box<Expr> {
    Box::new(Expr::new(kind, Span::default()))
}

/// Whether a name can ever be equal to a constant, or compared with it.
fn fits(scope: &dyn Scope, name: &str, constant: &str) -> bool {
    let (left, right) = (expr(Kind::Name(name.into())), expr(Kind::Name(constant.into())));
    check(&expr(Kind::Compare { op: Comparison::Equal, left, right }), scope, &Want::Condition).is_empty()
}

/// Whether a name can have the values of a list.
fn holds(scope: &dyn Scope, name: &str, list: &str) -> bool {
    let (item, list) = (expr(Kind::Name(name.into())), expr(Kind::Name(list.into())));
    check(&expr(Kind::In { item, list }), scope, &Want::Condition).is_empty()
}

/// A type and its range in a few words.
fn described(meaning: &Meaning) -> String {
    if let Some(value) = &meaning.constant {
        return value_words(value);
    }
    let spread = |kind: &str, min: &Option<Decimal>, max: &Option<Decimal>| match (min, max) {
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
mod tests;

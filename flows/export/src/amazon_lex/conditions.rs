//! Conditions in Lex's words, as far as Lex decides them as meant; the rest become flags that the function sets.
//!
//! What must stay true: a condition that is printed holds exactly when it holds in the flow. Lex compares texts without
//! regard to case, knows attributes as texts alone, and does not evaluate what names an unset attribute; so
//! - every comparison stands behind its own `fn.IS_SET`, which makes it false when unset, under `NOT` and `!=` too;
//! - texts are compared only where the name has a list of values, all plain ASCII, no two the same without their case;
//! - numbers are compared for equality alone, as the texts that the function writes; `<` and its kin are flags;
//! - `has(x)` asks for an attribute of its own, which is there exactly when `x` has a value: `""` is a value too.

use flow_conditions::ast::{Comparison, Expr, Kind};
use flow_conditions::value::{Type, Value};
use flow_model::names::{Name, Names, Role};
use indexmap::IndexSet;

use super::bot::EXPRESSION;
use crate::constants::{constant, constants};

/// What the function must write for a condition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Reads {
    /// Names whose values are read.
    pub values: IndexSet<String>,
    /// Names that are asked whether they have a value.
    pub present: IndexSet<String>,
}

/// Prints conditions of one flow.
pub struct Printer<'a> {
    /// The flow's names.
    pub names: &'a Names,
    /// The attribute that holds the value of a name.
    pub value: &'a dyn Fn(&str) -> String,
    /// The attribute that is there when a name has a value.
    pub present: &'a dyn Fn(&str) -> String,
    /// Whether `<` and its kin are compared as numbers, as Amazon Connect does.
    pub numbers: bool,
}

impl Printer<'_> {
    /// The condition in Lex's words, and what it reads; nothing where Lex would decide otherwise.
    pub fn print(&self, expr: &Expr) -> Option<(String, Reads)> {
        let mut reads = Reads::default();
        let text = self.condition(expr, &mut reads)?;
        (text.encode_utf16().count() <= EXPRESSION).then_some((text, reads))
    }

    fn condition(&self, expr: &Expr, reads: &mut Reads) -> Option<String> {
        match &expr.kind {
            Kind::Name(name) => {
                let bool = matches!(self.name(name)?.meaning.r#type, Type::Bool);
                bool.then(|| self.compared(name, "=", "true", reads))
            }
            Kind::Not(inner) => Some(format!("NOT ({})", self.condition(inner, reads)?)),
            Kind::And(parts) => self.joined(parts, " AND ", reads),
            Kind::Or(parts) => self.joined(parts, " OR ", reads),
            Kind::Has(name) => {
                self.name(name)?;
                reads.present.insert(name.to_string());
                Some(is_set(&(self.present)(name)))
            }
            Kind::Compare { op, left, right } => {
                let sign = match op {
                    Comparison::Equal => "=",
                    Comparison::NotEqual => "!=",
                    Comparison::Less | Comparison::AtMost | Comparison::Greater | Comparison::AtLeast => {
                        if !self.numbers {
                            return None;
                        }
                        "<"
                    }
                };
                let (name, other) = match (&left.kind, &right.kind) {
                    (Kind::Name(name), _) if self.constant(left).is_none() => (name, right),
                    (_, Kind::Name(name)) => (name, left),
                    _ => return None,
                };
                let constant = self.written(name, &self.constant(other)?)?;
                Some(self.compared(name, sign, &constant, reads))
            }
            Kind::In { item, list } => {
                let Kind::Name(name) = &item.kind else { return None };
                self.one_of(name, &constants(list, &known(self.names))?, reads)
            }
            Kind::Literal(_)
            | Kind::List(_)
            | Kind::Call { .. }
            | Kind::Negate(_)
            | Kind::Test { .. }
            | Kind::Arithmetic { .. }
            | Kind::Broken => None,
        }
    }

    fn joined(&self, parts: &[Expr], word: &str, reads: &mut Reads) -> Option<String> {
        let parts: Option<Vec<String>> = parts.iter().map(|part| self.condition(part, reads)).collect();
        Some(format!("({})", parts?.join(word)))
    }

    fn one_of(&self, name: &str, values: &[Value], reads: &mut Reads) -> Option<String> {
        let written: Option<Vec<String>> = values.iter().map(|value| self.written(name, value)).collect();
        let attribute = (self.value)(name);
        let each: Vec<String> = written?.iter().map(|text| format!("[{attribute}] = \"{text}\"")).collect();
        if each.is_empty() {
            return None;
        }
        reads.values.insert(name.to_owned());
        Some(format!("({} AND ({}))", is_set(&attribute), each.join(" OR ")))
    }

    fn compared(&self, name: &str, sign: &str, constant: &str, reads: &mut Reads) -> String {
        reads.values.insert(name.to_owned());
        let attribute = (self.value)(name);
        format!("({} AND [{attribute}] {sign} \"{constant}\")", is_set(&attribute))
    }

    /// A name that the function can write down where the flow stands now.
    fn name(&self, name: &str) -> Option<&Name> {
        let known = self.names.get(name)?;
        let here = !known.role.row_only() && !known.role.payload_only() && known.meaning.constant.is_none();
        (here && !matches!(known.role, Role::Score(_))).then_some(known)
    }

    fn constant(&self, expr: &Expr) -> Option<Value> {
        constant(expr, &known(self.names))
    }

    /// A constant as the function writes a value of that name, if comparing with it decides as meant.
    fn written(&self, name: &str, constant: &Value) -> Option<String> {
        match (&self.name(name)?.meaning.r#type, constant) {
            (Type::Bool, Value::Bool(b)) => Some(b.to_string()),
            (Type::Number { .. } | Type::Integer { .. }, Value::Number(n)) => Some(n.to_string()),
            (Type::Enum(values), Value::Text(text)) => {
                apart(values.iter().map(AsRef::as_ref)).then(|| text.to_string()).filter(|text| is_plain(text))
            }
            _ => None,
        }
    }
}

/// A constant of a flow, by its name.
pub fn known<'a>(names: &'a Names) -> impl Fn(&str) -> Option<Value> + 'a {
    |name| names.get(name)?.meaning.constant.clone()
}

/// Whether Lex tells these texts apart.
pub fn apart<'a>(values: impl Iterator<Item = &'a str>) -> bool {
    let mut seen: Vec<String> = Vec::new();
    for value in values {
        let folded = value.to_ascii_lowercase();
        if !is_plain(value) || seen.contains(&folded) {
            return false;
        }
        seen.push(folded);
    }
    true
}

/// Whether a text can stand in Lex's quotes and is compared as it stands.
pub fn is_plain(text: &str) -> bool {
    let odd = |c: char| !(c.is_ascii_graphic() || c == ' ') || matches!(c, '"' | '\\' | '[' | ']' | '{' | '}' | '$');
    !text.is_empty() && text.trim() == text && !text.chars().any(odd)
}

/// An attribute is there.
pub fn is_set(attribute: &str) -> String {
    format!("fn.IS_SET([{attribute}])")
}

/// An attribute has this value.
pub fn is(attribute: &str, value: &str) -> String {
    format!("({} AND [{attribute}] = \"{value}\")", is_set(attribute))
}

#[cfg(test)]
mod tests {
    use flow_conditions::parse::parse;

    use super::*;

    fn printed(source: &str) -> Option<String> {
        let text = r#"{"format":"handoff-flow/1","id":"f","constants":{"low":{"value":0.5},"some":{"value":["a","b"]}},
            "intents":{"fee":{},"help":{}},"tiers":{"t":{}},
            "signals":{"tier":{"type":"enum","values":["gold","vip"]},"odd":{"type":"enum","values":["Vip","vip"]},
                "far":{"type":"enum","values":["größe","b"]},"big":{"type":"bool"},"n":{"type":"integer"},"t":{"type":"text"}},
            "nodes":{"start":{"kind":"start"}}}"#;
        let flow = flow_model::document::read(text).unwrap().flow;
        let names = Names::of(&flow);
        let printer = Printer {
            names: &names,
            value: &|name| format!("v_{}", name.replace('.', "_")),
            present: &|name| format!("has_{}", name.replace('.', "_")),
            numbers: false,
        };
        printer.print(&parse(source).expr).map(|(text, _)| text)
    }

    #[test]
    fn what_lex_decides_as_meant_is_printed_with_guards() {
        for (source, expected) in [
            ("tier == \"gold\"", r#"(fn.IS_SET([v_tier]) AND [v_tier] = "gold")"#),
            ("\"gold\" != tier", r#"(fn.IS_SET([v_tier]) AND [v_tier] != "gold")"#),
            ("!(tier == \"gold\")", r#"NOT ((fn.IS_SET([v_tier]) AND [v_tier] = "gold"))"#),
            ("big", r#"(fn.IS_SET([v_big]) AND [v_big] = "true")"#),
            ("nlu.ok == false", r#"(fn.IS_SET([v_nlu_ok]) AND [v_nlu_ok] = "false")"#),
            ("n == -3", r#"(fn.IS_SET([v_n]) AND [v_n] = "-3")"#),
            ("confidence == const.low", r#"(fn.IS_SET([v_confidence]) AND [v_confidence] = "0.5")"#),
            ("has(t)", "fn.IS_SET([has_t])"),
            (
                "intent in [\"fee\", \"none\"]",
                r#"(fn.IS_SET([v_intent]) AND ([v_intent] = "fee" OR [v_intent] = "none"))"#,
            ),
            (
                "big || has(t) && !big",
                r#"((fn.IS_SET([v_big]) AND [v_big] = "true") OR (fn.IS_SET([has_t]) AND NOT ((fn.IS_SET([v_big]) AND [v_big] = "true"))))"#,
            ),
        ] {
            assert_eq!(printed(source).as_deref(), Some(expected), "{source}");
        }
    }

    #[test]
    fn what_lex_would_decide_otherwise_is_left_to_the_function() {
        for source in [
            "odd == \"vip\"",
            "far == \"b\"",
            "t == \"x\"",
            "t.contains(\"x\")",
            "n < 3",
            "n + 1 == 3",
            "confidence > const.low",
            "true",
            "n == turn",
            "tier in []",
            "big && t == \"x\"",
        ] {
            assert_eq!(printed(source), None, "{source}");
        }
        let long = vec!["tier == \"gold\""; 40].join(" || ");
        assert_eq!(printed(&long), None, "too long for Lex");
    }
}

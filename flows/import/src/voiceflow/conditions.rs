//! Conditions and what is set: expressions as trees, as Voiceflow has them.

use flow_model::tree::Json;

use super::nodes::Build;
use crate::conditions::{self, Said};
use crate::{Part, Value};

/// How deep an expression nests at most.
const DEPTH: usize = 24;

/// One side of a comparison.
enum Side {
    Slot(String),
    Number(String),
    Text(String),
}

impl<'s> Build<'_, '_, 's> {
    /// An expression of an `if` as a condition.
    pub(super) fn holds(&mut self, part: &'s Part, depth: usize) -> Said {
        if depth > DEPTH {
            return Err("it nests too deep".to_owned());
        }
        let list: Vec<&'s Part> = part.list("value").iter().collect();
        let kind = part.get("type").and_then(Part::plain).unwrap_or_default();
        part.leave(&["depth", "logicInterface", "name", "id"], "how expressions are shown");
        match (kind.as_str(), list.as_slice()) {
            ("and" | "" | "or", [_, ..]) => {
                let parts = list.iter().map(|inner| self.holds(inner, depth + 1)).collect::<Result<Vec<_>, _>>()?;
                Ok(if kind == "or" { conditions::any(&parts) } else { conditions::all(&parts) })
            }
            ("not", _) => {
                let inner = part.get("value").ok_or("nothing to deny")?;
                Ok(conditions::not(&self.holds(inner, depth + 1)?))
            }
            ("has_value" | "is_empty", [left, ..]) => match (self.side(left)?, kind.as_str()) {
                (Side::Slot(slot), "has_value") => Ok(format!("has(slots.{slot})")),
                (Side::Slot(slot), _) => Ok(format!("!has(slots.{slot})")),
                _ => Err("no variable to look at".to_owned()),
            },
            ("advance" | "expression" | "prompt", _) => Err("it is computed by the other tool".to_owned()),
            (_, [left, right]) => {
                let (left, right) = (self.side(left)?, self.side(right)?);
                self.compared(&kind, left, right)
            }
            _ => Err(format!("what {kind} means here is not known")),
        }
    }

    fn compared(&mut self, kind: &str, left: Side, right: Side) -> Said {
        let sign = match kind {
            "equals" | "is" | "==" => "==",
            "not_equal" | "is_not" => "!=",
            "greater" | "greater_than" => ">",
            "less" | "less_than" => "<",
            "greater_or_equal" => ">=",
            "less_or_equal" => "<=",
            "contains" | "not_contain" | "not_contains" | "starts_with" | "ends_with" => {
                let (Side::Slot(slot), Side::Text(text) | Side::Number(text)) = (left, right) else {
                    return Err(format!("{kind} of two variables"));
                };
                self.draft.wants(&slot, "text");
                let method = match kind {
                    "starts_with" => "startsWith",
                    "ends_with" => "endsWith",
                    _ => "contains",
                };
                let said = format!("slots.{slot}.{method}({})", conditions::text(&text));
                return Ok(if kind.starts_with("not") { conditions::not(&said) } else { said });
            }
            _ => return Err(format!("what {kind} means here is not known")),
        };
        let number =
            matches!((&left, &right), (Side::Number(_), _) | (_, Side::Number(_))) || !["==", "!="].contains(&sign);
        for side in [&left, &right] {
            if let Side::Slot(slot) = side {
                self.draft.wants(slot, if number { "number" } else { "text" });
            }
        }
        let written = |side: &Side| match side {
            Side::Slot(slot) => format!("slots.{slot}"),
            Side::Number(number) => number.clone(),
            Side::Text(text) => conditions::text(text),
        };
        match (&left, &right) {
            (Side::Slot(_), _) | (_, Side::Slot(_)) => {}
            _ => return Err("two values and no variable".to_owned()),
        }
        // A variable without a value differs from every value there.
        Ok(match sign {
            "!=" => conditions::not(&format!("{} == {}", written(&left), written(&right))),
            _ => format!("{} {sign} {}", written(&left), written(&right)),
        })
    }

    fn side(&mut self, part: &'s Part) -> Result<Side, String> {
        let plain = |text: String| match conditions::number(&text) {
            Some(number) => Side::Number(number),
            None => Side::Text(text),
        };
        if let Some(text) = part.plain() {
            return Ok(plain(text));
        }
        let kind = part.get("type").and_then(Part::plain).unwrap_or_default();
        part.leave(&["depth", "logicInterface", "name", "id"], "how expressions are shown");
        let value = part.get("value").and_then(Part::plain);
        match (kind.as_str(), value) {
            ("variable", Some(name)) => Ok(Side::Slot(self.vocabulary.slot(self.draft, &name))),
            ("value", Some(text)) => Ok(match text.strip_prefix('"').and_then(|text| text.strip_suffix('"')) {
                Some(text) => Side::Text(text.to_owned()),
                None => plain(text),
            }),
            (_, value) => Err(format!("{} is computed by the other tool", value.unwrap_or(kind))),
        }
    }

    /// The slots that a step sets, and what of it is only kept in words.
    pub(super) fn sets(&mut self, data: &'s Part) -> (Vec<(String, Json)>, Vec<String>) {
        let (mut assign, mut words): (Vec<(String, Json)>, Vec<String>) = Default::default();
        for set in data.list("sets").iter().chain(data.list("items")) {
            let Some(name) = set.text("variable").or_else(|| set.text("variableID")).map(str::to_owned) else {
                continue;
            };
            let slot = self.vocabulary.slot(self.draft, &name);
            set.leave(&["id", "type", "mode"], "ids of what is set");
            let value = set.get("expression").or_else(|| set.get("value"));
            match value.map(|value| self.expression(value, 0)) {
                None => assign.push((slot, Json::Null)),
                Some(Ok((written, kind))) => {
                    self.draft.wants(&slot, kind);
                    assign.push((slot, Json::Text(written)));
                }
                Some(Err(theirs)) => words.push(format!("{name} = {theirs}")),
            }
        }
        (assign, words)
    }

    /// An expression with its type; what it is in words where it cannot be said.
    fn expression(&mut self, part: &'s Part, depth: usize) -> Result<(String, &'static str), String> {
        let odd = |part: &Part| flow_model::tree::compact(&part.take());
        if depth > DEPTH {
            return Err(odd(part));
        }
        match part.value() {
            Value::Scalar(_) => {
                let text = part.plain().unwrap_or_default();
                return self.plain(&text).ok_or(text);
            }
            Value::List(_) => {
                let text = self.words(part);
                return if text.contains('{') { Err(text) } else { self.plain(&text).ok_or(text) };
            }
            Value::Map(_) => {}
        }
        let kind = part.get("type").and_then(Part::plain).unwrap_or_default();
        part.leave(&["depth"], "how expressions are shown");
        let sign = match kind.as_str() {
            "plus" => "+",
            "minus" => "-",
            "times" => "*",
            _ => "",
        };
        let sides: Vec<&'s Part> = part.list("value").iter().collect();
        match (sides.as_slice(), part.get("value").and_then(Part::plain)) {
            ([left, right], _) if !sign.is_empty() => {
                let (left, _) = self.expression(left, depth + 1)?;
                let (right, _) = self.expression(right, depth + 1)?;
                Ok((format!("({left} {sign} {right})"), "number"))
            }
            (_, Some(name)) if kind == "variable" => {
                let slot = self.vocabulary.slot(self.draft, &name);
                let kind = self.draft.kind_of(&slot);
                Ok((format!("slots.{slot}"), kind))
            }
            (_, Some(text)) if kind == "value" => self.plain(&text).ok_or(text),
            _ => Err(odd(part)),
        }
    }

    /// A value as it is typed: a number, words, or one variable with perhaps a number added.
    fn plain(&mut self, text: &str) -> Option<(String, &'static str)> {
        let text = text.trim();
        if let Some(number) = conditions::number(text) {
            return Some((number, "number"));
        }
        if let Some(rest) = text.strip_prefix('{') {
            let (name, after) = match rest.strip_prefix("{[") {
                Some(rest) => (rest.split(']').next()?, rest.split_once("}}")?.1),
                None => rest.split_once('}')?,
            };
            let slot = self.vocabulary.slot(self.draft, name.trim());
            let after = after.trim();
            if after.is_empty() {
                let kind = self.draft.kind_of(&slot);
                return Some((format!("slots.{slot}"), kind));
            }
            let sign = after.chars().next().filter(|sign| ['+', '-', '*'].contains(sign))?;
            let number = conditions::number(after.get(1..)?)?;
            self.draft.wants(&slot, "number");
            return Some((format!("slots.{slot} {sign} {number}"), "number"));
        }
        let quoted = text.strip_prefix('"').and_then(|text| text.strip_suffix('"'));
        match quoted {
            Some(inner) => Some((conditions::text(inner), "text")),
            None if text.contains(['{', '`', '(']) => None,
            None => Some((conditions::text(text), "text")),
        }
    }
}

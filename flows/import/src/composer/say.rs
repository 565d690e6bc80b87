//! Adaptive expressions as our conditions, values and placeholders.

use std::collections::BTreeMap;

use flow_model::tree::Json;

use super::expr::{self, Expr};
use crate::Draft;
use crate::conditions::{all, any, not, number, text};

/// How many cases of one value are told apart.
const CASES: usize = 8;

/// What is known of the properties of a bot before its dialogs are read.
#[derive(Debug, Default)]
pub(crate) struct Properties {
    /// The type that a question gives a property, by slot.
    pub(crate) kinds: BTreeMap<String, &'static str>,
    /// The slot that an entity fills where it is not one of its own, by entity in lower case.
    pub(crate) entities: BTreeMap<String, String>,
}

/// A value.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Unset,
    /// A literal: its type, how it is written, and its plain words.
    Literal(&'static str, String, String),
    /// A name as it is written, its type where that is fixed, and its slot where it is one.
    Name(String, Option<&'static str>, Option<String>),
    /// A sum of numbers.
    Sum(String),
}

impl Value {
    /// How it is written.
    pub(crate) fn written(&self) -> Option<&str> {
        match self {
            Self::Unset => None,
            Self::Literal(_, written, _) | Self::Name(written, ..) | Self::Sum(written) => Some(written),
        }
    }

    /// A text as a literal.
    pub(crate) fn of_text(plain: &str) -> Self {
        Self::Literal("text", text(plain), plain.to_owned())
    }

    /// The value of a slot.
    pub(crate) fn of_slot(slot: String) -> Self {
        Self::Name(format!("slots.{slot}"), None, Some(slot))
    }

    /// Its type, where that is known.
    pub(crate) fn kind(&self, known: &Properties) -> Option<&'static str> {
        match self {
            Self::Unset => None,
            Self::Literal(kind, ..) => Some(kind),
            Self::Name(_, kind, slot) => kind.or_else(|| known.kinds.get(slot.as_ref()?).copied()),
            Self::Sum(_) => Some("number"),
        }
    }
}

/// Values with the condition of each: the first that holds counts; the last one always does.
pub(crate) type Cases = Vec<(String, Value)>;

/// What turns expressions into our language, within one dialog.
pub(crate) struct Tongue<'d> {
    pub(crate) draft: &'d mut Draft,
    pub(crate) known: &'d Properties,
    pub(crate) dialog: &'d str,
    /// The intent that is known to be the customer's.
    pub(crate) given: Option<&'d str>,
}

const ALWAYS: &str = "true";

/// Both hold; what always holds is not said.
fn both(one: &str, other: &str) -> String {
    let parts: Vec<String> =
        [one, other].iter().filter(|part| **part != ALWAYS).map(|part| (*part).to_owned()).collect();
    all(&parts)
}

impl Tongue<'_> {
    /// The slot of a property.
    pub(crate) fn slot(&mut self, path: &str) -> String {
        let path = expr::normal(path);
        match path.strip_prefix("dialog.") {
            Some(rest) => self.draft.slot(&format!("{}.{rest}", self.dialog)),
            None => self.draft.slot(&path),
        }
    }

    /// The slot that an entity fills.
    pub(crate) fn entity(&mut self, name: &str) -> String {
        if let Some(slot) = self.known.entities.get(&name.to_ascii_lowercase()) {
            return slot.clone();
        }
        let slot = self.draft.slot(name);
        if let Some(entry) = self.draft.known("slots", &slot)
            && entry.get("entity").is_none()
        {
            entry.set("entity", Json::text(name));
        }
        slot
    }

    fn path(&mut self, path: &str) -> Option<Value> {
        let fixed = |name: &str, kind| Some(Value::Name(name.to_owned(), Some(kind), None));
        let low = path.to_ascii_lowercase();
        match low.as_str() {
            "turn.recognized.score" | "turn.recognized.confidence" => return fixed("confidence", "number"),
            "turn.recognized.intent" => return fixed("intent", "text"),
            "turn.recognized.text" | "turn.activity.text" => return fixed("text", "text"),
            "turn.recognized.sentiment.score" | "turn.recognized.sentiment" => return fixed("sentiment", "number"),
            "turn.activity.channelid" => return fixed("channel", "text"),
            _ => {}
        }
        if let Some(entity) = low.strip_prefix("turn.recognized.entities.") {
            let entity = path.get(path.len() - entity.len()..)?;
            let slot = self.entity(entity.split('.').next().unwrap_or(entity));
            return Some(Value::of_slot(slot));
        }
        let scope = low.split('.').next().unwrap_or("");
        let foreign = ["settings", "this", "class", "dialogclass", "dialogcontext"].contains(&scope)
            || ["turn.activity", "turn.recognized", "turn.dialogevent", "dialog.foreach"]
                .iter()
                .any(|p| low.starts_with(p));
        (!foreign && low.contains('.')).then(|| Value::of_slot(self.slot(path)))
    }

    /// The values that an expression can have.
    pub(crate) fn cases(&mut self, expr: &Expr) -> Option<Cases> {
        let one = |value| Some(vec![(ALWAYS.to_owned(), value)]);
        match expr {
            Expr::Null => one(Value::Unset),
            Expr::Bool(flag) => one(Value::Literal("bool", flag.to_string(), flag.to_string())),
            Expr::Number(plain) => one(Value::Literal("number", number(plain)?, plain.clone())),
            Expr::Text(plain) => one(Value::of_text(plain)),
            Expr::Path(path) => one(self.path(path)?),
            Expr::Entity(name) => {
                let slot = self.entity(name.split('.').next().unwrap_or(name));
                one(Value::of_slot(slot))
            }
            Expr::Call(name, given) => self.call_cases(name, given),
            Expr::Op(operator @ ("+" | "-" | "*"), left, right) => {
                let (left, right) = (self.cases(left)?, self.cases(right)?);
                self.product(&left, &right, |tongue, a, b| tongue.sum(operator, a, b))
            }
            _ => None,
        }
    }

    fn call_cases(&mut self, name: &str, given: &[Expr]) -> Option<Cases> {
        match (name.to_ascii_lowercase().as_str(), given) {
            ("coalesce", [.., _]) => {
                let mut found = Cases::new();
                for (at, one) in given.iter().enumerate() {
                    for (guard, value) in self.cases(one)? {
                        let guard = match &value {
                            Value::Unset if at + 1 < given.len() => continue,
                            Value::Name(name, ..) if at + 1 < given.len() => both(&guard, &format!("has({name})")),
                            _ => guard,
                        };
                        found.push((guard, value));
                    }
                }
                (found.len() <= CASES).then_some(found)
            }
            ("if", [when, yes, no]) => {
                let when = self.holds(when)?;
                let yes = self.cases(yes)?.into_iter().map(|(guard, value)| (both(&when, &guard), value));
                let found: Cases = yes.chain(self.cases(no)?).collect();
                (found.len() <= CASES).then_some(found)
            }
            ("string" | "int" | "float" | "trim" | "bool", [only]) => self.cases(only),
            ("add", [a, b]) => self.cases(&Expr::Op("+", Box::new(a.clone()), Box::new(b.clone()))),
            ("sub", [a, b]) => self.cases(&Expr::Op("-", Box::new(a.clone()), Box::new(b.clone()))),
            _ => None,
        }
    }

    fn product<T>(
        &mut self,
        left: &Cases,
        right: &Cases,
        join: impl Fn(&mut Self, &Value, &Value) -> Option<T>,
    ) -> Option<Vec<(String, T)>> {
        if left.len() * right.len() > CASES {
            return None;
        }
        let mut found = Vec::new();
        for (guard, a) in left {
            for (other, b) in right {
                found.push((both(guard, other), join(self, a, b)?));
            }
        }
        Some(found)
    }

    fn sum(&mut self, operator: &str, a: &Value, b: &Value) -> Option<Value> {
        let text = [a, b].iter().any(|value| value.kind(self.known).is_some_and(|kind| kind != "number"));
        if text || (operator == "*" && !matches!((a, b), (Value::Literal(..), _) | (_, Value::Literal(..)))) {
            return None;
        }
        self.used_as(a, "number");
        self.used_as(b, "number");
        Some(Value::Sum(format!("({} {operator} {})", a.written()?, b.written()?)))
    }

    /// A slot is used as a value of a type.
    pub(crate) fn used_as(&mut self, value: &Value, kind: &'static str) {
        if let Value::Name(_, _, Some(slot)) = value
            && !self.known.kinds.contains_key(slot)
        {
            self.draft.wants(slot, kind);
        }
    }

    /// A literal as the type of what it meets: texts that are numbers or say yes and no are not texts there.
    pub(crate) fn fit(&self, value: &Value, kind: Option<&'static str>) -> Value {
        let Value::Literal("text", _, plain) = value else { return value.clone() };
        let low = plain.trim().to_ascii_lowercase();
        match kind {
            Some("number" | "integer") => match number(&low) {
                Some(written) => Value::Literal("number", written, low),
                None => value.clone(),
            },
            Some("bool") if ["true", "yes"].contains(&low.as_str()) => Value::Literal("bool", "true".to_owned(), low),
            Some("bool") if ["false", "no"].contains(&low.as_str()) => Value::Literal("bool", "false".to_owned(), low),
            _ => value.clone(),
        }
    }

    /// An expression as a condition.
    pub(crate) fn holds(&mut self, expr: &Expr) -> Option<String> {
        match expr {
            Expr::Bool(flag) => Some(flag.to_string()),
            Expr::Not(inner) => Some(not(&self.holds(inner)?)),
            Expr::Intent(name, false) => Some(format!("intent == {}", text(&self.draft.intent(name)))),
            Expr::Op("&&", left, right) => Some(all(&[self.holds(left)?, self.holds(right)?])),
            Expr::Op("||", left, right) => Some(any(&[self.holds(left)?, self.holds(right)?])),
            Expr::Op(operator @ ("==" | "!=" | "<" | "<=" | ">" | ">="), left, right) => {
                self.compare(operator, left, right)
            }
            Expr::Call(name, given) => self.call_holds(name, given),
            Expr::Entity(_) => {
                let (_, value) = self.cases(expr)?.pop()?;
                Some(format!("has({})", value.written()?))
            }
            Expr::Path(path) => {
                let value = self.path(path)?;
                match value.kind(self.known) {
                    Some("bool") | None => {
                        self.used_as(&value, "bool");
                        Some(value.written()?.to_owned())
                    }
                    Some(_) => Some(format!("has({})", value.written()?)),
                }
            }
            _ => None,
        }
    }

    fn call_holds(&mut self, name: &str, given: &[Expr]) -> Option<String> {
        let op = |operator, a: &Expr, b: &Expr| Expr::Op(operator, Box::new(a.clone()), Box::new(b.clone()));
        match (name.to_ascii_lowercase().as_str(), given) {
            ("not", [only]) => Some(not(&self.holds(only)?)),
            ("and", [_, ..]) => Some(all(&given.iter().map(|one| self.holds(one)).collect::<Option<Vec<_>>>()?)),
            ("or", [_, ..]) => Some(any(&given.iter().map(|one| self.holds(one)).collect::<Option<Vec<_>>>()?)),
            ("exists", [only]) => self.compare("!=", only, &Expr::Null),
            ("empty", [only]) => {
                let empty = self.compare("==", only, &Expr::Text(String::new()))?;
                Some(any(&[self.compare("==", only, &Expr::Null)?, empty]))
            }
            ("equals", [a, b]) => self.holds(&op("==", a, b)),
            ("greater", [a, b]) => self.holds(&op(">", a, b)),
            ("greaterorequals", [a, b]) => self.holds(&op(">=", a, b)),
            ("less", [a, b]) => self.holds(&op("<", a, b)),
            ("lessorequals", [a, b]) => self.holds(&op("<=", a, b)),
            (what @ ("contains" | "startswith" | "endswith"), [place, Expr::Text(part)]) => {
                let cases = self.cases(place)?;
                let [(_, value @ Value::Name(..))] = cases.as_slice() else { return None };
                let value = value.clone();
                self.used_as(&value, "text");
                let what = what.replace("swith", "sWith");
                Some(format!("{}.{what}({})", value.written()?, text(part)))
            }
            ("bool", [only]) => self.holds(only),
            _ => None,
        }
    }

    fn compare(&mut self, operator: &str, left: &Expr, right: &Expr) -> Option<String> {
        if let Expr::Intent(name, true) = left {
            let right = self.cases(right)?;
            let [(_, limit)] = right.as_slice() else { return None };
            let intent = format!("intent == {}", text(&self.draft.intent(name)));
            let score = format!("confidence {operator} {}", limit.written()?);
            if self.given == Some(name.as_str()) {
                return Some(score);
            }
            return Some(match operator {
                "<" | "<=" | "!=" => any(&[not(&intent), score]),
                _ => all(&[intent, score]),
            });
        }
        let (left, right) = (self.cases(left)?, self.cases(right)?);
        let rows = self.product(&left, &right, |tongue, a, b| tongue.meets(operator, a, b))?;
        let mut before: Vec<String> = Vec::new();
        let mut found = Vec::new();
        for (guard, row) in rows {
            let mut parts: Vec<String> = before.iter().map(|guard| not(guard)).collect();
            parts.extend((guard != ALWAYS).then(|| guard.clone()));
            parts.push(row);
            found.push(all(&parts));
            before.push(guard);
        }
        Some(any(&found))
    }

    fn meets(&mut self, operator: &str, a: &Value, b: &Value) -> Option<String> {
        let has = |value: &Value| match value {
            Value::Name(name, ..) => Some(format!("has({name})")),
            Value::Unset => Some("false".to_owned()),
            _ => Some("true".to_owned()),
        };
        match (operator, a, b) {
            ("==", value, Value::Unset) | ("==", Value::Unset, value) => return Some(not(&has(value)?)),
            ("!=", value, Value::Unset) | ("!=", Value::Unset, value) => return has(value),
            (_, Value::Literal(..), Value::Literal(..)) => return None,
            _ => {}
        }
        let (kind_a, kind_b) = (a.kind(self.known), b.kind(self.known));
        let (a, b) = (self.fit(a, kind_b), self.fit(b, kind_a));
        let kind = a.kind(self.known).or(b.kind(self.known));
        let ordered = !["==", "!="].contains(&operator);
        let wanted = if ordered { Some("number") } else { kind };
        for value in [&a, &b] {
            if let Some(kind) = wanted {
                self.used_as(value, kind);
            }
        }
        if let (Value::Name(name, ..), Value::Literal(_, _, plain)) = (&a, &b)
            && name == "intent"
        {
            self.draft.intent(plain);
        }
        let (a, b) = (a.written()?, b.written()?);
        // An unset value differs from every other one there.
        Some(if operator == "!=" { not(&format!("{a} == {b}")) } else { format!("{a} {operator} {b}") })
    }
}

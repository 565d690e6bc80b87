//! Properties are set: what can be said in one card, what needs a decision before it, and what is left to people.

use flow_model::tree::{Json, compact};

use super::dialogs::{Build, Scope};
use super::expr;
use super::say::{Cases, Value};
use crate::{Card, Code, Kept, Part, conditions};

/// What one assignment becomes.
enum Step {
    /// The slot and the expression; none clears it.
    Plain(String, Option<String>),
    /// Which value it is depends on conditions.
    Cases(String, Cases),
    /// It cannot be said: in words.
    Odd(String),
}

impl Build<'_, '_, '_> {
    /// An action that sets or deletes properties.
    pub(super) fn assign(&mut self, part: &Part, scope: &Scope, next: &str) -> String {
        let mut rows: Vec<(String, Option<&Part>)> = Vec::new();
        if let Some(property) = part.text("property") {
            rows.push((property.to_owned(), part.get("value")));
        }
        for row in part.list("assignments") {
            rows.extend(row.text("property").map(|property| (property.to_owned(), row.get("value"))));
        }
        rows.extend(
            part.list("properties").iter().filter_map(Part::as_text).map(|property| (property.to_owned(), None)),
        );
        self.assign_all(part, scope, rows, next)
    }

    /// Sets properties one after another.
    pub(super) fn assign_all(
        &mut self,
        part: &Part,
        scope: &Scope,
        rows: Vec<(String, Option<&Part>)>,
        next: &str,
    ) -> String {
        let mut steps: Vec<Vec<Step>> = Vec::new();
        for (property, value) in rows {
            let step = self.step(&property, value, scope);
            match (steps.last_mut(), &step) {
                (Some(last), Step::Plain(..) | Step::Odd(_)) if !matches!(last.first(), Some(Step::Cases(..))) => {
                    last.push(step)
                }
                _ => steps.push(vec![step]),
            }
        }
        let mut to = next.to_owned();
        let count = steps.len();
        for (at, group) in steps.into_iter().enumerate().rev() {
            let role = u32::try_from(at).unwrap_or(u32::MAX / 64).saturating_mul(16);
            let name = if at == 0 { String::new() } else { format!("{}", at + 1) };
            to = match group.into_iter().collect::<Vec<_>>().as_mut_slice() {
                [Step::Cases(slot, cases)] => self.choose(part, scope, (role, &name), slot, cases, &to),
                group => self.set(part, scope, (role, &name), group, &to),
            };
        }
        if count == 0 { next.to_owned() } else { to }
    }

    fn step(&mut self, property: &str, value: Option<&Part>, scope: &Scope) -> Step {
        let slot = match property.contains(['[', '{', '(']) {
            true => None,
            false => Some(self.tongue(scope).slot(property)),
        };
        let raw = value.map(|value| value.plain().unwrap_or_else(|| compact(&value.take())));
        let odd = || Step::Odd(format!("{property} = {}", raw.as_deref().unwrap_or("nothing").trim_start_matches('=')));
        let Some(slot) = slot else { return odd() };
        let Some(value) = value else { return Step::Plain(slot, None) };
        let Some(cases) = self.values(value, scope) else { return odd() };
        let mut tongue = self.tongue(scope);
        let kind = tongue.known.kinds.get(&slot).copied();
        let cases: Cases = cases.into_iter().map(|(guard, value)| (guard, tongue.fit(&value, kind))).collect();
        for (_, value) in &cases {
            if let Some(kind) = value.kind(tongue.known) {
                tongue.used_as(&Value::of_slot(slot.clone()), kind);
            }
        }
        match cases.as_slice() {
            [(_, value)] => match value.written().map(conditions::canonical) {
                None => Step::Plain(slot, None),
                Some(Ok(written)) => Step::Plain(slot, Some(written)),
                Some(Err(_)) => odd(),
            },
            _ => Step::Cases(slot, cases),
        }
    }

    /// The values that a value can be: an expression, words, a number, or yes and no.
    fn values(&mut self, value: &Part, scope: &Scope) -> Option<Cases> {
        let one = |value| Some(vec![("true".to_owned(), value)]);
        match value.json() {
            Json::Text(text) => {
                let trimmed = text.trim();
                if trimmed.starts_with('=')
                    || (trimmed.starts_with("${") && trimmed.matches("${").count() == 1 && trimmed.ends_with('}'))
                {
                    return self.tongue(scope).cases(&expr::parse(trimmed)?);
                }
                if text.contains("${") { None } else { one(Value::of_text(&text)) }
            }
            Json::Number(number) => {
                one(Value::Literal("number", conditions::number(number.text())?, number.text().to_owned()))
            }
            Json::Bool(flag) => one(Value::Literal("bool", flag.to_string(), flag.to_string())),
            _ => None,
        }
    }

    /// One card that sets several slots.
    fn set(&mut self, part: &Part, scope: &Scope, (role, name): (u32, &str), group: &[Step], next: &str) -> String {
        let id = self.id(part, scope, name);
        let (mut assign, mut words) = (Vec::new(), Vec::new());
        for step in group {
            match step {
                Step::Plain(slot, value) => {
                    assign.retain(|(there, _)| there != slot);
                    assign.push((slot.clone(), value.clone().map_or(Json::Null, Json::Text)));
                }
                Step::Odd(text) => words.push(text.clone()),
                Step::Cases(..) => {}
            }
        }
        self.put(part, scope, role, &id, Card::new("set").with("assign", Json::Map(assign)).text("next", next));
        for text in words {
            self.remark(&id, &text);
            let what = format!("{text} cannot be said here");
            self.tell(part, Code::Condition, &what, Kept::Note(id.clone()));
        }
        id
    }

    /// A decision, and a card for each value.
    fn choose(
        &mut self,
        part: &Part,
        scope: &Scope,
        (role, name): (u32, &str),
        slot: &str,
        cases: &Cases,
        next: &str,
    ) -> String {
        let id = self.id(part, scope, name);
        let (mut rows, mut otherwise) = (Vec::new(), next.to_owned());
        for (at, (guard, value)) in (1..).zip(cases) {
            let set = self.id(part, scope, &format!("{name}to_{at}"));
            let written = value.written().and_then(|written| conditions::canonical(written).ok());
            let assign = Json::Map(vec![(slot.to_owned(), written.map_or(Json::Null, Json::Text))]);
            self.put(part, scope, role + at, &set, Card::new("set").with("assign", assign).text("next", next));
            match conditions::canonical(guard) {
                _ if guard == "true" => {
                    otherwise = set;
                    break;
                }
                Ok(guard) => rows.push((guard, set)),
                Err(_) => rows.push((guard.clone(), set)),
            }
        }
        self.put(part, scope, role, &id, Card::new("decision").branches(&rows).text("else", otherwise));
        id
    }
}

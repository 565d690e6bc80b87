//! Texts with their values, and values as they are written in texts and payloads.

use std::sync::Arc;

use flow_conditions::decimal::Decimal;
use flow_conditions::eval::Env;
use flow_conditions::value::{Seen, Value};
use flow_model::flow::Kind;
use flow_model::template::{self, Format, Piece, Placeholder};
use flow_model::tree::{Json, Number};

use crate::state::{Place, View};

/// What a text can say beside signals.
pub struct Facts<'a> {
    /// The view on names.
    pub view: View<'a>,
    /// Unit and node whose names and context count.
    pub place: Place,
}

impl Facts<'_> {
    /// The value of a name.
    #[must_use]
    pub fn value(&self, name: &str) -> Option<Value> {
        let unit = &self.view.program.units[self.place.0 as usize];
        if let Some(constant) = name.strip_prefix("const.") {
            return unit.flow.constants.get(constant)?.value.clone();
        }
        let list = |items: &[Arc<str>]| {
            (!items.is_empty()).then(|| Value::List(items.iter().cloned().map(Value::Text).collect()))
        };
        match name {
            "trigger.reasons" => return list(&self.view.state.trigger_reasons),
            "handoff.reasons" => return list(&self.view.state.handoff_reasons),
            "flow.revision" => return Some(Value::Text(self.view.program.revision.clone())),
            _ => {}
        }
        match self.view.seen(*unit.globals.get(name)?) {
            Seen::Unset => None,
            Seen::Bool(b) => Some(Value::Bool(b)),
            Seen::Number(n) => Some(Value::Number(n)),
            Seen::Text(t) => Some(Value::Text(t.into())),
            Seen::List(l) => Some(Value::List(l.to_vec())),
        }
    }

    /// A text with its values.
    #[must_use]
    pub fn text(&self, pieces: &[Piece]) -> String {
        self.written(pieces, &|text| text)
    }

    /// An address with its values, which add no parts of their own to it: each is percent-encoded.
    #[must_use]
    pub fn address(&self, pieces: &[Piece]) -> String {
        self.written(pieces, &|text| flow_handoff::request::segment(&text))
    }

    fn written(&self, pieces: &[Piece], change: &dyn Fn(String) -> String) -> String {
        pieces.iter().fold(String::new(), |mut out, piece| {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Value(placeholder) => match self.shown(placeholder).filter(|t| !t.is_empty()) {
                    Some(text) => out.push_str(&change(text)),
                    None => out.push_str(placeholder.fallback.as_deref().unwrap_or("")),
                },
            }
            out
        })
    }

    fn shown(&self, placeholder: &Placeholder) -> Option<String> {
        let plain = match placeholder.name.as_str() {
            "summary" => self.of_context(|c| c.summary.as_deref())?,
            "told" => self.of_context(|c| c.told.as_deref())?,
            "reasons" => self.reasons()?,
            "intent.title" => self.intent_title()?,
            name => {
                let locale = self.view.program.units[self.place.0 as usize].flow.locale.as_deref();
                return self.value(name).map(|value| written(&value, placeholder.format, locale));
            }
        };
        Some(if placeholder.format == Format::Upper { plain.to_uppercase() } else { plain })
    }

    /// A text of the context of the handoff in question, which may not name itself.
    #[must_use]
    pub fn of_context(&self, which: impl Fn(&flow_model::flow::Context) -> Option<&str>) -> Option<String> {
        let flow = &self.view.program.units[self.place.0 as usize].flow;
        let context = match flow.nodes.get_index(self.place.1 as usize).map(|(_, n)| &n.kind) {
            Some(Kind::Handoff(handoff)) => handoff.context.as_str(),
            _ => {
                let request = self.view.state.requests.iter().rev().find(|r| r.place.0 == self.place.0)?;
                match &flow.nodes.get_index(request.place.1 as usize)?.1.kind {
                    Kind::Handoff(handoff) => handoff.context.as_str(),
                    _ => return None,
                }
            }
        };
        let mut next = flow.contexts.get(context);
        for _ in 0..flow.contexts.len() {
            let Some(context) = next else { break };
            if let Some(text) = which(context) {
                let pieces = template::parse(text).0;
                let own = |p: &Piece| matches!(p, Piece::Value(v) if v.name == "summary" || v.name == "told");
                let rest: Vec<Piece> = pieces.into_iter().filter(|p| !own(p)).collect();
                return Some(self.text(&rest));
            }
            next = context.extends.as_ref().and_then(|e| flow.contexts.get(e));
        }
        None
    }

    fn reasons(&self) -> Option<String> {
        let titles: Vec<String> = self.view.state.handoff_reasons.iter().map(|name| self.reason_title(name)).collect();
        (!titles.is_empty()).then(|| titles.join(", "))
    }

    /// A reason in words: the title of its `because` or trigger, else its name with spaces.
    #[must_use]
    pub fn reason_title(&self, name: &str) -> String {
        let flow = &self.view.program.units[self.place.0 as usize].flow;
        let of_because = flow.triggers.values().find_map(|t| t.because.get(name)?.title.clone());
        let of_trigger = || flow.triggers.get(name).and_then(|t| t.title.clone());
        of_because.or_else(of_trigger).unwrap_or_else(|| name.replace('_', " "))
    }

    fn intent_title(&self) -> Option<String> {
        let Some(Value::Text(intent)) = self.value("intent") else { return None };
        let declared = self.view.program.flow().intents.get(&*intent)?;
        Some(declared.title.clone().unwrap_or_else(|| intent.replace('_', " ")))
    }
}

fn written(value: &Value, format: Format, locale: Option<&str>) -> String {
    let german = locale.is_some_and(|locale| locale.split(['-', '_']).next() == Some("de"));
    let minute = if german { ["Minute", "Minuten"] } else { ["minute", "minutes"] };
    let second = if german { ["Sekunde", "Sekunden"] } else { ["second", "seconds"] };
    match (format, value) {
        (Format::Minutes, Value::Number(n)) => counted(minutes(*n), minute),
        (Format::Seconds, Value::Number(n)) => counted(n.ceil(), second),
        (Format::Date, Value::Text(text)) => text.split(['T', ' ']).next().unwrap_or("").to_owned(),
        (Format::Upper, value) => flow_text(value).to_uppercase(),
        (_, value) => flow_text(value),
    }
}

fn minutes(seconds: Decimal) -> Decimal {
    Decimal::div_round(seconds, Decimal::from_i64(60), 9).map_or(seconds, Decimal::ceil)
}

fn counted(number: Decimal, [one, more]: [&str; 2]) -> String {
    format!("{number} {}", if number == Decimal::from_i64(1) { one } else { more })
}

/// A value as a text shows it; lists join with a comma.
#[must_use]
pub fn flow_text(value: &Value) -> String {
    match value {
        Value::Bool(b) => b.to_string(),
        Value::Number(n) => n.to_string(),
        Value::Text(t) => t.to_string(),
        Value::List(items) => items.iter().map(flow_text).collect::<Vec<_>>().join(", "),
    }
}

/// A value as JSON.
#[must_use]
pub fn json(value: &Value) -> Json {
    match value {
        Value::Bool(b) => Json::Bool(*b),
        Value::Number(n) => Json::Number(Number::from(*n)),
        Value::Text(t) => Json::text(&**t),
        Value::List(items) => Json::List(items.iter().map(json).collect()),
    }
}

//! Texts of a flow as messages and formulas of Power Fx, without what is kept back from people.
//!
//! What must stay true: a text of the document is only ever a literal; what a class or a field keeps back stands in no text
//! that a request says.

use std::collections::BTreeMap;

use flow_conditions::value::Type;
use flow_model::flow::PayloadField;
use flow_model::template::{Format, Piece, Placeholder, parse as pieces};

use super::fx::{FALSE, Fx, Shown, TRUE, all, operand, text};
use crate::policy::write::kept_back;
use crate::uses::is_german;

/// Characters from which on a value that is kept back is looked for in other texts.
const FINDABLE: usize = 4;

/// A text, and what may not stand in it as it is.
#[derive(Clone, Debug, Default)]
pub struct Saying<'s> {
    /// The context of the handoff that says it.
    pub context: Option<&'s str>,
    /// It is itself a part of a context, which does not name itself.
    pub inside: bool,
    /// How values that are classified in the payload are shown: what is done to each name.
    pub hides: BTreeMap<String, String>,
}

impl Fx<'_, '_> {
    /// A text as a message has it: literal but for what stands in braces.
    pub fn template(&self, source: &str, saying: &Saying<'_>) -> String {
        let mut out = String::new();
        for piece in pieces(source).0 {
            match piece {
                Piece::Text(words) => literal(&mut out, &words),
                Piece::Value(placeholder) => {
                    let formula = self.shown(&placeholder, saying);
                    out.push_str(&format!("{{{}}}", braceless(&formula)));
                }
            }
        }
        out
    }

    /// A text as a formula.
    pub fn formula(&self, source: &str, saying: &Saying<'_>) -> String {
        let mut parts: Vec<String> = Vec::new();
        for piece in pieces(source).0 {
            match piece {
                Piece::Text(words) => parts.push(text(&words)),
                Piece::Value(placeholder) => parts.push(self.shown(&placeholder, saying)),
            }
        }
        match parts.as_slice() {
            [] => "\"\"".to_owned(),
            [one] => one.clone(),
            many => format!("Concatenate({})", many.join(", ")),
        }
    }

    fn shown(&self, placeholder: &Placeholder, saying: &Saying<'_>) -> String {
        let fallback = text(placeholder.fallback.as_deref().unwrap_or(""));
        let name = placeholder.name.as_str();
        let raised = |words: String| match placeholder.format {
            Format::Upper => format!("Upper({words})"),
            _ => words,
        };
        let own = |key: &str| {
            let formula = self.plan.var(&format!("own {key}"));
            format!("If(IsBlank({formula}), {fallback}, {})", raised(formula.clone()))
        };
        match name {
            "reasons" => return own("handoff_titles"),
            "summary" | "told" if saying.inside => return fallback,
            "summary" | "told" => {
                let Some(context) = saying.context else { return own(&format!("handoff_{name}")) };
                let of = self.of_context(context, name);
                return if of == "\"\"" { fallback } else { raised(of) };
            }
            "intent.title" => return self.intent_title(&raised, &fallback),
            _ => {}
        }
        let Some(shown) = self.named(name) else { return fallback };
        if shown.guards.iter().any(|guard| guard == FALSE) {
            return fallback;
        }
        let words = match saying.hides.get(name).map(String::as_str) {
            None => in_form(&shown, placeholder.format, is_german(self.flow.locale.as_deref())),
            Some(how) => instead(how, &in_form(&shown, Format::Plain, false)),
        };
        let there = match shown.of {
            Type::Text | Type::List(_) => format!("!IsBlank({})", shown.formula),
            _ => all(&shown.guards),
        };
        if there == TRUE { words } else { format!("If({there}, {words}, {fallback})") }
    }

    /// The summary or the customer's words of a context, as a formula.
    pub fn of_context(&self, id: &str, what: &str) -> String {
        let mut next = self.flow.contexts.get(id);
        for _ in 0..=self.flow.contexts.len() {
            let Some(context) = next else { break };
            let own = if what == "told" { &context.told } else { &context.summary };
            if let Some(own) = own {
                if what == "told" {
                    return self.formula(own, &Saying { context: None, inside: true, hides: BTreeMap::new() });
                }
                let hides = self.hidden(id);
                let speaks = pieces(own).0.iter().any(|piece| {
                    matches!(piece, Piece::Value(value) if !hides.contains_key(&value.name) && self.is_free(&value.name))
                });
                let formula = self.formula(own, &Saying { context: None, inside: true, hides });
                return if speaks { self.scrubbed(&formula, id) } else { formula };
            }
            next = context.extends.as_ref().and_then(|id| self.flow.contexts.get(id));
        }
        "\"\"".to_owned()
    }

    /// What is done to the names that a class keeps back, or a field of the context, whose word counts.
    fn hidden(&self, context: &str) -> BTreeMap<String, String> {
        let slots = kept_back(self.flow).map(|(slot, how)| (format!("slots.{slot}"), how.to_owned()));
        let mut hidden: BTreeMap<String, String> = slots.collect();
        for field in self.flow.fields_of(context).into_values() {
            let (name, how) = (field.from.trim().to_owned(), self.redaction(field));
            if how == "none" {
                hidden.remove(&name);
            } else {
                hidden.insert(name, how);
            }
        }
        hidden
    }

    /// Whether a name is a text in which anything may stand.
    fn is_free(&self, name: &str) -> bool {
        self.named(name).is_some_and(|shown| shown.of == Type::Text)
    }

    /// A text without what the context keeps back, where that stands in it as it is.
    pub fn scrubbed(&self, formula: &str, context: &str) -> String {
        let hidden = self.hidden(context);
        let told = hidden.iter().filter_map(|(name, how)| Some((self.named(name)?, how)));
        told.fold(formula.to_owned(), |formula, (shown, how)| {
            if shown.of == Type::Bool || shown.guards.iter().any(|guard| guard == FALSE) {
                return formula;
            }
            let words = in_form(&shown, Format::Plain, false);
            let known = format!("If(Len({words}) >= {FINDABLE}, {words}, {})", text("\u{fffc}"));
            format!("Substitute({formula}, {known}, {})", instead(how, &words))
        })
    }

    /// What is done to a field before people see it.
    pub fn redaction(&self, field: &PayloadField) -> String {
        let of_slot = || self.flow.slots.get(field.from.trim().strip_prefix("slots.")?)?.class.as_ref();
        let class = field.class.as_ref().or_else(of_slot).and_then(|class| self.flow.classes.get(class));
        field.redact.clone().or_else(|| class?.redact.clone()).unwrap_or_else(|| "none".to_owned())
    }

    fn intent_title(&self, raised: &dyn Fn(String) -> String, fallback: &str) -> String {
        let intents = &self.plan.flow().intents;
        if intents.is_empty() {
            return fallback.to_owned();
        }
        let title = |(id, intent): (&String, &flow_model::flow::Intent)| {
            let title = intent.title.clone().unwrap_or_else(|| id.replace('_', " "));
            format!("{}, {}", text(id), raised(text(&title)))
        };
        let rows: Vec<String> = intents.iter().map(title).collect();
        format!("Switch({}, {}, {fallback})", self.plan.var("own intent"), rows.join(", "))
    }
}

/// What stands in the place of words that are kept back.
fn instead(how: &str, words: &str) -> String {
    match how {
        "mask" => masked(words),
        "block" => text("[blocked]"),
        _ => text("[left out]"),
    }
}

/// Four asterisks, and the last four characters of a long text.
pub fn masked(words: &str) -> String {
    format!("Concatenate(\"****\", If(Len({words}) > 8, Right({words}, 4), \"\"))")
}

fn in_form(shown: &Shown, form: Format, german: bool) -> String {
    let x = &shown.formula;
    let figure = matches!(shown.of, Type::Number { .. } | Type::Integer { .. });
    let words = match shown.of {
        Type::Bool => format!("If({x}, \"true\", \"false\")"),
        Type::Number { .. } | Type::Integer { .. } => format!("Text({x})"),
        _ => x.clone(),
    };
    let counted = |count: &str, [one, more]: [&str; 2]| {
        format!("If(RoundUp({count}, 0) = 1, \"1 {one}\", Text(RoundUp({count}, 0)) & \" {more}\")")
    };
    let minute = if german { ["Minute", "Minuten"] } else { ["minute", "minutes"] };
    let second = if german { ["Sekunde", "Sekunden"] } else { ["second", "seconds"] };
    match form {
        Format::Minutes if figure => counted(&format!("{} / 60", operand(x)), minute),
        Format::Seconds if figure => counted(x, second),
        Format::Date if !figure && shown.of != Type::Bool => {
            format!("Left({x}, Min(Find(\"T\", {x} & \"T\"), Find(\" \", {x} & \" \")) - 1)")
        }
        Format::Upper => format!("Upper({words})"),
        _ => words,
    }
}

/// Words of a message: a brace would begin a formula, and `=` at the very beginning would make one of all of it.
fn literal(out: &mut String, words: &str) {
    for c in words.chars() {
        match c {
            '{' => out.push_str("{Char(123)}"),
            '}' => out.push_str("{Char(125)}"),
            '=' if out.is_empty() => out.push_str("{Char(61)}"),
            c => out.push(c),
        }
    }
}

/// A formula that stands within braces has none of its own, not in its texts either.
pub fn braceless(formula: &str) -> String {
    formula.replace('{', "\" & Char(123) & \"").replace('}', "\" & Char(125) & \"")
}

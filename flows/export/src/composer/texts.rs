//! Texts of the flow: as templates of language generation for what the bot says, as expressions for what it sends.

use flow_conditions::value::Type;
use flow_model::flow::{Context, Flow};
use flow_model::template::{Format, Piece, Placeholder, parse};

use super::lower::Plan;
use super::names::{REASONS, Read, Scope};
use super::words::{list, quoted};
use crate::policy::write::{extended, titled, titles};
use crate::uses::is_german;

/// A text while it is written: the flow's names, and the context that `summary` and `told` are of.
#[derive(Clone, Copy)]
pub struct Texts<'p, 'a> {
    /// The names.
    pub scope: Scope<'p, 'a>,
    /// The context.
    pub context: Option<&'p str>,
}

/// A part of a text.
enum Part {
    Words(String),
    Value(String),
}

impl Texts<'_, '_> {
    /// The body of a template.
    pub fn template(&self, text: &str) -> String {
        let parts = self.parts(text, false);
        let mut out = String::new();
        for (at, part) in parts.iter().enumerate() {
            match part {
                Part::Words(words) => {
                    let (first, last) = (at == 0, at + 1 == parts.len());
                    if is_plain(words, first, last) {
                        out.push_str(words);
                    } else {
                        out.push_str(&format!("${{{}}}", quoted(words)));
                    }
                }
                Part::Value(value) => out.push_str(&format!("${{{value}}}")),
            }
        }
        out
    }

    /// An expression for the whole text; `inside` a text that may not name itself.
    pub fn expression(&self, text: &str, inside: bool) -> String {
        joined(self.parts(text, inside).into_iter().map(written).collect())
    }

    /// The same of an address of the web, where values stand percent-encoded.
    pub fn address(&self, text: &str, clean: impl Fn(&str) -> String) -> String {
        let parts = parse(text).0.into_iter().filter_map(|piece| match piece {
            Piece::Text(words) => (!words.is_empty()).then(|| quoted(&words)),
            Piece::Value(placeholder) => {
                let fallback = quoted(placeholder.fallback.as_deref().unwrap_or_default());
                let value = written(self.value(&Placeholder { fallback: None, ..placeholder }, false));
                Some(format!("if(length({}) > 0, {}, {fallback})", plain(&value), encoded(&clean(&plain(&value)))))
            }
        });
        joined(parts.collect())
    }

    fn parts(&self, text: &str, inside: bool) -> Vec<Part> {
        let parts = parse(text).0.into_iter().filter_map(|piece| match piece {
            Piece::Text(words) => (!words.is_empty()).then_some(Part::Words(words)),
            Piece::Value(placeholder) => Some(self.value(&placeholder, inside)),
        });
        parts.collect()
    }

    fn value(&self, placeholder: &Placeholder, inside: bool) -> Part {
        let fallback = placeholder.fallback.clone().unwrap_or_default();
        let Some(read) = self.named(&placeholder.name, inside) else { return Part::Words(fallback) };
        let shown = in_form(&read, placeholder.format, is_german(self.scope.flow().locale.as_deref()));
        let there = match (&read.of, placeholder.name.as_str()) {
            (_, "reasons") => format!("count({REASONS}) > 0"),
            (Type::List(_), _) if read.always => format!("count({}) > 0", read.text),
            (Type::List(_), _) => format!("exists({0}) && (count({0}) > 0)", read.text),
            _ if read.always => return Part::Value(shown),
            // An empty text says as much as none.
            (Type::Text, _) => format!("exists({0}) && (length({0}) > 0)", read.text),
            _ => format!("exists({})", read.text),
        };
        Part::Value(format!("if({there}, {shown}, {})", quoted(&fallback)))
    }

    fn named(&self, name: &str, inside: bool) -> Option<Read> {
        let text = |text: String| Some(Read { text, always: true, of: Type::Text });
        match name {
            "intent.title" => {
                let intents = self.scope.plan.flow().intents.iter();
                let titles: Vec<(&str, String)> =
                    intents.map(|(id, intent)| (id.as_str(), titled(intent.title.as_ref(), id))).collect();
                let table = table(titles.iter().map(|(id, title)| (*id, title.as_str())));
                Some(Read { text: format!("{table}[conversation.heard.intent]"), always: false, of: Type::Text })
            }
            "reasons" => text(reasons(self.scope.flow())),
            "summary" | "told" if inside => None,
            "summary" | "told" => {
                let pick: fn(&Context) -> &Option<String> =
                    if name == "told" { |context| &context.told } else { |context| &context.summary };
                text(self.expression(self.of_context(pick).unwrap_or_default(), true))
            }
            _ => self.scope.read(name),
        }
    }

    /// A text of the context in question.
    pub fn of_context(&self, pick: fn(&Context) -> &Option<String>) -> Option<&str> {
        extended(self.scope.flow(), self.context?).into_iter().find_map(|context| pick(context).as_deref())
    }
}

fn written(part: Part) -> String {
    match part {
        Part::Words(words) => quoted(&words),
        Part::Value(value) => value,
    }
}

fn joined(parts: Vec<String>) -> String {
    match parts.as_slice() {
        [] => "''".to_owned(),
        [one] if one.starts_with('\'') => one.clone(),
        [one] => plain(one),
        many => format!("concat({})", many.join(", ")),
    }
}

/// A value as text. `string` would part the digits of a number as people of the machine's country do.
pub fn plain(value: &str) -> String {
    format!("concat('', {value})")
}

/// A value as a part of an address: what `uriComponent` leaves is encoded, too, as the studio does.
fn encoded(value: &str) -> String {
    let signs = [("!", "%21"), ("'", "%27"), ("(", "%28"), (")", "%29"), ("*", "%2A"), ("~", "%7E")];
    let text = format!("uriComponent({value})");
    signs.iter().fold(text, |text, (sign, code)| format!("replace({text}, {}, {})", quoted(sign), quoted(code)))
}

/// The titles of the reasons of the request, in one line.
fn reasons(flow: &Flow) -> String {
    let titles = titles(flow);
    let table = table(titles.iter().map(|(name, title)| (name.as_str(), title.as_str())));
    let title = format!("coalesce({table}[reason], replace(reason, '_', ' '))");
    format!("join(foreach({REASONS}, reason, {title}), ', ')")
}

/// Texts by name.
pub fn table<'k>(entries: impl IntoIterator<Item = (&'k str, &'k str)>) -> String {
    let entries = entries.into_iter().map(|(key, value)| (key.to_owned(), serde_json::Value::from(value)));
    let map: serde_json::Map<String, serde_json::Value> = entries.collect();
    format!("json({})", quoted(&serde_json::Value::Object(map).to_string()))
}

fn in_form(read: &Read, format: Format, german: bool) -> String {
    let text = &read.text;
    let minute = if german { ["Minute", "Minuten"] } else { ["minute", "minutes"] };
    let second = if german { ["Sekunde", "Sekunden"] } else { ["second", "seconds"] };
    let number = matches!(read.of, Type::Integer { .. } | Type::Number { .. });
    match format {
        Format::Minutes if number => counted(&format!("ceiling(round({text} * 0.016666666666666666, 9))"), minute),
        Format::Seconds if number => counted(&format!("ceiling({text})"), second),
        Format::Date => format!("first(split(first(split({text}, 'T')), ' '))"),
        Format::Upper => match &read.of {
            Type::Text | Type::Enum(_) => format!("toUpper({text})"),
            Type::List(_) => format!("toUpper(join({text}, ', '))"),
            Type::Bool => format!("if({text} == true, 'TRUE', 'FALSE')"),
            _ => in_form(read, Format::Plain, german),
        },
        _ => match &read.of {
            Type::List(_) => format!("join({text}, ', ')"),
            Type::Bool => format!("if({text} == true, 'true', 'false')"),
            Type::Number { .. } if is_path(text) => without_exponent(text),
            _ => text.clone(),
        },
    }
}

/// Whether it is a value of memory, and none that the flow itself calculates or writes.
fn is_path(text: &str) -> bool {
    text.starts_with("conversation.") && text.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '_'))
}

/// A number as people write it, however small: a runtime writes what is less than a millionth as `1.5e-7`.
fn without_exponent(text: &str) -> String {
    let tiny = format!("{text} != 0 && {text} < 0.000001 && {text} > -0.000001");
    format!("if({tiny}, replaceIgnoreCase(formatNumber({text}, 15, 'en-GB'), '0+$', ''), {text})")
}

fn counted(count: &str, [one, more]: [&str; 2]) -> String {
    format!("concat({count}, if({count} == 1, ' {one}', ' {more}'))")
}

/// Whether words stand in a template as they are: they are no code there, and nothing of them is trimmed.
fn is_plain(words: &str, first: bool, last: bool) -> bool {
    let code =
        |c: char| c.is_control() || matches!(c, '\\' | '`' | '$' | '{' | '}' | '[' | ']' | '\u{2028}' | '\u{2029}');
    let head = words.split(':').next().unwrap_or_default().trim().to_lowercase();
    let keyword = first
        && words.contains(':')
        && matches!(head.as_str(), "if" | "elseif" | "else" | "else if" | "switch" | "case" | "default");
    let trimmed = (first && words.starts_with(char::is_whitespace)) || (last && words.ends_with(char::is_whitespace));
    !words.chars().any(code) && !keyword && !trimmed
}

/// A file of templates: their names and bodies.
pub fn file(plan: &Plan<'_>, templates: &[(String, String)]) -> String {
    let mut out = format!("> {}\n\n[import](common.lg)\n", plan.bot);
    for (name, body) in templates {
        out += &format!("\n# {name}()\n- {body}\n");
    }
    out
}

/// A list of texts.
pub fn texts<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    list(texts.into_iter().map(quoted))
}

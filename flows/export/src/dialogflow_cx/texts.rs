//! What is said, in the platform's own words where these are enough: a text as it is, or a list of cases where values
//! stand in it. Anything else is said by the policy.

use flow_conditions::value::Type;
use flow_model::flow::Ordered;
use flow_model::template::{Format, Piece, Placeholder, parse};
use serde_json::{Value, json};

use super::conditions::{self, Parameter};
use super::json::message;

/// More values than these in one text would take more than eight cases.
const MOST_VALUES: usize = 3;

/// What the platform would take for a value of its own.
const TAKEN: [&str; 7] = ["$session", "$intent", "$page", "$flow", "$sys", "$request", "$conversation"];

/// A text that the platform can say by itself.
#[derive(Clone, Debug, PartialEq)]
pub enum Said {
    /// As it is; empty where nothing is said.
    Plain(Vec<Value>),
    /// The first case that holds.
    Cases(Vec<Value>),
}

/// A text as the platform says it, or `None` where it cannot.
pub fn native(text: &str, parameters: &Ordered<Parameter>, language: &str) -> Option<Said> {
    let texts = alternatives(text, parameters)?;
    Some(match texts.as_slice() {
        [(_, one)] => Said::Plain(spoken(one, language)),
        many => Said::Cases(many.iter().map(|(when, text)| case(when, text, language)).collect()),
    })
}

/// The first text where `when` holds, else the second.
pub fn either(when: &str, first: &str, second: &str, parameters: &Ordered<Parameter>, language: &str) -> Option<Said> {
    if first == second {
        return native(first, parameters, language);
    }
    let mut cases = Vec::new();
    for (outer, text) in [(Some(when), first), (None, second)] {
        for (inner, text) in alternatives(text, parameters)? {
            let both: Vec<String> = outer.map(str::to_owned).into_iter().chain(inner).collect();
            cases.push(case(&both, &text, language));
        }
    }
    Some(Said::Cases(cases))
}

fn spoken(text: &str, language: &str) -> Vec<Value> {
    if text.trim().is_empty() { Vec::new() } else { vec![message(text, language)] }
}

fn case(when: &[String], text: &str, language: &str) -> Value {
    let content: Vec<Value> = spoken(text, language).into_iter().map(|message| json!({"message": message})).collect();
    if when.is_empty() {
        json!({"caseContent": content})
    } else {
        json!({"condition": conditions::all(when), "caseContent": content})
    }
}

/// Every combination of values that are there or not, the ones with the most values first; each with its conditions.
fn alternatives(text: &str, parameters: &Ordered<Parameter>) -> Option<Vec<(Vec<String>, String)>> {
    let pieces = parse(text).0;
    let mut values: Vec<&str> = Vec::new();
    for piece in &pieces {
        match piece {
            Piece::Text(text) if TAKEN.iter().any(|taken| text.contains(taken)) => return None,
            Piece::Text(_) => {}
            Piece::Value(placeholder) => {
                let parameter = shown(placeholder, parameters)?;
                if !values.contains(&parameter) {
                    values.push(parameter);
                }
            }
        }
    }
    if values.len() > MOST_VALUES {
        return None;
    }
    let all = 1_u32 << values.len();
    let mut found = Vec::new();
    for missing in 0..all {
        let there = |parameter: &str| {
            values.iter().position(|known| *known == parameter).is_some_and(|at| missing & (1 << at) == 0)
        };
        let when = values.iter().filter(|parameter| there(parameter)).map(|parameter| conditions::set(parameter));
        found.push((when.collect(), filled(&pieces, parameters, &there)?));
    }
    Some(found)
}

/// The parameter of a placeholder that is written as it stands there.
fn shown<'p>(placeholder: &Placeholder, parameters: &'p Ordered<Parameter>) -> Option<&'p str> {
    let parameter = parameters.get(&placeholder.name)?;
    let text = matches!(parameter.of, Type::Text | Type::Enum(_));
    let fallback = placeholder.fallback.as_deref().unwrap_or("");
    let plain = !TAKEN.iter().any(|taken| fallback.contains(taken));
    (text && plain && !parameter.always && placeholder.format == Format::Plain).then_some(parameter.name.as_str())
}

fn filled(pieces: &[Piece], parameters: &Ordered<Parameter>, there: &dyn Fn(&str) -> bool) -> Option<String> {
    let mut out = String::new();
    let mut ends = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Value(placeholder) => {
                let parameter = shown(placeholder, parameters)?;
                if there(parameter) {
                    out.push_str("$session.params.");
                    out.push_str(parameter);
                    ends.push(out.len());
                } else {
                    out.push_str(placeholder.fallback.as_deref().unwrap_or(""));
                }
            }
        }
    }
    ends.into_iter().all(|end| ends_there(&out[end..])).then_some(out)
}

/// Whether the name of a parameter ends before this text: a name that goes on, or a point with a name behind it, would be
/// another parameter.
fn ends_there(next: &str) -> bool {
    let named = |c: char| c.is_alphanumeric() || c == '_';
    let behind = next.strip_prefix('.').unwrap_or(next);
    !behind.starts_with(named) && !next.starts_with(['-', '['])
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> Option<Said> {
        let mut parameters: Ordered<Parameter> = Ordered::default();
        for (name, of) in
            [("slots.a", Type::Text), ("slots.b", Type::Text), ("slots.n", Type::Number { min: None, max: None })]
        {
            let parameter = name.replace('.', "_");
            parameters.insert(name.to_owned(), Parameter { name: parameter, of, always: false });
        }
        native(text, &parameters, "en")
    }

    #[test]
    fn texts_are_said_natively_where_words_are_enough() {
        assert_eq!(
            said("It costs $25, {{really}}."),
            Some(Said::Plain(vec![message("It costs $25, {really}.", "en")]))
        );
        assert_eq!(said("  "), Some(Said::Plain(vec![])));
        let Some(Said::Cases(cases)) = said("On {slots.a|nothing}.") else { panic!("no cases") };
        assert_eq!(cases.len(), 2);
        assert_eq!(cases[0]["condition"], "$session.params.slots_a != null");
        assert_eq!(cases[0]["caseContent"][0]["message"]["text"]["text"][0], "On $session.params.slots_a.");
        assert_eq!(cases[1]["caseContent"][0]["message"]["text"]["text"][0], "On nothing.");
    }

    #[test]
    fn other_texts_are_left_to_the_policy() {
        for text in [
            "{slots.n}",
            "{slots.a:upper}",
            "{reasons}",
            "{slots.a}s",
            "see {slots.a}.example.com",
            "{slots.a}{slots.b|x}",
            "{slots.a}[0]",
            "say $session.params.x",
            "{queue.wait}",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }
}

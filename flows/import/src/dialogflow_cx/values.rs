//! Values and texts of Dialogflow CX as expressions and texts of ours.

use flow_model::tree::Json;

use super::conditions::slot;
use crate::{Draft, Part, Value, conditions};

/// What is assigned to a slot: an expression, or `None` for what empties it.
///
/// # Errors
/// What of it cannot be said.
pub(super) fn assigned(
    draft: &mut Draft,
    flow: &str,
    to: &str,
    value: Option<&Part>,
) -> Result<Option<String>, String> {
    let Some(value) = value else { return Ok(None) };
    match value.value() {
        Value::Scalar(Json::Null) => Ok(None),
        Value::Scalar(Json::Bool(flag)) => {
            draft.wants(to, "bool");
            Ok(Some(flag.to_string()))
        }
        Value::Scalar(Json::Number(number)) => {
            draft.wants(to, "number");
            conditions::number(number.text()).map(Some).ok_or_else(|| number.text().to_owned())
        }
        Value::Scalar(Json::Text(text)) => {
            let said = expression(draft, flow, to, text).ok_or_else(|| text.clone())?;
            Ok(Some(said))
        }
        _ => Err(flow_model::tree::compact(&value.json())),
    }
}

fn expression(draft: &mut Draft, flow: &str, to: &str, text: &str) -> Option<String> {
    for (function, sign) in [("$sys.func.ADD(", "+"), ("$sys.func.MINUS(", "-")] {
        if let Some(inner) = text.strip_prefix(function).and_then(|rest| rest.strip_suffix(')')) {
            let mut sides = inner.split(',').map(str::trim);
            let (left, right) = (sides.next()?, sides.next()?);
            if sides.next().is_some() {
                return None;
            }
            let (left, right) = (operand(draft, flow, left)?, operand(draft, flow, right)?);
            draft.wants(to, "number");
            return Some(format!("{left} {sign} {right}"));
        }
    }
    if text.starts_with('$') && !text.contains(char::is_whitespace) {
        return slot(draft, flow, text).map(|slot| format!("slots.{slot}"));
    }
    if text.contains("$sys.func") || names(text).next().is_some() {
        return None;
    }
    draft.wants(to, "text");
    Some(conditions::text(text))
}

fn operand(draft: &mut Draft, flow: &str, text: &str) -> Option<String> {
    if let Some(number) = conditions::number(text) {
        return Some(number);
    }
    let slot = text.starts_with('$').then(|| slot(draft, flow, text))??;
    draft.wants(&slot, "number");
    Some(format!("slots.{slot}"))
}

/// The parameters that a text names, with their places.
fn names(text: &str) -> impl Iterator<Item = (usize, &str)> {
    text.match_indices('$').filter_map(|(at, _)| {
        let rest = text.get(at..)?;
        let part = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-' | '[' | ']');
        let end = rest.char_indices().skip(1).find(|(_, c)| !part(*c)).map_or(rest.len(), |(at, _)| at);
        let name = rest.get(..end)?.trim_end_matches(['.', '-']);
        let known = ["$session.params.", "$flow.", "$intent.params.", "$page.params.", "$request.", "$sys."];
        known.iter().any(|lead| name.starts_with(lead)).then_some((at, name))
    })
}

/// A text with placeholders of ours; whether something in it could not be said and stands there as words.
pub(super) fn text(draft: &mut Draft, flow: &str, theirs: &str) -> (String, bool) {
    let escape = |text: &str| text.replace('{', "{{").replace('}', "}}");
    let (mut out, mut from, mut odd) = (String::new(), 0, false);
    for (at, name) in names(theirs) {
        if at < from {
            continue;
        }
        out.push_str(&escape(theirs.get(from..at).unwrap_or("")));
        match slot(draft, flow, name).filter(|_| !name.starts_with("$request") && !name.starts_with("$sys")) {
            Some(slot) => out.push_str(&format!("{{slots.{slot}}}")),
            None => {
                odd = true;
                out.push_str(name);
            }
        }
        from = at + name.len();
    }
    out.push_str(&escape(theirs.get(from..).unwrap_or("")));
    (out, odd)
}

#[cfg(test)]
mod tests {
    use super::text;
    use crate::Draft;

    #[test]
    fn texts_keep_their_values() {
        let mut draft = Draft::new("x");
        let mut of = |theirs| text(&mut draft, "F", theirs);
        assert_eq!(
            of("So $session.params.name, is it $flow.sum?"),
            ("So {slots.name}, is it {slots.sum}?".into(), false)
        );
        assert_eq!(of("That is $5 {or so}."), ("That is $5 {{or so}}.".into(), false));
        assert_eq!(of("$request.generative.welcome"), ("$request.generative.welcome".into(), true));
        assert_eq!(of("It is $session.params.day."), ("It is {slots.day}.".into(), false));
    }
}

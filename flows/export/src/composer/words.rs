//! Adaptive expressions as text: literals, calls, guards, and whether a value fits its type.

use flow_conditions::decimal::Decimal;
use flow_conditions::value::{Type, Value};

/// A text in single quotes.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('\'');
    for c in text.chars() {
        match c {
            '\'' => out.push_str("\\'"),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            c => out.push(c),
        }
    }
    out.push('\'');
    out
}

/// A value written out.
pub fn literal(value: &Value) -> String {
    match value {
        Value::Bool(value) => value.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Text(text) => quoted(text),
        Value::List(items) => list(items.iter().map(literal)),
    }
}

/// A list of expressions.
pub fn list(items: impl IntoIterator<Item = String>) -> String {
    format!("createArray({})", items.into_iter().collect::<Vec<_>>().join(", "))
}

/// An object; a value that is not there leaves its key out.
pub fn object<'k>(entries: impl IntoIterator<Item = (&'k str, String)>) -> String {
    entries.into_iter().fold("json('{}')".to_owned(), |object, (key, value)| {
        format!("setProperty({object}, {}, {value})", quoted(key))
    })
}

/// All of these conditions.
pub fn all(parts: &[String]) -> String {
    joined(parts, " && ", "true")
}

/// Any of these conditions.
pub fn any(parts: &[String]) -> String {
    joined(parts, " || ", "false")
}

fn joined(parts: &[String], word: &str, none: &str) -> String {
    match parts {
        [] => none.to_owned(),
        [one] => one.clone(),
        many => many.iter().map(|part| within(part)).collect::<Vec<_>>().join(word),
    }
}

/// An expression as a part of another one.
pub fn within(part: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_');
    let text = part.strip_prefix('!').unwrap_or(part);
    if text.chars().all(plain) || is_one_call(text) { part.to_owned() } else { format!("({part})") }
}

/// Whether it is one call, from its name to its last bracket.
fn is_one_call(text: &str) -> bool {
    let name = text.chars().take_while(|c| c.is_ascii_alphanumeric()).count();
    let Some(rest) = text.get(name..).filter(|_| name > 0) else { return false };
    let (mut depth, mut quoted, mut escaped) = (0_usize, false, false);
    for (at, c) in rest.char_indices() {
        match c {
            _ if escaped => escaped = false,
            '\\' if quoted => escaped = true,
            '\'' => quoted = !quoted,
            _ if quoted => {}
            '(' => depth += 1,
            ')' if depth == 1 => return at + 1 == rest.len(),
            ')' => depth = depth.saturating_sub(1),
            _ if depth == 0 => return false,
            _ => {}
        }
    }
    false
}

/// The value where a condition holds, else no value.
pub fn only(condition: &str, value: &str) -> String {
    if condition == "true" { value.to_owned() } else { format!("if({condition}, {value}, null)") }
}

/// Whether what stands at a path fits a type.
pub fn fits(path: &str, of: &Type) -> String {
    let bounds = |min: &Option<Decimal>, max: &Option<Decimal>| {
        let low = min.map(|min| format!(" && {path} >= {min}")).unwrap_or_default();
        let high = max.map(|max| format!(" && {path} <= {max}")).unwrap_or_default();
        low + &high
    };
    match of {
        Type::Bool => format!("isBoolean({path})"),
        Type::Text => format!("isString({path})"),
        Type::Enum(values) => {
            format!("contains({}, {path})", list(values.iter().map(|value| quoted(value))))
        }
        Type::Integer { min, max } => format!("isInteger({path}){}", bounds(min, max)),
        Type::Number { min, max } => {
            format!("(isInteger({path}) || isFloat({path})){}", bounds(min, max))
        }
        Type::List(_) | Type::Any => format!("exists({path})"),
    }
}

/// What stands at a path where it fits the type, else no value.
pub fn fitting(path: &str, of: &Type) -> String {
    only(&fits(path, of), path)
}

/// Among the keys of an object: the value where the key is there and fits, nothing where it does not, else what was.
pub fn told(object: &str, key: &str, of: &Type, otherwise: &str) -> String {
    let (key, path) = (quoted(key), format!("{object}[{}]", quoted(key)));
    format!("if(contains({object}, {key}), {}, {otherwise})", fitting(&path, of))
}

#[cfg(test)]
mod tests {
    use super::{fits, quoted, within};
    use flow_conditions::decimal::Decimal;
    use flow_conditions::value::Type;

    #[test]
    fn texts_are_no_code() {
        assert_eq!(quoted("it's ${a}\n\\"), "'it\\'s ${a}\\n\\\\'");
    }

    #[test]
    fn parts_keep_together() {
        assert_eq!(within("a.b"), "a.b");
        assert_eq!(within("exists(a) && b"), "(exists(a) && b)");
        assert_eq!(within("exists(a)"), "exists(a)");
        assert_eq!(within("!contains(')', a)"), "!contains(')', a)");
        assert_eq!(within("f(a) + g(b)"), "(f(a) + g(b))");
    }

    #[test]
    fn a_value_fits_its_type_and_range() {
        let of = Type::Number { min: Some(Decimal::ZERO), max: Some(Decimal::ONE) };
        assert_eq!(fits("a", &of), "(isInteger(a) || isFloat(a)) && a >= 0 && a <= 1");
    }
}

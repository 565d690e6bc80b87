//! Values of other tools as the format has them: numbers, truths, lists of names.

use flow_conditions::decimal::Decimal;
use flow_model::tree::{self, Json, Number};

use super::mapping::Kept;
use super::rows;

/// A number: as it is, or of a text, where a comma may stand for the point and `%` divides by a hundred.
#[must_use]
pub fn number(json: &Json, percent: bool) -> Option<Decimal> {
    let (text, percent) = match json {
        Json::Number(number) => (number.text().to_owned(), percent),
        Json::Text(text) => {
            let text = text.trim();
            let bare = text.strip_suffix('%').map(str::trim_end);
            (bare.unwrap_or(text).replace(',', "."), percent || bare.is_some())
        }
        _ => return None,
    };
    let digits = text.trim_start_matches(['-', '+']);
    if !digits.starts_with(|c: char| c.is_ascii_digit()) {
        return None;
    }
    let text = text.trim_start_matches('+');
    // Programs write sixteen digits of a binary fraction; the format has nine places.
    let rounded = Decimal::parse_json(text).or_else(|| cut(text))?;
    let divisor = Decimal::from_i64(if percent { 100 } else { 1 });
    Decimal::div_round(rounded, divisor, 9)
}

/// A number with more digits than a decimal holds, by its first ones behind the point.
fn cut(text: &str) -> Option<Decimal> {
    let (whole, fraction) = text.split_once('.')?;
    let plain = fraction.bytes().all(|b| b.is_ascii_digit());
    if !plain {
        return None;
    }
    Decimal::parse_json(&format!("{whole}.{}", fraction.get(..12)?))
}

/// True or false, in the words that tables have for it.
#[must_use]
pub fn truth(json: &Json) -> Option<bool> {
    match json {
        Json::Bool(truth) => Some(*truth),
        Json::Number(number) => match number.text() {
            "1" => Some(true),
            "0" => Some(false),
            _ => None,
        },
        Json::Text(text) => match text.trim().to_lowercase().as_str() {
            "true" | "yes" | "y" | "1" | "ja" | "x" | "t" => Some(true),
            "false" | "no" | "n" | "0" | "nein" | "f" => Some(false),
            _ => None,
        },
        _ => None,
    }
}

/// A sentiment: a number from -1 to 1, or one of the words that tools have for it.
#[must_use]
pub fn sentiment(json: &Json, percent: bool) -> Option<Decimal> {
    let half = |tenths: i128| Decimal::new(tenths, 1);
    match json {
        Json::Text(text) => match text.trim().to_lowercase().as_str() {
            "positive" | "pos" | "positiv" => half(5),
            "negative" | "neg" | "negativ" => half(-5),
            "neutral" | "mixed" | "gemischt" => half(0),
            _ => number(json, percent),
        },
        _ => number(json, percent),
    }
}

/// A value as the mapping keeps it; `None` where it is not of that kind.
#[must_use]
pub fn kept(json: &Json, kept: Kept) -> Option<Json> {
    match kept {
        Kept::Plain => Some(json.clone()),
        Kept::Text => Some(Json::text(rows::shown(json))),
        Kept::Number => number(json, false).map(|n| Json::Number(Number::from(n))),
        Kept::Percent => number(json, true).map(|n| Json::Number(Number::from(n))),
        Kept::Bool => truth(json).map(Json::Bool),
    }
}

/// Names with values: an object, a list of `{entity or name, value}`, or a text `name = value`.
#[must_use]
pub fn named(json: &Json) -> Option<Vec<(String, Json)>> {
    match json {
        Json::Map(map) => Some(map.clone()),
        Json::List(items) => items.iter().map(pair).collect(),
        Json::Text(text) => {
            if text.trim_start().starts_with(['{', '[']) {
                let reading = tree::read(text);
                return if reading.is_json() { reading.json.as_ref().and_then(named) } else { None };
            }
            text.split(';').filter(|part| !part.trim().is_empty()).map(assignment).collect()
        }
        _ => None,
    }
}

fn assignment(text: &str) -> Option<(String, Json)> {
    let (name, value) = text.split_once('=')?;
    let name = name.trim();
    (!name.is_empty()).then(|| (name.to_owned(), Json::text(value.trim())))
}

fn pair(item: &Json) -> Option<(String, Json)> {
    if let Json::Text(text) = item {
        return assignment(text);
    }
    let name = ["entity", "name", "slot", "id", "key"].iter().find_map(|key| item.get(key)?.as_text())?;
    let value = ["value", "resolvedValue", "text"].iter().find_map(|key| item.get(key))?;
    Some((name.to_owned(), value.clone()))
}

/// Tags: a list of texts, or words with commas between.
#[must_use]
pub fn tags(json: &Json) -> Option<Vec<String>> {
    let clean = |text: &str| {
        let text = text.trim().trim_start_matches('#');
        (!text.is_empty()).then(|| text.to_owned())
    };
    match json {
        Json::List(items) => Some(items.iter().filter_map(|item| clean(&rows::shown(item))).collect()),
        Json::Text(text) => Some(text.split([',', ';']).filter_map(clean).collect()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        tree::read(text).json.unwrap()
    }

    #[test]
    fn numbers_are_read_in_the_spellings_of_tables() {
        for (text, percent, expected) in [
            ("0.5", false, Some("0.5")),
            ("\"0,93\"", false, Some("0.93")),
            ("\"93 %\"", false, Some("0.93")),
            ("93", true, Some("0.93")),
            ("\" -0.25 \"", false, Some("-0.25")),
            ("0.9523234367370605", false, Some("0.952323437")),
            ("0.95232343673706054687500000000000000000001", false, Some("0.952323437")),
            ("9.5e-1", false, Some("0.95")),
            ("\"high\"", false, None),
            ("\"\"", false, None),
            ("null", false, None),
        ] {
            assert_eq!(number(&json(text), percent).map(|n| n.to_string()).as_deref(), expected, "{text}");
        }
    }

    #[test]
    fn names_with_values_come_in_many_shapes() {
        for text in [
            r#"{"size":"big"}"#,
            r#"[{"entity":"size","value":"big","start":3}]"#,
            r#"[{"name":"size","value":"big"}]"#,
            r#""size = big""#,
            r#""{\"size\":\"big\"}""#,
        ] {
            assert_eq!(named(&json(text)), Some(vec![("size".to_owned(), Json::text("big"))]), "{text}");
        }
        assert_eq!(named(&json("\"big\"")), None);
        assert_eq!(named(&json("[1]")), None);
    }
}

//! Values as people read them.

use flow_model::tree::{Json, compact};

/// What marks a text that was shortened.
pub const SHORTENED: &str = "… [shortened]";

/// The text of a scalar, a list of scalars with commas, anything else as compact JSON.
pub fn plain(value: &Json) -> String {
    match value {
        Json::Null => String::new(),
        Json::Bool(true) => "yes".to_owned(),
        Json::Bool(false) => "no".to_owned(),
        Json::Number(number) => number.text().to_owned(),
        Json::Text(text) => text.clone(),
        Json::List(items) if items.iter().all(is_scalar) => items.iter().map(plain).collect::<Vec<_>>().join(", "),
        Json::List(_) | Json::Map(_) => compact(value),
    }
}

fn is_scalar(value: &Json) -> bool {
    !matches!(value, Json::List(_) | Json::Map(_))
}

/// Whether a value takes more than one line.
pub fn is_block(value: &Json) -> bool {
    match value {
        Json::Text(text) => text.contains('\n'),
        Json::List(items) => items.iter().any(|item| !is_scalar(item)),
        Json::Map(entries) => !entries.is_empty(),
        _ => false,
    }
}

/// A value as lines: what was said as `Customer: …`, an object as `name: value`.
pub fn block(value: &Json, out: &mut Vec<String>) {
    match value {
        Json::List(items) => items.iter().for_each(|item| out.push(item_line(item))),
        Json::Map(entries) => {
            out.extend(entries.iter().map(|(key, value)| format!("{}: {}", label(key), plain(value))))
        }
        Json::Text(text) => out.extend(text.lines().map(str::to_owned)),
        _ => out.push(plain(value)),
    }
}

/// One item of a list.
fn item_line(item: &Json) -> String {
    let text = |key: &str| item.get(key).and_then(Json::as_text);
    if let (Some(who), Some(said)) = (text("who"), text("text")) {
        let who = text("name").map_or_else(|| speaker(who), str::to_owned);
        return format!("{who}: {}", said.replace('\n', "\n  "));
    }
    match item {
        Json::Map(entries) => {
            let parts: Vec<String> = entries
                .iter()
                .filter(|(_, value)| !matches!(value, Json::Null) && *value != Json::map())
                .map(|(key, value)| format!("{} {}", label(key).to_lowercase(), nested(value)))
                .collect();
            format!("- {}", parts.join(", "))
        }
        _ => format!("- {}", plain(item)),
    }
}

fn nested(value: &Json) -> String {
    match value {
        Json::Map(entries) => {
            let parts: Vec<String> = entries.iter().map(|(key, value)| format!("{key} {}", plain(value))).collect();
            format!("({})", parts.join(", "))
        }
        _ => plain(value),
    }
}

fn speaker(who: &str) -> String {
    match who {
        "customer" | "user" => "Customer".to_owned(),
        "agent" => "Agent".to_owned(),
        "ai" | "bot" => "Assistant".to_owned(),
        other => other.to_owned(),
    }
}

/// A name as a heading: `bot_tried` is `Bot tried`.
pub fn label(name: &str) -> String {
    let spaced = name.replace(['_', '.'], " ");
    let mut characters = spaced.chars();
    characters.next().map_or_else(String::new, |first| first.to_uppercase().chain(characters).collect())
}

/// A value cut to at most about `room` bytes, with a mark: of a list the oldest items go, of a text its end.
pub fn shorten(value: &Json, room: usize) -> Json {
    match value {
        Json::List(items) => {
            let mut left = room;
            let kept = items.iter().rev().take_while(|item| {
                let size = compact(item).len() + 1;
                let fits = size <= left;
                left = left.saturating_sub(size);
                fits
            });
            let kept = kept.count();
            if kept == items.len() {
                return value.clone();
            }
            let gone = items.len() - kept;
            let mark = format!("[{gone} earlier left out]");
            let rest = items[gone..].iter().cloned();
            Json::List(std::iter::once(Json::Text(mark)).chain(rest).collect())
        }
        Json::Text(text) => Json::Text(cut(text, room)),
        Json::Map(_) => Json::Text(cut(&compact(value), room)),
        _ => value.clone(),
    }
}

fn cut(text: &str, room: usize) -> String {
    if text.len() <= room {
        return text.to_owned();
    }
    let end = text.char_indices().map(|(at, _)| at).take_while(|at| *at <= room).last().unwrap_or(0);
    format!("{}{SHORTENED}", text[..end].trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        flow_model::tree::read(text).json.unwrap()
    }

    #[test]
    fn values_read_as_people_write_them() {
        for (value, text) in [
            ("null", ""),
            ("true", "yes"),
            ("0.80", "0.8"),
            (r#"["a","b",1]"#, "a, b, 1"),
            (r#"{"a":[1]}"#, r#"{"a":[1]}"#),
        ] {
            assert_eq!(plain(&json(value)), text);
        }
        let mut lines = Vec::new();
        block(
            &json(
                r#"[{"who":"customer","text":"Hi\nyou"},{"who":"agent","name":"desk 7","text":"Hello"},
                {"call":"charges.explain","status":"error","code":null,"inputs":{"id":"T1","n":2}}]"#,
            ),
            &mut lines,
        );
        assert_eq!(
            lines,
            ["Customer: Hi\n  you", "desk 7: Hello", "- call charges.explain, status error, inputs (id T1, n 2)"],
        );
    }

    #[test]
    fn shortening_keeps_the_newest_and_marks_the_cut() {
        let list = json(r#"["one","two","three"]"#);
        assert_eq!(shorten(&list, 100), list);
        assert_eq!(shorten(&list, 14), json(r#"["[1 earlier left out]","two","three"]"#));
        assert_eq!(shorten(&list, 0), json(r#"["[3 earlier left out]"]"#));
        assert_eq!(shorten(&json(r#""abc def ü""#), 5), json(r#""abc d… [shortened]""#));
        assert_eq!(shorten(&json(r#""üü""#), 1), json(r#""… [shortened]""#));
    }
}

//! The condition language of Lex V2 as ours: `{slot}`, `[session attribute]`, `((request attribute))`, `fn.IS_SET(…)`;
//! `docs.aws.amazon.com/lexv2/latest/dg/paths-branching.html`, and the forms that real bots have.

use crate::Draft;
use crate::conditions::{self, Said};
use crate::logic::{self, Token, quoted};

const SIGNS: [(&str, Token); 10] = [
    ("!=", Token::Is("!=")),
    ("<=", Token::Is("<=")),
    (">=", Token::Is(">=")),
    ("&&", Token::And),
    ("||", Token::Or),
    ("=", Token::Is("=")),
    ("<", Token::Is("<")),
    (">", Token::Is(">")),
    ("!", Token::Not),
    (")", Token::Close),
];

/// What stands between these is a name.
const BRACKETS: [(&str, &str); 3] = [("((", "))"), ("{", "}"), ("[", "]")];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while !rest.is_empty() {
        let name = BRACKETS.iter().find_map(|(open, close)| {
            let (name, after) = rest.strip_prefix(open)?.split_once(close)?;
            // Two parentheses can also be just that.
            let plain = name.chars().all(|c| c.is_alphanumeric() || matches!(c, '_' | '-' | ':' | '.' | ' '));
            (plain && (*open != "((" || !name.contains(' '))).then(|| (Token::Name(format!("{open}{name}")), after))
        });
        let sign = || SIGNS.iter().find_map(|(sign, token)| Some((token.clone(), rest.strip_prefix(sign)?)));
        let (token, after) = match name.or_else(sign) {
            Some(found) => found,
            None if rest.starts_with('(') => (Token::Open, rest.get(1..).unwrap_or("")),
            None if rest.starts_with('"') => {
                let (text, after) = quoted(rest)?;
                (Token::Text(text), after)
            }
            None => word(rest),
        };
        out.push(token);
        rest = after.trim_start();
    }
    Ok(out)
}

fn word(rest: &str) -> (Token, &str) {
    let end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '=' | '<' | '>' | '!' | '"' | '{' | '&' | '|');
    let length = rest.char_indices().skip(1).find(|(_, c)| end(*c)).map_or(rest.len(), |(at, _)| at);
    let (word, after) = rest.split_at(length);
    let token = match word {
        "AND" | "and" => Token::And,
        "OR" | "or" => Token::Or,
        "NOT" | "not" => Token::Not,
        "fn.IS_SET" => Token::Is("set"),
        "CONTAINS" => Token::Is("contains"),
        _ if word.starts_with("$.") => Token::Name(word.to_owned()),
        _ => Token::Word(word.to_owned()),
    };
    (token, after)
}

/// What has a value in Lex, as a name of ours.
fn named(draft: &mut Draft, name: &str) -> Result<String, String> {
    if name == "$.inputTranscript" {
        return Ok("text".to_owned());
    }
    let bare =
        ["((", "{", "["].iter().find_map(|open| name.strip_prefix(open)).filter(|name| !name.contains(['.', ':']));
    let slot = bare.map(|bare| draft.slot(bare)).ok_or_else(|| format!("the value {name}"))?;
    Ok(format!("slots.{slot}"))
}

/// A condition in our language.
///
/// # Errors
/// What of it cannot be said.
pub(super) fn read(draft: &mut Draft, text: &str) -> Said {
    logic::read(&tokens(text)?, &mut |tokens, at| compared(draft, tokens, at))
}

fn compared(draft: &mut Draft, tokens: &[Token], at: &mut usize) -> Said {
    let rest = tokens.get(*at..).unwrap_or_default();
    match rest {
        [Token::Is("set"), Token::Open, Token::Name(name), Token::Close, ..] => {
            *at += 4;
            Ok(format!("has({})", named(draft, name)?))
        }
        [Token::Name(name), Token::Is(sign), right, ..] => {
            *at += 3;
            let name = named(draft, name)?;
            let slot = name.strip_prefix("slots.").map(str::to_owned);
            let mut wants = |kind| slot.iter().for_each(|slot| draft.wants(slot, kind));
            let ours = if *sign == "=" { "==" } else { sign };
            let (Token::Text(text) | Token::Word(text)) = right else {
                return Err("a comparison with what is no constant".to_owned());
            };
            let quoted = matches!(right, Token::Text(_));
            match conditions::number(text).filter(|_| !quoted) {
                _ if ours == "contains" => {
                    wants("text");
                    Ok(format!("{name}.contains({})", conditions::text(text)))
                }
                Some(number) => {
                    wants("number");
                    Ok(format!("{name} {ours} {number}"))
                }
                None if matches!(ours, "==" | "!=") => {
                    wants("text");
                    Ok(format!("{name} {ours} {}", conditions::text(text)))
                }
                None => Err("a comparison of texts by their order".to_owned()),
            }
        }
        [Token::Word(word), ..] if word == "true" || word == "false" => {
            *at += 1;
            Ok(word.clone())
        }
        [Token::Word(word), ..] => Err(format!("the function {word}")),
        _ => Err("a comparison is expected".to_owned()),
    }
}

/// A text with placeholders of ours: `{slot}` and `[attribute]`.
pub(super) fn text(draft: &mut Draft, theirs: &str) -> String {
    let mut out = String::new();
    let mut rest = theirs;
    while let Some(at) = rest.find(['{', '[', '}']) {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let close = if from.starts_with('{') { '}' } else { ']' };
        let inner = from.get(1..).and_then(|inner| inner.split_once(close));
        let plain =
            |name: &str| !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '-'));
        match inner.filter(|(name, _)| plain(name) && !from.starts_with('}')) {
            Some((name, after)) => {
                out.push_str(&format!("{{slots.{}}}", draft.slot(name)));
                rest = after;
            }
            None => {
                out.push_str(match from.get(..1) {
                    Some("{") => "{{",
                    Some("}") => "}}",
                    _ => "[",
                });
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::{read, text};
    use crate::Draft;

    #[test]
    fn conditions_of_real_bots_are_read() {
        let mut draft = Draft::new("x");
        for (theirs, ours) in [
            ("{DaysBefore} > 7", "slots.DaysBefore > 7"),
            ("fn.IS_SET({DaysBefore})", "has(slots.DaysBefore)"),
            ("[slot-failure] = \"true\" ", "slots.slot_failure == \"true\""),
            (
                "(!fn.IS_SET([fallback-count]) OR [fallback-count] = \"\") AND [fallback-count] != \"3\"",
                "(!has(slots.fallback_count) || slots.fallback_count == \"\") && slots.fallback_count != \"3\"",
            ),
            (
                "((channel)) = \"voice\" && ({a} = 1 || {b} CONTAINS \"x\")",
                "slots.channel == \"voice\" && (slots.a == 1 || slots.b.contains(\"x\"))",
            ),
            ("(({a} = 1) OR ({b} = 2))", "slots.a == 1 || slots.b == 2"),
            ("$.inputTranscript = \"help\"", "text == \"help\""),
        ] {
            assert_eq!(read(&mut draft, theirs).as_deref(), Ok(ours), "{theirs}");
        }
        for theirs in
            ["fn.COUNT({a}) > 2", "{a} = {b}", "$.transcriptions[0].transcriptionConfidence < 0.5", "{a}", "", "{a} <"]
        {
            assert!(read(&mut draft, theirs).is_err(), "{theirs}");
        }
    }

    #[test]
    fn texts_keep_their_values() {
        let mut draft = Draft::new("x");
        assert_eq!(
            text(&mut draft, "In {DaysBefore} days, [name-x]. {a b} [!]}"),
            "In {slots.DaysBefore} days, {slots.name_x}. {{a b}} [!]}}"
        );
    }
}

//! Conditions of flows: names with their scope, comparisons in words and signs, AND and OR.

use crate::Draft;
use crate::conditions::{self, Said};
use crate::logic::{self, Token};
use crate::rasa::domain::{Domain, literal};

/// How long a condition is at most.
const LONGEST: usize = 4000;

/// A condition in our language.
///
/// # Errors
/// What of it cannot be said.
pub(super) fn read(draft: &mut Draft, domain: &Domain<'_>, text: &str) -> Said {
    if text.len() > LONGEST {
        return Err("it is too long".to_owned());
    }
    let tokens = tokens(text)?;
    logic::read(&tokens, &mut |tokens, at| atom(draft, domain, tokens, at))
}

const SIGNS: [(&str, &str); 8] =
    [("==", "=="), ("!=", "!="), ("<>", "!="), ("<=", "<="), (">=", ">="), ("<", "<"), (">", ">"), ("=", "==")];

fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let (mut tokens, mut rest) = (Vec::new(), text.trim_start());
    while let Some(first) = rest.chars().next() {
        let sign = SIGNS.iter().find(|(sign, _)| rest.starts_with(sign));
        let (token, after) = match (first, sign) {
            ('(', _) => (Token::Open, rest.get(1..)),
            (')', _) => (Token::Close, rest.get(1..)),
            ('"' | '\'', _) => {
                let inner = rest.get(1..).unwrap_or("");
                let end = inner.find(first).ok_or("a text without its closing quote")?;
                (Token::Text(inner.get(..end).unwrap_or("").to_owned()), inner.get(end + 1..))
            }
            (_, Some((sign, ours))) => (Token::Is(ours), rest.get(sign.len()..)),
            _ => {
                let end = rest.find(|c: char| !(c.is_alphanumeric() || "_.-".contains(c))).unwrap_or(rest.len());
                let word = rest.get(..end).filter(|word| !word.is_empty());
                let word = word.ok_or_else(|| format!("what {first} means here is not known"))?;
                (named(word), rest.get(end..))
            }
        };
        tokens.push(token);
        rest = after.unwrap_or("").trim_start();
    }
    Ok(together(tokens))
}

fn named(word: &str) -> Token {
    match word.to_ascii_lowercase().as_str() {
        "and" => Token::And,
        "or" => Token::Or,
        "not" => Token::Not,
        _ if word.starts_with("slots.") || word.starts_with("context.") => Token::Name(word.to_owned()),
        _ => Token::Word(word.to_owned()),
    }
}

/// `is not` is one comparison, `is` and `contains` are others.
fn together(tokens: Vec<Token>) -> Vec<Token> {
    let mut found: Vec<Token> = Vec::new();
    for token in tokens {
        let word = if let Token::Word(word) = &token { word.to_ascii_lowercase() } else { String::new() };
        match (word.as_str(), &token, found.last()) {
            ("is", ..) => found.push(Token::Is("==")),
            ("contains", ..) => found.push(Token::Is("contains")),
            ("matches", ..) => found.push(Token::Is("matches")),
            (_, Token::Not, Some(Token::Is("=="))) => {
                found.pop();
                found.push(Token::Is("!="));
            }
            _ => found.push(token),
        }
    }
    found
}

fn atom(draft: &mut Draft, domain: &Domain<'_>, tokens: &[Token], at: &mut usize) -> Said {
    let first = tokens.get(*at);
    *at += 1;
    if let Some(Token::Word(word)) = first {
        return match word.to_ascii_lowercase().as_str() {
            flag @ ("true" | "false") => Ok(flag.to_owned()),
            _ => Err(format!("{word} has no scope: it never has a value there")),
        };
    }
    let Some(Token::Name(name)) = first else { return Err("a name is missing".to_owned()) };
    let Some(slot) = name.strip_prefix("slots.") else {
        return Err(format!("{name} is known to the other tool alone"));
    };
    let (id, kind) = domain.slots.get(slot).cloned().unwrap_or_else(|| (draft.slot(slot), "text"));
    let ours = format!("slots.{id}");
    let Some(Token::Is(sign)) = tokens.get(*at) else {
        return Ok(if kind == "bool" { ours } else { format!("has({ours})") });
    };
    *at += 1;
    let value = tokens.get(*at);
    *at += 1;
    let plain = match value {
        Some(Token::Text(text) | Token::Word(text)) => text.clone(),
        Some(Token::Name(other)) => {
            let other = other.strip_prefix("slots.").ok_or("something that the other tool alone knows")?;
            let other = domain.slots.get(other).map_or_else(|| draft.slot(other), |(id, _)| id.clone());
            return compared(&ours, sign, &format!("slots.{other}"));
        }
        _ => return Err("a value is missing".to_owned()),
    };
    let word = matches!(value, Some(Token::Word(_)));
    if word && ["null", "none", "undefined", "empty"].contains(&plain.to_ascii_lowercase().as_str()) {
        return match *sign {
            "==" => Ok(format!("!has({ours})")),
            "!=" => Ok(format!("has({ours})")),
            _ => Err(format!("{sign} null")),
        };
    }
    let written = literal(kind, &plain).ok_or_else(|| format!("{plain} is no value of {slot}"))?;
    compared(&ours, sign, &written)
}

fn compared(left: &str, sign: &str, right: &str) -> Said {
    match sign {
        // An unset slot differs from every value there.
        "!=" => Ok(conditions::not(&format!("{left} == {right}"))),
        "contains" => Ok(format!("{left}.contains({right})")),
        "matches" => Err("it looks for a pattern".to_owned()),
        _ => Ok(format!("{left} {sign} {right}")),
    }
}

#[cfg(test)]
mod tests {
    use super::read;
    use crate::Draft;
    use crate::rasa::domain::Domain;

    #[test]
    fn conditions_are_read() {
        let (mut draft, mut domain) = (Draft::new("x"), Domain::default());
        for (name, kind) in [("n", "number"), ("b", "bool"), ("t", "text")] {
            domain.slots.insert(name.to_owned(), (name.to_owned(), kind));
        }
        for (theirs, ours) in [
            ("slots.n < 0.8 OR slots.n > -0.3", "slots.n < 0.8 || slots.n > -0.3"),
            ("slots.n is not null and slots.n < 0.8", "has(slots.n) && slots.n < 0.8"),
            ("not (slots.t is \"a b\")", "!(slots.t == \"a b\")"),
            ("slots.t is not 'x'", "!(slots.t == \"x\")"),
            ("slots.b = true", "slots.b == true"),
            ("slots.b", "slots.b"),
            ("slots.t contains 'x'", "slots.t.contains(\"x\")"),
            ("slots.new = 'x'", "slots.new == \"x\""),
        ] {
            assert_eq!(read(&mut draft, &domain, theirs), Ok(ours.to_owned()), "{theirs}");
        }
        for odd in [
            "last < 1",
            "context.x = 1",
            "slots.t matches '^T'",
            "slots.n < 'many'",
            "(slots.b",
            "slots.b &&",
            "\"open",
        ] {
            assert!(read(&mut draft, &domain, odd).is_err(), "{odd}");
        }
    }
}

//! AND, OR, NOT and parentheses, as several tools write them; what stands between is each tool's own.

use crate::conditions::{self, Said};

/// One piece of a condition.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// What has a value: a parameter, a slot, an attribute.
    Name(String),
    /// A text in quotes.
    Text(String),
    /// A word without quotes, a number, `true`, `null`.
    Word(String),
    /// A comparison.
    Is(&'static str),
    /// Both hold.
    And,
    /// One holds.
    Or,
    /// It does not hold.
    Not,
    /// `(`
    Open,
    /// `)`
    Close,
}

/// Nesting beyond this is no condition that a person wrote.
const DEEPEST: usize = 32;

/// Reads one comparison, from where it begins to behind its end.
type Atom<'a> = dyn FnMut(&[Token], &mut usize) -> Said + 'a;

/// Puts a condition together from its comparisons.
///
/// # Errors
/// What of it cannot be said.
pub(crate) fn read(tokens: &[Token], atom: &mut Atom<'_>) -> Said {
    let mut at = 0;
    let said = any(tokens, &mut at, 0, atom)?;
    if at < tokens.len() {
        return Err("something after its end".to_owned());
    }
    conditions::canonical(&said)
}

fn any(tokens: &[Token], at: &mut usize, depth: usize, atom: &mut Atom<'_>) -> Said {
    let mut parts = vec![all(tokens, at, depth, atom)?];
    while tokens.get(*at) == Some(&Token::Or) {
        *at += 1;
        parts.push(all(tokens, at, depth, atom)?);
    }
    Ok(conditions::any(&parts))
}

fn all(tokens: &[Token], at: &mut usize, depth: usize, atom: &mut Atom<'_>) -> Said {
    let mut parts = vec![one(tokens, at, depth, atom)?];
    while tokens.get(*at) == Some(&Token::And) {
        *at += 1;
        parts.push(one(tokens, at, depth, atom)?);
    }
    Ok(conditions::all(&parts))
}

fn one(tokens: &[Token], at: &mut usize, depth: usize, atom: &mut Atom<'_>) -> Said {
    if depth > DEEPEST {
        return Err("it nests too deep".to_owned());
    }
    match tokens.get(*at) {
        Some(Token::Not) => {
            *at += 1;
            Ok(conditions::not(&one(tokens, at, depth + 1, atom)?))
        }
        Some(Token::Open) => {
            *at += 1;
            let inner = any(tokens, at, depth + 1, atom)?;
            if tokens.get(*at) != Some(&Token::Close) {
                return Err("a parenthesis that is not closed".to_owned());
            }
            *at += 1;
            Ok(inner)
        }
        _ => atom(tokens, at),
    }
}

/// A text in double quotes at the start of `rest`, with `\` before what is taken as it is, and what follows it.
///
/// # Errors
/// Where it has no end.
pub(crate) fn quoted(rest: &str) -> Result<(String, &str), String> {
    let (mut text, mut escaped) = (String::new(), false);
    for (at, c) in rest.char_indices().skip(1) {
        match c {
            _ if escaped => {
                text.push(c);
                escaped = false;
            }
            '\\' => escaped = true,
            '"' => return Ok((text, rest.get(at + 1..).unwrap_or(""))),
            _ => text.push(c),
        }
    }
    Err("a text without its closing quote".to_owned())
}

//! The condition language of Dialogflow CX as ours: `docs.cloud.google.com/dialogflow/cx/docs/reference/condition`, and the
//! forms that real agents have.

use crate::Draft;
use crate::conditions::{self, Said};
use crate::logic::{self, Token, quoted};

const COMPARISONS: [&str; 7] = ["!=", "<=", ">=", "=", "<", ">", ":"];
fn tokens(text: &str) -> Result<Vec<Token>, String> {
    let mut out = Vec::new();
    let mut rest = text.trim_start();
    while let Some(c) = rest.chars().next() {
        if let Some(sign) = COMPARISONS.iter().find(|sign| rest.starts_with(**sign)) {
            out.push(Token::Is(sign));
            rest = rest.get(sign.len()..).unwrap_or("");
        } else if c == '(' || c == ')' {
            out.push(if c == '(' { Token::Open } else { Token::Close });
            rest = rest.get(1..).unwrap_or("");
        } else if c == '"' {
            let (text, after) = quoted(rest)?;
            out.push(Token::Text(text));
            rest = after;
        } else {
            let end = |c: char| c.is_whitespace() || matches!(c, '(' | ')' | '=' | '<' | '>' | '!' | '"' | ':');
            let length = rest.char_indices().skip(1).find(|(_, c)| end(*c)).map_or(rest.len(), |(at, _)| at);
            let (word, after) = rest.split_at(length);
            if after.starts_with('(') && word.starts_with("$sys.func") {
                return Err(format!("the function {word}"));
            }
            out.push(match word {
                "AND" => Token::And,
                "OR" => Token::Or,
                "NOT" => Token::Not,
                _ if word.starts_with('$') => Token::Name(word.to_owned()),
                _ => Token::Word(word.to_owned()),
            });
            rest = after;
        }
        rest = rest.trim_start();
    }
    Ok(out)
}

/// What a parameter is here.
enum Named {
    /// A name of ours, and the type that it has by itself.
    Ours(String),
    /// A slot.
    Slot(String),
    /// The status of the form, which is final once its questions are answered.
    Status,
    /// One parameter of the form: whether it has a value.
    Given(String),
}

/// Reads conditions of one flow.
pub(super) struct Reader<'a> {
    /// The flow in the making, for the slots that conditions name.
    pub(super) draft: &'a mut Draft,
    /// The flow in whose conditions `$flow.x` stands.
    pub(super) flow: &'a str,
}

/// The slot of a parameter: those of a flow are its own.
pub(super) fn slot(draft: &mut Draft, flow: &str, name: &str) -> Option<String> {
    let name = name.strip_prefix('$').unwrap_or(name);
    let known = |name: &str| !name.is_empty() && !name.contains(['[', '(', '$', ' ', '"']);
    if let Some(own) = name.strip_prefix("flow.").filter(|name| known(name)) {
        return (!own.contains('.')).then(|| draft.slot_of(&format!("{flow}/{own}"), own));
    }
    let name = ["session.params.", "intent.params.", "page.params."]
        .iter()
        .find_map(|lead| name.strip_prefix(lead))
        .unwrap_or(name);
    let name = [".original", ".resolved"].iter().find_map(|end| name.strip_suffix(end)).unwrap_or(name);
    (known(name) && !name.contains('.')).then(|| draft.slot(name))
}

impl Reader<'_> {
    /// A condition in our language.
    pub(super) fn read(&mut self, text: &str) -> Said {
        logic::read(&tokens(text)?, &mut |tokens, at| self.compared(tokens, at))
    }

    fn compared(&mut self, tokens: &[Token], at: &mut usize) -> Said {
        let left = tokens.get(*at).ok_or("it ends early")?.clone();
        *at += 1;
        let Some(Token::Is(sign)) = tokens.get(*at) else {
            return match left {
                Token::Word(word) if word == "true" || word == "false" => Ok(word),
                _ => Err("a comparison is expected".to_owned()),
            };
        };
        let right = tokens.get(*at + 1).ok_or("it ends early")?.clone();
        *at += 2;
        let Token::Name(name) = left else { return Err("a comparison without a parameter".to_owned()) };
        match self.named(&name)? {
            Named::Status => Ok(match (&right, *sign) {
                (Token::Text(word) | Token::Word(word), "=") => (word == "FINAL").to_string(),
                (Token::Text(word) | Token::Word(word), "!=") => (word != "FINAL").to_string(),
                _ => return Err("the status of a form".to_owned()),
            }),
            Named::Given(slot) => Ok(format!("has(slots.{slot})")),
            Named::Ours(name) => {
                Ok(format!("{name} {}", self.value(sign, &right, None)?)).map(|said| said.replace(" .", "."))
            }
            Named::Slot(slot) => self.of_slot(&slot, sign, &right),
        }
    }

    fn named(&mut self, name: &str) -> Result<Named, String> {
        match name {
            "$page.params.status" => return Ok(Named::Status),
            "$request.sentiment.score" => return Ok(Named::Ours("sentiment".to_owned())),
            "$request.user-utterance" => return Ok(Named::Ours("text".to_owned())),
            _ => {}
        }
        if let Some(own) = name.strip_prefix("$page.params.").and_then(|name| name.strip_suffix(".status")) {
            return Ok(Named::Given(self.draft.slot(own)));
        }
        let slot = slot(self.draft, self.flow, name).ok_or_else(|| format!("the parameter {name}"))?;
        Ok(Named::Slot(slot))
    }

    fn of_slot(&mut self, slot: &str, sign: &str, right: &Token) -> Said {
        let name = format!("slots.{slot}");
        let null = matches!(right, Token::Word(word) if word == "null");
        match (sign, null) {
            ("=", true) => return Ok(format!("!has({name})")),
            ("!=", true) => return Ok(format!("has({name})")),
            _ => {}
        }
        // A parameter without a value differs from everything, where a comparison with it is false here.
        if sign == "!=" {
            return Ok(conditions::not(&format!("{name} {}", self.value("=", right, Some(slot))?)));
        }
        let said = format!("{name} {}", self.value(sign, right, Some(slot))?);
        Ok(said.replace(" .contains", ".contains"))
    }

    /// The comparison and what is on its right.
    fn value(&mut self, sign: &str, right: &Token, slot: Option<&str>) -> Said {
        let ours = if sign == "=" { "==" } else { sign };
        let mut wants = |kind| {
            if let Some(slot) = slot {
                self.draft.wants(slot, kind);
            }
        };
        if sign == ":" {
            wants("text");
            return match right {
                Token::Text(text) | Token::Word(text) => Ok(format!(".contains({})", conditions::text(text))),
                _ => Err("a test for a part of a text".to_owned()),
            };
        }
        match right {
            Token::Word(word) if word == "true" || word == "false" => {
                wants("bool");
                Ok(format!("{ours} {word}"))
            }
            Token::Word(word) if conditions::number(word).is_some() => {
                wants("number");
                Ok(format!("{ours} {}", conditions::number(word).unwrap_or_default()))
            }
            Token::Text(text) | Token::Word(text) if ours == "==" || ours == "!=" => {
                wants("text");
                Ok(format!("{ours} {}", conditions::text(text)))
            }
            Token::Name(other) => match self.named(other)? {
                Named::Slot(other) => {
                    if !matches!(ours, "==" | "!=") {
                        self.draft.wants(&other, "number");
                        if let Some(slot) = slot {
                            self.draft.wants(slot, "number");
                        }
                    }
                    Ok(format!("{ours} slots.{other}"))
                }
                _ => Err(format!("a comparison with {other}")),
            },
            _ => Err("a comparison of texts by their order".to_owned()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Reader;
    use crate::Draft;

    fn said(text: &str) -> Result<String, String> {
        let mut draft = Draft::new("x");
        Reader { draft: &mut draft, flow: "F" }.read(text)
    }

    #[test]
    fn conditions_of_real_agents_are_read() {
        for (theirs, ours) in [
            ("true", "true"),
            ("$flow.counter < 2", "slots.counter < 2"),
            ("$session.params.a = null", "!has(slots.a)"),
            ("$session.params.a != \"x y\"", "!(slots.a == \"x y\")"),
            ("$flow.a = \"Hosier Ln\\, Melbourne\"", "slots.a == \"Hosier Ln, Melbourne\""),
            ("$page.params.status = FINAL AND $flow.a != true", "true && !(slots.a == true)"),
            (
                "($flow.a = null OR $flow.b = N/A) AND $flow.n >= 1.50",
                "(!has(slots.a) || slots.b == \"N/A\") && slots.n >= 1.5",
            ),
            ("NOT $flow.a : \"law\"", "!slots.a.contains(\"law\")"),
            ("$request.sentiment.score < -0.5", "sentiment < -0.5"),
            ("$request.user-utterance : \"lawyer\"", "text.contains(\"lawyer\")"),
            ("$flow.tries < $flow.retry-num", "slots.tries < slots.retry_num"),
            ("$page.params.p.status = \"UPDATED\"", "has(slots.p)"),
        ] {
            assert_eq!(said(theirs).as_deref(), Ok(ours), "{theirs}");
        }
    }

    #[test]
    fn what_cannot_be_said_says_what() {
        for theirs in [
            "$sys.func.COUNT($flow.x) = 0",
            "$request.event-name = \"a\"",
            "$flow.a < \"b\"",
            "$flow.a[0] = 1",
            "$flow.a =",
            "= = AND",
            "\"open",
            "",
            "($flow.a = 1",
        ] {
            assert!(said(theirs).is_err(), "{theirs}: {:?}", said(theirs));
        }
        assert!(said(&"(".repeat(500)).is_err());
    }
}

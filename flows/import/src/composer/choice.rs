//! Templates that choose between texts, and cards: what of them can be said.

use super::dialogs::{Build, Scope};
use super::lg::plain;
use super::words::Said;
use crate::{Card, Code, Kept, Part};

/// One of several ways to say something: its condition, none for what is said otherwise, and its wordings.
#[derive(Debug, Default, PartialEq)]
struct Way {
    when: Option<String>,
    texts: Vec<String>,
}

impl Build<'_, '_, '_> {
    /// What a template says that chooses by itself: a decision with a message for each way, or a card in words.
    pub(super) fn chosen(&mut self, part: &Part, scope: &Scope, id: &str, raw: &str, next: &str) -> String {
        let Some(ways) = ways(raw) else {
            let text = self.card_words(raw, scope);
            self.put(part, scope, 0, id, Card::new("message").text("text", text).text("next", next));
            self.card_told(part, id, raw);
            return id.to_owned();
        };
        let (mut rows, mut otherwise) = (Vec::new(), next.to_owned());
        for (role, way) in (1..).zip(ways) {
            let to = match way.texts.first() {
                None => next.to_owned(),
                Some(_) => {
                    let said = self.said_so(&way.texts, scope);
                    let to = self.id(part, scope, &format!("says_{role}"));
                    let text = said.texts.first().cloned().unwrap_or_default();
                    self.put(part, scope, role, &to, Card::new("message").text("text", text).text("next", next));
                    self.beside(part, &to, &said);
                    to
                }
            };
            match &way.when {
                Some(raw) => rows.push((self.when(part, raw, scope, Kept::Card(id.to_owned())), to)),
                None => otherwise = to,
            }
        }
        self.put(part, scope, 0, id, Card::new("decision").branches(&rows).text("else", otherwise));
        id.to_owned()
    }

    /// The text of a question, and whether a template that chooses is only kept in words beside it.
    pub(super) fn asked(&mut self, said: &Said, scope: &Scope) -> (Option<String>, Option<String>) {
        match (said.texts.first(), &said.other) {
            (Some(text), _) => (Some(text.clone()), None),
            (None, None) => (None, None),
            (None, Some(raw)) => {
                let first = ways(raw).and_then(|ways| ways.into_iter().find(|way| !way.texts.is_empty()));
                let text = match first {
                    Some(way) => self.said_so(&way.texts, scope).texts.into_iter().next(),
                    None => Some(self.card_words(raw, scope)),
                };
                (text, Some(raw.clone()))
            }
        }
    }

    /// A template that is kept in words with a card.
    pub(super) fn card_told(&mut self, part: &Part, id: &str, raw: &str) {
        self.remark(id, raw);
        let what = "a card, or a text that is chosen between, is kept in words";
        self.tell(part, Code::NotUnderstood, what, Kept::Note(id.to_owned()));
    }

    fn said_so(&mut self, texts: &[String], scope: &Scope) -> Said {
        let mut all = Said::default();
        for text in texts {
            let one = self.words(text, scope, 1);
            all.texts.extend(one.texts);
            all.buttons.extend(one.buttons);
            all.more.extend(one.more.into_iter().chain(one.other));
        }
        all
    }

    /// The words of a card: its title and its texts, else what kind of card it is.
    fn card_words(&mut self, raw: &str, scope: &Scope) -> String {
        let mut words = Vec::new();
        for line in raw.lines() {
            let Some((key, value)) = line.split_once('=') else { continue };
            if ["title", "subtitle", "text"].contains(&key.trim().to_ascii_lowercase().as_str()) {
                words.push(self.text(&plain(value.trim()), scope, 1));
            }
        }
        if words.is_empty() {
            let kind = raw.trim_start_matches('[').split_whitespace().next().unwrap_or("card");
            return format!("({})", kind.replace('{', "{{").replace('}', "}}"));
        }
        words.join("\n")
    }
}

/// `- IF: ${…}`, `- ELSEIF: ${…}`, `- ELSE:`, or `- SWITCH: ${…}`, `- CASE: ${…}`, `- DEFAULT:`; none where it is something else.
fn ways(raw: &str) -> Option<Vec<Way>> {
    let (mut ways, mut value, mut fenced): (Vec<Way>, _, _) = (Vec::new(), String::new(), false);
    for line in raw.lines() {
        let item = line.trim_start().strip_prefix(['-', '*', '+']).filter(|_| !fenced);
        let word = item
            .and_then(|item| item.split_once(':'))
            .map(|(word, rest)| (word.trim().to_ascii_lowercase(), rest.trim()));
        match (&word, item) {
            (Some((word, rest)), _) if word == "if" || word == "elseif" || word == "else if" => {
                ways.push(Way { when: Some((*rest).to_owned()), texts: Vec::new() });
            }
            (Some((word, rest)), _) if word == "switch" => value = inner(rest).to_owned(),
            (Some((word, rest)), _) if word == "case" && !value.is_empty() => {
                ways.push(Way { when: Some(format!("({value}) == {}", inner(rest))), texts: Vec::new() });
            }
            (Some((word, _)), _) if word == "else" || word == "default" => ways.push(Way::default()),
            (_, Some(item)) => ways.last_mut()?.texts.push(item.trim().to_owned()),
            (_, None) if line.trim().is_empty() => {}
            (_, None) => {
                let text = ways.last_mut()?.texts.last_mut()?;
                text.push('\n');
                text.push_str(line.trim_end());
            }
        }
        fenced ^= line.matches("```").count() % 2 == 1;
    }
    for text in ways.iter_mut().flat_map(|way| &mut way.texts) {
        *text = text.replace("```", "").trim().to_owned();
    }
    (!ways.is_empty()).then_some(ways)
}

/// `${…}` without what is round it.
fn inner(raw: &str) -> &str {
    raw.trim().strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).unwrap_or(raw)
}

#[cfg(test)]
mod tests {
    use super::{Way, ways};

    fn way(when: Option<&str>, texts: &[&str]) -> Way {
        Way { when: when.map(str::to_owned), texts: texts.iter().map(|text| (*text).to_owned()).collect() }
    }

    #[test]
    fn ways_are_told_apart() {
        let chosen =
            "- IF: ${user.vip}\n  - Hello\n  - Hi: you\n- ELSEIF: ${a > 1}\n  - ```two\nlines```\n- ELSE:\n  - Bye";
        let expected = [
            way(Some("${user.vip}"), &["Hello", "Hi: you"]),
            way(Some("${a > 1}"), &["two\nlines"]),
            way(None, &["Bye"]),
        ];
        assert_eq!(ways(chosen).as_deref(), Some(&expected[..]));
        let switched = "- SWITCH: ${dialog.x}\n- CASE: ${'a'}\n  - A\n- DEFAULT:\n  - B";
        assert_eq!(ways(switched), Some(vec![way(Some("(dialog.x) == 'a'"), &["A"]), way(None, &["B"])]));
        for other in ["[HeroCard\n title = x\n]", "loose", "- text first\n- IF: ${x}", ""] {
            assert_eq!(ways(other), None, "{other}");
        }
    }
}

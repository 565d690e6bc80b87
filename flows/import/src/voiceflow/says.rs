//! What steps say.

use super::nodes::Build;
use super::vocabulary::Piece;
use crate::{Code, Kept, Part};

impl<'s> Build<'_, '_, 's> {
    /// A text with placeholders of ours: `{{[name].key}}`, `{name}`, and what stands in it as a reference.
    pub(super) fn words(&mut self, part: &Part) -> String {
        let mut out = String::new();
        let vocabulary = self.vocabulary;
        vocabulary.pieces(part, 0, &mut |piece| match piece {
            Piece::Slot(slot) => out.push_str(&format!("{{slots.{slot}}}")),
            Piece::Text(text) => {
                let mut rest = text;
                while let Some(at) = rest.find('{') {
                    let (before, from) = rest.split_at(at);
                    out.push_str(&before.replace('}', "}}"));
                    let (name, length) = reference(from);
                    match vocabulary.known(name) {
                        Some(slot) => {
                            out.push_str(&format!("{{slots.{slot}}}"));
                            rest = from.get(length..).unwrap_or("");
                        }
                        None => {
                            out.push_str("{{");
                            rest = from.get(1..).unwrap_or("");
                        }
                    }
                }
                out.push_str(&rest.replace('}', "}}"));
            }
        });
        spoken(out.trim())
    }

    /// The words of prompts in whatever form they are: of each the text.
    pub(super) fn prompts(&mut self, list: &'s [Part]) -> Vec<String> {
        let mut found = Vec::new();
        for prompt in list {
            prompt.leave(&["id", "voice", "slots", "type", "desc"], "voices, and ids of prompts");
            let text = prompt.get("content").or_else(|| prompt.get("text"));
            found.extend(text.map(|text| self.words(text)).filter(|text| !text.is_empty()));
        }
        found
    }

    /// What a step says: each way to say it.
    pub(super) fn said(&mut self, data: &'s Part) -> Vec<String> {
        let mut found = Vec::new();
        for key in ["texts", "dialogs", "prompts"] {
            found.extend(self.prompts(data.list(key)));
        }
        if let Some(id) = ["messageID", "responseID"].iter().find_map(|key| data.text(key)) {
            let texts: Vec<&Part> = self.vocabulary.said(id).to_vec();
            found.extend(texts.into_iter().map(|text| self.words(text)).filter(|text| !text.is_empty()));
        }
        data.leave(&["randomize", "canvasVisibility", "draft", "isRandom"], "looks of steps");
        found
    }

    /// What cards and pictures show, in words.
    pub(super) fn shown(&mut self, data: &'s Part) -> String {
        let mut lines = Vec::new();
        let cards: Vec<&Part> = match data.list("cards") {
            [] => vec![data],
            cards => cards.iter().collect(),
        };
        for card in cards {
            for key in ["title", "description", "image", "imageUrl", "name"] {
                if let Some(text) = card.get(key).map(|text| self.words(text)).filter(|text| !text.is_empty()) {
                    lines.push(text);
                }
            }
            let buttons: Vec<String> = card
                .list("buttons")
                .iter()
                .filter_map(|button| button.get("name").map(|name| self.words(name)))
                .collect();
            if !buttons.is_empty() {
                lines.push(format!("[{}]", buttons.join("] [")));
            }
        }
        lines.join("\n")
    }

    /// What is told of words beside the first ones.
    pub(super) fn beside(&mut self, part: &Part, id: &str, texts: &[String]) {
        for other in texts.iter().skip(1) {
            self.cards.remark(id, &format!("Also said: {other}"));
        }
        if texts.len() > 1 {
            let what = format!("one of {} texts is said there; here it is the first one", texts.len());
            self.tell(part, Code::Approximated, &what, Kept::Note(id.to_owned()));
        }
    }
}

/// The name in braces that a text begins with, and how long it is with them.
fn reference(text: &str) -> (&str, usize) {
    if let Some(inner) = text.strip_prefix("{{[") {
        let name = inner.split(']').next().unwrap_or("");
        let end = text.find("}}").map_or(0, |end| end + 2);
        return (if end == 0 { "" } else { name }, end);
    }
    match text.find('}') {
        Some(end) => (text.get(1..end).unwrap_or("").trim(), end + 1),
        None => ("", 1),
    }
}

/// Words without the marks of how they are spoken.
fn spoken(text: &str) -> String {
    const MARKS: [&str; 10] =
        ["voice", "prosody", "speak", "emphasis", "amazon", "say-as", "break", "lang", "audio", "sub"];
    let (mut out, mut rest) = (String::new(), text);
    while let Some(at) = rest.find('<') {
        let (before, from) = rest.split_at(at);
        out.push_str(before);
        let name = from.trim_start_matches(['<', '/']);
        match from.find('>').filter(|_| MARKS.iter().any(|mark| name.starts_with(mark))) {
            Some(end) => rest = from.get(end + 1..).unwrap_or(""),
            None => {
                out.push('<');
                rest = from.get(1..).unwrap_or("");
            }
        }
    }
    (out + rest).trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::{reference, spoken};

    #[test]
    fn texts_lose_their_marks() {
        assert_eq!(spoken("<voice name=\"A\">Hi</voice> <b> 1 < 2"), "Hi <b> 1 < 2");
        assert_eq!(reference("{{[a b].x1}} c"), ("a b", 12));
        assert_eq!(reference("{name} c"), ("name", 6));
        assert_eq!(reference("{{[open"), ("", 0));
        assert_eq!(reference("{open"), ("", 1));
    }
}

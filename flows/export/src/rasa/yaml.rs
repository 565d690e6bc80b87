//! Texts as YAML. What must stay true: a text of the document is always a double-quoted scalar (so that no `${NAME}` in
//! it is taken for an environment variable and no `:` for a key) or an item of a literal block without line breaks.

use std::fmt::Write as _;

use crate::policy::python::hidden;

/// A double-quoted scalar.
pub fn quoted(text: &str) -> String {
    let mut out = String::from('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if hidden(c) => {
                let code = u32::from(c);
                let _ = match code {
                    0..=0xff => write!(out, "\\x{code:02X}"),
                    0x100..=0xffff => write!(out, "\\u{code:04X}"),
                    _ => write!(out, "\\U{code:08X}"),
                };
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// A training example on one line. Rasa reads `[text](entity)` as an annotation, so brackets become round ones; a slash
/// in front would make it a command.
pub fn example(text: &str) -> Option<String> {
    let text: String = text
        .chars()
        .map(|c| match c {
            '[' | '{' => '(',
            ']' | '}' => ')',
            c if c.is_whitespace() || hidden(c) => ' ',
            c => c,
        })
        .collect();
    let line = text.split(' ').filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
    let line = line.trim_start_matches('/').trim();
    (!line.is_empty()).then(|| line.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{example, quoted};

    #[test]
    fn texts_stay_texts() {
        assert_eq!(quoted("a: \"b\" ${HOME}\n\u{0}\u{202e}"), "\"a: \\\"b\\\" ${HOME}\\n\\x00\\u202E\"");
        assert_eq!(example(" see [this](x)\r\n  - line ").as_deref(), Some("see (this)(x) - line"));
        assert_eq!(example("/restart").as_deref(), Some("restart"));
        assert_eq!(example("\u{0} "), None);
    }
}

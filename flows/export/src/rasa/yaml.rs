//! Texts as YAML. What must stay true: a text of the document is always a double-quoted scalar (so that no `${NAME}` in
//! it is taken for an environment variable and no `:` for a key) or an item of a literal block without line breaks.

use crate::policy::python::hidden;
pub use crate::prose::quoted;

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

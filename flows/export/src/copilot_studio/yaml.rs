//! YAML of topics, printed from a tree: the same tree, the same text.

use std::fmt::Write as _;

use crate::prose::quoted;

/// A value of YAML.
#[derive(Clone, Debug, PartialEq)]
pub enum Yaml {
    /// A text or a formula.
    Text(String),
    /// `true` or `false`.
    Bool(bool),
    /// A whole number.
    Int(i64),
    /// A list.
    List(Vec<Yaml>),
    /// Keys in their order.
    Map(Vec<(String, Yaml)>),
}

impl Yaml {
    /// A text.
    pub fn text(text: impl Into<String>) -> Self {
        Self::Text(text.into())
    }

    /// A map.
    pub fn map<K: Into<String>>(entries: impl IntoIterator<Item = (K, Self)>) -> Self {
        Self::Map(entries.into_iter().map(|(key, value)| (key.into(), value)).collect())
    }

    /// Its document.
    pub fn document(&self) -> String {
        let mut out = String::new();
        self.print(&mut out, 0, false);
        out
    }

    /// `inside`: the first line is begun already.
    fn print(&self, out: &mut String, indent: usize, inside: bool) {
        match self {
            Self::Map(entries) => {
                for (i, (key, value)) in entries.iter().enumerate() {
                    if i > 0 || !inside {
                        out.push_str(&" ".repeat(indent));
                    }
                    out.push_str(&scalar(key));
                    out.push(':');
                    value.behind(out, indent);
                }
            }
            Self::List(items) => {
                for item in items {
                    out.push_str(&" ".repeat(indent));
                    out.push_str("- ");
                    match item {
                        Self::Map(entries) if !entries.is_empty() => item.print(out, indent + 2, true),
                        other => {
                            out.push_str(&other.inline());
                            out.push('\n');
                        }
                    }
                }
            }
            other => {
                out.push_str(&other.inline());
                out.push('\n');
            }
        }
    }

    fn behind(&self, out: &mut String, indent: usize) {
        match self {
            Self::Map(entries) if !entries.is_empty() => {
                out.push('\n');
                self.print(out, indent + 2, false);
            }
            Self::List(items) if !items.is_empty() => {
                out.push('\n');
                self.print(out, indent + 2, false);
            }
            other => {
                let _ = writeln!(out, " {}", other.inline());
            }
        }
    }

    fn inline(&self) -> String {
        match self {
            Self::Text(text) => scalar(text),
            Self::Bool(value) => value.to_string(),
            Self::Int(number) => number.to_string(),
            Self::List(_) => "[]".to_owned(),
            Self::Map(_) => "{}".to_owned(),
        }
    }
}

/// What YAML 1.1 or 1.2 would take for something else than a text.
const WORDS: [&str; 11] = ["true", "false", "yes", "no", "on", "off", "null", "y", "n", "nan", "inf"];

/// A text as it is where every reader takes it so, else in double quotes.
fn scalar(text: &str) -> String {
    let begins = text.starts_with(|c: char| c.is_ascii_alphabetic())
        || text.strip_prefix('=').is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_graphic() && c != '='));
    let odd = text.chars().any(|c| !(' '..='~').contains(&c));
    let taken = text.contains(": ") || text.contains(" #") || text.ends_with([':', ' ']);
    if begins && !odd && !taken && !WORDS.contains(&text.to_ascii_lowercase().as_str()) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

#[cfg(test)]
mod tests {
    use super::Yaml;

    #[test]
    fn texts_stand_as_they_are_where_every_reader_takes_them_so() {
        let text = |text: &str| Yaml::text(text).document();
        assert_eq!(text("=Global.at = \"main\""), "=Global.at = \"main\"\n");
        for odd in ["yes", "No", "1", "a: b", "a #b", "- a", "", "é", "a\nb", "=", "a:", "{a}"] {
            assert!(text(odd).starts_with('"'), "{odd}");
        }
    }

    #[test]
    fn lists_of_maps_are_blocks() {
        let inner = Yaml::map([("kind", Yaml::text("A")), ("list", Yaml::List(vec![]))]);
        let tree = Yaml::map([("actions", Yaml::List(vec![inner, Yaml::Int(2)])), ("empty", Yaml::Map(vec![]))]);
        assert_eq!(tree.document(), "actions:\n  - kind: A\n    list: []\n  - 2\nempty: {}\n");
    }
}

//! State diagrams: states with arrows between them, states within states, and notes.

use super::super::{Arrow, Form};
use super::Reader;
use super::words::plain;

impl Reader {
    /// `note right of a : words`, and `note right of a` with lines until `end note`.
    pub(super) fn noted(&mut self, text: &str) -> bool {
        if let Some(key) = self.noting.clone() {
            if text == "end note" {
                self.noting = None;
            } else {
                self.drawing.shape(&key).more.push(plain(text));
            }
            return true;
        }
        let Some(rest) = text.strip_prefix("note ") else { return false };
        let Some((_, about)) = rest.split_once(" of ") else { return false };
        match about.split_once(':') {
            Some((name, words)) => {
                let key = self.key(name.trim());
                self.drawing.shape(&key).more.push(plain(words));
            }
            None => self.noting = Some(self.key(about.trim())),
        }
        true
    }

    /// `a --> b : words`, `a : words`, `state "words" as a`, `state a {`.
    pub(super) fn state(&mut self, text: &str) -> bool {
        if let Some(rest) = text.strip_prefix("state ") {
            return self.named(rest.trim());
        }
        let (arrow, label) = match text.split_once("-->") {
            Some((from, rest)) => match words_behind(rest) {
                Some((to, label)) => (Some((from, to)), label),
                None => (Some((from, rest)), ""),
            },
            None => match words_behind(text) {
                Some((name, label)) => return self.says(name.trim(), label),
                None => (None, ""),
            },
        };
        let Some((from, to)) = arrow else {
            let bare = !text.contains(' ');
            if bare {
                self.end(text, Form::Plain);
            }
            return bare;
        };
        let (from, to) = (self.end(from, Form::Start), self.end(to, Form::End));
        self.drawing.arrows.push(Arrow { from, to, label: plain(label) });
        true
    }

    fn named(&mut self, rest: &str) -> bool {
        let (rest, opens) = rest.strip_suffix('{').map_or((rest, false), |rest| (rest.trim(), true));
        let (name, words) = match rest.trim_start_matches('"').split_once("\" as ") {
            Some((words, name)) => (name.trim(), Some(plain(words))),
            None => (rest.trim(), None),
        };
        let (name, kind) = name.split_once("<<").or_else(|| name.split_once("[[")).unwrap_or((name, ""));
        let key = self.key(bare(name));
        if opens {
            self.begin_group(key, words.unwrap_or_else(|| bare(name).to_owned()));
            return true;
        }
        self.end(name, Form::Plain);
        let shape = self.drawing.shape(&key);
        if let Some(words) = words {
            (shape.label, shape.said) = (words, true);
        }
        if ["choice", "fork", "join"].iter().any(|form| kind.starts_with(form)) {
            (shape.label, shape.form, shape.said) = (String::new(), Form::Choice, true);
        }
        true
    }

    /// What is said of a state; several lines of it are put together.
    fn says(&mut self, name: &str, label: &str) -> bool {
        if name.contains(' ') || label.is_empty() {
            return false;
        }
        let key = self.end(name, Form::Plain);
        let shape = self.drawing.shape(&key);
        let before = if shape.said { format!("{}\n", shape.label) } else { String::new() };
        (shape.label, shape.said) = (format!("{before}{}", plain(label)), true);
        true
    }

    /// A state at an end of an arrow; `[*]` is the beginning or the end of the state that it stands in.
    fn end(&mut self, name: &str, form: Form) -> String {
        let name = bare(name);
        let within = self.open.last().cloned();
        let star = name == "[*]";
        let key = match &within {
            _ if !star => self.key(name),
            Some(within) => format!("{within}/[*]{form:?}"),
            None => self.key(&format!("[*]{form:?}")),
        };
        let shape = self.drawing.shapes.entry(key.clone()).or_default();
        if shape.group.is_none() {
            shape.group.clone_from(&within);
        }
        if star {
            // What a state within begins with is a place to go on at.
            shape.form = if within.is_some() && form == Form::Start { Form::Choice } else { form };
            shape.said = true;
        } else if !shape.said {
            name.clone_into(&mut shape.label);
        }
        key
    }
}

/// A name without the class that it is drawn in.
fn bare(name: &str) -> &str {
    name.split(":::").next().unwrap_or(name).trim()
}

/// What stands before and behind the `:` of words; that of a class is none.
fn words_behind(text: &str) -> Option<(&str, &str)> {
    let classed = text.find(":::").map_or(0, |at| at + 3);
    let at = classed + text.get(classed..)?.find(':')?;
    Some((text.get(..at)?, text.get(at + 1..)?.trim()))
}

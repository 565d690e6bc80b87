//! What a deck that comes back changes: words, and nothing that nobody looked at.

use flow_conditions::said::Said;
use flow_conditions::say;
use std::collections::{BTreeMap, BTreeSet};

use flow_model::diff::{Diff, Op};
use flow_model::template;
use flow_model::tree::Json;

use super::texts::placeholders;
use super::{Back, Text, texts};

/// Why words are not taken as they come.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No text has this id.
    Unknown,
    /// The words in the flow are no longer those that were edited.
    Changed {
        /// What they are now.
        now: String,
    },
    /// Names in braces are gone or new.
    Placeholders {
        /// Those that the flow's text has and the new one has not.
        lost: Vec<String>,
        /// Those that the new text has and the flow's has not.
        new: Vec<String>,
    },
    /// A brace is not closed, or a name cannot be read.
    Unreadable(Said),
    /// Nothing is left of the text.
    Empty,
    /// The id stands in the deck with other words, too.
    Twice,
}

impl Trouble {
    /// As the JSON writes it.
    #[must_use]
    pub fn id(&self) -> &'static str {
        match self {
            Self::Unknown => "unknown-id",
            Self::Changed { .. } => "changed-since",
            Self::Placeholders { .. } => "placeholders",
            Self::Unreadable(_) => "unreadable",
            Self::Empty => "empty",
            Self::Twice => "twice",
        }
    }

    /// In words, with the way out.
    #[must_use]
    pub fn words(&self) -> Said {
        match self {
            Self::Unknown => say!("the flow has no text of this id: its card may have gone or been renamed"),
            Self::Changed { .. } => {
                say!("the words in the flow were changed since the deck was written: look at both")
            }
            Self::Placeholders { lost, new } => {
                let (gone, come) = (lost.join(", "), new.join(", "));
                match (lost.is_empty(), new.is_empty()) {
                    (_, true) => say!("{gone} is lost", gone),
                    (true, false) => say!("{come} is new", come),
                    (false, false) => say!("{gone} is lost, and {come} is new", gone, come),
                }
            }
            Self::Unreadable(why) => why.clone(),
            Self::Empty => say!("nothing is left of the text: remove it in the flow where that is meant"),
            Self::Twice => say!("the deck has this id more than once, with different words"),
        }
    }
}

/// A text that is wanted with other words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    /// The line or row of the deck, from 1.
    pub line: u64,
    /// The id of the text.
    pub id: String,
    /// What it is, in words; its id where the flow has it no more.
    pub place: String,
    /// Where it stands; none where the flow has it no more.
    pub path: Option<Vec<String>>,
    /// The words as they are.
    pub before: String,
    /// The words as they are wanted.
    pub after: String,
    /// Why they are not taken without being told to.
    pub troubles: Vec<Trouble>,
}

/// Everything that a deck brings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Changes {
    /// Texts that are wanted with other words, in the order of the deck.
    pub changes: Vec<Change>,
    /// How many texts stay as they are.
    pub same: usize,
    /// Ids of texts of the flow that the deck does not have.
    pub missing: Vec<String>,
}

/// Compares a deck that comes back with the flow as it is now.
#[must_use]
pub fn changes(document: &Json, rows: &[Back]) -> Changes {
    let texts = texts(document);
    let by_id: BTreeMap<&str, &Text> = texts.iter().map(|text| (text.id.as_str(), text)).collect();
    let mut wanted: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for row in rows {
        wanted.entry(&row.id).or_default().insert(&row.text);
    }
    let mut found = Changes::default();
    let mut seen: BTreeSet<(&str, &str)> = BTreeSet::new();
    for row in rows {
        if !seen.insert((&row.id, &row.text)) {
            continue;
        }
        let twice = wanted.get(row.id.as_str()).is_some_and(|texts| texts.len() > 1);
        match change(row, by_id.get(row.id.as_str()).copied(), twice) {
            Some(change) => found.changes.push(change),
            None => found.same += 1,
        }
    }
    let missing = texts.iter().filter(|text| !wanted.contains_key(text.id.as_str()));
    found.missing = missing.map(|text| text.id.clone()).collect();
    found
}

fn change(row: &Back, text: Option<&Text>, twice: bool) -> Option<Change> {
    let made = |place: &str, path, before: &str, troubles| Change {
        line: row.line,
        id: row.id.clone(),
        place: place.to_owned(),
        path,
        before: before.to_owned(),
        after: row.text.clone(),
        troubles,
    };
    let Some(text) = text else {
        return Some(made(&row.id, None, &row.original, vec![Trouble::Unknown]));
    };
    let edited = row.text != row.original;
    if row.text == text.text || (!edited && !twice) {
        return None;
    }
    let mut troubles = Vec::new();
    if row.original != text.text {
        troubles.push(Trouble::Changed { now: text.text.clone() });
    }
    if twice {
        troubles.push(Trouble::Twice);
    }
    troubles.extend(of_words(text, &row.text));
    Some(made(&text.place, Some(text.path.clone()), &text.text, troubles))
}

/// What is wrong with new words by themselves.
fn of_words(text: &Text, words: &str) -> Vec<Trouble> {
    let mut troubles = Vec::new();
    if words.trim().is_empty() {
        troubles.push(Trouble::Empty);
    }
    if !text.template {
        return troubles;
    }
    if let Some(fault) = template::parse(words).1.first() {
        troubles.push(Trouble::Unreadable(fault.message.clone()));
    }
    let (before, after) = (placeholders(&text.text), placeholders(words));
    let without =
        |some: &[String], others: &[String]| some.iter().filter(|n| !others.contains(n)).cloned().collect::<Vec<_>>();
    let (lost, new) = (without(&before, &after), without(&after, &before));
    if !lost.is_empty() || !new.is_empty() {
        troubles.push(Trouble::Placeholders { lost, new });
    }
    troubles
}

/// The changes of the document: those without trouble, and those of `taken` ids where the flow has the text.
#[must_use]
pub fn diff(changes: &Changes, taken: &[String]) -> Diff {
    let wanted = changes.changes.iter().filter(|change| change.troubles.is_empty() || taken.contains(&change.id));
    wanted
        .filter_map(|change| Some(Op::Set { path: change.path.clone()?, value: Json::text(&change.after), at: None }))
        .collect()
}

//! How a file becomes conversations: data that people see, correct and save as JSON.

use indexmap::IndexMap;
use serde::{Deserialize, Serialize};
use thiserror::Error;

use super::dates;
use super::role::Role;

/// What the bytes of a text file mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub enum Encoding {
    /// UTF-8, with or without a mark.
    #[default]
    #[serde(rename = "utf-8")]
    Utf8,
    /// What Windows in western Europe and Excel's "CSV" write.
    #[serde(rename = "windows-1252")]
    Windows1252,
    /// Excel's "Unicode text".
    #[serde(rename = "utf-16le")]
    Utf16Le,
    /// The same with the other order of bytes.
    #[serde(rename = "utf-16be")]
    Utf16Be,
}

/// Where the records of a JSON file are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    /// One value a line.
    #[default]
    Lines,
    /// One value after the other, over as many lines as they take.
    Values,
    /// The items of one list.
    List,
    /// The items of the list at the key [`Mapping::list`] of one object.
    Key,
}

/// The order of the numbers of a date such as 03/04/2026; a year of four digits at the start is always read as such.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DateOrder {
    /// Day, month, year.
    #[default]
    Dmy,
    /// Month, day, year.
    Mdy,
    /// Year, month, day.
    Ymd,
}

/// What a row is, by the value of its `who` column.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Means {
    /// The customer says something.
    User,
    /// The bot says something.
    Bot,
    /// A person says something.
    Agent,
    /// A call.
    Call,
    /// The result of the call before.
    Result,
    /// A person is asked for.
    Request,
    /// The request failed.
    Failed,
    /// A person takes it.
    Accepted,
    /// A person does not take it.
    Declined,
    /// A person hands back.
    Resumed,
    /// A person solved it.
    Resolved,
    /// A person passes it on.
    Escalated,
    /// The customer left.
    Left,
    /// News of a queue.
    Queue,
    /// Time passes.
    Clock,
    /// Another conversation begins.
    Begin,
    /// Left out on purpose.
    Skip,
    /// Not decided: the row is left out and reported.
    Report,
}

/// What a row can be, in words.
pub const MEANS: &[(&str, &str)] = &[
    ("user", "the customer says something"),
    ("bot", "the bot says something"),
    ("agent", "a person says something"),
    ("call", "a call"),
    ("result", "what the call before gave, or its error"),
    ("request", "a person is asked for"),
    ("failed", "the request failed"),
    ("accepted", "a person takes it"),
    ("declined", "a person does not take it"),
    ("resumed", "the person hands back"),
    ("resolved", "the person solved it"),
    ("escalated", "the person passes it on"),
    ("left", "the customer left"),
    ("queue", "news of a queue"),
    ("clock", "time passes"),
    ("begin", "another conversation begins"),
    ("skip", "left out on purpose, and counted"),
    ("report", "not decided: left out, and told"),
];

/// What a call can be, in words.
pub const CALLS: &[(&str, &str)] = &[
    ("call", "a call"),
    ("request", "the bot asked for a person: the call, and after it the request"),
    ("bot", "what the bot said, by its name only"),
    ("skip", "left out on purpose, and counted"),
];

/// What a call was.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum WhatCall {
    /// A call.
    Call,
    /// The bot asked for a person: the call, and after it the request.
    Request,
    /// What the bot said, known by its name only.
    Bot,
    /// Left out on purpose.
    Skip,
}

/// How the values of a column are kept.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kept {
    /// As they are.
    #[default]
    Plain,
    /// As a text, numbers too.
    Text,
    /// As a number; what is none is reported.
    Number,
    /// As a number out of a hundred.
    Percent,
    /// As true or false.
    Bool,
}

fn is_plain(kept: &Kept) -> bool {
    *kept == Kept::Plain
}

/// What a column means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Column {
    /// The column, or the path of a key; `turns[].text` is a key of the rows.
    pub from: String,
    /// The [`Role`].
    pub to: String,
    /// How its values are kept.
    #[serde(default, rename = "as", skip_serializing_if = "is_plain")]
    pub kept: Kept,
}

/// What of a proposed mapping was guessed where the file would allow something else, too. A mapping that somebody wrote or
/// saved says what it says, so nothing of this is kept with it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Guessed {
    /// The order of dates: those of the start would all do in another order.
    pub dates: bool,
    /// The delimiter: none was found.
    pub delimiter: bool,
}

/// How a file becomes conversations.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The kind of file.
    pub kind: String,
    /// What its bytes mean.
    #[serde(default)]
    pub encoding: Encoding,
    /// Where its records are, in JSON.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shape: Option<Shape>,
    /// The key of the list of records, for [`Shape::Key`].
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub list: Option<String>,
    /// The key of the rows of a conversation; without it each record is one row.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub rows: Option<String>,
    /// What stands between the columns of a table; `,` without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub delimiter: Option<char>,
    /// Whether the first line of a table names its columns; it does without.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub header: Option<bool>,
    /// What conversations without an id are called, with a number behind.
    #[serde(default = "talk")]
    pub name: String,
    /// The order of dates.
    #[serde(default)]
    pub dates: DateOrder,
    /// Minutes that the clock of times without a zone is ahead of UTC.
    #[serde(default)]
    pub zone: i32,
    /// Whether rows that do not say their conversation are all of one.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub together: bool,
    /// After so many seconds without a word another conversation begins.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gap: Option<u64>,
    /// What the columns mean; those not listed are reported once.
    pub columns: Vec<Column>,
    /// What a row is, by the value of its `who` column.
    #[serde(default)]
    pub who: IndexMap<String, Means>,
    /// What a row is whose value is not listed, or that has none.
    #[serde(default = "report")]
    pub others: Means,
    /// What calls were, by name; `utter_*` is all names with that start. Calls not listed are calls.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub calls: IndexMap<String, WhatCall>,
    /// Intents by the name that the flow has for them; an empty text is no intent. Those not listed keep theirs.
    #[serde(default, skip_serializing_if = "IndexMap::is_empty")]
    pub intents: IndexMap<String, String>,
    /// What is a guess.
    #[serde(skip)]
    pub guessed: Guessed,
}

fn talk() -> String {
    "talk".to_owned()
}

fn report() -> Means {
    Means::Report
}

/// Why a mapping cannot be used.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum MappingFault {
    /// The `to` of a column.
    #[error("columns[{at}]: {to:?} is nothing that a column can mean; `--show-mapping` and the manual list what can")]
    Role {
        /// Which column.
        at: usize,
        /// What stands there.
        to: String,
    },
    /// A delimiter that cannot be told from the text.
    #[error("delimiter: {0:?} cannot stand between columns; take one of , ; | or a tab")]
    Delimiter(char),
    /// The zone.
    #[error("zone: {0} minutes are more than a day")]
    Zone(i32),
    /// The shape needs a key.
    #[error("list: the shape \"key\" needs the key of the list")]
    List,
}

impl Mapping {
    /// A mapping without columns.
    #[must_use]
    pub fn new(kind: &str) -> Self {
        Self {
            kind: kind.to_owned(),
            encoding: Encoding::Utf8,
            shape: None,
            list: None,
            rows: None,
            delimiter: None,
            header: None,
            name: talk(),
            dates: DateOrder::default(),
            zone: 0,
            together: false,
            gap: None,
            columns: Vec::new(),
            who: IndexMap::new(),
            others: Means::Report,
            calls: IndexMap::new(),
            intents: IndexMap::new(),
            guessed: Guessed::default(),
        }
    }

    /// The same with columns, from and to.
    #[must_use]
    pub fn with(mut self, columns: &[(&str, &str)]) -> Self {
        self.columns.extend(columns.iter().map(|(from, to)| Column {
            from: (*from).to_owned(),
            to: (*to).to_owned(),
            kept: Kept::Plain,
        }));
        self
    }

    /// The same with what rows are.
    #[must_use]
    pub fn hears(mut self, who: &[(&str, Means)]) -> Self {
        self.who.extend(who.iter().map(|(value, means)| ((*value).to_owned(), *means)));
        self
    }

    /// With the order that all of these dates allow.
    pub(super) fn dated<'t>(&mut self, dates: impl Iterator<Item = &'t str>) {
        (self.dates, self.guessed.dates) = dates::order(dates);
    }

    /// What a call is.
    #[must_use]
    pub fn call(&self, name: &str) -> WhatCall {
        let fits = |pattern: &str| pattern.strip_suffix('*').map_or(pattern == name, |start| name.starts_with(start));
        let exact = self.calls.get(name).copied();
        exact
            .or_else(|| self.calls.iter().find(|(pattern, _)| fits(pattern)).map(|(_, what)| *what))
            .unwrap_or(WhatCall::Call)
    }

    /// The first thing that cannot be.
    ///
    /// # Errors
    /// What it is.
    pub fn faults(&self) -> Result<(), MappingFault> {
        for (at, column) in self.columns.iter().enumerate() {
            if Role::parse(&column.to).is_none() {
                return Err(MappingFault::Role { at, to: column.to.clone() });
            }
        }
        match self.delimiter {
            Some(wrong) if !wrong.is_ascii() || wrong.is_alphanumeric() || "\"\r\n".contains(wrong) => {
                return Err(MappingFault::Delimiter(wrong));
            }
            _ => {}
        }
        if self.zone.abs() > 1440 {
            return Err(MappingFault::Zone(self.zone));
        }
        if self.shape == Some(Shape::Key) && self.list.is_none() {
            return Err(MappingFault::List);
        }
        Ok(())
    }
}

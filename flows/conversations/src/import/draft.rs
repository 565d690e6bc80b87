//! A conversation under construction.

use flow_model::tree::{Json, Number};
use indexmap::IndexMap;

use super::columns::Wanted;
use super::dates;
use super::fields;
use super::mapping::Mapping;
use super::report::Note;
use super::role::Role;
use super::rows;

type Entries = Vec<(String, Json)>;

/// A conversation under construction.
#[derive(Debug, Default)]
pub struct Draft {
    /// The line at which it begins.
    pub line: u64,
    /// Its id; empty where there is none yet.
    pub id: String,
    /// When its last row was said, in milliseconds since 1970.
    pub last: Option<i64>,
    /// What happened.
    pub turns: Vec<Json>,
    /// Which turn was the last call, for its result.
    pub call: Option<usize>,
    /// Whether the last call was left out, and so will be its result.
    pub passed: bool,
    /// Bytes of its texts, about.
    pub bytes: usize,
    /// Whether it was told that its rows are not in the order of their times.
    went_back: bool,
    start: Option<i64>,
    customer: IndexMap<String, Json>,
    labels: IndexMap<String, Json>,
    tags: Vec<String>,
    expect: Entries,
}

impl Draft {
    /// One that begins at a line.
    pub fn new(line: u64, id: String) -> Self {
        Self { line, id, bytes: 512, ..Self::default() }
    }

    /// One with the same customer and labels, for what follows after a long silence.
    pub fn next(&self, line: u64) -> Self {
        Self {
            line,
            id: self.id.clone(),
            bytes: 512,
            customer: self.customer.clone(),
            labels: self.labels.clone(),
            tags: self.tags.clone(),
            last: self.last,
            went_back: self.went_back,
            ..Self::default()
        }
    }

    /// What a column says of the whole conversation; the first value of each counts.
    pub fn take(&mut self, wanted: &Wanted, value: &Json, mapping: &Mapping) -> Result<(), String> {
        let kept = || fields::kept(value, wanted.kept).ok_or_else(|| format!("is not {}", words(wanted)));
        match &wanted.role {
            Role::Customer(None) => merge(&mut self.customer, value)?,
            Role::Customer(Some(name)) => {
                let kept = kept()?;
                self.customer.entry(name.clone()).or_insert(kept);
            }
            Role::Labels(None) => merge(&mut self.labels, value)?,
            Role::Labels(Some(name)) => {
                let kept = kept()?;
                self.labels.entry(name.clone()).or_insert(kept);
            }
            Role::Tags => {
                for tag in fields::tags(value).ok_or("is no list of tags")? {
                    self.tag(tag);
                }
            }
            Role::Start => {
                let start = moment(value, mapping).ok_or("is no moment")?;
                self.begins(start);
            }
            Role::ExpectHandoff => {
                let wanted = match value {
                    Json::Map(_) => value.clone(),
                    _ => match fields::truth(value).ok_or("is neither true nor false")? {
                        true => Json::map(),
                        false => Json::Bool(false),
                    },
                };
                self.expect("handoff", wanted);
            }
            Role::ExpectEnd => self.expect("end", Json::text(rows::shown(value))),
            Role::ExpectSaid => {
                let said = match value {
                    Json::List(_) => value.clone(),
                    other => Json::List(vec![Json::text(rows::shown(other))]),
                };
                self.expect("said", said);
            }
            Role::Conversation if self.id.is_empty() => self.id = rows::shown(value).trim().to_owned(),
            _ => {}
        }
        Ok(())
    }

    /// It has a tag.
    pub fn tag(&mut self, tag: String) {
        if !self.tags.contains(&tag) {
            self.tags.push(tag);
        }
    }

    fn expect(&mut self, key: &str, value: Json) {
        if self.expect.iter().all(|(known, _)| known != key) {
            self.expect.push((key.to_owned(), value));
        }
    }

    /// When it began, if that is not known.
    pub fn begins(&mut self, moment: i64) {
        self.start = self.start.or(Some(moment - moment.rem_euclid(1000)));
    }

    /// A row was said at a moment; that it lies before the row above is told once.
    pub fn goes_on(&mut self, line: u64, time: i64) -> Option<Note> {
        let back = self.last.replace(time).map(|last| last - time).filter(|back| *back > 0)?;
        if std::mem::replace(&mut self.went_back, true) {
            return None;
        }
        let seconds = back.div_euclid(1000).max(1);
        let why = format!("its time is {seconds} s before that of the row above; rows stay in the order of the file");
        Some(Note::new(line, self.id.clone(), why))
    }

    /// Seconds from its start to a moment.
    pub fn since(&self, moment: i64) -> Option<Json> {
        let millis = moment - self.start?;
        let text = format!("{}{}.{:03}", if millis < 0 { "-" } else { "" }, millis.abs() / 1000, millis.abs() % 1000);
        Some(Json::Number(Number::from_text(&text)))
    }

    /// The line of a conversations file.
    pub fn done(self, id: String) -> Json {
        let mut map: Entries = vec![("id".to_owned(), Json::Text(id))];
        let text = |millis: i64| Json::Text(crate::json::time(millis.div_euclid(1000)));
        map.extend(self.start.map(|start| ("start".to_owned(), text(start))));
        let mut part = |key: &str, entries: Entries| {
            if !entries.is_empty() {
                map.push((key.to_owned(), Json::Map(entries)));
            }
        };
        part("customer", self.customer.into_iter().collect());
        part("expect", self.expect);
        part("labels", self.labels.into_iter().collect());
        if !self.tags.is_empty() {
            map.push(("tags".to_owned(), Json::List(self.tags.into_iter().map(Json::Text).collect())));
        }
        map.push(("turns".to_owned(), Json::List(self.turns)));
        Json::Map(map)
    }
}

/// What values of a column should be, in words.
fn words(wanted: &Wanted) -> &'static str {
    use super::mapping::Kept::{Bool, Number, Percent, Plain, Text};
    match wanted.kept {
        Number | Percent => "a number",
        Bool => "true or false",
        Plain | Text => "a value",
    }
}

/// Keys of an object that are not there yet; a text may hold the object as JSON.
fn merge(into: &mut IndexMap<String, Json>, value: &Json) -> Result<(), String> {
    for (key, value) in fields::named(value).ok_or("is no object")? {
        into.entry(key).or_insert(value);
    }
    Ok(())
}

/// A moment in milliseconds since 1970.
pub fn moment(value: &Json, mapping: &Mapping) -> Option<i64> {
    dates::moment(&rows::shown(value), mapping.dates, mapping.zone)
}

/// A note about a value of a column.
pub fn value_note(line: u64, from: &str, value: &Json, why: &str) -> Note {
    Note::new(line, format!("{from}: {}", rows::shown(value)), format!("it {why}, so it is left out"))
}

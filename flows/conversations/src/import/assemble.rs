//! Records become conversations. Rows of one conversation may stand apart, so conversations stay open while their rows
//! come, in bounded memory: what takes too much is written, and what comes after is told.

use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::rc::Rc;

use flow_model::tree::Json;
use indexmap::IndexMap;

use super::columns::{Cells, Columns};
use super::dates::{self, Says};
use super::draft::{self, Draft, value_note};
use super::fields;
use super::mapping::{DateOrder, Mapping, Means};
use super::report::{Note, Report};
use super::role::Role;
use super::rows::Record;
use super::turn::{Became, Turning};
use super::{Sink, Stop};

/// How many bytes of texts may wait for more rows of their conversation.
const OPEN: usize = 64 << 20;

type Take<'f> = dyn FnMut(u64, Json) -> Result<(), Stop> + 'f;
type Hear<'f> = dyn FnMut(&Note) -> Result<(), Stop> + 'f;

/// Makes conversations of records.
pub struct Assembler<'m, 'f> {
    mapping: &'m Mapping,
    columns: Rc<Columns>,
    take: &'f mut Take<'f>,
    hear: &'f mut Hear<'f>,
    report: Report,
    open: IndexMap<String, Draft>,
    open_bytes: usize,
    /// Hashes of ids: a hundred thousand of them in under two megabytes.
    ids: HashSet<u64>,
    unnamed: u64,
    order: Order,
}

/// What the dates of a file say of their order, where it was guessed.
#[derive(Default)]
struct Order {
    /// The first date that would be another one in the other order.
    either: Option<(u64, String)>,
    /// Whether a date can be read in this order alone.
    is_sure: bool,
}

impl<'m, 'f> Assembler<'m, 'f> {
    /// One that has seen nothing.
    pub fn new(mapping: &'m Mapping, take: &'f mut Take<'f>, hear: &'f mut Hear<'f>) -> Self {
        Self {
            mapping,
            columns: Rc::new(Columns::new(mapping)),
            take,
            hear,
            report: Report::default(),
            open: IndexMap::new(),
            open_bytes: 0,
            ids: HashSet::new(),
            unnamed: 0,
            order: Order::default(),
        }
    }

    /// Writes what is still open.
    pub fn finish(mut self) -> Result<Report, Stop> {
        for (_, draft) in std::mem::take(&mut self.open) {
            self.write(draft)?;
        }
        if let (Some((line, date)), false) = (std::mem::take(&mut self.order.either), self.order.is_sure) {
            self.tell(&Note::new(line, date, either_way(self.mapping.dates)))?;
        }
        Ok(self.report)
    }

    /// Looks at a moment where the order of dates was guessed.
    fn weigh(&mut self, line: u64, cells: &Cells<'_>) {
        if !self.mapping.guessed.dates || self.order.is_sure {
            return;
        }
        for (_, value) in cells.filled().filter(|(wanted, _)| matches!(wanted.role, Role::Time | Role::Start)) {
            let date = super::rows::shown(value);
            match dates::says(&date, self.mapping.dates) {
                Says::Nothing => {}
                Says::This => self.order.is_sure = true,
                Says::Either => _ = self.order.either.get_or_insert((line, date)),
            }
        }
    }

    fn tell(&mut self, note: &Note) -> Result<(), Stop> {
        self.report.notes += 1;
        (self.hear)(note)
    }

    fn whole(&mut self, line: u64, head: &Json, rows: &[(u64, Json)]) -> Result<(), Stop> {
        let mut draft = Draft::new(line, String::new());
        self.columns.count_unused(head, false, &mut self.report.unused);
        let columns = Rc::clone(&self.columns);
        let cells = Cells::new(columns.of_record(), head);
        self.weigh(line, &cells);
        let mut notes = about(&mut draft, &cells, line, self.mapping);
        for note in notes.drain(..) {
            self.tell(&note)?;
        }
        for (line, row) in rows {
            self.row(*line, row, &mut draft)?;
        }
        self.write(draft)
    }

    /// A row that stands alone: one of a conversation that is open, or a conversation of its own.
    fn single(&mut self, line: u64, row: &Json) -> Result<(), Stop> {
        let id = Cells::new(self.columns.of_row(), row).text(&Role::Conversation).unwrap_or_default().trim().to_owned();
        let (key, id) = match (id.is_empty(), self.mapping.together) {
            (false, _) => (id.clone(), id),
            (true, true) => (self.mapping.name.clone(), self.mapping.name.clone()),
            (true, false) if self.open.is_empty() => {
                let mut draft = Draft::new(line, String::new());
                self.row(line, row, &mut draft)?;
                return self.write(draft);
            }
            // It waits behind those that are open, so that conversations keep the order of the file.
            (true, false) => (format!("\0{line}"), String::new()),
        };
        let slot = self.open.entry(key.clone()).or_insert_with(|| Draft::new(line, id));
        let mut draft = std::mem::take(slot);
        let before = draft.bytes;
        self.row(line, row, &mut draft)?;
        self.open_bytes = (self.open_bytes + draft.bytes).saturating_sub(before);
        self.open.insert(key, draft);
        if self.open_bytes > OPEN {
            let oldest: Vec<Draft> = self.open.drain(..self.open.len().div_ceil(2)).map(|(_, draft)| draft).collect();
            for draft in oldest {
                self.open_bytes = self.open_bytes.saturating_sub(draft.bytes);
                self.write(draft)?;
            }
        }
        Ok(())
    }

    fn row(&mut self, line: u64, row: &Json, draft: &mut Draft) -> Result<(), Stop> {
        self.report.rows += 1;
        self.columns.count_unused(row, true, &mut self.report.unused);
        let columns = Rc::clone(&self.columns);
        let cells = Cells::new(columns.of_row(), row);
        let mut notes = Vec::new();
        self.weigh(line, &cells);
        let time = moment(&cells, line, self.mapping, &mut notes);
        let mut turning = Turning { mapping: self.mapping, cells, line, t: None, notes };
        let means = turning.means().0;
        let begins = means == Means::Begin;
        let silent = is_silence(self.mapping, draft.last, time);
        if !draft.turns.is_empty() && (begins || silent) {
            let next = draft.next(line);
            let done = std::mem::replace(draft, next);
            self.write(done)?;
        }
        turning.notes.extend(about(draft, &turning.cells, line, self.mapping));
        if let Some(time) = time.filter(|_| means != Means::Skip) {
            draft.begins(time);
            turning.notes.extend(draft.goes_on(line, time));
            turning.t = draft.since(time);
        }
        if let Some((wanted, value)) = turning.cells.get(&Role::Seconds) {
            match fields::number(value, false) {
                Some(t) => turning.t = Some(Json::Number(t.into())),
                None => turning.notes.push(value_note(line, &wanted.from, value, "is no number of seconds")),
            }
        }
        match turning.turn(draft) {
            Became::Skipped(value) => {
                if self.report.skipped.len() < 500 || self.report.skipped.contains_key(&value) {
                    *self.report.skipped.entry(value).or_default() += 1;
                }
            }
            Became::Happened | Became::Reported => {}
        }
        let notes = turning.notes;
        for note in &notes {
            self.tell(note)?;
        }
        Ok(())
    }

    fn write(&mut self, draft: Draft) -> Result<(), Stop> {
        let line = draft.line;
        if draft.turns.is_empty() {
            let what = if draft.id.is_empty() { "a conversation".to_owned() } else { draft.id.clone() };
            return self.tell(&Note::new(line, what, "nothing happens in it, so it is left out"));
        }
        let wanted = if draft.id.is_empty() {
            self.unnamed += 1;
            format!("{}-{}", self.mapping.name, self.unnamed)
        } else {
            draft.id.clone()
        };
        let id = self.free(&wanted);
        if id != wanted && self.mapping.gap.is_none() && !self.mapping.who.values().any(|means| *means == Means::Begin)
        {
            self.tell(&again(line, &wanted, &id))?;
        }
        self.report.conversations += 1;
        self.report.turns += draft.turns.len() as u64;
        (self.take)(line, draft.done(id))
    }

    /// The id, or with a number behind where it was given before.
    fn free(&mut self, wanted: &str) -> String {
        if self.ids.insert(hash(wanted)) {
            return wanted.to_owned();
        }
        let mut number: u64 = 2;
        loop {
            let id = format!("{wanted}~{number}");
            if self.ids.insert(hash(&id)) {
                return id;
            }
            number += 1;
        }
    }
}

fn hash(text: &str) -> u64 {
    let mut hasher = DefaultHasher::new();
    text.hash(&mut hasher);
    hasher.finish()
}

/// What the columns say of the whole conversation.
fn about(draft: &mut Draft, cells: &Cells<'_>, line: u64, mapping: &Mapping) -> Vec<Note> {
    let mut notes = Vec::new();
    for (wanted, value) in cells.filled().filter(|(wanted, _)| wanted.role.is_of_conversation()) {
        if let Err(why) = draft.take(wanted, value, mapping) {
            notes.push(value_note(line, &wanted.from, value, &why));
        }
    }
    notes
}

fn moment(cells: &Cells<'_>, line: u64, mapping: &Mapping, notes: &mut Vec<Note>) -> Option<i64> {
    let (wanted, value) = cells.get(&Role::Time)?;
    let found = draft::moment(value, mapping);
    if found.is_none() {
        notes.push(value_note(line, &wanted.from, value, "is no moment in the order of dates of the mapping"));
    }
    found
}

/// Whether so much time has passed that another conversation begins; time that goes back as far is no silence within one.
fn is_silence(mapping: &Mapping, last: Option<i64>, now: Option<i64>) -> bool {
    let gap = mapping.gap.and_then(|seconds| i64::try_from(seconds).ok());
    matches!((gap, last, now), (Some(gap), Some(last), Some(now)) if now.abs_diff(last) > gap.saturating_mul(1000).unsigned_abs())
}

impl Sink for Assembler<'_, '_> {
    fn record(&mut self, record: Record) -> Result<(), Stop> {
        match &record.rows {
            Some(rows) => self.whole(record.line, &record.head, rows),
            None => self.single(record.line, &record.head),
        }
    }

    fn ready(&mut self, line: u64, mut conversation: Json) -> Result<(), Stop> {
        let wanted = conversation.get("id").and_then(Json::as_text).unwrap_or_default().to_owned();
        let id = self.free(&wanted);
        if id != wanted {
            self.tell(&again(line, &wanted, &id))?;
            conversation.set("id", Json::Text(id));
        }
        let turns = conversation.get("turns").map_or(0, |turns| turns.items().len()) as u64;
        self.report.conversations += 1;
        self.report.rows += turns;
        self.report.turns += turns;
        (self.take)(line, conversation)
    }

    fn note(&mut self, note: Note) -> Result<(), Stop> {
        self.tell(&note)
    }
}

/// What is told of a file whose dates would all do the other way around.
fn either_way(order: DateOrder) -> String {
    let (read, other) = match order {
        DateOrder::Mdy => ("month, day, year", "dmy"),
        _ => ("day, month, year", "mdy"),
    };
    format!(
        "it is read as {read}, and no date of the file says that it must be so; \"dates\": \"{other}\" in the mapping reads it the other way around"
    )
}

fn again(line: u64, wanted: &str, id: &str) -> Note {
    Note::new(line, wanted, format!("a conversation of this id was written before, so this one is {id}"))
}

//! Reading columns back.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::File;
use std::path::Path;
use std::sync::{Arc, OnceLock};

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch, StringArray};
use flow_conversations::{Conversation, Turn, Wants};
use flow_run::replay::columns::{Columns, Numbers, Shared, Texts};
use flow_run::replay::stream::{Block, Row, hash};

use super::blocks::Opened;
use super::write::schema;
use super::{FAMILY, Source, VERSION};

/// The columns of a file.
#[derive(Debug)]
pub struct Corpus {
    opened: Opened,
    pub(super) source: Source,
    lacks_sentiment: bool,
    lacks_intent: bool,
    /// Whether an id comes twice.
    repeats: bool,
}

/// The number of the column with the texts, which is the last one.
const TEXTS: usize = 10;

impl Corpus {
    /// Opens what was kept; none where it is not there or not as it should be.
    pub(super) fn open(path: &Path) -> Option<Self> {
        let opened = Opened::new(File::open(path).ok()?, &Arc::new(schema()))?;
        if opened.told("format")? != VERSION {
            return None;
        }
        let told = |key: &str| opened.told(key).map(str::to_owned);
        let source = Source { bytes: told("bytes")?.parse().ok()?, modified: told("modified")?, hash: told("sha256")? };
        let is = |key: &str| opened.told(key).map(|told| told == "true");
        let (lacks_sentiment, lacks_intent, repeats) = (is("lacks_sentiment")?, is("lacks_intent")?, is("repeats")?);
        Some(Self { opened, source, lacks_sentiment, lacks_intent, repeats })
    }

    /// Its blocks, as those of the file of this number. `alone` says that no other file is replayed with it.
    #[must_use]
    pub fn blocks(self, file: usize, wants: &Wants, alone: bool) -> Blocks {
        let texts = wants.text
            || (wants.text_for_sentiment && self.lacks_sentiment)
            || (wants.text_for_intent && self.lacks_intent);
        let each = self.source.bytes / self.opened.count().max(1) as u64;
        let opened = if texts { self.opened } else { self.opened.without_last(TEXTS + 1) };
        let (heads, forms) = (Shared::new((file, 0)), Shared::new((file, 0)));
        Blocks { opened, next: 0, texts, each, file, distinct: alone && !self.repeats, heads, forms, last: 0 }
    }
}

/// The file that columns were made of, as they say; inner `None` where an older version does not say it, the outer one where
/// this is no file of columns.
pub(super) fn origin(path: &Path) -> Option<Option<String>> {
    let opened = Opened::new(File::open(path).ok()?, &Arc::new(schema()))?;
    let format = opened.told("format").filter(|format| format.starts_with(FAMILY))?;
    Some(opened.told("origin").filter(|_| format == VERSION).map(str::to_owned))
}

/// The blocks of a corpus, one after the other.
pub struct Blocks {
    opened: Opened,
    next: usize,
    texts: bool,
    file: usize,
    distinct: bool,
    each: u64,
    heads: Shared<Conversation>,
    forms: Shared<Turn>,
    last: u64,
}

impl Blocks {
    /// The next one; none at the end.
    ///
    /// # Errors
    /// Where it cannot be read, or is not what was written.
    pub fn block(&mut self) -> Result<Option<Box<dyn Block>>, String> {
        if self.next == self.opened.count() {
            return Ok(None);
        }
        let (batch, numbered) = self.opened.block(self.next, self.texts)?;
        self.next += 1;
        let of = (self.file, numbered);
        if self.heads.of != of {
            (self.heads, self.forms) = (Shared::new(of), Shared::new(of));
        }
        self.heads.add(shared(batch.column(5)));
        self.forms.add(shared(batch.column(6)).into_iter().filter_map(|form| form.turns.into_iter().next()).collect());
        self.last = batch.column(0).as_primitive::<UInt64Type>().values().last().copied().unwrap_or(self.last);
        Ok(Some(Box::new(Batch {
            batch,
            file: self.file,
            bytes: self.each,
            distinct: self.distinct,
            shared: (self.heads.clone(), self.forms.clone()),
            columns: OnceLock::new(),
        })))
    }

    /// The line of the last conversation that was given, from 1; 0 before the first.
    #[must_use]
    pub fn last(&self) -> u64 {
        self.last
    }
}

/// A batch; its columns are unpacked by the thread that replays it.
struct Batch {
    batch: RecordBatch,
    file: usize,
    bytes: u64,
    distinct: bool,
    /// Heads and forms up to this batch.
    shared: (Shared<Conversation>, Shared<Turn>),
    columns: OnceLock<Columns>,
}

impl Block for Batch {
    fn file(&self) -> usize {
        self.file
    }

    fn bytes(&self) -> u64 {
        self.bytes
    }

    fn rows(&self, only: Option<&[u64]>, take: &mut dyn FnMut(Row<'_>)) {
        self.unpacked().rows(only, take);
    }

    fn columns(&self) -> Option<&Columns> {
        Some(self.unpacked())
    }
}

fn texts(array: &StringArray) -> Texts {
    let offsets = array.value_offsets();
    let first = offsets.first().map_or(0, |first| usize::try_from(*first).unwrap_or(0));
    let ends: Vec<usize> = offsets.iter().skip(1).map(|end| usize::try_from(*end).unwrap_or(0) - first).collect();
    let length = ends.last().copied().unwrap_or(0);
    let bytes = array.value_data().get(first..first + length).unwrap_or(&[]);
    let there = match array.null_count() {
        0 => Vec::new(),
        _ => (0..array.len()).map(|at| array.is_valid(at)).collect(),
    };
    // Arrow has looked at them: this is the quicker way to say so once more.
    let all = std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes).into_owned(), str::to_owned);
    Texts { all, ends, there }
}

/// Conversations that were written to be shared.
fn shared(array: &dyn Array) -> Vec<Conversation> {
    let list = array.as_list::<i32>();
    let first = if list.is_empty() { return Vec::new() } else { list.value(0) };
    let texts = first.as_string::<i32>();
    texts
        .iter()
        .flatten()
        .map(|text| flow_conversations::line(text).map(|(read, _)| read).unwrap_or_default())
        .collect()
}

impl Batch {
    fn unpacked(&self) -> &Columns {
        self.columns.get_or_init(|| self.unpack())
    }

    fn unpack(&self) -> Columns {
        let column = |at: usize| self.batch.column(at);
        let turns = column(9).as_list::<i32>();
        let of_turn = turns.values().as_struct();
        let numbers = |at: usize| Numbers {
            mantissa: of_turn.column(at).as_primitive::<Int64Type>().values().to_vec(),
            scale: of_turn.column(at + 1).as_primitive::<UInt8Type>().values().to_vec(),
        };
        let ids = texts(column(1).as_string::<i32>());
        let hashes = match self.distinct {
            true => vec![0; self.batch.num_rows()],
            false => (0..self.batch.num_rows()).map(|at| hash(ids.at(at).unwrap_or(""))).collect(),
        };
        let whole = column(7).as_string::<i32>();
        let odd = column(8).as_boolean();
        let (head_of, form_of) = self.shared.clone();
        Columns {
            file: self.file,
            bytes: self.bytes,
            distinct: self.distinct,
            lines: column(0).as_primitive::<UInt64Type>().values().to_vec(),
            hashes,
            ids,
            starts: column(2).as_primitive::<Int64Type>().iter().collect(),
            customers: texts(column(3).as_string::<i32>()),
            heads: column(4).as_primitive::<UInt32Type>().values().to_vec(),
            head_of,
            ends: turns.value_offsets().iter().skip(1).map(|end| usize::try_from(*end).unwrap_or(0)).collect(),
            forms: of_turn.column(0).as_primitive::<UInt32Type>().values().to_vec(),
            form_of,
            confidence: numbers(1),
            sentiment: numbers(3),
            texts: (self.batch.num_columns() > TEXTS).then(|| {
                let words = column(TEXTS).as_list::<i32>();
                texts(words.values().as_string::<i32>())
            }),
            odd: match odd.has_true() {
                true => odd.iter().enumerate().filter(|(_, odd)| *odd == Some(true)).map(|(at, _)| at).collect(),
                false => BTreeSet::new(),
            },
            whole: match whole.null_count() == whole.len() {
                true => BTreeMap::new(),
                false => whole.iter().enumerate().filter_map(|(at, line)| Some((at, line?.to_owned()))).collect(),
            },
        }
    }
}

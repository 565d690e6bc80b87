//! Reading columns back.

use std::fs::File;
use std::path::Path;
use std::sync::OnceLock;

use arrow_array::cast::AsArray;
use arrow_array::types::{Int64Type, UInt8Type, UInt32Type, UInt64Type};
use arrow_array::{Array, RecordBatch, StringArray};
use arrow_ipc::reader::FileReader;
use flow_conversations::{Conversation, Wants};
use flow_run::replay::columns::{Columns, Numbers, Texts};
use flow_run::replay::stream::{Block, Row, hash};

use super::write::schema;
use super::{Source, VERSION};

/// The columns of a file.
#[derive(Debug)]
pub struct Corpus {
    file: File,
    pub(super) source: Source,
    lacks_sentiment: bool,
    lacks_intent: bool,
    /// Whether an id comes twice.
    repeats: bool,
}

/// The number of the column with the texts.
const TEXTS: usize = 10;

impl Corpus {
    /// Opens what was kept; none where it is not there or not as it should be.
    pub(super) fn open(path: &Path) -> Option<Self> {
        let file = File::open(path).ok()?;
        let reader = FileReader::try_new(file.try_clone().ok()?, None).ok()?;
        let told = |key: &str| reader.custom_metadata().get(key).cloned();
        if told("format")? != VERSION || *reader.schema() != schema() {
            return None;
        }
        let source = Source { bytes: told("bytes")?.parse().ok()?, modified: told("modified")?, hash: told("sha256")? };
        let (lacks_sentiment, lacks_intent) = (told("lacks_sentiment")? == "true", told("lacks_intent")? == "true");
        let repeats = told("repeats")? == "true";
        Some(Self { file, source, lacks_sentiment, lacks_intent, repeats })
    }

    /// Its blocks, as those of the file of this number. `alone` says that no other file is replayed with it.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn blocks(self, file: usize, wants: &Wants, alone: bool) -> Result<Blocks, String> {
        let texts = wants.text
            || (wants.text_for_sentiment && self.lacks_sentiment)
            || (wants.text_for_intent && self.lacks_intent);
        let projection = (!texts).then(|| (0..TEXTS).collect());
        let reader = FileReader::try_new(self.file, projection).map_err(|error| error.to_string())?;
        let distinct = alone && !self.repeats;
        Ok(Blocks { each: self.source.bytes / reader.num_batches().max(1) as u64, reader, file, distinct })
    }
}

/// The blocks of a corpus, one after the other.
pub struct Blocks {
    reader: FileReader<File>,
    file: usize,
    distinct: bool,
    each: u64,
}

impl Blocks {
    /// The next one; none at the end.
    ///
    /// # Errors
    /// Where it cannot be read.
    pub fn block(&mut self) -> Result<Option<Box<dyn Block>>, String> {
        let Some(batch) = self.reader.next().transpose().map_err(|error| error.to_string())? else { return Ok(None) };
        let (file, bytes, distinct) = (self.file, self.each, self.distinct);
        Ok(Some(Box::new(Batch { batch, file, bytes, distinct, columns: OnceLock::new() })))
    }
}

/// A batch; its columns are unpacked by the thread that replays it.
struct Batch {
    batch: RecordBatch,
    file: usize,
    bytes: u64,
    distinct: bool,
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
    let ends = offsets.iter().skip(1).map(|end| usize::try_from(*end).unwrap_or(0) - first).collect();
    let bytes = array.value_data().get(first..).unwrap_or(&[]);
    let length = offsets.last().map_or(0, |last| usize::try_from(*last).unwrap_or(0) - first);
    Texts {
        all: String::from_utf8_lossy(&bytes[..length.min(bytes.len())]).into_owned(),
        ends,
        there: (0..array.len()).map(|at| array.is_valid(at)).collect(),
    }
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
        let forms = shared(column(6)).into_iter();
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
            head_of: shared(column(5)),
            ends: turns.value_offsets().iter().skip(1).map(|end| usize::try_from(*end).unwrap_or(0)).collect(),
            forms: of_turn.column(0).as_primitive::<UInt32Type>().values().to_vec(),
            form_of: forms.filter_map(|form| form.turns.into_iter().next()).collect(),
            confidence: numbers(1),
            sentiment: numbers(3),
            texts: (self.batch.num_columns() > TEXTS).then(|| {
                let words = column(TEXTS).as_list::<i32>();
                texts(words.values().as_string::<i32>())
            }),
            odd: column(8)
                .as_boolean()
                .iter()
                .enumerate()
                .filter(|(_, odd)| *odd == Some(true))
                .map(|(at, _)| at)
                .collect(),
            whole: whole.iter().enumerate().filter_map(|(at, line)| Some((at, line?.to_owned()))).collect(),
        }
    }
}

//! Making the columns of a file.

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufReader, BufWriter, Write};
use std::path::Path;
use std::sync::Arc;

use arrow_array::{
    ArrayRef, BooleanArray, Int64Array, ListArray, RecordBatch, StringArray, StructArray, UInt8Array, UInt32Array,
    UInt64Array,
};
use arrow_buffer::OffsetBuffer;
use arrow_ipc::writer::FileWriter;
use arrow_schema::{ArrowError, DataType, Field, Fields, Schema};
use flow_conditions::value::Value;
use flow_conversations::lines::{Lines, Unread};
use flow_conversations::{Conversation, Event, Given, LineReader, Notes, Wants};
use flow_model::tree::compact;
use flow_run::expect::needs_preview;
use flow_run::replay::columns::Numbers;
use flow_run::replay::stream::{Seen, hash};

use super::blocks::Sum;
use super::{Source, VERSION, hashing, hex};
use crate::error::StoreError;

/// Conversations of a batch: few enough that its columns stay near the processor, many enough for the work around them.
const TOGETHER: usize = 1 << 12;

/// What conversations share is numbered anew once there is so much of it: memory does not grow with the file.
const SHARED: usize = 1 << 14;

/// After so many lines it is asked whether to stop.
const ASKED: u64 = 512;

fn list(of: DataType) -> DataType {
    DataType::List(Arc::new(Field::new_list_field(of, true)))
}

fn turn_fields() -> Fields {
    let field = |name: &str, of| Field::new(name, of, false);
    Fields::from(vec![
        field("form", DataType::UInt32),
        field("confidence", DataType::Int64),
        field("confidence_scale", DataType::UInt8),
        field("sentiment", DataType::Int64),
        field("sentiment_scale", DataType::UInt8),
    ])
}

/// The columns, one row a conversation. `head_of` and `form_of` hold in their first row what was met newly in the batch; numbers
/// of it go on from batch to batch until they begin again. What is not read in each replay stands last.
pub fn schema() -> Schema {
    let field = |name: &str, of, nullable| Field::new(name, of, nullable);
    Schema::new(vec![
        field("line", DataType::UInt64, false),
        field("id", DataType::Utf8, false),
        field("start", DataType::Int64, true),
        field("customer", DataType::Utf8, true),
        field("head", DataType::UInt32, false),
        field("head_of", list(DataType::Utf8), false),
        field("form_of", list(DataType::Utf8), false),
        field("whole", DataType::Utf8, true),
        field("odd", DataType::Boolean, false),
        field("turns", list(DataType::Struct(turn_fields())), false),
        field("texts", list(DataType::Utf8), false),
    ])
}

/// What many conversations share, each once.
#[derive(Default)]
struct Shared {
    numbers: HashMap<String, u32>,
    /// What was met newly in this batch.
    fresh: Vec<String>,
}

impl Shared {
    fn number(&mut self, text: String) -> u32 {
        let next = u32::try_from(self.numbers.len()).unwrap_or(u32::MAX);
        *self.numbers.entry(text).or_insert_with_key(|text| {
            self.fresh.push(text.clone());
            next
        })
    }
}

/// A batch in the making.
#[derive(Default)]
struct Batch {
    lines: Vec<u64>,
    ids: Vec<String>,
    starts: Vec<Option<i64>>,
    customers: Vec<Option<String>>,
    heads: Vec<u32>,
    head_of: Shared,
    form_of: Shared,
    whole: Vec<Option<String>>,
    odd: Vec<bool>,
    counts: Vec<usize>,
    forms: Vec<u32>,
    confidence: Numbers,
    sentiment: Numbers,
    texts: Vec<Option<String>>,
    lacks: Lacks,
    /// How often the numbers of what is shared began again.
    numbered: u64,
}

/// What some turn with a text lacks.
#[derive(Clone, Copy, Default)]
struct Lacks {
    sentiment: bool,
    intent: bool,
}

/// Takes a number out of its place, where it can stand in a column.
fn taken(given: &mut Given, numbers: &mut Numbers) {
    let number = match given {
        Given::Value(Value::Number(number)) => Some(*number),
        _ => None,
    };
    if number.is_some() && numbers.push(number) {
        *given = Given::Absent;
    } else {
        numbers.push(None);
    }
}

impl Batch {
    /// What is full; the one that goes on knows what was met, or begins to number it again.
    fn turn_over(&mut self) -> Self {
        let mut full = std::mem::take(self);
        self.lacks = full.lacks;
        self.numbered = full.numbered;
        if full.head_of.numbers.len() + full.form_of.numbers.len() < SHARED {
            self.head_of.numbers = std::mem::take(&mut full.head_of.numbers);
            self.form_of.numbers = std::mem::take(&mut full.form_of.numbers);
        } else {
            self.numbered += 1;
        }
        full
    }

    fn add(&mut self, conversation: &Conversation, line: &str, number: u64) {
        self.lines.push(number);
        self.ids.push(conversation.id.to_string());
        self.starts.push(conversation.start);
        let whole = conversation.expect.as_deref().is_some_and(needs_preview);
        self.whole.push(whole.then(|| line.to_owned()));
        self.odd.push(false);
        let mut head = Conversation { customer: conversation.customer.clone(), ..Conversation::default() };
        head.expect = conversation.expect.clone().filter(|_| !whole);
        let id = head.customer.iter().position(|(key, given)| key == "id" && given.text().is_some());
        let once = head.customer.iter().filter(|(key, _)| key == "id").count() == 1;
        let customer = id.filter(|_| once).map(|at| head.customer.remove(at).1);
        self.customers.push(customer.as_ref().and_then(Given::text).map(ToString::to_string));
        self.heads.push(self.head_of.number(compact(&flow_conversations::json(&head))));
        self.counts.push(conversation.turns.len());
        for turn in &conversation.turns {
            let mut form = Conversation { turns: vec![turn.clone()], ..Conversation::default() };
            form.turns[0].t = None;
            let mut text = None;
            match &mut form.turns[0].event {
                Event::User(user) => {
                    if let Some(words) = user.text.text() {
                        text = Some(words.to_string());
                        self.lacks.sentiment |= user.sentiment == Given::Absent;
                        self.lacks.intent |= user.intent == Given::Absent;
                        user.text = Given::Absent;
                    }
                    taken(&mut user.confidence, &mut self.confidence);
                    taken(&mut user.sentiment, &mut self.sentiment);
                }
                Event::Bot(said) | Event::Said(said) => {
                    *said = Arc::default();
                    self.numberless();
                }
                _ => self.numberless(),
            }
            self.texts.push(text);
            self.forms.push(self.form_of.number(compact(&flow_conversations::json(&form))));
        }
    }

    /// A line that is no conversation or not understood as a whole; one that is no text has none.
    fn add_odd(&mut self, line: Option<&str>, number: u64) {
        self.add(&Conversation::default(), "", number);
        if let (Some(whole), Some(odd)) = (self.whole.last_mut(), self.odd.last_mut()) {
            *whole = line.map(str::to_owned);
            *odd = true;
        }
    }

    fn numberless(&mut self) {
        self.confidence.push(None);
        self.sentiment.push(None);
    }

    fn record(self, schema: &Arc<Schema>) -> Result<RecordBatch, ArrowError> {
        let rows = self.lines.len();
        let shared = |shared: Shared| -> Result<ArrayRef, ArrowError> {
            let lengths = std::iter::once(shared.fresh.len()).chain(std::iter::repeat_n(0, rows.saturating_sub(1)));
            let field = Arc::new(Field::new_list_field(DataType::Utf8, true));
            let values = Arc::new(StringArray::from(shared.fresh));
            Ok(Arc::new(ListArray::try_new(field, OffsetBuffer::from_lengths(lengths), values, None)?))
        };
        let numbers = |numbers: Numbers| -> [ArrayRef; 2] {
            [Arc::new(Int64Array::from(numbers.mantissa)), Arc::new(UInt8Array::from(numbers.scale))]
        };
        let [confidence, confidence_scale] = numbers(self.confidence);
        let [sentiment, sentiment_scale] = numbers(self.sentiment);
        let forms: ArrayRef = Arc::new(UInt32Array::from(self.forms));
        let columns = vec![forms, confidence, confidence_scale, sentiment, sentiment_scale];
        let turns = StructArray::try_new(turn_fields(), columns, None)?;
        let offsets = OffsetBuffer::<i32>::from_lengths(self.counts);
        let of = |field: DataType| Arc::new(Field::new_list_field(field, true));
        let of_turns = of(DataType::Struct(turn_fields()));
        let turns = ListArray::try_new(of_turns, offsets.clone(), Arc::new(turns), None)?;
        let texts = ListArray::try_new(of(DataType::Utf8), offsets, Arc::new(StringArray::from(self.texts)), None)?;
        let columns: Vec<ArrayRef> = vec![
            Arc::new(UInt64Array::from(self.lines)),
            Arc::new(StringArray::from(self.ids)),
            Arc::new(Int64Array::from(self.starts)),
            Arc::new(StringArray::from(self.customers)),
            Arc::new(UInt32Array::from(self.heads)),
            shared(self.head_of)?,
            shared(self.form_of)?,
            Arc::new(StringArray::from(self.whole)),
            Arc::new(BooleanArray::from(self.odd)),
            Arc::new(turns),
            Arc::new(texts),
        ];
        RecordBatch::try_new(Arc::clone(schema), columns)
    }
}

fn failed(path: &Path, error: ArrowError) -> StoreError {
    let error = match error {
        ArrowError::IoError(_, error) => error,
        other => io::Error::other(other.to_string()),
    };
    StoreError::new(path, error)
}

/// Takes the file as it is written, block by block, so that what a block holds can be summed up.
struct Blocks {
    file: BufWriter<File>,
    block: Vec<u8>,
}

impl Write for Blocks {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.block.extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.write_all(&self.block)?;
        self.block.clear();
        self.file.flush()
    }
}

/// A file of columns in the making.
struct Making<'p> {
    to: &'p Path,
    schema: Arc<Schema>,
    writer: FileWriter<Blocks>,
    /// What is known of each block.
    sums: Vec<Sum>,
}

impl<'p> Making<'p> {
    fn begin(to: &'p Path) -> Result<Self, StoreError> {
        let schema = Arc::new(schema());
        let file = crate::file::create_private(to).map_err(|error| StoreError::new(to, error))?;
        let blocks = Blocks { file: BufWriter::with_capacity(1 << 18, file), block: Vec::new() };
        let writer = FileWriter::try_new(blocks, &schema).map_err(|error| failed(to, error))?;
        let mut making = Self { to, schema, writer, sums: Vec::new() };
        making.put()?;
        Ok(making)
    }

    /// Puts what was written into the file.
    fn put(&mut self) -> Result<(), StoreError> {
        self.writer.get_mut().flush().map_err(|error| StoreError::new(self.to, error))
    }

    fn write(&mut self, batch: Batch) -> Result<(), StoreError> {
        let numbered = batch.numbered;
        let record = batch.record(&self.schema).map_err(|error| failed(self.to, error))?;
        self.writer.write(&record).map_err(|error| failed(self.to, error))?;
        let sum = Sum::of(&self.writer.get_ref().block, numbered);
        let unknown = || failed(self.to, ArrowError::IpcError("a block is not as it should be".to_owned()));
        self.sums.push(sum.ok_or_else(unknown)?);
        self.put()
    }

    fn finish(mut self, lacks: Lacks, repeats: bool, origin: &str, source: &Source) -> Result<(), StoreError> {
        let sums: Vec<String> = self.sums.iter().map(Sum::to_string).collect();
        for (key, value) in [
            ("format", VERSION.to_owned()),
            ("origin", origin.to_owned()),
            ("bytes", source.bytes.to_string()),
            ("modified", source.modified.clone()),
            ("sha256", source.hash.clone()),
            ("lacks_sentiment", lacks.sentiment.to_string()),
            ("lacks_intent", lacks.intent.to_string()),
            ("repeats", repeats.to_string()),
            ("blocks", sums.join(" ")),
        ] {
            self.writer.write_metadata(key, value);
        }
        self.writer.finish().map_err(|error| failed(self.to, error))?;
        self.put()
    }
}

/// Writes the columns of a file; false where it was changed meanwhile.
pub fn write(path: &Path, to: &Path, now: Source, stopped: &dyn Fn() -> bool) -> Result<bool, StoreError> {
    let at = |error| StoreError::new(path, error);
    let mut making = Making::begin(to)?;
    let mut lines = Lines::new(BufReader::with_capacity(1 << 18, hashing(path)?));
    let (mut reader, mut conversation, mut notes) = (LineReader::default(), Conversation::default(), Notes::new());
    let mut batch = Batch::default();
    let (mut seen, mut repeats) = (Seen::default(), false);
    while let Some((number, line)) = lines.next_text().map_err(at)? {
        match line {
            // Nothing of it can be read, so there is nothing to keep.
            Err(Unread::Utf16) => return Ok(false),
            Err(_) => batch.add_odd(None, number),
            Ok(line) => {
                let read = reader.read(line, &Wants::ALL, &mut conversation, &mut notes);
                let id = read.is_ok().then(|| hash(&conversation.id));
                repeats |= id.is_some_and(|id| !seen.insert(id));
                match read.is_ok() && notes.is_empty() {
                    true => batch.add(&conversation, line, number),
                    // What an odd line lacks is not looked for: it has its texts with it.
                    false => batch.add_odd(Some(line), number),
                }
            }
        }
        if number.is_multiple_of(ASKED) && stopped() {
            return Err(StoreError::Interrupted);
        }
        if batch.lines.len() == TOGETHER {
            making.write(batch.turn_over())?;
        }
    }
    let lacks = batch.lacks;
    if !batch.lines.is_empty() {
        making.write(batch)?;
    }
    // A file that was changed while it was read is not what it was.
    if Source::look(path)? != now {
        return Ok(false);
    }
    let origin = super::whole(path);
    making.finish(
        lacks,
        repeats,
        origin.to_str().unwrap_or_default(),
        &Source { hash: hex(lines.into_inner().into_inner().hash), ..now },
    )?;
    Ok(true)
}

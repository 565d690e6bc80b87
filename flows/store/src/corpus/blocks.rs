//! Blocks of a file of columns as they lie in it. What must stay true: what comes out of here is what was written, bit by bit.
//! Each block has a sum over what every replay reads of it, and one over the rest, which is read only where it is wanted.

use std::fmt;
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::sync::Arc;

use arrow_array::RecordBatch;
use arrow_buffer::Buffer;
use arrow_ipc::convert::try_fb_to_schema;
use arrow_ipc::reader::{FileDecoder, read_footer_length};
use arrow_ipc::{Block, root_as_footer, root_as_message};
use arrow_schema::Schema;

/// Bytes before a message: a mark and its length.
const BEFORE: usize = 8;
/// The buffers of the last column, a list of texts: which lists and where they end, which texts, where they end, and all of them.
const LAST: usize = 5;
/// What stands behind the footer: its length and a mark.
const BEHIND: usize = 10;
/// The longest footer that is read.
const LONGEST: usize = 1 << 26;

/// What a block is known by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Sum {
    /// Bytes up to the last column, and what they sum up to.
    first: usize,
    of_first: u32,
    of_rest: u32,
    /// How often the numbers of what is shared began again before it.
    pub numbered: u64,
}

impl fmt::Display for Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{:08x}:{:08x}:{}", self.first, self.of_first, self.of_rest, self.numbered)
    }
}

impl Sum {
    /// Of a block as it is written.
    pub fn of(block: &[u8], numbered: u64) -> Option<Self> {
        let message = root_as_message(block.get(BEFORE..)?).ok()?;
        let batch = message.header_as_record_batch()?;
        let body = block.len().checked_sub(usize::try_from(message.bodyLength()).ok()?)?;
        let buffers = batch.buffers()?;
        let last = buffers.get(buffers.len().checked_sub(LAST)?);
        let first = body.checked_add(usize::try_from(last.offset()).ok()?)?;
        let (before, rest) = block.split_at_checked(first)?;
        Some(Self { first, of_first: crc32fast::hash(before), of_rest: crc32fast::hash(rest), numbered })
    }

    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split(':');
        let first = parts.next()?.parse().ok()?;
        let mut sum = || u32::from_str_radix(parts.next()?, 16).ok();
        let (of_first, of_rest) = (sum()?, sum()?);
        Some(Self { first, of_first, of_rest, numbered: parts.next()?.parse().ok()? })
    }
}

/// A file of columns.
#[derive(Debug)]
pub struct Opened {
    file: File,
    decoder: FileDecoder,
    blocks: Vec<(Block, Sum)>,
    told: Vec<(String, String)>,
}

impl Opened {
    /// Reads what stands at its end; none where that is not as it should be.
    pub fn new(mut file: File, schema: &Arc<Schema>) -> Option<Self> {
        let length = file.seek(SeekFrom::End(0)).ok()?;
        let mut end = [0; BEHIND];
        file.seek(SeekFrom::Start(length.checked_sub(BEHIND as u64)?)).ok()?;
        file.read_exact(&mut end).ok()?;
        let footer_length = read_footer_length(end).ok().filter(|length| *length <= LONGEST)?;
        let at = length.checked_sub((BEHIND + footer_length) as u64)?;
        let mut bytes = vec![0; footer_length];
        file.seek(SeekFrom::Start(at)).ok()?;
        file.read_exact(&mut bytes).ok()?;
        let footer = root_as_footer(&bytes).ok()?;
        if try_fb_to_schema(footer.schema()?).ok()? != **schema {
            return None;
        }
        let told: Vec<(String, String)> = footer
            .custom_metadata()?
            .iter()
            .filter_map(|entry| Some((entry.key()?.to_owned(), entry.value()?.to_owned())))
            .collect();
        let sums = told.iter().find(|(key, _)| key == "blocks").map(|(_, sums)| sums.split_ascii_whitespace())?;
        let sums: Vec<Sum> = sums.map(Sum::read).collect::<Option<_>>()?;
        let blocks: Vec<Block> = footer.recordBatches()?.iter().copied().collect();
        let is_within = |(block, sum): &(Block, Sum)| {
            let ends =
                block.offset().checked_add(i64::from(block.metaDataLength()))?.checked_add(block.bodyLength())?;
            let long = usize::try_from(ends.checked_sub(block.offset())?).ok()?;
            (block.offset() >= 0 && u64::try_from(ends).ok()? <= at && sum.first <= long).then_some(())
        };
        if blocks.len() != sums.len() {
            return None;
        }
        let blocks: Vec<(Block, Sum)> = blocks.into_iter().zip(sums).collect();
        if !blocks.iter().all(|block| is_within(block).is_some()) {
            return None;
        }
        let decoder = FileDecoder::new(Arc::clone(schema), footer.version());
        Some(Self { file, decoder, blocks, told })
    }

    /// What is told of it under a name.
    pub fn told(&self, key: &str) -> Option<&str> {
        self.told.iter().find(|(own, _)| own == key).map(|(_, value)| value.as_str())
    }

    /// How many blocks it has.
    pub fn count(&self) -> usize {
        self.blocks.len()
    }

    /// The last column is not read.
    pub fn without_last(mut self, columns: usize) -> Self {
        self.decoder = self.decoder.with_projection((0..columns - 1).collect());
        self
    }

    /// A block, and how often the numbers of what is shared began again before it; `whole` says whether the last column is
    /// read, too.
    ///
    /// # Errors
    /// Where it cannot be read, or is not what was written.
    pub fn block(&mut self, number: usize, whole: bool) -> Result<(RecordBatch, u64), String> {
        let (block, sum) = self.blocks.get(number).ok_or("there is no such block")?;
        let long = i64::from(block.metaDataLength()) + block.bodyLength();
        let long = if whole { usize::try_from(long).map_err(|error| error.to_string())? } else { sum.first };
        let offset = u64::try_from(block.offset()).map_err(|error| error.to_string())?;
        self.file.seek(SeekFrom::Start(offset)).map_err(|error| error.to_string())?;
        let mut bytes = Vec::with_capacity(long);
        let read = (&mut self.file).take(long as u64).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
        let (first, rest) = bytes.split_at_checked(sum.first).ok_or("it ends too early")?;
        let is_right = crc32fast::hash(first) == sum.of_first && (!whole || crc32fast::hash(rest) == sum.of_rest);
        if read != long || !is_right {
            return Err("it is not what was written".to_owned());
        }
        let batch = self.decoder.read_record_batch(block, &Buffer::from_vec(bytes));
        let batch = batch.map_err(|error| error.to_string())?.ok_or("it is empty")?;
        Ok((batch, sum.numbered))
    }
}

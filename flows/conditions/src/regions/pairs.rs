//! Which guards can hold together: all pairs at once.
//!
//! Each box has a row of bits, one for every box before it. Along an axis a row loses the boxes that begin behind it and
//! those that end before it: two sweeps with a growing row, so that 64 pairs cost one step.

use std::collections::HashMap;

use super::boxes::Boxes;
use super::runs::Extent;
use crate::quick::Quick;

/// Pairs of guards, the earlier first.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pairs {
    /// For each guard a bit for each earlier one; no bits where there is none.
    rows: Vec<Vec<u64>>,
}

/// So many columns are done at a time, which bounds memory.
const COLUMNS: usize = 1 << 13;
/// Up to so many boxes are compared one by one.
const FEW: usize = 16;

impl Pairs {
    /// The earlier guards that pair with one, in order.
    pub fn with(&self, later: usize) -> impl Iterator<Item = usize> + '_ {
        let row = self.rows.get(later).map_or(&[][..], Vec::as_slice);
        row.iter().enumerate().flat_map(|(word, bits)| ones(*bits).map(move |bit| 64 * word + bit))
    }

    /// Every pair, ordered by the later guard.
    pub fn iter(&self) -> impl Iterator<Item = (usize, usize)> + '_ {
        (0..self.rows.len()).flat_map(|later| self.with(later).map(move |earlier| (earlier, later)))
    }

    /// How many pairs there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.rows.iter().flatten().map(|word| word.count_ones() as usize).sum()
    }

    /// Whether there is no pair.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.rows.iter().flatten().all(|word| *word == 0)
    }

    pub(super) fn add(&mut self, earlier: usize, later: usize) {
        if self.rows.len() <= later {
            self.rows.resize_with(later + 1, Vec::new);
        }
        let row = &mut self.rows[later];
        if row.is_empty() {
            row.resize(later.div_ceil(64), 0);
        }
        row[earlier / 64] |= 1 << (earlier % 64);
    }

    /// The guards that surely hold and whose boxes meet.
    pub(super) fn of(boxes: &Boxes, axes: usize) -> Self {
        let mut pairs = Self::default();
        if boxes.len() <= FEW {
            pairs.one_by_one(boxes);
            return pairs;
        }
        let sweeps = sweeps(boxes, axes);
        for from in (0..boxes.len()).step_by(COLUMNS) {
            let block = Block::new(boxes, &sweeps, from, (from + COLUMNS).min(boxes.len()));
            block.read(boxes, &mut pairs);
        }
        pairs
    }

    fn one_by_one(&mut self, boxes: &Boxes) {
        for at in boxes.all() {
            let later = boxes.owner(at);
            for other in 0..at {
                let earlier = boxes.owner(other);
                if earlier != later && boxes.is_sure(earlier) && boxes.is_sure(later) && boxes.meet(other, at) {
                    self.add(earlier, later);
                }
            }
        }
    }
}

/// The bits that are set.
fn ones(mut bits: u64) -> impl Iterator<Item = usize> {
    std::iter::from_fn(move || {
        let at = bits.trailing_zeros() as usize;
        bits &= bits.wrapping_sub(1);
        (at < 64).then_some(at)
    })
}

/// The boxes that restrict an axis, with where; on a line ordered by where they begin.
type Sweep = Vec<(u32, Extent)>;

fn sweeps(boxes: &Boxes, axes: usize) -> Vec<Sweep> {
    let mut sweeps: Vec<Sweep> = vec![Vec::new(); axes];
    for at in boxes.all() {
        for part in boxes.parts(at) {
            sweeps[part.axis as usize].push((at, part.extent));
        }
    }
    for sweep in &mut sweeps {
        sweep.sort_unstable_by_key(|(_, extent)| extent.run.lo);
    }
    sweeps
}

/// The rows of all boxes for some of the columns.
struct Block {
    from: usize,
    to: usize,
    words: usize,
    /// Rows from that of box `from` on.
    bits: Vec<u64>,
}

impl Block {
    fn new(boxes: &Boxes, sweeps: &[Sweep], from: usize, to: usize) -> Self {
        let words = (to - from).div_ceil(64);
        let bits = vec![u64::MAX; words * (boxes.len() - from)];
        let mut block = Self { from, to, words, bits };
        for sweep in sweeps {
            if sweep.first().is_some_and(|(_, extent)| extent.is_line()) {
                block.sweep(sweep);
            } else {
                block.places(sweep);
            }
        }
        block
    }

    fn column(&self, at: u32) -> Option<usize> {
        let at = at as usize;
        (self.from..self.to).contains(&at).then(|| at - self.from)
    }

    /// The columns of boxes that leave an axis free: they meet all.
    fn free(&self, restricted: impl Iterator<Item = u32>) -> Vec<u64> {
        let mut free = vec![u64::MAX; self.words];
        for column in restricted.filter_map(|at| self.column(at)) {
            free[column / 64] &= !(1 << (column % 64));
        }
        free
    }

    /// Takes from each row what it does not meet on an axis without order.
    fn places(&mut self, boxes: &[(u32, Extent)]) {
        let free = self.free(boxes.iter().map(|(at, _)| *at));
        let mut at_place = vec![free; 64];
        for (at, extent) in boxes {
            for place in ones(extent.mask) {
                self.set(&mut at_place[place], *at);
            }
        }
        let mut known: HashMap<u64, Vec<u64>, Quick> = HashMap::default();
        for (at, extent) in boxes {
            let kept = known.entry(extent.mask).or_insert_with(|| {
                let mut kept = vec![0; self.words];
                for place in ones(extent.mask) {
                    kept.iter_mut().zip(&at_place[place]).for_each(|(kept, bits)| *kept |= bits);
                }
                kept
            });
            Self::keep(&mut self.bits, (self.from, self.words), *at, kept);
        }
    }

    /// Takes from each row what it does not meet on a line.
    fn sweep(&mut self, by_begin: &[(u32, Extent)]) {
        let free = self.free(by_begin.iter().map(|(at, _)| *at));
        let mut unset = vec![0; self.words];
        for (at, _) in by_begin.iter().filter(|(_, extent)| extent.unset()) {
            self.set(&mut unset, *at);
        }
        let mut by_end = by_begin.to_vec();
        by_end.sort_unstable_by_key(|(_, extent)| extent.run.hi);
        // Those that begin at or before the end of a row's box,
        let (mut begun, mut next) = (free.clone(), by_begin.iter().peekable());
        for (row, own) in &by_end {
            while let Some((at, _)) = next.next_if(|(_, other)| other.run.lo <= own.run.hi) {
                self.set(&mut begun, *at);
            }
            self.keep_or(*row, &begun, own.unset().then_some(&unset));
        }
        // and that end at or behind its begin.
        let (mut not_ended, mut next) = (free, by_end.iter().rev().peekable());
        for (row, own) in by_begin.iter().rev() {
            while let Some((at, _)) = next.next_if(|(_, other)| other.run.hi >= own.run.lo) {
                self.set(&mut not_ended, *at);
            }
            self.keep_or(*row, &not_ended, own.unset().then_some(&unset));
        }
    }

    fn keep_or(&mut self, row: u32, kept: &[u64], also: Option<&Vec<u64>>) {
        let at = (self.from, self.words);
        match also {
            None => Self::keep(&mut self.bits, at, row, kept),
            Some(also) => {
                let either: Vec<u64> = kept.iter().zip(also).map(|(kept, also)| kept | also).collect();
                Self::keep(&mut self.bits, at, row, &either);
            }
        }
    }

    fn set(&self, bits: &mut [u64], at: u32) {
        if let Some(column) = self.column(at) {
            bits[column / 64] |= 1 << (column % 64);
        }
    }

    fn keep(bits: &mut [u64], (from, words): (usize, usize), row: u32, kept: &[u64]) {
        let Some(row) = (row as usize).checked_sub(from) else { return };
        // Of the columns only those before the row's own are asked for.
        let own = &mut bits[row * words..][..(row / 64 + 1).min(words)];
        for (word, kept) in own.iter_mut().zip(kept) {
            *word &= kept;
        }
    }

    fn read(&self, boxes: &Boxes, pairs: &mut Pairs) {
        for (row, at) in boxes.all().skip(self.from).enumerate() {
            let later = boxes.owner(at);
            if !boxes.is_sure(later) {
                continue;
            }
            let words = &self.bits[row * self.words..][..(row / 64 + 1).min(self.words)];
            for (word, bits) in words.iter().enumerate().filter(|(_, bits)| **bits != 0) {
                for bit in ones(*bits) {
                    let column = self.from + 64 * word + bit;
                    let Ok(other) = u32::try_from(column) else { continue };
                    if column >= at as usize {
                        break;
                    }
                    let exact = boxes.has_holes(other) || boxes.has_holes(at);
                    let earlier = boxes.owner(other);
                    if earlier != later && boxes.is_sure(earlier) && (!exact || boxes.meet(other, at)) {
                        pairs.add(earlier, later);
                    }
                }
            }
        }
    }
}

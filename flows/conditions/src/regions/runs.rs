//! Sets of places on a line, as runs of neighbours.

/// Places from `lo` to `hi`, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Run {
    pub(super) lo: u32,
    pub(super) hi: u32,
}

impl Run {
    /// No place: meets nothing, and everything has it.
    pub(super) const NONE: Self = Self { lo: u32::MAX, hi: 0 };

    pub(super) const fn is_none(self) -> bool {
        self.lo > self.hi
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        self.lo <= other.hi && other.lo <= self.hi
    }

    pub(super) const fn has(self, other: Self) -> bool {
        self.lo <= other.lo && other.hi <= self.hi
    }

    pub(super) fn both(self, other: Self) -> Self {
        Self { lo: self.lo.max(other.lo), hi: self.hi.min(other.hi) }
    }
}

/// What a region or a box has of one axis: on a line a run of values and perhaps unset, on an axis of few places without
/// order a bit for each.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) struct Extent {
    /// On a line; [`Run::NONE`] for unset alone.
    pub(super) run: Run,
    /// Bits of places, or [`LINE`] and perhaps [`UNSET`].
    pub(super) mask: u64,
}

/// Set where it is a line.
const LINE: u64 = 1 << 63;
/// On a line: unset too.
const UNSET: u64 = 1 << 62;
/// How many places can have a bit each.
pub(super) const MOST_BITS: u32 = 62;

impl Extent {
    pub(super) const fn line(run: Run, unset: bool) -> Self {
        Self { run, mask: if unset { LINE | UNSET } else { LINE } }
    }

    pub(super) const fn bits(mask: u64) -> Self {
        Self { run: Run::NONE, mask }
    }

    pub(super) const fn is_line(self) -> bool {
        self.mask & LINE != 0
    }

    /// Whether a line has unset here.
    pub(super) const fn unset(self) -> bool {
        self.mask & UNSET != 0
    }

    pub(super) const fn meets(self, other: Self) -> bool {
        if self.mask & LINE == 0 {
            self.mask & other.mask != 0
        } else {
            self.run.meets(other.run) || self.mask & other.mask & UNSET != 0
        }
    }

    pub(super) const fn has(self, other: Self) -> bool {
        other.mask & !self.mask == 0 && self.run.has(other.run)
    }

    /// The least extent with the places of both.
    pub(super) fn around(self, other: Self) -> Self {
        let run = Run { lo: self.run.lo.min(other.run.lo), hi: self.run.hi.max(other.run.hi) };
        Self { run, mask: self.mask | other.mask }
    }
}

/// Places: runs in order, with at least one other place between two of them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub(super) struct Runs(pub(super) Vec<Run>);

impl Runs {
    /// The places from `lo` up to `end`, which is not one of them.
    pub(super) fn span(lo: usize, end: usize) -> Self {
        let number = |at: usize| u32::try_from(at).unwrap_or(u32::MAX);
        if lo < end { Self(vec![Run { lo: number(lo), hi: number(end - 1) }]) } else { Self::default() }
    }

    /// The places for which it is so.
    pub(super) fn of(places: impl Iterator<Item = bool>) -> Self {
        let mut runs: Vec<Run> = Vec::new();
        for (at, _) in (0_u32..).zip(places).filter(|(_, picked)| *picked) {
            match runs.last_mut() {
                Some(last) if last.hi + 1 == at => last.hi = at,
                _ => runs.push(Run { lo: at, hi: at }),
            }
        }
        Self(runs)
    }

    /// A bit for each place; for lines of at most 64.
    pub(super) fn mask(&self) -> u64 {
        self.0.iter().flat_map(|run| run.lo..=run.hi).fold(0, |mask, at| mask | 1 << at)
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether these are all places of a line of this length.
    pub(super) fn is_whole(&self, len: u32) -> bool {
        matches!(self.0[..], [Run { lo: 0, hi }] if hi + 1 == len)
    }

    /// The places of a line that are not among these.
    pub(super) fn others(&self, len: u32) -> Self {
        let mut found = Vec::with_capacity(self.0.len() + 1);
        let mut next = 0;
        for run in &self.0 {
            if next < run.lo {
                found.push(Run { lo: next, hi: run.lo - 1 });
            }
            next = run.hi + 1;
        }
        if next < len {
            found.push(Run { lo: next, hi: len - 1 });
        }
        Self(found)
    }

    /// The places of both.
    pub(super) fn both(&self, other: &Self) -> Self {
        let (mut found, mut left, mut right) = (Vec::new(), self.0.iter().peekable(), other.0.iter().peekable());
        while let (Some(a), Some(b)) = (left.peek(), right.peek()) {
            if a.meets(**b) {
                found.push(a.both(**b));
            }
            if a.hi < b.hi {
                left.next()
            } else {
                right.next()
            };
        }
        Self(found)
    }

    /// The places of either.
    pub(super) fn either(&self, other: &Self) -> Self {
        let mut all: Vec<Run> = self.0.iter().chain(&other.0).copied().collect();
        all.sort_unstable();
        let mut found: Vec<Run> = Vec::with_capacity(all.len());
        for run in all {
            match found.last_mut() {
                Some(last) if run.lo <= last.hi + 1 => last.hi = last.hi.max(run.hi),
                _ => found.push(run),
            }
        }
        Self(found)
    }

    /// Whether all places of `other` are among these.
    pub(super) fn has(&self, other: &Self) -> bool {
        other.0.iter().all(|run| self.0.iter().any(|own| own.has(*run)))
    }
}

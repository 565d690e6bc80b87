//! Whether boxes cover a region, and a hole in it where they do not.
//!
//! The region is cut in two, and each half keeps the boxes that reach into it, until one box covers what is left or none
//! reaches it. A cut follows the sides of boxes; the one is taken that leaves the two halves the least to do.

use super::boxes::Boxes;
use super::diagram::TooBig;
use super::runs::{Extent, Run};

/// How many visits of boxes a search may take in all.
pub(super) const VISITS: usize = 30_000_000;
/// The sides of so few boxes are compared one by one; those of more are counted.
const FEW: usize = 24;
/// So many sets of places are tried as a cut of an axis without order.
const TRIED: usize = 6;

/// Looks for holes, again and again, with one bound on the work.
pub(super) struct Search<'a> {
    boxes: &'a Boxes,
    region: Vec<Extent>,
    visits: usize,
    sides: Vec<Sides>,
    touched: Vec<u32>,
    /// How much is to do with so many boxes.
    effort: Vec<f32>,
    todo: Vec<Step>,
}

/// The sides of boxes on an axis: how many begin at each place, and how many end there; or what each has of it.
#[derive(Default)]
struct Sides {
    begin: Vec<u32>,
    end: Vec<u32>,
    runs: Vec<Run>,
    masks: Vec<u64>,
    parts: usize,
    /// How many have values, and how many have unset.
    set: usize,
    unset: usize,
}

enum Step {
    /// Looks into what remains of the region with this axis cut down, for which these boxes are left.
    Look { axis: u32, extent: Extent, boxes: Vec<u32> },
    /// The axis is as it was before the cut.
    Restore { axis: u32, extent: Extent },
}

/// A cut of an axis in two.
#[derive(Clone, Copy)]
struct Cut {
    axis: u32,
    low: Extent,
    high: Extent,
    effort: f32,
}

impl<'a> Search<'a> {
    pub(super) fn new(boxes: &'a Boxes, axes: usize, visits: usize) -> Self {
        let sides = (0..axes).map(|_| Sides::default()).collect();
        let (region, touched, effort, todo) = (Vec::new(), Vec::new(), Vec::new(), Vec::new());
        Self { boxes, region, visits, sides, touched, effort, todo }
    }

    /// A part of the region that none of the boxes reaches.
    pub(super) fn hole(&mut self, region: &[Extent], boxes: &[u32]) -> Result<Option<Vec<Extent>>, TooBig> {
        self.region.clear();
        self.region.extend_from_slice(region);
        self.todo.clear();
        self.spend(boxes.len() + 1)?;
        let Some(left) = self.reaching(boxes) else { return Ok(None) };
        self.grow(left.len());
        let mut next = Some(left);
        loop {
            if let Some(left) = next.take() {
                if left.is_empty() {
                    return Ok(Some(self.region.clone()));
                }
                self.cut(&left)?;
            }
            match self.todo.pop() {
                None => return Ok(None),
                Some(Step::Restore { axis, extent }) => self.region[axis as usize] = extent,
                Some(Step::Look { axis, extent, boxes }) => {
                    self.region[axis as usize] = extent;
                    next = self.reaching_at(axis, boxes);
                }
            }
        }
    }

    fn spend(&mut self, visits: usize) -> Result<(), TooBig> {
        self.visits = self.visits.checked_sub(visits).ok_or(TooBig)?;
        Ok(())
    }

    /// The boxes that reach into the region; `None` where one covers it.
    fn reaching(&self, boxes: &[u32]) -> Option<Vec<u32>> {
        let mut left = Vec::with_capacity(boxes.len());
        for at in boxes {
            let parts = self.boxes.parts(*at);
            if parts.iter().all(|part| self.boxes.meets(part, self.region[part.axis as usize])) {
                if self.covers(*at) {
                    return None;
                }
                left.push(*at);
            }
        }
        Some(left)
    }

    /// The same where only this axis was cut.
    fn reaching_at(&self, axis: u32, mut boxes: Vec<u32>) -> Option<Vec<u32>> {
        let extent = self.region[axis as usize];
        let mut covered = false;
        boxes.retain(|at| {
            let own = self.boxes.parts(*at).iter().find(|part| part.axis == axis);
            let Some(own) = own else { return true };
            if !self.boxes.meets(own, extent) {
                return false;
            }
            covered = covered || self.covers(*at);
            true
        });
        (!covered).then_some(boxes)
    }

    fn covers(&self, at: u32) -> bool {
        self.boxes.parts(at).iter().all(|part| self.boxes.covers(part, self.region[part.axis as usize]))
    }

    /// Cuts the region and notes both halves as still to be looked at, the lower one first.
    fn cut(&mut self, boxes: &[u32]) -> Result<(), TooBig> {
        self.spend(boxes.len())?;
        let Some(Cut { axis, low, high, .. }) = self.best(boxes) else { return Err(TooBig) };
        let (mut below, mut above) = (Vec::with_capacity(boxes.len()), Vec::with_capacity(boxes.len()));
        for at in boxes {
            let own = self.boxes.parts(*at).iter().find(|part| part.axis == axis);
            if own.is_none_or(|part| part.extent.meets(low)) {
                below.push(*at);
            }
            if own.is_none_or(|part| part.extent.meets(high)) {
                above.push(*at);
            }
        }
        self.todo.push(Step::Restore { axis, extent: self.region[axis as usize] });
        self.todo.push(Step::Look { axis, extent: high, boxes: above });
        self.todo.push(Step::Look { axis, extent: low, boxes: below });
        Ok(())
    }

    /// The cut after which least is to do.
    fn best(&mut self, boxes: &[u32]) -> Option<Cut> {
        let few = boxes.len() <= FEW;
        for at in boxes {
            for part in self.boxes.parts(*at) {
                let whole = self.region[part.axis as usize];
                if self.boxes.covers(part, whole) {
                    continue;
                }
                let sides = &mut self.sides[part.axis as usize];
                if sides.parts == 0 {
                    self.touched.push(part.axis);
                }
                sides.parts += 1;
                if !whole.is_line() {
                    sides.masks.push(part.extent.mask & whole.mask);
                    continue;
                }
                // Of several runs only the first is cut off; the others are seen in the other half.
                let run = self.boxes.runs(part).iter().find(|run| run.meets(whole.run)).map(|run| run.both(whole.run));
                sides.count(run, whole, part.extent.unset(), few);
            }
        }
        let mut best: Option<Cut> = None;
        while let Some(axis) = self.touched.pop() {
            let (whole, sides) = (self.region[axis as usize], &mut self.sides[axis as usize]);
            let free = boxes.len() - sides.parts;
            let mut found = |low, high, below: usize, above: usize| {
                let effort = self.effort[below + free] + self.effort[above + free];
                if best.is_none_or(|best| effort < best.effort) {
                    best = Some(Cut { axis, low, high, effort });
                }
            };
            if !whole.is_line() {
                cut_places(&sides.masks, whole.mask, &mut |mask, low, high| {
                    found(Extent::bits(whole.mask & mask), Extent::bits(whole.mask & !mask), low, high);
                });
            } else {
                if whole.unset() && !whole.run.is_none() {
                    found(Extent::line(whole.run, false), Extent::line(Run::NONE, true), sides.set, sides.unset);
                }
                // Unset stays with the lower half.
                let mut before = |at: u32, low, high| {
                    let below = Extent::line(Run { lo: whole.run.lo, hi: at - 1 }, whole.unset());
                    found(below, Extent::line(Run { lo: at, hi: whole.run.hi }, false), low, high);
                };
                if few { sides.cut_few(whole.run, &mut before) } else { sides.cut_many(whole.run, &mut before) }
            }
            sides.clear(whole.run);
        }
        best
    }

    fn grow(&mut self, most: usize) {
        for count in self.effort.len()..=most {
            self.effort.push((count as f32).powf(1.25));
        }
    }
}

impl Sides {
    /// Notes what a box has of the region on a line.
    fn count(&mut self, run: Option<Run>, whole: Extent, unset: bool, few: bool) {
        let unset = unset && whole.unset();
        self.set += usize::from(run.is_some());
        self.unset += usize::from(unset);
        if whole.run.is_none() {
            return;
        }
        let lowest = Run { lo: whole.run.lo, hi: whole.run.lo };
        let mut run = run.unwrap_or(lowest);
        run.lo = if unset { whole.run.lo } else { run.lo };
        if few {
            self.runs.push(run);
            return;
        }
        let most = run.hi as usize + 1;
        if self.begin.len() < most {
            self.begin.resize(most, 0);
            self.end.resize(most, 0);
        }
        self.begin[run.lo as usize] += 1;
        self.end[run.hi as usize] += 1;
    }

    /// Tells each place before which a box begins or behind which one ends, and how many boxes lie on either side.
    fn cut_few(&self, whole: Run, found: &mut dyn FnMut(u32, usize, usize)) {
        for before in self.runs.iter().flat_map(|run| [run.lo, run.hi + 1]) {
            if before > whole.lo && before <= whole.hi {
                let low = self.runs.iter().filter(|run| run.lo < before).count();
                let high = self.runs.iter().filter(|run| run.hi >= before).count();
                found(before, low, high);
            }
        }
    }

    fn cut_many(&self, whole: Run, found: &mut dyn FnMut(u32, usize, usize)) {
        let (mut low, mut high) = (0, self.parts);
        for before in whole.lo.saturating_add(1)..=whole.hi {
            let place = before as usize;
            let Some(ended) = self.end.get(place - 1).map(|count| *count as usize) else { break };
            low += self.begin[place - 1] as usize;
            high -= ended;
            if ended > 0 || self.begin.get(place).is_some_and(|count| *count > 0) {
                found(before, low, high);
            }
        }
    }

    fn clear(&mut self, run: Run) {
        let end = if run.is_none() { 0 } else { self.begin.len().min(run.hi as usize + 1) };
        let from = (run.lo as usize).min(end);
        self.begin[from..end].fill(0);
        self.end[from..end].fill(0);
        self.runs.clear();
        self.masks.clear();
        (self.parts, self.set, self.unset) = (0, 0, 0);
    }
}

/// Tells sets of places to cut an axis by, and how many boxes lie inside and outside. Where the places fall into groups
/// that no box crosses, they are cut between those.
fn cut_places(masks: &[u64], whole: u64, found: &mut dyn FnMut(u64, usize, usize)) {
    let mut groups: Vec<u64> = Vec::new();
    for mask in masks {
        if groups.iter().any(|group| mask & !group == 0) {
            continue;
        }
        let (met, mut others): (Vec<u64>, Vec<u64>) = groups.iter().partition(|group| *group & mask != 0);
        others.push(met.iter().fold(*mask, |all, group| all | group));
        groups = others;
    }
    let within = |set: u64| masks.iter().filter(|mask| **mask & set != 0).count();
    let mut tell = |set: u64| {
        if set != 0 && set != whole {
            found(set, within(set), within(whole & !set));
        }
    };
    if groups.len() > 1 || groups.first().is_some_and(|group| *group != whole) {
        // Each group goes to the side that has less, the large ones first.
        let mut counted: Vec<(usize, u64)> = groups.iter().map(|group| (within(*group), *group)).collect();
        counted.sort_unstable();
        let (mut low, mut in_low, mut in_high) = (0_u64, 0, 0);
        for (count, group) in counted.into_iter().rev() {
            if in_low <= in_high {
                in_low += count;
                low |= group;
            } else {
                in_high += count;
            }
        }
        tell(low);
        return;
    }
    let step = (masks.len() / TRIED).max(1);
    let mut tried: Vec<u64> = Vec::with_capacity(TRIED + 1);
    for mask in masks.iter().step_by(step) {
        if !tried.contains(mask) {
            tried.push(*mask);
            tell(*mask);
        }
    }
}

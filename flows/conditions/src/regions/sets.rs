//! The questions about a list of guards, answered with boxes.

use std::collections::HashMap;

use super::axis::Axis;
use super::boxes::{Boxes, Refusal, Space, cubes};
use super::cover::Search;
use super::diagram::TooBig;
use super::lower::{Formula, Lowered};
use super::pairs::Pairs;
use super::runs::{Extent, Run, Runs};
use super::{Analysis, NotAnalysed, Witness};
use crate::ast;
use crate::quick::Quick;
use crate::say;

pub(super) struct Sets {
    space: Space,
    boxes: Boxes,
    faults: Vec<Option<NotAnalysed>>,
}

impl Sets {
    /// `None` where some guard is not a union of few boxes.
    pub(super) fn new(lowered: &Lowered, most_texts: usize) -> Option<Self> {
        let space = Space::new(&lowered.subjects, most_texts)?;
        let (mut boxes, mut faults) = (Boxes::default(), Vec::new());
        for (formula, fault) in lowered.formulas.iter().zip(&lowered.faults) {
            let mut fault = fault.clone();
            let cubes = match cubes(formula, true, &space) {
                Ok(cubes) => cubes,
                Err(Refusal::TooMany) => return None,
                Err(Refusal::Unknown) => {
                    let why = say!("its values cannot be told apart exactly");
                    fault.get_or_insert(NotAnalysed { span: ast::Span::default(), why });
                    vec![Vec::new()]
                }
            };
            boxes.push(cubes, fault.is_none(), &space).ok()?;
            faults.push(fault);
        }
        boxes.finish(&space).ok()?;
        Some(Self { space, boxes, faults })
    }

    pub(super) fn not_analysed(&self, guard: usize) -> Option<&NotAnalysed> {
        self.faults.get(guard).and_then(Option::as_ref)
    }

    fn search(&self, visits: usize) -> Search<'_> {
        Search::new(&self.boxes, self.space.axes(), visits)
    }

    /// Everything there is to say; what had to be left out is marked as too big.
    pub(super) fn analyse(&self, visits: usize) -> Analysis {
        let mut found = Analysis::default();
        let mut search = self.search(visits);
        let outcome = self.singly(&mut search, &mut found).and_then(|()| self.gap(&mut search, &mut found));
        found.overlaps = self.overlaps();
        let outcome = outcome.and_then(|()| self.shadows(&mut search, &mut found));
        let outcome = outcome.and_then(|()| self.duplicates(&mut search, &mut found));
        found.too_big = outcome.is_err();
        found
    }

    /// Only the gap.
    pub(super) fn gap_alone(&self, visits: usize) -> Result<Option<Witness>, TooBig> {
        let mut found = Analysis::default();
        self.gap(&mut self.search(visits), &mut found)?;
        Ok(found.gap)
    }

    /// Only the overlaps.
    pub(super) fn overlaps(&self) -> Pairs {
        Pairs::of(&self.boxes, self.space.axes())
    }

    fn singly(&self, search: &mut Search<'_>, found: &mut Analysis) -> Result<(), TooBig> {
        let whole = self.space.whole();
        for guard in 0..self.boxes.guards() {
            let own = self.boxes.of(guard);
            if let Some(fault) = self.not_analysed(guard) {
                found.not_analysed.push((guard, fault.why.clone()));
            } else if own.is_empty() {
                found.impossible.push(guard);
            } else if own.len() == 1 {
                found.always.extend(self.boxes.parts(own.start).is_empty().then_some(guard));
            } else if search.hole(&whole, &own.collect::<Vec<_>>())?.is_none() {
                found.always.push(guard);
            }
        }
        Ok(())
    }

    /// A case that no guard takes, and whether all are surely taken.
    fn gap(&self, search: &mut Search<'_>, found: &mut Analysis) -> Result<(), TooBig> {
        let all: Vec<u32> = self.boxes.all().collect();
        let sure = |at: &u32| self.boxes.is_sure(self.boxes.owner(*at));
        let whole = self.space.whole();
        let Some(hole) = search.hole(&whole, &all)? else {
            let surely: Vec<u32> = all.iter().copied().filter(sure).collect();
            found.covered = surely.len() == all.len() || search.hole(&whole, &surely)?.is_none();
            return Ok(());
        };
        let hole = self.widened(hole, &whole, &all);
        let likely = self.with_values();
        let better = if self.has_unset(&hole) { search.hole(&likely, &all)? } else { None };
        found.gap = self.shown(&better.map_or(hole, |hole| self.widened(hole, &whole, &all)));
        Ok(())
    }

    /// All cases in which every name has a value, as far as it can.
    fn with_values(&self) -> Vec<Extent> {
        let all = self.space.whole().into_iter().enumerate();
        all.map(|(at, extent)| self.space.axis(at).map_or(extent, |axis| axis.with_value(extent))).collect()
    }

    /// Whether some name can only be unset there.
    fn has_unset(&self, region: &[Extent]) -> bool {
        let unset = |at: usize, extent: &Extent| self.space.axis(at).is_some_and(|axis| axis.is_unset(*extent));
        region.iter().enumerate().any(|(at, extent)| unset(at, extent))
    }

    /// The hole as wide as the boxes let it be, so that names which do not matter are left out.
    fn widened(&self, mut hole: Vec<Extent>, whole: &[Extent], boxes: &[u32]) -> Vec<Extent> {
        for axis in (0..hole.len()).rev() {
            let own = hole[axis];
            let mut wide = whole[axis];
            if own == wide {
                continue;
            }
            hole[axis] = wide;
            for at in boxes {
                let parts = self.boxes.parts(*at);
                if !parts.iter().all(|part| self.boxes.meets(part, hole[part.axis as usize])) {
                    continue;
                }
                for part in parts.iter().filter(|part| part.axis as usize == axis) {
                    if !own.is_line() {
                        wide.mask &= !part.extent.mask;
                        continue;
                    }
                    wide = Extent::line(wide.run, wide.unset() && !part.extent.unset());
                    for run in self.boxes.runs(part).iter().filter(|run| !run.is_none()) {
                        if own.run.is_none() {
                            wide.run = Run::NONE;
                        } else if run.hi < own.run.lo {
                            wide.run.lo = wide.run.lo.max(run.hi + 1);
                        } else if run.lo > own.run.hi {
                            wide.run.hi = wide.run.hi.min(run.lo - 1);
                        }
                    }
                }
            }
            hole[axis] = wide;
        }
        hole
    }

    /// A likely case of a region: names that may have any value there are left out.
    fn shown(&self, region: &[Extent]) -> Option<Witness> {
        let mut witness = Witness::new();
        for (at, (extent, whole)) in region.iter().zip(self.space.whole()).enumerate() {
            if let Some(axis) = self.space.axis(at).filter(|_| *extent != whole) {
                witness.push((axis.name.clone(), axis.value(*extent)?));
            }
        }
        Some(witness)
    }

    /// Whether a guard surely never is the first that holds.
    pub(super) fn never_first(&self, guard: usize, visits: usize) -> Result<bool, TooBig> {
        if !self.boxes.is_sure(guard) {
            return Ok(false);
        }
        let meets = |other: u32| self.boxes.of(guard).any(|own| self.boxes.meet(other, own));
        let earlier = (0..guard).filter(|earlier| self.boxes.is_sure(*earlier) && self.boxes.of(*earlier).any(meets));
        let before: Vec<u32> = earlier.flat_map(|earlier| self.boxes.of(earlier)).collect();
        Ok(self.boxes.of(guard).is_empty()
            || !before.is_empty() && self.within(&mut self.search(visits), guard, &before)?)
    }

    /// Guards that hold only where earlier ones do.
    fn shadows(&self, search: &mut Search<'_>, found: &mut Analysis) -> Result<(), TooBig> {
        for guard in 0..self.boxes.guards() {
            let earlier: Vec<usize> = found.overlaps.with(guard).collect();
            if earlier.is_empty() {
                continue;
            }
            let before: Vec<u32> = earlier.iter().flat_map(|guard| self.boxes.of(*guard)).collect();
            if self.within(search, guard, &before)? {
                found.shadowed.push(guard);
                found.shadowed_by.push(earlier);
            }
        }
        Ok(())
    }

    /// Whether a guard holds only in these boxes.
    fn within(&self, search: &mut Search<'_>, guard: usize, boxes: &[u32]) -> Result<bool, TooBig> {
        for at in self.boxes.of(guard) {
            let (region, mut takers) = self.boxes.around(at, &self.space);
            takers.extend(boxes);
            if search.hole(&region, &takers)?.is_some() {
                return Ok(false);
            }
        }
        Ok(true)
    }

    /// For each guard the first that always has the same outcome.
    fn duplicates(&self, search: &mut Search<'_>, found: &mut Analysis) -> Result<(), TooBig> {
        let mut alike: HashMap<Vec<(u32, Extent)>, Vec<usize>, Quick> = HashMap::default();
        for guard in (0..self.boxes.guards()).filter(|guard| self.boxes.is_sure(*guard)) {
            let own: Vec<u32> = self.boxes.of(guard).collect();
            if own.is_empty() {
                continue;
            }
            let known = alike.entry(self.bounds(&own)).or_default();
            let mut first = None;
            for earlier in known.iter().copied() {
                let others: Vec<u32> = self.boxes.of(earlier).collect();
                if let ([one], [other]) = (&own[..], &others[..]) {
                    if self.boxes.equal(*one, *other) {
                        first = Some(earlier);
                        break;
                    }
                    continue;
                }
                if self.within(search, guard, &others)? && self.within(search, earlier, &own)? {
                    first = Some(earlier);
                    break;
                }
            }
            match first {
                Some(first) => found.duplicates.push((first, guard)),
                None => known.push(guard),
            }
        }
        Ok(())
    }

    /// The restrictions that hold of all of these boxes together: equal for guards with equal cases.
    fn bounds(&self, boxes: &[u32]) -> Vec<(u32, Extent)> {
        let mut bounds: Option<Vec<(u32, Extent)>> = None;
        for at in boxes {
            let own = self.boxes.parts(*at);
            bounds = Some(match bounds {
                None => own.iter().map(|part| (part.axis, part.extent)).collect(),
                Some(known) => known
                    .into_iter()
                    .filter_map(|(axis, extent)| {
                        let part = own.iter().find(|part| part.axis == axis)?;
                        Some((axis, extent.around(part.extent)))
                    })
                    .collect(),
            });
        }
        let whole = self.space.whole();
        bounds.unwrap_or_default().into_iter().filter(|(axis, extent)| whole[*axis as usize] != *extent).collect()
    }
}

/// A likely case in which all of these guards hold, if there is one.
pub(super) fn case(lowered: &Lowered, most_texts: usize) -> Result<Option<Witness>, Refusal> {
    let space = Space::new(&lowered.subjects, most_texts).ok_or(Refusal::TooMany)?;
    let cubes = cubes(&Formula::And(lowered.formulas.clone()), true, &space)?;
    let likely = |axis: &Axis, runs: &Runs| {
        if axis.has_bits() {
            return axis.extents(runs).0;
        }
        let extents = runs.0.iter().map(|run| axis.extents(&Runs(vec![*run])).0);
        extents.clone().find(|extent| !axis.is_unset(*extent)).unwrap_or_else(|| axis.extents(runs).0)
    };
    let regions = cubes.iter().map(|cube| {
        let parts = cube.iter().filter_map(|(at, runs)| {
            let axis = space.axis(*at as usize)?;
            Some((axis, likely(axis, runs)))
        });
        parts.collect::<Vec<_>>()
    });
    let unset = |region: &Vec<(&Axis, Extent)>| region.iter().filter(|(axis, extent)| axis.is_unset(*extent)).count();
    let Some(best) = regions.min_by_key(unset) else { return Ok(None) };
    let valued = |(axis, extent): (&Axis, Extent)| Some((axis.name.clone(), axis.value(extent)?));
    best.into_iter().map(valued).collect::<Option<Witness>>().map(Some).ok_or(Refusal::Unknown)
}

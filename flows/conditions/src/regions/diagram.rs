//! Decision diagrams over variables with a few cells each. Equal sets of cases have equal numbers, so that emptiness,
//! fullness and equality cost nothing, and a variable that does not matter is not on the path to a case.

use std::collections::HashMap;

use crate::quick::Quick;

/// A set of cases.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region(u32);

impl Region {
    /// No case.
    pub const NONE: Self = Self(0);
    /// Every case.
    pub const ALL: Self = Self(1);

    /// Every case or none.
    pub(super) const fn of(outcome: bool) -> Self {
        if outcome { Self::ALL } else { Self::NONE }
    }
}

/// The answer would take too long.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the guards are too large to analyse")]
pub struct TooBig;

/// How many branches of diagrams may be looked at.
pub(super) const BUDGET: usize = 2_000_000;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Op {
    And,
    Or,
    Same,
}

type Node = (usize, Box<[Region]>);

#[derive(Debug)]
pub(super) struct Diagram {
    sizes: Vec<usize>,
    nodes: Vec<Node>,
    unique: HashMap<Node, Region, Quick>,
    done: HashMap<(Op, Region, Region), Region, Quick>,
    budget: usize,
}

impl Diagram {
    pub(super) fn new(sizes: Vec<usize>, budget: usize) -> Self {
        Self { sizes, nodes: Vec::new(), unique: HashMap::default(), done: HashMap::default(), budget }
    }

    fn spend(&mut self, steps: usize) -> Result<(), TooBig> {
        self.budget = self.budget.checked_sub(steps).ok_or(TooBig)?;
        Ok(())
    }

    fn variable(&self, region: Region) -> usize {
        self.node(region).map_or(usize::MAX, |node| node.0)
    }

    fn node(&self, region: Region) -> Option<&Node> {
        (region.0 as usize).checked_sub(2).and_then(|at| self.nodes.get(at))
    }

    /// Where the variable is in a cell, if this region depends on it first.
    fn branch(&self, region: Region, variable: usize, cell: usize) -> Region {
        match self.node(region) {
            Some((first, branches)) if *first == variable => branches.get(cell).copied().unwrap_or(Region::NONE),
            _ => region,
        }
    }

    fn made(&mut self, variable: usize, branches: Vec<Region>) -> Result<Region, TooBig> {
        let Some(first) = branches.first().copied() else { return Ok(Region::NONE) };
        if branches.iter().all(|branch| *branch == first) {
            return Ok(first);
        }
        let node = (variable, branches.into_boxed_slice());
        if let Some(region) = self.unique.get(&node) {
            return Ok(*region);
        }
        let region = Region(u32::try_from(self.nodes.len() + 2).map_err(|_| TooBig)?);
        self.nodes.push(node.clone());
        self.unique.insert(node, region);
        Ok(region)
    }

    /// The cases where a variable is in one of these cells.
    pub(super) fn split(&mut self, variable: usize, cells: &[bool]) -> Result<Region, TooBig> {
        self.made(variable, cells.iter().map(|cell| Region::of(*cell)).collect())
    }

    pub(super) fn and(&mut self, left: Region, right: Region) -> Result<Region, TooBig> {
        self.apply(Op::And, left, right)
    }

    pub(super) fn or(&mut self, left: Region, right: Region) -> Result<Region, TooBig> {
        self.apply(Op::Or, left, right)
    }

    pub(super) fn same(&mut self, left: Region, right: Region) -> Result<Region, TooBig> {
        self.apply(Op::Same, left, right)
    }

    pub(super) fn not(&mut self, region: Region) -> Result<Region, TooBig> {
        self.apply(Op::Same, region, Region::NONE)
    }

    fn apply(&mut self, op: Op, left: Region, right: Region) -> Result<Region, TooBig> {
        let (left, right) = (left.min(right), left.max(right));
        if let Some(region) = settled(op, left, right) {
            return Ok(region);
        }
        if let Some(region) = self.done.get(&(op, left, right)) {
            return Ok(*region);
        }
        let variable = self.variable(left).min(self.variable(right));
        let size = self.sizes.get(variable).copied().unwrap_or(0);
        self.spend(size + 1)?;
        let mut branches = Vec::with_capacity(size);
        for cell in 0..size {
            let (a, b) = (self.branch(left, variable, cell), self.branch(right, variable, cell));
            branches.push(self.apply(op, a, b)?);
        }
        let region = self.made(variable, branches)?;
        self.done.insert((op, left, right), region);
        Ok(region)
    }

    /// A case of both regions, as [`Self::path`] gives it, without making their intersection.
    pub(super) fn meet(&mut self, left: Region, right: Region) -> Result<Option<Vec<(usize, usize)>>, TooBig> {
        let mut path = Vec::new();
        let found = self.meet_in(left.min(right), left.max(right), &mut path)?;
        path.reverse();
        Ok(found.then_some(path))
    }

    /// Whether two regions meet; where they do, the path is filled from its end.
    fn meet_in(&mut self, left: Region, right: Region, path: &mut Vec<(usize, usize)>) -> Result<bool, TooBig> {
        if left == Region::NONE || right == Region::NONE {
            return Ok(false);
        }
        if left == Region::ALL || left == right {
            path.extend(self.path(right, Region::ALL).into_iter().flatten().rev());
            return Ok(true);
        }
        if self.done.get(&(Op::And, left, right)) == Some(&Region::NONE) {
            return Ok(false);
        }
        self.spend(1)?;
        let variable = self.variable(left).min(self.variable(right));
        for cell in 0..self.sizes.get(variable).copied().unwrap_or(0) {
            let (a, b) = (self.branch(left, variable, cell), self.branch(right, variable, cell));
            if self.meet_in(a.min(b), a.max(b), path)? {
                path.push((variable, cell));
                return Ok(true);
            }
        }
        self.done.insert((Op::And, left, right), Region::NONE);
        Ok(false)
    }

    /// The cases that are in the region for some value of the variables that are picked.
    pub(super) fn forget(&mut self, region: Region, gone: &[bool]) -> Result<Region, TooBig> {
        let mut done = HashMap::default();
        self.forget_in(region, gone, &mut done)
    }

    fn forget_in(
        &mut self,
        region: Region,
        gone: &[bool],
        done: &mut HashMap<Region, Region, Quick>,
    ) -> Result<Region, TooBig> {
        let Some((variable, branches)) = self.node(region).cloned() else { return Ok(region) };
        if let Some(region) = done.get(&region) {
            return Ok(*region);
        }
        self.spend(branches.len() + 1)?;
        let mut kept = Vec::with_capacity(branches.len());
        for branch in branches {
            kept.push(self.forget_in(branch, gone, done)?);
        }
        let result = if gone.get(variable) == Some(&true) {
            let mut any = Region::NONE;
            for branch in kept {
                any = self.or(any, branch)?;
            }
            any
        } else {
            self.made(variable, kept)?
        };
        done.insert(region, result);
        Ok(result)
    }

    /// A case: the cells of the variables that matter, up to where every case of `whole` is one. The first cells are the
    /// ones to prefer.
    pub(super) fn path(&self, mut region: Region, whole: Region) -> Option<Vec<(usize, usize)>> {
        let mut path = Vec::new();
        while region != whole
            && let Some((variable, branches)) = self.node(region)
        {
            let cell = branches.iter().position(|branch| *branch != Region::NONE)?;
            path.push((*variable, cell));
            region = branches[cell];
        }
        (region != Region::NONE).then_some(path)
    }
}

/// The outcome where it needs no look at the branches; `left <= right`.
fn settled(op: Op, left: Region, right: Region) -> Option<Region> {
    match op {
        Op::And if left == Region::NONE || left == right => Some(left),
        Op::And if left == Region::ALL => Some(right),
        Op::Or if left == Region::NONE || left == right => Some(right),
        Op::Or if left == Region::ALL => Some(Region::ALL),
        Op::Same if left == right => Some(Region::ALL),
        Op::Same if left == Region::ALL => Some(right),
        Op::Same if left == Region::NONE && right == Region::ALL => Some(Region::NONE),
        _ => None,
    }
}

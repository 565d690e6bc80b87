//! Free places near others.

use std::collections::{BTreeMap, VecDeque};

use crate::graph::Graph;
use crate::{CARD_HEIGHT, CARD_WIDTH, COLUMN, Place, ROW};

/// The least space between two cards.
const GAP: i32 = 20;

/// A place as whole numbers, within what a canvas can show.
pub fn whole((x, y): (f64, f64)) -> Place {
    #[allow(clippy::cast_possible_truncation, reason = "held within a million; what is no number becomes 0")]
    let one = |n: f64| n.round().clamp(-1e8, 1e8) as i32;
    (one(x), one(y))
}

/// Places that are taken.
#[derive(Default)]
struct Taken {
    cells: BTreeMap<(i32, i32), Vec<Place>>,
}

impl Taken {
    fn cell(at: Place) -> (i32, i32) {
        (at.0.div_euclid(COLUMN), at.1.div_euclid(ROW))
    }

    fn add(&mut self, at: Place) {
        self.cells.entry(Self::cell(at)).or_default().push(at);
    }

    fn free(&self, at: Place) -> bool {
        let cell = Self::cell(at);
        let near = (-1..=1).flat_map(|x| (-1..=1).map(move |y| (cell.0 + x, cell.1 + y)));
        let meets =
            |other: &Place| (other.0 - at.0).abs() < CARD_WIDTH + GAP && (other.1 - at.1).abs() < CARD_HEIGHT + GAP;
        near.filter_map(|cell| self.cells.get(&cell)).flatten().all(|other| !meets(other))
    }

    /// The free place nearest to a wish: in its column, below and above in turn, then in the columns after it.
    fn take(&mut self, wish: Place) -> Place {
        let mut ring = 0;
        loop {
            for column in 0..=ring {
                let row = ring - column;
                for sign in [1, -1] {
                    let at = (wish.0 + column * COLUMN, wish.1 + sign * row * ROW);
                    if self.free(at) {
                        self.add(at);
                        return at;
                    }
                }
            }
            ring += 1;
        }
    }
}

/// Fresh places, moved to where the kept cards are and round them.
pub fn around(fresh: &[Place], kept: &[Option<Place>]) -> Vec<Place> {
    let pairs: Vec<(Place, Place)> = fresh.iter().zip(kept).filter_map(|(new, old)| Some((*new, (*old)?))).collect();
    let Ok(count) = i64::try_from(pairs.len()) else { return fresh.to_vec() };
    if count == 0 {
        return fresh.to_vec();
    }
    let mean = |difference: &dyn Fn(&(Place, Place)) -> i32| {
        let sum: i64 = pairs.iter().map(|pair| i64::from(difference(pair))).sum();
        i32::try_from(sum.div_euclid(count) / 10 * 10).unwrap_or(0)
    };
    let shift = (mean(&|(new, old)| old.0 - new.0), mean(&|(new, old)| old.1 - new.1));
    let mut taken = Taken::default();
    kept.iter().flatten().for_each(|at| taken.add(*at));
    let place = |(new, old): (&Place, &Option<Place>)| match old {
        Some(at) => *at,
        None => taken.take((new.0 + shift.0, new.1 + shift.1)),
    };
    fresh.iter().zip(kept).map(place).collect()
}

/// Places for the cards that have none, from those that have one outwards.
pub fn fill(graph: &Graph, placed: &[Option<Place>]) -> Vec<Place> {
    let mut places = placed.to_vec();
    let mut taken = Taken::default();
    placed.iter().flatten().for_each(|at| taken.add(*at));
    let mut open: VecDeque<usize> = (0..graph.len()).filter(|card| placed[*card].is_some()).collect();
    let floor = placed.iter().flatten().map(|at| at.1).max().unwrap_or(0) + ROW + ROW / 2;
    let left = placed.iter().flatten().map(|at| at.0).min().unwrap_or(0);
    let mut unconnected = 0;
    let mut rest = (0..graph.len()).filter(|card| placed[*card].is_none()).collect::<Vec<_>>().into_iter();
    loop {
        while let Some(card) = open.pop_front() {
            let Some(at) = places[card] else { continue };
            let sides = [(&graph.next[card], COLUMN), (&graph.before[card], -COLUMN)];
            for (side, step) in sides {
                for near in side.iter().copied() {
                    if places[near].is_none() {
                        places[near] = Some(taken.take((at.0 + step, at.1)));
                        open.push_back(near);
                    }
                }
            }
        }
        let Some(card) = rest.find(|card| places[*card].is_none()) else { break };
        places[card] = Some(taken.take((left + unconnected % 8 * COLUMN, floor + unconnected / 8 * ROW)));
        unconnected += 1;
        open.push_back(card);
    }
    places.into_iter().map(Option::unwrap_or_default).collect()
}

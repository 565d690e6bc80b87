//! The order within each column, so that few ways cross.

use crate::graph::Graph;
use crate::layers::Layers;

/// How often the columns are gone through.
const SWEEPS: usize = 12;
/// From this many cards on, they are gone through less often.
const MANY: usize = 3_000;
/// More bends than this are not drawn in: long ways then count as direct ones.
const MOST_BENDS: usize = 40_000;

/// A card or a bend of a long way.
#[derive(Clone, Debug)]
pub struct Spot {
    /// The card; `None` for a bend.
    pub card: Option<usize>,
    /// Spots in the column before that lead here.
    pub left: Vec<usize>,
    /// Spots in the column after.
    pub right: Vec<usize>,
}

/// Spots in order, by column.
#[derive(Debug)]
pub struct Columns {
    /// All spots.
    pub spots: Vec<Spot>,
    /// Numbers of spots, from top to bottom.
    pub columns: Vec<Vec<usize>>,
}

/// Puts the cards of a group in order.
pub fn order(graph: &Graph, layers: &Layers) -> Columns {
    let mut made = build(graph, layers);
    let many = layers.met.len() > MANY;
    let mut place = vec![0; made.spots.len()];
    number(&made.columns, &mut place);
    let mut best = (crossings(&made, &place), made.columns.clone());
    for sweep in 0..if many { 4 } else { SWEEPS } {
        if best.0 == 0 {
            break;
        }
        let count = made.columns.len();
        for step in 1..count {
            let (at, from_left) = if sweep % 2 == 0 { (step, true) } else { (count - 1 - step, false) };
            sort(&mut made, at, from_left, &mut place);
        }
        let now = crossings(&made, &place);
        if now < best.0 {
            best = (now, made.columns.clone());
        }
    }
    made.columns = best.1;
    made
}

fn build(graph: &Graph, layers: &Layers) -> Columns {
    let mut spots = Vec::new();
    let mut columns = vec![Vec::new(); layers.columns];
    let mut spot_of = vec![usize::MAX; graph.len()];
    for card in &layers.met {
        spot_of[*card] = spots.len();
        columns[layers.column[*card]].push(spots.len());
        spots.push(Spot { card: Some(*card), left: Vec::new(), right: Vec::new() });
    }
    let ways: Vec<(usize, usize)> = layers
        .met
        .iter()
        .flat_map(|from| graph.next[*from].iter().map(move |to| (*from, *to)))
        .filter(|way| layers.backward.binary_search(way).is_err() && layers.column[way.0] < layers.column[way.1])
        .collect();
    let bends: usize = ways.iter().map(|(from, to)| layers.column[*to] - layers.column[*from] - 1).sum();
    for (from, to) in ways {
        let span = layers.column[from] + 1..layers.column[to];
        let mut last = spot_of[from];
        for column in span.filter(|_| bends <= MOST_BENDS) {
            let bend = spots.len();
            spots.push(Spot { card: None, left: Vec::new(), right: Vec::new() });
            columns[column].push(bend);
            join(&mut spots, last, bend);
            last = bend;
        }
        join(&mut spots, last, spot_of[to]);
    }
    Columns { spots, columns }
}

fn join(spots: &mut [Spot], left: usize, right: usize) {
    spots[left].right.push(right);
    spots[right].left.push(left);
}

fn number(columns: &[Vec<usize>], place: &mut [usize]) {
    for column in columns {
        column.iter().enumerate().for_each(|(i, spot)| place[*spot] = i);
    }
}

/// Sorts a column by the mean place of its neighbours; spots without neighbours keep their place.
fn sort(made: &mut Columns, at: usize, from_left: bool, place: &mut [usize]) {
    let column = &made.columns[at];
    let mean = |spot: usize| {
        let near = if from_left { &made.spots[spot].left } else { &made.spots[spot].right };
        if near.is_empty() {
            return place[spot] * 1024;
        }
        near.iter().map(|other| place[*other] * 1024).sum::<usize>() / near.len()
    };
    let mut keyed: Vec<(usize, usize, usize)> = column.iter().map(|spot| (mean(*spot), place[*spot], *spot)).collect();
    keyed.sort_unstable();
    let sorted: Vec<usize> = keyed.into_iter().map(|(_, _, spot)| spot).collect();
    sorted.iter().enumerate().for_each(|(i, spot)| place[*spot] = i);
    made.columns[at] = sorted;
}

/// How many pairs of ways cross, by a tree of counts.
fn crossings(made: &Columns, place: &[usize]) -> u64 {
    let largest = made.columns.iter().map(Vec::len).max().unwrap_or(0);
    let mut tree = vec![0_u64; largest + 1];
    let mut total = 0;
    for column in &made.columns {
        tree.fill(0);
        let mut seen = 0_u64;
        for spot in column {
            let mut ends: Vec<usize> = made.spots[*spot].right.iter().map(|to| place[*to]).collect();
            ends.sort_unstable();
            for end in &ends {
                let mut above = 0;
                let mut i = end + 1;
                while i > 0 {
                    above += tree[i];
                    i &= i - 1;
                }
                total += seen - above;
            }
            for end in ends {
                seen += 1;
                let mut i = end + 1;
                while i < tree.len() {
                    tree[i] += 1;
                    i += i & i.wrapping_neg();
                }
            }
        }
    }
    total
}

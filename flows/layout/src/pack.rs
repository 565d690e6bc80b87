//! Groups of cards, each tidied by itself and set beside or below the others.

use crate::graph::Graph;
use crate::{COLUMN, Place, ROW, layers, order, rows};

/// How wide a shelf of groups is at least.
const SHELF: i32 = 5 * COLUMN;

/// A place for every card.
pub fn arrange(graph: &Graph) -> Vec<Place> {
    let mut inside = vec![0; graph.len()];
    let groups: Vec<Vec<(usize, Place)>> =
        graph.groups().iter().map(|group| arrange_group(graph, group, &mut inside)).collect();
    let width = |group: &[(usize, Place)]| group.iter().map(|(_, at)| at.0 + COLUMN).max().unwrap_or(0);
    let height = |group: &[(usize, Place)]| group.iter().map(|(_, at)| at.1 + ROW).max().unwrap_or(0);
    let shelf_width = groups.iter().map(|group| width(group)).max().unwrap_or(0).max(SHELF);
    let mut places = vec![(0, 0); graph.len()];
    let (mut x, mut y, mut tallest) = (0, 0, 0);
    for (i, group) in groups.iter().enumerate() {
        let (wide, high) = (width(group), height(group));
        let new_shelf = i == 1 || (x > 0 && x + wide > shelf_width);
        if new_shelf {
            (x, y, tallest) = (0, y + tallest + ROW / 2, 0);
        }
        for (card, at) in group {
            places[*card] = (x + at.0, y + at.1);
        }
        x += wide;
        tallest = tallest.max(high);
    }
    places
}

/// The places of one group, from (0, 0) on; `inside` is room for the number of each card within its group.
fn arrange_group(graph: &Graph, group: &[usize], inside: &mut [usize]) -> Vec<(usize, Place)> {
    if let [only] = group {
        return vec![(*only, (0, 0))];
    }
    group.iter().enumerate().for_each(|(i, card)| inside[*card] = i);
    let ways: Vec<(usize, usize)> =
        group.iter().flat_map(|from| graph.next[*from].iter().map(|to| (inside[*from], inside[*to]))).collect();
    let roots = graph.roots.iter().filter(|card| group.binary_search(card).is_ok()).map(|card| inside[*card]);
    let local = Graph::new(group.len(), &ways, roots.collect());
    let layers = layers::layers(&local);
    let columns = order::order(&local, &layers);
    let down = rows::rows(&columns);
    let cards = || columns.spots.iter().enumerate().filter_map(|(spot, s)| Some((s.card?, down[spot])));
    let top = cards().map(|(_, y)| y).min().unwrap_or(0);
    let whole = |n: i64| i32::try_from(n).unwrap_or(i32::MAX / 4);
    cards()
        .map(|(card, y)| {
            let column = i64::try_from(layers.column[card]).unwrap_or(0);
            (group[card], (whole(column * i64::from(COLUMN)), whole(y - top)))
        })
        .collect()
}

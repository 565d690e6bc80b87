//! Columns: every way but those that go back leads to a later column.

use crate::graph::Graph;

/// The columns of a group of cards.
pub struct Layers {
    /// Column of each card.
    pub column: Vec<usize>,
    /// How many columns there are.
    pub columns: usize,
    /// Cards in the order in which they are first met.
    pub met: Vec<usize>,
    /// Ways that go back, sorted.
    pub backward: Vec<(usize, usize)>,
}

/// Puts the cards of a group into columns.
pub fn layers(graph: &Graph) -> Layers {
    let (met, finished, backward) = walk(graph);
    let forward = |from: usize, to: usize| backward.binary_search(&(from, to)).is_err();
    let mut column = vec![0_usize; graph.len()];
    for card in finished.iter().rev().copied() {
        for to in graph.next[card].iter().copied().filter(|to| forward(card, *to)) {
            column[to] = column[to].max(column[card] + 1);
        }
    }
    // What nothing leads to (a trigger's card, an unused one) stands just before what it leads to.
    for card in met.iter().copied() {
        let entered = graph.before[card].iter().any(|from| forward(*from, card));
        let nearest = graph.next[card].iter().filter(|to| forward(card, **to)).map(|to| column[*to]).min();
        if let (false, Some(nearest)) = (entered, nearest) {
            column[card] = nearest.saturating_sub(1);
        }
    }
    let columns = column.iter().map(|column| column + 1).max().unwrap_or(0);
    Layers { column, columns, met, backward }
}

/// Depth first, from where conversations begin: cards as they are met, cards as they are finished, and ways that go back
/// to a card that is not finished, sorted.
fn walk(graph: &Graph) -> (Vec<usize>, Vec<usize>, Vec<(usize, usize)>) {
    #[derive(Clone, Copy, PartialEq)]
    enum Seen {
        No,
        Open,
        Done,
    }
    let entered = |card: &usize| graph.before[*card].is_empty();
    let begins = graph.roots.iter().copied().chain((0..graph.len()).filter(entered)).chain(0..graph.len());
    let mut backward = Vec::new();
    let mut seen = vec![Seen::No; graph.len()];
    let (mut met, mut finished) = (Vec::new(), Vec::new());
    for begin in begins {
        if seen[begin] != Seen::No {
            continue;
        }
        seen[begin] = Seen::Open;
        met.push(begin);
        let mut open = vec![(begin, 0)];
        while let Some((card, exit)) = open.last_mut() {
            let card = *card;
            let Some(to) = graph.next[card].get(*exit).copied() else {
                seen[card] = Seen::Done;
                finished.push(card);
                open.pop();
                continue;
            };
            *exit += 1;
            match seen[to] {
                Seen::No => {
                    seen[to] = Seen::Open;
                    met.push(to);
                    open.push((to, 0));
                }
                Seen::Open => backward.push((card, to)),
                Seen::Done => {}
            }
        }
    }
    backward.sort_unstable();
    (met, finished, backward)
}

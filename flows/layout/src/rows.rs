//! How far down each card stands: as near as can be to those it is connected to.

use crate::ROW;
use crate::order::Columns;

/// From a bend to what is next to it.
const BEND: i64 = 60;
/// How often the columns are gone through.
const SWEEPS: usize = 6;

/// The place from top of each spot; spots of one column keep their order and their distance.
pub fn rows(made: &Columns) -> Vec<i64> {
    let mut down = vec![0_i64; made.spots.len()];
    for column in &made.columns {
        let offsets = offsets(made, column);
        column.iter().zip(offsets).for_each(|(spot, offset)| down[*spot] = offset);
    }
    let count = made.columns.len();
    for sweep in 0..SWEEPS {
        for step in 0..count {
            let (at, from_left) = if sweep % 2 == 0 { (step, true) } else { (count - 1 - step, false) };
            settle(made, &made.columns[at], from_left, &mut down);
        }
    }
    down.iter_mut().for_each(|y| *y = y.div_euclid(10) * 10);
    down
}

fn offsets(made: &Columns, column: &[usize]) -> Vec<i64> {
    let mut sum = 0;
    let mut last: Option<bool> = None;
    let mut out = Vec::with_capacity(column.len());
    for spot in column {
        let card = made.spots[*spot].card.is_some();
        if let Some(last) = last {
            sum += if card && last { i64::from(ROW) } else { BEND.max(i64::from(if card || last { 90 } else { 0 })) };
        }
        last = Some(card);
        out.push(sum);
    }
    out
}

/// Moves a column's spots to where their neighbours are, pooling those that would come too near.
fn settle(made: &Columns, column: &[usize], from_left: bool, down: &mut [i64]) {
    let offsets = offsets(made, column);
    // Blocks of spots that move together: sum of the wishes, count.
    let mut blocks: Vec<(i64, i64)> = Vec::with_capacity(column.len());
    for (spot, offset) in column.iter().zip(&offsets) {
        let mut block = (wish(made, *spot, from_left, down) - offset, 1);
        while let Some((sum, count)) =
            blocks.last().copied().filter(|(sum, count)| sum.div_euclid(*count) > block.0.div_euclid(block.1))
        {
            block = (block.0 + sum, block.1 + count);
            blocks.pop();
        }
        blocks.push(block);
    }
    let bases = blocks.iter().flat_map(|(sum, count)| (0..*count).map(move |_| sum.div_euclid(*count)));
    for ((spot, offset), base) in column.iter().zip(&offsets).zip(bases) {
        down[*spot] = base + offset;
    }
}

/// The middle of the neighbours on one side; where there are none, those of the other, else where it is.
fn wish(made: &Columns, spot: usize, from_left: bool, down: &[i64]) -> i64 {
    let spots = &made.spots[spot];
    let (first, second) = if from_left { (&spots.left, &spots.right) } else { (&spots.right, &spots.left) };
    let near = if first.is_empty() { second } else { first };
    let mut all: Vec<i64> = near.iter().map(|other| down[*other]).collect();
    all.sort_unstable();
    match all.len() {
        0 => down[spot],
        n if n % 2 == 1 => all[n / 2],
        n => i64::midpoint(all[n / 2 - 1], all[n / 2]),
    }
}

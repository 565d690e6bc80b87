//! Places for cards: a whole flow tidied from left to right, or a free place for new cards near those they belong to.
//! Whole numbers only, so that every machine gives the same places.

mod graph;
mod layers;
mod near;
mod order;
mod pack;
mod rows;
#[cfg(test)]
mod tests;

use flow_model::Flow;

use graph::Graph;
pub use near::whole;

/// Width of a card.
pub const CARD_WIDTH: i32 = 188;
/// Height of a card.
pub const CARD_HEIGHT: i32 = 64;
/// From one column to the next.
pub const COLUMN: i32 = 260;
/// From one row to the next.
pub const ROW: i32 = 110;

/// A place: the upper left corner of a card.
pub type Place = (i32, i32);

/// A place for every card, from left to right as a conversation goes. Cards to `keep` stay where the flow's layout has
/// them, and the others go round them.
#[must_use]
pub fn tidy(flow: &Flow, keep: &[String]) -> Vec<(String, Place)> {
    let graph = Graph::of(flow);
    let fresh = pack::arrange(&graph);
    let kept: Vec<Option<Place>> = flow
        .nodes
        .keys()
        .map(|id| if keep.contains(id) { flow.layout.get(id).map(|at| near::whole(*at)) } else { None })
        .collect();
    let places = near::around(&fresh, &kept);
    flow.nodes.keys().cloned().zip(places).collect()
}

/// Places for the cards that have none, near those they are connected to; nothing else moves. A flow without any place is
/// tidied.
#[must_use]
pub fn place_new(flow: &Flow) -> Vec<(String, Place)> {
    let placed: Vec<Option<Place>> =
        flow.nodes.keys().map(|id| flow.layout.get(id).map(|at| near::whole(*at))).collect();
    if placed.iter().all(Option::is_none) {
        return tidy(flow, &[]);
    }
    let places = near::fill(&Graph::of(flow), &placed);
    let all = flow.nodes.keys().cloned().zip(places).zip(placed);
    all.filter_map(|((id, place), old)| if old.is_none() { Some((id, place)) } else { None }).collect()
}

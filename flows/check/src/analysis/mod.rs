//! What the rules share: parsed conditions, the graph of a flow, reach, cycles, data flow and time. Each is linear in the
//! size of the flow, or has a bound that stands beside it.

pub(crate) mod asks;
pub(crate) mod book;
pub(crate) mod callees;
pub(crate) mod cases;
pub(crate) mod cycles;
pub(crate) mod effects;
pub(crate) mod feasible;
pub(crate) mod graph;
pub(crate) mod known;
pub(crate) mod lists;
pub(crate) mod live;
pub(crate) mod must;
pub(crate) mod onward;
pub(crate) mod phrases;
pub(crate) mod proof;
pub(crate) mod reach;
pub(crate) mod sets;
pub mod side;
pub(crate) mod steps;
pub(crate) mod texts;
pub(crate) mod time;
pub(crate) mod triggers;
pub(crate) mod wants;
pub(crate) mod worst;

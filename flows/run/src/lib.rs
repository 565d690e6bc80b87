//! The interpreter: what a flow does in a conversation, event by event (`docs/format.md` section 4).

mod back;
pub mod boundaries;
mod carried;
pub mod drive;
pub mod expect;
pub mod label;
pub mod machine;
pub mod outcome;
mod payload;
pub mod preview;
pub mod program;
pub mod record;
pub mod render;
pub mod replay;
pub mod state;
mod turn;
mod vcon;
mod waiting;
pub mod watch;
pub mod why_not;
pub mod words;

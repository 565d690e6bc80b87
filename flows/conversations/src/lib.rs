//! Sample conversations: what happened, event by event, one conversation a line (`docs/format.md` section 5).

pub mod audit;
pub mod edit;
mod event;
pub mod import;
mod json;
mod lean;
mod line;
pub mod lines;
mod read;
pub mod search;
mod write;

pub use event::{
    ActionResult, AgentEvent, AgentVerb, Conversation, Event, Expect, ExpectHandoff, Given, HandoffNews, QueueNews,
    Status, Turn, UserTurn,
};
pub use json::json;
pub use line::{LineReader, Wants};
pub use read::{LineFault, NO_TURN, Notes, line, note, value};
pub use write::write;

//! What is guessed where a conversation does not say: the mood of a text, and which of the flow's intents it is.

mod fill;
mod intent;
mod mood;

pub use fill::{Filled, fill, fill_with};
pub use intent::{Matcher, intent};
pub use mood::sentiment;

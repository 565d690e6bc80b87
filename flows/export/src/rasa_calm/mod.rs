//! Rasa CALM: what it can carry. No export is built yet.

mod capabilities;

pub use capabilities::CAPABILITIES;

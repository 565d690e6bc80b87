//! Decides what the project will be: the names and the fallback of Rasa Open Source, since both hear with the same parts.

pub use crate::rasa::lower::Plan;

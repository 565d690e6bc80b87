//! What leaves the studio for people who do not draw flows: the register of every way to a person, the deck of every text,
//! and one page with the whole flow. Bytes in, bytes out: whoever calls reads and writes the files.

pub mod deck;
mod escape;
mod hours;
mod html;
pub mod page;
mod places;
pub mod register;
mod spoken;
pub mod tried;
mod ways;

pub use hours::{duration, in_words as hours_in_words};
pub use spoken::condition;

//! What is wrong with a flow: the hard rules that make it valid, and the rules that make it good.
//!
//! Only [`valid`] makes a [`Checked`]; running and exporting take nothing else. Reading and linting never stop at the
//! first fault.

mod analysis;
mod fixes;
mod platforms;
pub mod rules;
pub mod valid;

pub use analysis::side;
pub use fixes::fix_all;
pub use rules::{
    Around, Levels, Page, RULES, Report, Rule, arrange, check, check_file, check_in, check_on, explain, pages, report,
    validity,
};
pub use valid::{Checked, Open, valid};

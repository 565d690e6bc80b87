//! Files: reading, saving without ever losing what is there, exporting whole folders, settings, the history of what is being
//! edited, and the secrets that stand in no file of the studio; and programs that are run on a text.

mod clock;
mod corpus;
mod error;
mod file;
mod folder;
mod journal;
pub mod keys;
mod lasting;
mod leftovers;
mod listing;
mod memory;
mod output;
mod placing;
mod program;
mod project;
mod settings;
mod standing;
#[cfg(test)]
mod tests;

pub use clock::{Stopwatch, now};
pub use corpus::{Blocks, Corpus, WORTH_KEEPING, corpus, corpus_from, forget_corpus};
pub use error::StoreError;
pub use file::{Glance, MAX_BYTES, Opened, Stamp, glance, is_read_only, length, open, read, stamp, write_atomic};
pub use folder::{MARKER, Writing, write_folder_atomic};
pub use journal::{Journal, Recovered};
pub use listing::list;
pub use output::Output;
pub use program::{Answered, Running, Scratch, run_program};
pub use project::{Found, MOST_BYTES, MOST_FILES, MOST_FOLDERS, project, project_of};
pub use settings::{Data, Recent};
pub use standing::{From, Standing, standing};

//! Bad input: every item has a case. Documents and conversations that fit a file are data, in `cases/bad-input`; what is
//! too big for a file, or is about folders and signals, is made here.

mod conditions;
mod conversations;
mod documents;
mod folders;
mod hostile;
mod sizes;
#[cfg(unix)]
mod unreadable;

//! The open documents.

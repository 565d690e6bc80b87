//! Types of the methods.

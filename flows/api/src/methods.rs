//! The methods of the window.

//! Writing a conversation as one line, in the form in which it is read.

use flow_model::tree::{Json, compact};

/// One line of a conversations file, without its newline. The tree is the conversation as the window or the recorder
/// holds it; keys keep their order.
#[must_use]
pub fn write(conversation: &Json) -> String {
    compact(conversation)
}

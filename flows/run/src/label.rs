//! What nodes are called outside: `caller/callee`.

use crate::program::Program;
use crate::state::{Place, State};

/// The subflow nodes above, each with its slash.
#[must_use]
pub fn prefix(program: &Program, stack: &[Place]) -> String {
    stack.iter().fold(String::new(), |mut out, (unit, node)| {
        out.push_str(&program.units[*unit as usize].nodes[*node as usize].id);
        out.push('/');
        out
    })
}

/// A node under a call stack.
#[must_use]
pub fn of(program: &Program, stack: &[Place], place: Place) -> String {
    let id = &program.units[place.0 as usize].nodes[place.1 as usize].id;
    if stack.is_empty() { id.to_string() } else { format!("{}{id}", prefix(program, stack)) }
}

/// The node where the run is.
#[must_use]
pub fn here(program: &Program, state: &State) -> String {
    of(program, &state.stack, state.place)
}

//! Changes that take away what never has any effect, and nothing else.
//!
//! What must stay true: a run before and after such a change says, sends and records the same. Ports are named by the
//! place of their row (`branches[1]`), and the names are the reasons that a person reads unless the handoff gives
//! others: so the names of reasons move along with the rows, and where a name would show, no change is offered.

use flow_model::diff::{Diff, Op};
use flow_model::flow::Kind;
use flow_model::tree::{Json, escape, steps};

use super::Subject;
use crate::analysis::lists::{List, What};

/// Removes a row that is never taken.
pub(super) fn without_row(subject: &Subject<'_>, list: &List<'_>, row: usize) -> Option<Diff> {
    let mut diff = Vec::new();
    if let Some(port) = port(list.what) {
        let analysis = list.analysis(&subject.names);
        let node = subject.graph.id(list.node);
        let name = |i: usize| format!("{node}.{port}[{i}]");
        forget(subject, &name(row), &mut diff);
        for later in row + 1..list.rows.len() {
            let taken = !(analysis.impossible.contains(&later) || analysis.shadowed.contains(&later));
            if taken && reads_port(subject, list.rows.get(later)?.to, &name(later)) {
                return None;
            }
            rename(subject, &name(later), &name(later - 1), &mut diff);
        }
    }
    let path = steps(&list.rows.get(row)?.path);
    diff.push(Op::Remove { path: if list.rows.len() == 1 { path[..path.len() - 1].to_vec() } else { path } });
    Some(diff)
}

/// Removes an `else` that is never taken.
pub(super) fn without_else(subject: &Subject<'_>, list: &List<'_>) -> Diff {
    let mut diff = Vec::new();
    forget(subject, &format!("{}.else", subject.graph.id(list.node)), &mut diff);
    diff.push(Op::Remove { path: steps(&format!("{}/else", list.node_path)) });
    diff
}

/// Makes an `else` of the last row, which always holds where it is looked at.
pub(super) fn last_as_else(subject: &Subject<'_>, list: &List<'_>) -> Option<Diff> {
    let What::Branches { has_else } = list.what else { return None };
    let (last, row) = (list.rows.len().checked_sub(1)?, list.rows.last()?);
    let node = subject.graph.id(list.node);
    let (from, to) = (format!("{node}.branches[{last}]"), format!("{node}.else"));
    if reads_port(subject, row.to, &from) {
        return None;
    }
    let mut diff = Vec::new();
    forget(subject, &to, &mut diff);
    rename(subject, &from, &to, &mut diff);
    let target = Op::Set { path: steps(&format!("{}/else", list.node_path)), value: Json::text(row.to), at: None };
    // Where an `else` stands already, it keeps its place; a new one comes where the branches were, or behind them.
    let place = subject.document.tree.at(&steps(&list.node_path)).and_then(|entry| {
        let branches = entry.entries().iter().position(|(key, _)| key == "branches")?;
        Some(branches + usize::from(last > 0))
    });
    let path = steps(&row.path);
    diff.push(Op::Remove { path: if last == 0 { path[..path.len() - 1].to_vec() } else { path } });
    diff.push(match target {
        Op::Set { path, value, .. } if !has_else => Op::Set { path, value, at: place },
        other => other,
    });
    Some(diff)
}

/// How the ports of a list are called.
fn port(what: What) -> Option<&'static str> {
    match what {
        What::Branches { .. } => Some("branches"),
        What::Overflow => Some("overflow"),
        What::Turns => Some("turns"),
        What::Routes => None,
    }
}

/// Whether the name of a port is what a person reads: the row leads to a handoff that has no reason for it.
fn reads_port(subject: &Subject<'_>, to: &str, port: &str) -> bool {
    match subject.flow.nodes.get(to).map(|node| &node.kind) {
        Some(Kind::Handoff(handoff)) => !handoff.reasons.contains_key(port),
        _ => false,
    }
}

/// Removes the names of a port from the reasons of all handoffs.
fn forget(subject: &Subject<'_>, port: &str, diff: &mut Diff) {
    for place in naming(subject, port) {
        diff.push(Op::Remove { path: place });
    }
}

/// Renames a port in the reasons of all handoffs.
fn rename(subject: &Subject<'_>, port: &str, to: &str, diff: &mut Diff) {
    for place in naming(subject, port) {
        diff.push(Op::Rename { path: place, key: to.to_owned() });
    }
}

/// Where the reasons of handoffs name a port.
fn naming(subject: &Subject<'_>, port: &str) -> Vec<Vec<String>> {
    let mut places = Vec::new();
    for (id, node) in &subject.flow.nodes {
        if matches!(&node.kind, Kind::Handoff(handoff) if handoff.reasons.contains_key(port)) {
            places.push(steps(&format!("/nodes/{}/reasons/{}", escape(id), escape(port))));
        }
    }
    places
}

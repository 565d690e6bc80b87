//! Groups of boxes: an arrow that leads to a group leads to its first box, one that leaves it leaves where it ends.

use std::collections::BTreeSet;

use super::{Arrow, Drawing, Form};
use crate::draft::legal;

/// How deep groups stand in each other, and how many arrows those of groups become.
const DEPTH: usize = 50;
const MOST: usize = 10_000;

impl Drawing {
    /// What the cards of a group are marked with.
    pub(super) fn title(&self, group: &str) -> String {
        let title = self.groups.get(group).map_or(group, |known| known.title.trim());
        legal(if title.is_empty() { group } else { title })
    }

    fn is_within(&self, shape: &str, group: &str) -> bool {
        let mut at = self.shapes.get(shape).and_then(|shape| shape.group.as_deref());
        for _ in 0..DEPTH {
            match at {
                Some(known) if known == group => return true,
                Some(known) => at = self.groups.get(known).and_then(|known| known.within.as_deref()),
                None => return false,
            }
        }
        false
    }

    /// Arrows to and from groups lead to and from boxes; tells which.
    pub(super) fn settle(&mut self) -> Vec<String> {
        let mut told = Vec::new();
        // The innermost come last: what leads to the first box of a group may lead to a group itself.
        for group in self.groups.keys().cloned().collect::<Vec<_>>() {
            let named = self.shapes.get(&group).is_some_and(|shape| shape.said);
            let used = self.arrows.iter().any(|arrow| arrow.from == group || arrow.to == group);
            if named || !used && !self.shapes.contains_key(&group) {
                continue;
            }
            let within = |key: &&String| **key != group && self.is_within(key, &group);
            let members: Vec<String> = self.shapes.keys().filter(within).cloned().collect();
            let title = self.groups.get(&group).map_or(String::new(), |known| known.title.clone());
            match (self.first(&members), self.last(&members)) {
                (Some(first), last) if self.arrows.len() < MOST => {
                    if used {
                        told.push(format!(
                            "arrows to the group \"{title}\" lead to its first box here, and those from it leave where it ends"
                        ));
                    }
                    self.redirect(&group, &first, &last);
                    let more = self.shapes.shift_remove(&group).map(|shape| shape.more).unwrap_or_default();
                    self.shape(&first).more.extend(more);
                }
                _ => {
                    let shape = self.shape(&group);
                    (shape.label, shape.said) = (title, true);
                }
            }
        }
        told
    }

    /// The box that nothing in its group leads to.
    fn first(&self, members: &[String]) -> Option<String> {
        let own: BTreeSet<&String> = members.iter().collect();
        let entered: BTreeSet<&String> =
            self.arrows.iter().filter(|arrow| own.contains(&arrow.from)).map(|arrow| &arrow.to).collect();
        members.iter().find(|key| !entered.contains(key)).or_else(|| members.first()).cloned()
    }

    /// The boxes that lead nowhere; where one of them is the end, that one alone.
    fn last(&self, members: &[String]) -> Vec<String> {
        let leave: BTreeSet<&String> = self.arrows.iter().map(|arrow| &arrow.from).collect();
        let open: Vec<&String> = members.iter().filter(|key| !leave.contains(key)).collect();
        let ends = |key: &&String| self.shapes.get(*key).is_some_and(|shape| shape.form == Form::End);
        match open.iter().copied().find(ends).or_else(|| members.last().filter(|_| open.is_empty())) {
            Some(end) => vec![end.clone()],
            None => open.into_iter().cloned().collect(),
        }
    }

    fn redirect(&mut self, group: &str, first: &str, last: &[String]) {
        let mut arrows = Vec::new();
        for arrow in std::mem::take(&mut self.arrows) {
            let to = if arrow.to == group { first.to_owned() } else { arrow.to };
            if arrow.from != group {
                arrows.push(Arrow { to, ..arrow });
                continue;
            }
            arrows.extend(last.iter().map(|from| Arrow {
                from: from.clone(),
                to: to.clone(),
                label: arrow.label.clone(),
            }));
            // An end that something follows is a place to go on at.
            for key in last {
                let end = self.shapes.get_mut(key).filter(|shape| shape.form == Form::End && shape.label.is_empty());
                if let Some(end) = end {
                    end.form = Form::Choice;
                }
            }
        }
        self.arrows = arrows;
    }
}

//! `class-leak`

use flow_conditions::ast::{Expr, Kind as E};
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::{Handoff, Kind, PayloadField};
use flow_model::tree::escape;
use indexmap::{IndexMap, IndexSet};

use super::{Found, Subject};
use crate::analysis::texts::placeholders;

rule! {
    /// ## What it finds
    /// Classified data that reaches a field without its class, or a tier that does not see its class. What is hashed,
    /// dropped or blocked reaches nobody; what is masked does. A slot without a class has that of the slot copied to it. A field's own `redact` comes before its class's.
    /// ## Why it matters
    /// People get to see what they may not see.
    /// ## Instead
    /// Give the field the class, `drop` it there, let the tier see the class, or send another context.
    /// ## Example
    /// A slot of class `health` in the context of a handoff to a tier whose `sees` lacks `health`.
    pub(super) struct ClassLeak = "class-leak", Error;
}

/// Ways to redact, from nothing to all.
const STRENGTH: [&str; 5] = ["none", "mask", "hash", "drop", "block"];

fn strength(redact: Option<&str>) -> usize {
    redact.and_then(|r| STRENGTH.iter().position(|s| *s == r)).unwrap_or(0)
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    if subject.flow.classes.is_empty() {
        return;
    }
    for (id, context) in &subject.flow.contexts {
        for (name, field) in &context.fields {
            let path = format!("/contexts/{}/fields/{}", escape(id), escape(name));
            for class in carried(subject, &subject.book.payload(&field.from).expr) {
                if let Some(message) = misplaced(subject, name, field, &class) {
                    found.at(path.clone(), message);
                }
            }
        }
    }
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        for (place, tier) in super::tiers_of(subject, number, handoff) {
            let Some(entry) = subject.flow.tiers.get(tier) else { continue };
            for class in subject.classes_sent(number).filter(|class| !entry.sees.contains(*class)) {
                let message = say!(
                    "{card} sends {class} data to {tier}, which does not see it: add it to what the tier sees, or send another context.",
                    card = subject.named(number),
                    class,
                    tier
                );
                found.at(format!("{}{place}", subject.path(number)), message);
            }
        }
    }
}

/// Why a field may not have what it takes.
fn misplaced(subject: &Subject<'_>, name: &str, field: &PayloadField, class: &str) -> Option<Said> {
    let dropped = strength(field.redact.as_deref()) >= 3;
    let silent = field.class.as_deref() != Some(class) && !dropped && subject.flow.classes.contains_key(class);
    silent.then(|| say!("{name} takes {class} data and does not say so: give it \"class\": \"{class}\".", name, class))
}

/// The classes that a value carries: those of its slots and of what was copied to them; entities carry those of all slots that they fill.
fn carried(subject: &Subject<'_>, expr: &Expr) -> IndexSet<String> {
    let mut classes = IndexSet::new();
    collect(subject, expr, &mut classes);
    classes
}

fn collect(subject: &Subject<'_>, expr: &Expr, classes: &mut IndexSet<String>) {
    match &expr.kind {
        E::Name(name) => classes.extend(of_name(subject, name)),
        E::Call { function, .. } if **function == *"entities" => {
            let filled = subject.flow.slots.values().filter(|s| s.entity.is_some());
            classes.extend(filled.filter_map(|s| s.class.clone()));
        }
        _ => expr.children().into_iter().for_each(|child| collect(subject, child, classes)),
    }
}

fn of_name(subject: &Subject<'_>, name: &str) -> IndexSet<String> {
    let slot = name.strip_prefix("slots.");
    slot.and_then(|slot| subject.slot_classes().get(slot)).cloned().unwrap_or_default()
}

/// The classes of each slot: its own, or, where it has none, those of the slots that `set` copies to it.
pub(super) fn of_slots(subject: &Subject<'_>) -> IndexMap<String, IndexSet<String>> {
    let mut classes: IndexMap<String, IndexSet<String>> = IndexMap::new();
    if subject.flow.classes.is_empty() {
        return classes;
    }
    for (id, slot) in &subject.flow.slots {
        let own = slot.class.iter().filter(|class| subject.flow.classes.contains_key(*class));
        classes.insert(id.clone(), own.cloned().collect());
    }
    let own: Vec<bool> = subject.flow.slots.values().map(|slot| slot.class.is_some()).collect();
    let mut copies: Vec<(usize, usize)> = Vec::new();
    for (_, _, node) in subject.nodes() {
        let Kind::Set(set) = &node.kind else { continue };
        for (slot, source) in &set.assign {
            let (Some(to), Some(source)) = (classes.get_index_of(slot), source) else { continue };
            let parsed = subject.book.payload(source);
            let E::Name(name) = &parsed.expr.kind else { continue };
            let from = name.strip_prefix("slots.").and_then(|from| classes.get_index_of(from));
            copies.extend(from.filter(|_| !own[to]).map(|from| (from, to)));
        }
    }
    let mut grown = true;
    while std::mem::take(&mut grown) {
        for (from, to) in &copies {
            let carried = classes[*from].clone();
            let before = classes[*to].len();
            classes[*to].extend(carried);
            grown |= classes[*to].len() > before;
        }
    }
    classes
}

/// The classes of data that a handoff sends so that people can read them.
pub(super) fn classes_sent(subject: &Subject<'_>, handoff: &Handoff) -> IndexSet<String> {
    let mut classes = IndexSet::new();
    let class_redacts = |class: &String| strength(subject.flow.classes.get(class).and_then(|c| c.redact.as_deref()));
    for (_, field) in subject.flow.fields_of(&handoff.context) {
        let mut own = carried(subject, &subject.book.payload(&field.from).expr);
        own.extend(field.class.clone());
        let shown =
            |class: &String| field.redact.as_deref().map_or_else(|| class_redacts(class), |r| strength(Some(r))) < 2;
        classes.extend(own.into_iter().filter(shown));
    }
    let summary = subject.flow.contexts.get(&handoff.context).and_then(|c| c.summary.as_deref()).unwrap_or("");
    classes.extend(placeholders(summary).iter().flat_map(|p| of_name(subject, &p.name)));
    for source in handoff.contact.values() {
        classes.extend(carried(subject, &subject.book.payload(source).expr));
    }
    classes
}

//! `class-in-words`

use flow_conditions::ast::{Expr, Kind as E};
use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::flow::{Handoff, Kind, PayloadField};
use indexmap::IndexSet;

use super::{Found, Subject};

rule! {
    /// ## What it finds
    /// The customer's own words sent to a tier that does not see what they can hold: a slot of a class is filled from
    /// what customers say, and the words go along without a redaction of their own.
    /// ## Why it matters
    /// A card number that is masked in its field stands in clear in the transcript beside it.
    /// ## Instead
    /// Give the field the class or a `redact`, let the tier see the class, or send fewer words. What recognisers find in
    /// free text is masked all the same; names, symptoms and the like they do not find.
    /// ## Example
    /// `transcript.last(5)` for a front desk that does not see `health`, where patients tell their symptoms.
    pub(super) struct ClassInWords = "class-in-words", Info;
}

/// What holds words of the customer.
const WORDS: [&str; 4] = ["transcript.last", "transcript.all", "text", "trigger.text"];

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let said = said(subject);
    if said.is_empty() {
        return;
    }
    for (number, _, node) in subject.nodes() {
        let Kind::Handoff(handoff) = &node.kind else { continue };
        let Some((field, classes)) = open_words(subject, handoff, &said) else { continue };
        for (place, tier) in super::tiers_of(subject, number, handoff) {
            let Some(entry) = subject.flow.tiers.get(tier) else { continue };
            let unseen: Vec<&str> =
                classes.iter().filter(|class| !entry.sees.contains(class)).map(String::as_str).collect();
            if !unseen.is_empty() {
                let message = say!(
                    "{card} sends the customer's words ({field}) to {tier}, which does not see {unseen}: give the field a redact, or send fewer words.",
                    card = subject.named(number),
                    field,
                    tier,
                    unseen = Said::joined(unseen.into_iter().map(Said::as_it_is), super::or)
                        .unwrap_or_else(|| Said::as_it_is(""))
                );
                found.at(format!("{}{place}", subject.path(number)), message);
            }
        }
    }
}

/// The classes of what customers say: of the slots that entities fill.
fn said(subject: &Subject<'_>) -> IndexSet<String> {
    let filled = subject.flow.slots.values().filter(|slot| slot.entity.is_some());
    filled.filter_map(|slot| slot.class.clone()).filter(|class| subject.flow.classes.contains_key(class)).collect()
}

/// The first field with words and without a redaction, and the classes that it does not own up to.
fn open_words(subject: &Subject<'_>, handoff: &Handoff, said: &IndexSet<String>) -> Option<(String, Vec<String>)> {
    let holds = |field: &&PayloadField| field.redact.is_none() && words(&subject.book.payload(&field.from).expr);
    let fields = subject.flow.fields_of(&handoff.context);
    let (name, field) = fields.iter().find(|(_, field)| holds(field))?;
    let classes = said.iter().filter(|class| Some(*class) != field.class.as_ref()).cloned().collect();
    Some((name.clone(), classes))
}

fn words(expr: &Expr) -> bool {
    let named = match &expr.kind {
        E::Name(name) | E::Call { function: name, .. } => WORDS.contains(&&**name),
        _ => false,
    };
    named || expr.children().into_iter().any(words)
}

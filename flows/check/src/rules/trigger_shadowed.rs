//! `trigger-shadowed`

use flow_conditions::said::Said;
use flow_conditions::say;
use flow_model::diff::Op;
use flow_model::tree::{escape, steps};

use super::{Found, Subject, fix};
use crate::analysis::triggers::Fate;

rule! {
    /// ## What it finds
    /// A trigger whose cases are all taken by earlier ones, wherever it acts.
    /// ## Why it matters
    /// The first that holds fires, so this one never does. A trigger with `once` can be spent and shadows nothing.
    /// ## Instead
    /// Move it up, or make the earlier ones narrower. The fix removes it, which changes nothing about what the flow does.
    /// ## Example
    /// `sentiment < 0`, then `sentiment < -0.5`.
    pub(super) struct TriggerShadowed = "trigger-shadowed", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (fate, id) in subject.triggers().iter().zip(subject.flow.triggers.keys()) {
        let Fate::Shadowed(by) = fate else { continue };
        let names = by.iter().filter_map(|t| subject.flow.triggers.get_index(*t)).map(|(id, _)| format!("\"{id}\""));
        let names: Vec<String> = names.collect();
        let message = match names.as_slice() {
            [earlier] => say!(
                "\"{id}\" never fires: {earlier} comes first and takes all of its cases. Move it up, or remove it.",
                id,
                earlier
            ),
            _ => {
                let names = Said::joined(names.into_iter().map(Said::as_it_is), super::and);
                let names = names.unwrap_or_else(|| Said::as_it_is(""));
                say!(
                    "\"{id}\" never fires: {names} come first and take all of its cases. Move it up, or remove it.",
                    id,
                    names
                )
            }
        };
        let path = format!("/triggers/{}", escape(id));
        let remove = vec![Op::Remove { path: steps(&path) }];
        fix(found.at(path, message), say!("Remove the trigger"), remove);
    }
}

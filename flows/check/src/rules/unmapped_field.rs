//! `unmapped-field`

use flow_conditions::say;
use flow_handoff::target;
use flow_model::diff::Op;
use flow_model::tree::{escape, steps};

use super::{Found, Subject, fix};

rule! {
    /// ## What it finds
    /// A field that the flow sends to a place which its target does not have. A field without an entry goes to the
    /// target's default place, and is no fault.
    /// ## Why it matters
    /// It lands in the default place all the same, and whatever was to read it at the place meant finds nothing.
    /// ## Instead
    /// Name one of the target's places. The fix takes the entry away: what is sent stays as it is.
    /// ## Example
    /// `"transaction_id": "custom_field.{{f_transaction}}"` at Zendesk, where it is `custom_fields.`.
    pub(super) struct UnmappedField = "unmapped-field", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    for (id, setup) in &subject.flow.targets {
        let Some(target) = target(id) else { continue };
        for (field, place) in setup.fields.iter().filter(|(_, place)| !target.has_place(place)) {
            let path = format!("/targets/{}/fields/{}", escape(id), escape(field));
            let places: Vec<String> = target
                .places()
                .iter()
                .map(|place| if place.ends_with('.') { format!("{place}…") } else { (*place).to_owned() })
                .collect();
            let message = say!(
                "{id} has no place \"{place}\", so {field} lands in the default one: write one of {places}.",
                id,
                place,
                field,
                places = places.join(", ")
            );
            let problem = found.at(path.clone(), message);
            fix(problem, say!("Leave it to the default place"), vec![Op::Remove { path: steps(&path) }]);
        }
    }
}

//! `duplicate-example`

use flow_conditions::say;
use flow_model::diff::Op;
use flow_model::tree::{escape, steps};
use indexmap::IndexMap;

use super::{Found, Subject, fix};

rule! {
    /// ## What it finds
    /// The same example twice, in one intent or in two.
    /// ## Why it matters
    /// In two intents it cannot be told which one is meant; in one it counts double.
    /// ## Instead
    /// Keep it where it belongs. Within one intent the fix removes the second.
    /// ## Example
    /// "never mind" under both `cancel` and `goodbye`.
    pub(super) struct DuplicateExample = "duplicate-example", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let mut seen: IndexMap<String, &str> = IndexMap::new();
    for (id, intent) in &subject.flow.intents {
        for (i, example) in intent.examples.iter().enumerate() {
            let plain = example.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
            let Some(first) = seen.get(&plain).copied() else {
                seen.insert(plain, id);
                continue;
            };
            let path = format!("/intents/{}/examples/{i}", escape(id));
            let problem = found.at(
                path.clone(),
                say!("\"{example}\" is an example of \"{first}\" already: keep one.", example, first),
            );
            if first == id {
                fix(problem, say!("Remove the second"), vec![Op::Remove { path: steps(&path) }]);
            }
        }
    }
}

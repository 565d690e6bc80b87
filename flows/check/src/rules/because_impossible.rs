//! `because-impossible`

use flow_conditions::ast::{Expr, Kind as E, Span};
use flow_conditions::regions::{Satisfiable, satisfiable};
use flow_conditions::say;
use flow_model::diff::Op;
use flow_model::names::Reach;
use flow_model::tree::{escape, steps};

use super::{Found, Subject, fix};
use crate::analysis::triggers::Fate;

rule! {
    /// ## What it finds
    /// A reason of a trigger that cannot hold together with the trigger's own condition.
    /// ## Why it matters
    /// It never stands among the reasons that a person reads.
    /// ## Instead
    /// Correct one of the two. The fix removes the reason, as long as another one can hold.
    /// ## Example
    /// `when: "confidence < 0.5"` and a reason `confidence > 0.9`.
    pub(super) struct BecauseImpossible = "because-impossible", Warning;
}

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let scope = subject.names.scope(Reach::Plain);
    for (number, (id, trigger)) in subject.flow.triggers.iter().enumerate() {
        let when = subject.book.condition(&trigger.when);
        for (name, because) in &trigger.because {
            let own = subject.book.condition(&because.when);
            if !when.is_sound() || !own.is_sound() {
                continue;
            }
            let both = Expr::new(E::And(vec![when.expr.clone(), own.expr.clone()]), Span::default());
            if satisfiable(&both, &scope) == Satisfiable::No {
                let message = say!(
                    "\"{name}\" is never a reason: `{when}` cannot hold where the trigger does.",
                    name,
                    when = because.when
                );
                let path = format!("/triggers/{}/because/{}", escape(id), escape(name));
                let remove = vec![Op::Remove { path: steps(&path) }];
                let problem = found.at(path, message);
                // Without any reason left, the trigger would fire by its condition alone.
                if subject.triggers().get(number) != Some(&Fate::Impossible) {
                    fix(problem, say!("Remove the reason"), remove);
                }
            }
        }
    }
}

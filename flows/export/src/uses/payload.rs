//! What the fields of a payload use.

use flow_conditions::ast::{Expr, Kind};
use flow_conditions::parse::parse_payload;
use flow_model::flow::PayloadField;
use flow_model::tree::escape as key;

use super::Found;
use crate::capabilities::Feature;

impl Found<'_> {
    /// The fields of every context, each where it is declared.
    pub(super) fn payloads(&mut self) {
        let flow = self.flow;
        for (id, context) in &flow.contexts {
            for (name, field) in &context.fields {
                self.field(&format!("/contexts/{}/fields/{}", key(id), key(name)), name, field);
            }
        }
    }

    fn field(&mut self, path: &str, name: &str, field: &PayloadField) {
        let expr = parse_payload(&field.from).expr;
        let from = format!("{path}/from");
        if calls(&expr, &["transcript.last", "transcript.all"]) {
            self.add(Feature::Transcript, from.clone(), format!("the transcript in the field `{name}`"));
        }
        for function in ["alternatives", "sentiments", "now"] {
            if calls(&expr, &[function]) {
                self.add(Feature::PayloadFunction, from.clone(), format!("the field `{name}` from {function}()"));
            }
        }
        let class = field.class.as_ref().or_else(|| self.class_of(&expr));
        let usual = class.and_then(|class| self.flow.classes.get(class)).and_then(|class| class.redact.as_deref());
        if let Some(redact @ ("mask" | "hash")) = field.redact.as_deref().or(usual) {
            self.add(Feature::Redaction, path.to_owned(), format!("the field `{name}` is sent with {redact}"));
        }
    }

    /// The class of the first classified slot that an expression names.
    fn class_of(&self, expr: &Expr) -> Option<&String> {
        expr.names().iter().find_map(|(name, _)| self.flow.slots.get(name.strip_prefix("slots.")?)?.class.as_ref())
    }
}

fn calls(expr: &Expr, wanted: &[&str]) -> bool {
    let here = matches!(&expr.kind, Kind::Call { function, .. } if wanted.contains(&function.as_ref()));
    here || expr.children().into_iter().any(|child| calls(child, wanted))
}

//! What the fields of a payload use.

use flow_conditions::ast::{Expr, Kind};
use flow_conditions::parse::parse_payload;
use flow_conditions::say;
use flow_conditions::value::Type;
use flow_model::flow::{Context, Flow, PayloadField};
use flow_model::template::{Piece, parse};
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
        if let Some(path) = sends_words(flow) {
            let meant = say!(
                "what looks private in texts that people write is masked: cards, accounts, passwords, phone numbers, addresses"
            );
            self.add(Feature::Unclassified, path, meant);
        }
    }

    fn field(&mut self, path: &str, name: &str, field: &PayloadField) {
        let expr = parse_payload(&field.from).expr;
        let from = format!("{path}/from");
        if calls(&expr, &["transcript.last", "transcript.all"]) {
            self.add(Feature::Transcript, from.clone(), say!("the transcript in the field `{name}`", name));
        }
        for function in ["alternatives", "sentiments", "now"] {
            if calls(&expr, &[function]) {
                self.add(
                    Feature::PayloadFunction,
                    from.clone(),
                    say!("the field `{name}` from {function}()", name, function),
                );
            }
        }
        let class = field.class.as_ref().or_else(|| self.class_of(&expr));
        let usual = class.and_then(|class| self.flow.classes.get(class)).and_then(|class| class.redact.as_deref());
        if let Some(redact @ ("mask" | "hash")) = field.redact.as_deref().or(usual) {
            self.add(
                Feature::Redaction,
                path.to_owned(),
                say!("the field `{name}` is sent with {redact}", name, redact),
            );
        }
    }

    /// The class of the slot that an expression takes as it is: no other field has one of its own.
    fn class_of(&self, expr: &Expr) -> Option<&String> {
        let Kind::Name(name) = &expr.kind else { return None };
        self.flow.slots.get(name.strip_prefix("slots.")?)?.class.as_ref()
    }
}

/// Where a request first carries what people wrote, if one does: a text of a conversation, of a slot, of a call.
fn sends_words(flow: &Flow) -> Option<String> {
    let is_text = |name: &str| match name.split_once('.') {
        Some(("slots", slot)) => flow.slots.get(slot).is_some_and(|slot| matches!(slot.r#type, Type::Text)),
        _ => matches!(name, "text" | "trigger.text" | "agent.note" | "error.message"),
    };
    let told = |text: &Option<String>| {
        let pieces = text.as_deref().map(|text| parse(text).0).unwrap_or_default();
        pieces.iter().any(|piece| matches!(piece, Piece::Value(value) if is_text(&value.name)))
    };
    let free = |field: &PayloadField| {
        let expr = parse_payload(&field.from).expr;
        calls(&expr, &["transcript.last", "transcript.all", "actions", "entities"])
            || expr.names().iter().any(|(name, _)| is_text(name))
    };
    let sends = |context: &Context| {
        let texts = [("summary", &context.summary), ("told", &context.told)];
        let text = texts.into_iter().find(|(_, text)| told(text)).map(|(name, _)| name.to_owned());
        text.or_else(|| {
            context.fields.iter().find(|(_, field)| free(field)).map(|(name, _)| format!("fields/{}", key(name)))
        })
    };
    flow.contexts.iter().find_map(|(id, context)| Some(format!("/contexts/{}/{}", key(id), sends(context)?)))
}

fn calls(expr: &Expr, wanted: &[&str]) -> bool {
    let here = matches!(&expr.kind, Kind::Call { function, .. } if wanted.contains(&function.as_ref()));
    here || expr.children().into_iter().any(|child| calls(child, wanted))
}

#[cfg(test)]
mod tests {
    use flow_model::flow::Flow;

    use super::sends_words;
    use crate::capabilities::Feature;
    use crate::uses::uses;

    fn flow(from: &str) -> Flow {
        let text = format!(
            r#"{{"format":"handoff-flow/1","id":"f","classes":{{"own":{{"redact":"mask"}}}},
                "slots":{{"card":{{"type":"text","class":"own"}},"n":{{"type":"integer","class":"own"}}}},
                "contexts":{{"c":{{"fields":{{"a":{{"from":{from:?}}}}}}}}},
                "nodes":{{"start":{{"kind":"start","next":"e"}},"e":{{"kind":"end","outcome":"x"}}}}}}"#
        );
        let document = flow_model::document::read_bytes(text.as_bytes()).unwrap();
        let checked = flow_check::valid(&document, &|_| None).unwrap();
        (**checked.flow()).clone()
    }

    #[test]
    fn a_class_is_that_of_a_slot_taken_as_it_is() {
        let masked = |from: &str| uses(&flow(from)).iter().any(|used| used.feature == Feature::Redaction);
        assert!(masked("slots.card") && masked("slots.n"));
        assert!(!masked("[slots.card]") && !masked("slots.n + 1"));
    }

    #[test]
    fn what_people_write_is_in_texts_of_slots_and_of_the_conversation() {
        for from in ["slots.card", "text", "transcript.last(2)", "[slots.card]"] {
            assert_eq!(sends_words(&flow(from)).as_deref(), Some("/contexts/c/fields/a"), "{from}");
        }
        assert!(["slots.n", "turn"].iter().all(|from| sends_words(&flow(from)).is_none()));
    }
}

//! `internal-words-to-customer`

use flow_conditions::ast::Span;
use flow_conditions::quick::Quick;
use flow_conditions::say;
use flow_model::names::Role;
use flow_model::template::Placeholder;
use flow_model::tree::escape;
use indexmap::IndexSet;

use super::{Found, Subject};
use crate::analysis::phrases::Phrases;
use crate::analysis::texts::{Hearer, small, split};

rule! {
    /// ## What it finds
    /// A text to the customer with a placeholder meant for colleagues (`{reasons}`, `{summary}`, `{error.code}`,
    /// `{agent.note}`, `{confidence}` and their kin), an id of the flow such as `tier1` or `to_tier1`, or words of the trade.
    /// ## Why it matters
    /// "The customer is upset" is for the person who takes over; the customer must never read it.
    /// ## Instead
    /// Say it in the customer's words; `{told}` is what the customer may hear about what is sent.
    /// ## Example
    /// "Escalating to tier2 because {reasons}."
    pub(super) struct InternalWordsToCustomer = "internal-words-to-customer", Error;
}

/// Words of the trade, in small letters, as they stand between spaces.
static TRADE: Phrases = Phrases::new(&[
    " nlu ",
    " sentiment score ",
    " confidence score ",
    " low confidence ",
    " negative sentiment ",
    " fallback intent ",
    " stack trace ",
    " webhook ",
    " slo breach ",
    " priority queue ",
]);

/// One of these is in each of them.
static TRADE_PARTS: Phrases =
    Phrases::new(&["nlu", "sentiment", "confidence", "fallback", "stack", "webhook", "breach", "priority"]);

fn look(subject: &Subject<'_>, found: &mut Found<'_>) {
    let ids = ids(subject);
    for said in subject.said().iter().filter(|s| s.hearer != Hearer::Person) {
        judge(subject, &ids, &said.path, (said.text, &said.values, &said.plain, &said.small), found);
    }
    for (id, context) in &subject.flow.contexts {
        if let Some(told) = &context.told {
            let (values, words) = split(told);
            judge(
                subject,
                &ids,
                &format!("/contexts/{}/told", escape(id)),
                (told, &values, &words, &small(&words)),
                found,
            );
        }
    }
}

/// A text, its placeholders, its words without them, and these in small letters.
type Parts<'t> = (&'t str, &'t [Placeholder], &'t str, &'t str);

fn judge(subject: &Subject<'_>, ids: &IndexSet<&str, Quick>, path: &str, said: Parts<'_>, found: &mut Found<'_>) {
    let (text, values, words, small) = said;
    for value in values {
        if is_internal(subject, &value.name) {
            let message =
                say!("{{{name}}} is meant for colleagues: say it in the customer's words.", name = value.name);
            found.at(path, message).span = Some(value.span);
        }
    }
    for word in words.split(|c: char| !c.is_ascii_alphanumeric() && c != '_') {
        if is_technical(word) && ids.contains(word) {
            let problem =
                found.at(path, say!("\"{word}\" is a name inside the flow: say it in the customer's words.", word));
            problem.span = span(text, word);
        }
    }
    if TRADE_PARTS.first(small).is_none() {
        return;
    }
    let mut padded = String::with_capacity(words.len() + 2);
    padded.push(' ');
    padded.extend(words.chars().map(|c| if c.is_alphanumeric() { c.to_ascii_lowercase() } else { ' ' }));
    padded.push(' ');
    for trade in TRADE.all(&padded) {
        let trade = trade.trim();
        found.at(path, say!("\"{trade}\" is a word of the trade: say it in the customer's words.", trade));
    }
}

/// The place of a word in UTF-16 units.
fn span(text: &str, word: &str) -> Option<Span> {
    let at = text.find(word)?;
    let units = |s: &str| u32::try_from(s.encode_utf16().count()).unwrap_or(u32::MAX);
    let start = units(text.get(..at)?);
    Some(Span { start, end: start + units(word) })
}

fn is_internal(subject: &Subject<'_>, name: &str) -> bool {
    if matches!(name, "reasons" | "summary") {
        return true;
    }
    let Some(found) = subject.names.get(name) else { return false };
    matches!(
        found.role,
        Role::Confidence
            | Role::Sentiment
            | Role::SentimentTrend
            | Role::Frustration
            | Role::NluOk
            | Role::ErrorCode
            | Role::ErrorAction
            | Role::ErrorMessage
            | Role::AgentNote
            | Role::AgentOutcome
            | Role::TriggerId
            | Role::TriggerReasons
            | Role::HandoffReasons
            | Role::Score(_)
            | Role::RowPriority
    )
}

/// Ids that no customer would say: with `_`, or letters with a digit.
fn ids<'a>(subject: &Subject<'a>) -> IndexSet<&'a str, Quick> {
    let flow = subject.flow;
    let because = flow.triggers.values().flat_map(|t| t.because.keys());
    let errors = flow.calls.values().flat_map(|c| c.errors.keys());
    let all = flow
        .nodes
        .keys()
        .chain(flow.tiers.keys())
        .chain(flow.triggers.keys())
        .chain(flow.slots.keys())
        .chain(flow.constants.keys())
        .chain(flow.contexts.keys())
        .chain(because)
        .chain(errors);
    all.map(String::as_str).filter(|id| is_technical(id)).collect()
}

fn is_technical(id: &str) -> bool {
    let (digit, letter) = (id.bytes().any(|b| b.is_ascii_digit()), id.bytes().any(|b| b.is_ascii_alphabetic()));
    letter && (digit || id.contains('_'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_word_of_the_trade_has_a_part() {
        let all = " nlu  sentiment score  confidence score  low confidence  negative sentiment  fallback intent  stack trace  webhook  slo breach  priority queue ";
        assert_eq!(TRADE.all(all).count(), 10);
        assert!(TRADE.all(all).all(|words| TRADE_PARTS.first(words).is_some()));
    }
}

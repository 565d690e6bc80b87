//! The register, the deck and the page of the shipped flows, and of flows whose every text is hostile.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that fails here is a test that fails"
)]

mod deck;
mod hostile;
mod markup;
mod page;
mod register;

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_model::document::{Document, read};
use flow_model::problem::Problem;

/// The shipped flows with their conversations.
const TEMPLATES: [(&str, &str, &str); 4] = [
    (
        "banking_fee_dispute",
        include_str!("../../../templates/banking_fee_dispute.flow.json"),
        include_str!("../../../templates/banking_fee_dispute.conversations.jsonl"),
    ),
    (
        "saas_copilot",
        include_str!("../../../templates/saas_copilot.flow.json"),
        include_str!("../../../templates/saas_copilot.conversations.jsonl"),
    ),
    (
        "commerce_vip",
        include_str!("../../../templates/commerce_vip.flow.json"),
        include_str!("../../../templates/commerce_vip.conversations.jsonl"),
    ),
    (
        "clinic_triage",
        include_str!("../../../templates/clinic_triage.flow.json"),
        include_str!("../../../templates/clinic_triage.conversations.jsonl"),
    ),
];

/// A flow with everything, and the flow that it calls.
const CALLER: &str = include_str!("../../../../tests/platforms/everything.flow.json");
const CALLEE: &str = include_str!("../../../../tests/platforms/everything_help.flow.json");

fn open(id: &str) -> Option<Result<Document, Vec<Problem>>> {
    (id == "everything_help").then(|| read(CALLEE))
}

fn checked(document: &Document) -> Checked {
    flow_check::valid(document, &open).unwrap()
}

fn conversations(lines: &str) -> Vec<Conversation> {
    lines.lines().filter(|line| !line.trim().is_empty()).map(|line| flow_conversations::line(line).unwrap().0).collect()
}

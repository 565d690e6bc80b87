//! The kinds of files that conversations are read from: listed once, one file each.

mod common;
mod csv;
mod dialogflow_cx;
mod json_lines;
mod lex;
mod ours;
mod rasa_stories;
mod rasa_tracker;
mod tau;
mod vcon;
mod whatsapp;
mod zendesk;
mod zendesk_chat;

use super::Source;

/// Every kind, in the order in which they are offered.
pub const SOURCES: &[&dyn Source] = &[
    &ours::Ours,
    &csv::Csv,
    &json_lines::JsonLines,
    &vcon::Vcon,
    &whatsapp::WhatsApp,
    &zendesk::Zendesk,
    &zendesk_chat::ZendeskChat,
    &rasa_tracker::RasaTracker,
    &rasa_stories::RasaStories,
    &dialogflow_cx::DialogflowCx,
    &lex::Lex,
    &tau::Tau,
];

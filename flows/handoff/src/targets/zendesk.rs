//! Zendesk Support: a ticket.

use flow_model::flow;

use super::Target;
use crate::envelope::Envelope;
use crate::environment::Environment;
use crate::request::{Limit, Request};

/// `POST /api/v2/tickets`
pub struct Zendesk;

impl Target for Zendesk {
    fn id(&self) -> &'static str {
        "zendesk"
    }

    fn title(&self) -> &'static str {
        "Zendesk ticket"
    }

    fn request(&self, envelope: &Envelope, _setup: &flow::Target, environment: &Environment) -> Request {
        let mut missing = Vec::new();
        Request {
            method: "POST",
            url: environment.text("https://{{subdomain}}.zendesk.com/api/v2/tickets", &mut missing),
            headers: vec![("Idempotency-Key".to_owned(), envelope.id.clone())],
            body: String::new(),
            bytes: 0,
            limit: 65_000,
            fits: true,
            cut: Vec::new(),
            missing,
            then: Vec::new(),
        }
    }

    fn limits(&self) -> &'static [Limit] {
        &[]
    }
}

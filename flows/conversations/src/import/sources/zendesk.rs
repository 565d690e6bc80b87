//! Tickets of Zendesk with their comments: the account's JSON export (a ticket with its comments a line), answers of the
//! ticket and comment APIs (`tickets`, `comments`, `users` side by side), or one ticket with its comments. Fields as of the
//! Support API's description of 2024. Who speaks is told by the requester, since an export seldom holds all users.

use std::collections::BTreeMap;
use std::io::BufRead;

use flow_model::tree::Json;
use indexmap::IndexMap;

use super::common::{self, at, object, text_at};
use crate::import::rows::Record;
use crate::import::{Head, Mapping, Means, Note, Shape, Sink, Source, Stop};

/// Tickets of Zendesk.
pub struct Zendesk;

/// How many people and tickets are remembered.
const KNOWN: usize = 1_000_000;

impl Source for Zendesk {
    fn kind(&self) -> &'static str {
        "zendesk"
    }

    fn title(&self) -> &'static str {
        "Zendesk tickets (JSON)"
    }

    fn about(&self) -> &'static str {
        "Tickets with comments: the account's JSON export, or answers of the ticket, comment and user APIs. The requester is the customer, others are agents, rules are the bot; internal notes are left out unless `who` says otherwise. A ticket without comments speaks by its description."
    }

    fn sniff(&self, head: &Head) -> Option<(u8, String)> {
        let is_ticket = |json: &Json| {
            json.get("requester_id").is_some() && (json.get("subject").is_some() || json.get("comments").is_some())
        };
        if head.text.trim_start().starts_with('{') {
            let beside = common::first(head, Shape::Key, Some("tickets"), 200);
            if beside.iter().any(|(key, json)| key.is_none() && is_ticket(json)) {
                return Some((96, "it has a list of Zendesk tickets".to_owned()));
            }
            if beside.iter().any(|(key, json)| key.as_deref() == Some("ticket") && is_ticket(json)) {
                return Some((95, "it is a Zendesk ticket with what belongs to it".to_owned()));
            }
        }
        let (_, values) = common::values(head, 5)?;
        values
            .iter()
            .any(is_ticket)
            .then(|| (94, "its objects have the requester_id and subject of Zendesk tickets".to_owned()))
    }

    fn propose(&self, head: &Head) -> Mapping {
        let mut mapping = common::base(self, head);
        let tickets = |(key, json): &(Option<String>, Json)| key.is_none() && json.get("requester_id").is_some();
        let by_key = head.text.trim_start().starts_with('{')
            && common::first(head, Shape::Key, Some("tickets"), 200).iter().any(tickets);
        if by_key {
            (mapping.shape, mapping.list) = (Some(Shape::Key), Some("tickets".to_owned()));
        } else {
            mapping.shape = common::shape(head);
        }
        mapping
            .with(&[
                ("conversation", "conversation"),
                ("author", "who"),
                ("text", "text"),
                ("created_at", "time"),
                ("name", "name"),
                ("ticket.subject", "labels.subject"),
                ("ticket.status", "labels.status"),
                ("ticket.priority", "labels.priority"),
                ("ticket.group_id", "labels.group_id"),
                ("ticket.via.channel", "labels.channel"),
                ("ticket.satisfaction_rating.score", "labels.satisfaction"),
                ("ticket.requester_id", "customer.id"),
                ("ticket.assignee_id", "labels.assignee_id"),
                ("ticket.tags", "tags"),
                ("ticket.id", "ignore"),
                ("ticket.description", "ignore"),
                ("ticket.created_at", "ignore"),
            ])
            .hears(&[
                ("requester", Means::User),
                ("end-user", Means::User),
                ("agent", Means::Agent),
                ("automation", Means::Bot),
                ("internal note", Means::Skip),
                ("(ticket)", Means::Skip),
                ("(description)", Means::User),
            ])
    }

    fn read(&self, input: &mut dyn BufRead, mapping: &Mapping, sink: &mut dyn Sink) -> Result<(), Stop> {
        let mut known = Known::default();
        common::read(input, mapping, sink, &mut |line, beside, json, sink| match beside {
            None if json.get("ticket").is_some() => known.around(line, &json, sink),
            None | Some("ticket") => known.ticket(line, &json, sink),
            Some("users") => {
                known.user(&json);
                Ok(())
            }
            Some("comments") => known.comment(line, None, &json, sink),
            Some(_) => Ok(()),
        })?;
        known.rest(sink)
    }
}

/// People and tickets that were met.
#[derive(Default)]
struct Known {
    /// Role and name by id.
    users: BTreeMap<String, (String, String)>,
    /// Who wrote a ticket.
    requesters: BTreeMap<String, String>,
    /// The ticket that was read last: comments of its answer do not name it.
    last: Option<String>,
    /// What tickets say that have no comment so far: their description is their first comment, if there is one.
    alone: IndexMap<String, (u64, Json)>,
}

/// How many descriptions wait for a comment.
const WAITING: usize = 20_000;

impl Known {
    fn user(&mut self, user: &Json) {
        if let (Some(id), true) = (text_at(user, "id"), self.users.len() < KNOWN) {
            let part = |key: &str| text_at(user, key).unwrap_or_default();
            self.users.insert(id, (part("role"), part("name")));
        }
    }

    /// A ticket, its comments and users in one object.
    fn around(&mut self, line: u64, json: &Json, sink: &mut dyn Sink) -> Result<(), Stop> {
        json.get("users").map_or(&[][..], Json::items).iter().for_each(|user| self.user(user));
        let Some(ticket) = json.get("ticket") else { return Ok(()) };
        self.ticket(line, ticket, sink)?;
        for comment in json.get("comments").map_or(&[][..], Json::items) {
            self.comment(line, None, comment, sink)?;
        }
        Ok(())
    }

    fn ticket(&mut self, line: u64, ticket: &Json, sink: &mut dyn Sink) -> Result<(), Stop> {
        let Some(id) = text_at(ticket, "id") else {
            return sink.note(Note::new(line, "a ticket", "it has no id, so it is left out"));
        };
        if let (Some(requester), true) = (text_at(ticket, "requester_id"), self.requesters.len() < KNOWN) {
            self.requesters.insert(id.clone(), requester);
        }
        self.last = Some(id.clone());
        let comments = ticket.get("comments").map_or(&[][..], Json::items);
        let bare: Vec<(String, Json)> = ticket.entries().iter().filter(|(key, _)| key != "comments").cloned().collect();
        let head = object(vec![
            ("conversation", Some(Json::Text(id.clone()))),
            ("author", Some(Json::text("(ticket)"))),
            ("ticket", Some(Json::Map(bare))),
        ]);
        sink.record(Record { line, head, rows: None })?;
        for comment in comments {
            self.comment(line, Some(&id), comment, sink)?;
        }
        if ticket.get("comments").is_none() && ticket.get("description").is_some() {
            let row = object(vec![
                ("conversation", Some(Json::Text(id.clone()))),
                ("author", Some(Json::text("(description)"))),
                ("text", at(ticket, "description")),
                ("created_at", at(ticket, "created_at")),
            ]);
            self.alone.insert(id, (line, row));
        }
        if self.alone.len() > WAITING { self.rest(sink) } else { Ok(()) }
    }

    /// Gives the descriptions of tickets without a comment.
    fn rest(&mut self, sink: &mut dyn Sink) -> Result<(), Stop> {
        for (_, (line, head)) in std::mem::take(&mut self.alone) {
            sink.record(Record { line, head, rows: None })?;
        }
        Ok(())
    }

    fn comment(&mut self, line: u64, ticket: Option<&str>, comment: &Json, sink: &mut dyn Sink) -> Result<(), Stop> {
        let named = ticket.map(str::to_owned).or_else(|| text_at(comment, "ticket_id")).or_else(|| self.last.clone());
        let Some(id) = named else {
            return sink.note(Note::new(line, "a comment", "it belongs to no ticket, so it is left out"));
        };
        self.alone.swap_remove(&id);
        let author = text_at(comment, "author_id");
        let user = author.as_ref().and_then(|author| self.users.get(author));
        let speaker = if comment.get("public") == Some(&Json::Bool(false)) {
            "internal note"
        } else if ["rule", "system"].contains(&text_at(comment, "via.channel").as_deref().unwrap_or("")) {
            "automation"
        } else if author.is_some() && self.requesters.get(&id) == author.as_ref() {
            "requester"
        } else if user.is_some_and(|(role, _)| role == "end-user") {
            "end-user"
        } else {
            "agent"
        };
        let text = ["plain_body", "body", "html_body"].iter().find_map(|key| at(comment, key));
        let row = object(vec![
            ("conversation", Some(Json::Text(id))),
            ("author", Some(Json::text(speaker))),
            ("name", user.filter(|(_, name)| !name.is_empty()).map(|(_, name)| Json::text(name.clone()))),
            ("text", text),
            ("created_at", at(comment, "created_at")),
            ("attachments", at(comment, "attachments")),
        ]);
        sink.record(Record { line, head: row, rows: None })
    }
}

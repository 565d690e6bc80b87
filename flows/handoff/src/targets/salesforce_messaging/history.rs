//! A channel of one's own: the conversation is established, what was said is sent as its history, and it is routed
//! (Interaction Service, API 63.0, read 2026-11-22).

use flow_model::tree::{Json, compact};

use super::super::sized::{Part, Written};
use super::{ENTRIES, IDENTIFIER, NOTE, PARTICIPANTS, Session};
use crate::request::{Content, Keep, Request, object};
use crate::words;

/// Longest text of a participant's name.
const NAME: usize = 80;

impl Session<'_> {
    /// Conversation, history (the newest five first) and route.
    pub(super) fn by_history(&self) -> Vec<Request> {
        let mut missing = Vec::new();
        let channel = self.tier_text("channelAddressIdentifier", &mut missing).unwrap_or_default();
        let mut first = {
            let body = object([
                ("channelAddressIdentifier", Json::text(&channel)),
                ("participants", Json::List(vec![self.participant("customer")])),
            ]);
            let url = self.service("conversation", &mut missing);
            let meters = vec![IDENTIFIER.meter_of("channelAddressIdentifier", channel.chars().count())];
            let request = self.interaction(Request::new("POST", url), 0, &mut missing);
            request.body(Content::Json, compact(&body), usize::MAX, meters).missing(missing.clone())
        };
        first.keeps = vec![
            Keep { name: "conversation_identifier", from: "/conversationIdentifier" },
            Keep { name: "work_item", from: "/messagingSessionId" },
        ];
        let mut all = vec![first];
        let lines = self.lines();
        // Newest first, so that a person who is quick sees the latest; within a call in the order in which they were said.
        let calls: Vec<&[Json]> = lines.rchunks(ENTRIES.most).collect();
        for (number, entries) in calls.iter().enumerate() {
            let url = self.service("conversationHistory", &mut Vec::new());
            let (body, meters) = self.history(&channel, number, entries);
            let request = self.interaction(Request::new("POST", url), number, &mut Vec::new());
            all.push(request.body(Content::Json, compact(&body), usize::MAX, meters).missing(missing.clone()));
        }
        let url = self.service("route", &mut missing);
        let request = self.interaction(Request::new("POST", url), 0, &mut missing);
        let fitted = self.fitted(&|parts, cut| self.route(parts, cut));
        all.push(fitted.into(request, Content::Json, usize::MAX).missing(missing));
        all
    }

    /// The headers of the Interaction Service; the token is a secret.
    pub(super) fn interaction(&self, request: Request, number: usize, missing: &mut Vec<String>) -> Request {
        let path = request.url.rsplit('/').next().unwrap_or_default().to_owned();
        let id = self.message_id(&format!("{} {path} {number}", request.method));
        request
            .header("Accept", "application/json")
            .header("Authorization", "")
            .header("OrgId", self.environment.text("{{salesforce_org}}", missing))
            .header("AuthorizationContext", self.environment.text("{{channel_definition}}", missing))
            .header("RequestId", id)
    }

    /// What was said: the longest transcript that a field sends, redacted as it is.
    fn lines(&self) -> Vec<Json> {
        let said = self.envelope.payload.iter().filter(|field| field.is_transcript());
        let longest = said.max_by_key(|field| field.value.items().len());
        let lines = longest.map_or(&[][..], |field| field.value.items());
        lines.iter().filter(|line| line.get("text").is_some()).cloned().collect()
    }

    fn participant(&self, who: &str) -> Json {
        let customer = self.envelope.customer.clone().unwrap_or_else(|| self.envelope.conversation.clone());
        let (subject, role) = match who {
            "customer" => (customer, "EndUser"),
            "agent" => (format!("{}-agent", self.envelope.id), "Agent"),
            _ => (format!("{}-assistant", self.envelope.id), "Chatbot"),
        };
        object([("subject", Json::Text(subject)), ("role", Json::text(role)), ("appType", Json::text("custom"))])
    }

    fn history(&self, channel: &str, number: usize, lines: &[Json]) -> (Json, Vec<crate::Meter>) {
        let who = |line: &Json| line.get("who").and_then(Json::as_text).unwrap_or("ai").to_owned();
        let mut speakers: Vec<String> = Vec::new();
        let mut meters = vec![ENTRIES.meter(lines.len())];
        let entries = lines.iter().enumerate().map(|(i, line)| {
            let text = line.get("text").map(words::plain).unwrap_or_default();
            meters.push(NOTE.meter(text.chars().count()));
            if !speakers.contains(&who(line)) {
                speakers.push(who(line));
            }
            let id = self.message_id(&format!("entry {number} {i}"));
            let content = object([("formatType", Json::text("Text")), ("text", Json::Text(text))]);
            let message = object([
                ("messageType", Json::text("StaticContentMessage")),
                ("id", Json::text(&id)),
                ("staticContent", content),
            ]);
            let payload =
                object([("entryType", Json::text("Message")), ("id", Json::text(&id)), ("abstractMessage", message)]);
            object([
                ("clientTimestamp", Json::Text(self.milliseconds())),
                ("sender", self.participant(&who(line))),
                ("entryPayload", payload),
            ])
        });
        let entries: Vec<Json> = entries.collect();
        meters.push(PARTICIPANTS.meter(speakers.len()));
        let participants = speakers.iter().map(|who| {
            let name = match who.as_str() {
                "customer" => "Customer",
                "agent" => "Agent",
                _ => "Assistant",
            };
            object([
                ("displayName", Json::Text(name.chars().take(NAME).collect())),
                ("participant", self.participant(who)),
                ("joinedTime", Json::Text(self.milliseconds())),
            ])
        });
        let body = object([
            ("channelAddressIdentifier", Json::text(channel)),
            ("conversationIdentifier", Json::text("{{conversation_identifier}}")),
            ("conversationParticipants", Json::List(participants.collect())),
            ("conversationEntries", Json::List(entries)),
        ]);
        (body, meters)
    }

    fn milliseconds(&self) -> String {
        self.envelope.time.saturating_mul(1000).to_string()
    }

    /// The route: the flow of the tier with its queue to fall back on, or its queue alone.
    fn route(&self, parts: &[Part<'_>], cut: &[&str]) -> Written {
        let mut ignored = Vec::new();
        let queue = self.tier_text("queueId", &mut ignored);
        let info = match (self.tier_text("flowId", &mut ignored), queue) {
            (Some(flow), queue) => {
                let mut ids = object([("flowId", Json::Text(flow))]);
                if let Some(queue) = queue {
                    ids.set("queueId", Json::Text(queue));
                }
                Some(object([("flow", ids)]))
            }
            (None, Some(queue)) => Some(object([("queueId", Json::Text(queue))])),
            (None, None) => None,
        };
        let (attributes, meters) = self.attributes(parts, cut);
        let mut body = object([
            ("conversationIdentifier", Json::text("{{conversation_identifier}}")),
            ("workItemId", Json::text("{{work_item}}")),
            ("routingType", Json::text("Initial")),
        ]);
        if let Some(info) = info {
            body.set("routingInfo", info);
        }
        body.set("routingAttributes", attributes);
        Written { body: compact(&body), meters }
    }
}

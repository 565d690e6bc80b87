//! What a column can mean.

use std::fmt;

/// What a column means: its `to` in a mapping.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Left out on purpose.
    Ignore,
    /// The conversation that a row belongs to; its id.
    Conversation,
    /// When the conversation began.
    Start,
    /// All keys of an object, or one: `customer.<key>`.
    Customer(Option<String>),
    /// All keys of an object, or one: `labels.<key>`.
    Labels(Option<String>),
    /// Tags: a list, or words with commas between.
    Tags,
    /// Whether there should have been a handoff.
    ExpectHandoff,
    /// The outcome that there should have been.
    ExpectEnd,
    /// A text that should have been said.
    ExpectSaid,
    /// Who speaks, or what happens: looked up in the mapping's `who`.
    Who,
    /// What was said.
    Text,
    /// A key of the customer's turn.
    Turn(&'static str),
    /// Entities: an object, a list of `{entity, value}`, a text `name = value`, or one by its name.
    Entities(Option<String>),
    /// Signals: an object, or one by its name.
    Signals(Option<String>),
    /// When a row was said.
    Time,
    /// Seconds since the conversation began.
    Seconds,
    /// The name of a call.
    Call,
    /// What a call was given; kept beside it.
    Inputs,
    /// A key of what happens: status, code, message, name, note, outcome, ref, queue, wait, open, available, position, `opens_at`, clock.
    Event(&'static str),
    /// What a call gave: an object, or one of its values.
    Data(Option<String>),
    /// Slots that a person set: an object, or one.
    Slots(Option<String>),
    /// What the bot answered to this row.
    BotReply,
    /// What a person answered to this row.
    AgentReply,
    /// A handoff was requested at this row, where this is true.
    Request,
    /// Kept in the turn as `x_<key>`; nothing acts on it.
    Extra(String),
}

const TURN: [&str; 6] = ["intent", "confidence", "sentiment", "frustration", "channel", "alternatives"];
const EVENT: [&str; 14] = [
    "status",
    "code",
    "message",
    "name",
    "note",
    "outcome",
    "ref",
    "queue",
    "wait",
    "open",
    "available",
    "position",
    "opens_at",
    "clock",
];

/// What a column can mean, in words, in the order in which it is offered.
pub const ROLES: &[(&str, &str)] = &[
    ("ignore", "left out on purpose"),
    ("who", "who speaks, or what happens; `who` of the mapping says what its values are"),
    ("text", "what was said"),
    ("intent", "the intent of the customer's words; `intents` of the mapping can rename it"),
    ("confidence", "its confidence, from 0 to 1"),
    ("sentiment", "from -1 to 1, or positive, negative, neutral (0.5, -0.5, 0)"),
    ("frustration", "from 0 to 1"),
    ("channel", "the channel"),
    ("alternatives", "other intents: a list of objects with a name and a confidence"),
    ("entities", "entities: an object, a list of `{entity, value}`, or `name = value; …`"),
    ("entities.NAME", "one entity"),
    ("signals", "signals: an object"),
    ("signals.NAME", "one signal"),
    ("time", "when the row was said; the first one begins the conversation"),
    ("t", "seconds since the conversation began"),
    ("conversation", "the conversation that the row belongs to, or the id of the whole"),
    ("start", "when the conversation began"),
    ("customer", "what is known of the customer: an object"),
    ("customer.NAME", "one thing that is known of the customer"),
    ("labels", "labels: an object"),
    ("labels.NAME", "one label"),
    ("tags", "tags: a list, or words with commas between"),
    ("expect.handoff", "whether there should have been a handoff: true or false, or an object of what it should be"),
    ("expect.end", "the outcome that there should have been"),
    ("expect.said", "a text that should have been said"),
    ("call", "the name of a call"),
    ("inputs", "what the call was given; kept beside it"),
    ("data", "what the call gave: an object"),
    ("data.NAME", "one thing that it gave"),
    ("status", "how the call ended: ok, error, timeout"),
    ("code", "its error code"),
    ("message", "its error message"),
    ("slots", "slots that a person set: an object"),
    ("slots.NAME", "one such slot"),
    ("name", "the name of the person or bot"),
    ("note", "what the person notes"),
    ("outcome", "the outcome that the person gives"),
    ("ref", "the reference of the request"),
    ("queue", "the tier of news of a queue"),
    ("wait", "its wait in seconds"),
    ("open", "whether it is open"),
    ("available", "people free in it"),
    ("position", "the place in it"),
    ("opens_at", "when it opens"),
    ("clock", "seconds that pass"),
    ("reply.bot", "what the bot answered to the row"),
    ("reply.agent", "what a person answered to the row"),
    ("request", "a person was asked for at the row, where it is true"),
    ("x.NAME", "kept in the turn as `x_NAME`; nothing acts on it"),
];

impl Role {
    /// Every role, those with a name of their own as `entities.NAME`.
    #[must_use]
    pub fn all() -> Vec<String> {
        ROLES.iter().map(|(name, _)| (*name).to_owned()).collect()
    }

    /// Reads a role.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let named = |prefix: &str| text.strip_prefix(prefix).filter(|name| !name.is_empty()).map(str::to_owned);
        Some(match text {
            "ignore" => Self::Ignore,
            "conversation" => Self::Conversation,
            "start" => Self::Start,
            "customer" => Self::Customer(None),
            "labels" => Self::Labels(None),
            "tags" => Self::Tags,
            "expect.handoff" => Self::ExpectHandoff,
            "expect.end" => Self::ExpectEnd,
            "expect.said" => Self::ExpectSaid,
            "who" => Self::Who,
            "text" => Self::Text,
            "entities" => Self::Entities(None),
            "signals" => Self::Signals(None),
            "time" => Self::Time,
            "t" => Self::Seconds,
            "call" => Self::Call,
            "inputs" => Self::Inputs,
            "data" => Self::Data(None),
            "slots" => Self::Slots(None),
            "reply.bot" => Self::BotReply,
            "reply.agent" => Self::AgentReply,
            "request" => Self::Request,
            _ => {
                if let Some(key) = TURN.iter().find(|key| **key == text) {
                    return Some(Self::Turn(key));
                }
                if let Some(key) = EVENT.iter().find(|key| **key == text) {
                    return Some(Self::Event(key));
                }
                let prefixed = [
                    named("customer.").map(|name| Self::Customer(Some(name))),
                    named("labels.").map(|name| Self::Labels(Some(name))),
                    named("entities.").map(|name| Self::Entities(Some(name))),
                    named("signals.").map(|name| Self::Signals(Some(name))),
                    named("data.").map(|name| Self::Data(Some(name))),
                    named("slots.").map(|name| Self::Slots(Some(name))),
                    named("x.").map(Self::Extra),
                ];
                return prefixed.into_iter().flatten().next();
            }
        })
    }

    /// Whether it says something of the whole conversation.
    #[must_use]
    pub fn is_of_conversation(&self) -> bool {
        matches!(
            self,
            Self::Conversation
                | Self::Start
                | Self::Customer(_)
                | Self::Labels(_)
                | Self::Tags
                | Self::ExpectHandoff
                | Self::ExpectEnd
                | Self::ExpectSaid
        )
    }
}

impl fmt::Display for Role {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (prefix, name) = match self {
            Self::Ignore => ("ignore", None),
            Self::Conversation => ("conversation", None),
            Self::Start => ("start", None),
            Self::Customer(name) => ("customer", name.as_ref()),
            Self::Labels(name) => ("labels", name.as_ref()),
            Self::Tags => ("tags", None),
            Self::ExpectHandoff => ("expect.handoff", None),
            Self::ExpectEnd => ("expect.end", None),
            Self::ExpectSaid => ("expect.said", None),
            Self::Who => ("who", None),
            Self::Text => ("text", None),
            Self::Turn(key) | Self::Event(key) => (*key, None),
            Self::Entities(name) => ("entities", name.as_ref()),
            Self::Signals(name) => ("signals", name.as_ref()),
            Self::Time => ("time", None),
            Self::Seconds => ("t", None),
            Self::Call => ("call", None),
            Self::Inputs => ("inputs", None),
            Self::Data(name) => ("data", name.as_ref()),
            Self::Slots(name) => ("slots", name.as_ref()),
            Self::BotReply => ("reply.bot", None),
            Self::AgentReply => ("reply.agent", None),
            Self::Request => ("request", None),
            Self::Extra(name) => ("x", Some(name)),
        };
        f.write_str(prefix)?;
        name.map_or(Ok(()), |name| write!(f, ".{name}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_role_is_read_and_shown_alike() {
        for text in Role::all() {
            let role = Role::parse(&text).unwrap_or_else(|| panic!("{text} is no role"));
            assert_eq!(role.to_string(), text);
        }
        for bad in ["", "entities.", "nothing", "Who", "customer."] {
            assert_eq!(Role::parse(bad), None, "{bad}");
        }
    }
}

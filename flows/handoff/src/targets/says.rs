//! What a place where people answer says of itself beside the request: wait, withdrawal, return, idempotency, secrets.

use flow_model::tree::{Json, canonical, steps};

use crate::request::{Request, object};

/// When something about the queue can be known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Known {
    /// Before the request goes out, so that an overflow row can look at it first.
    Before,
    /// Only once the customer waits there.
    AfterOnly,
    /// Never.
    Never,
}

impl Known {
    /// As JSON names it: `before`, `after` or `never`.
    #[must_use]
    pub fn id(self) -> &'static str {
        match self {
            Self::Before => "before",
            Self::AfterOnly => "after",
            Self::Never => "never",
        }
    }
}

/// A value of an answer or event, and the name under which this side knows it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Maps {
    /// Where the answer or event has it: a JSON pointer.
    pub from: &'static str,
    /// The name here: `wait`, `position`, `available`, `open` of a queue; a key of the resume envelope on return.
    pub to: &'static str,
}

/// How the wait is read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Wait {
    /// When it can be known.
    pub known: Known,
    /// What asks for it; `None` where it comes as an event or not at all.
    pub request: Option<Request>,
    /// What the answer (or the event) gives: `wait` in seconds, `position`, `available` people, `open`.
    pub gives: &'static [Maps],
    /// What to know about it, with where that is said.
    pub note: &'static str,
}

/// How a request that nobody has taken is withdrawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Withdrawal {
    /// By this request, with those that follow it.
    Request(Box<Request>),
    /// Not at all, and why.
    Impossible(&'static str),
}

/// An event by which control comes back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Return {
    /// Its name, as the target sends it.
    pub event: &'static str,
    /// How it comes: `webhook`, `stream`, `poll` or `message`.
    pub by: &'static str,
    /// Where the event must have which text to mean this; several are held one after the other. Empty where its name is
    /// enough.
    pub when: &'static [(&'static str, &'static str)],
    /// The state it means: `accepted`, `failed`, `completed` or `resumed`.
    pub state: &'static str,
    /// The outcome it means (`resolved returned abandoned no_agent timeout`), where it says one.
    pub outcome: Option<&'static str>,
    /// What of it becomes which key of the resume envelope.
    pub maps: &'static [Maps],
    /// What must be set up for it to come, with where that is said.
    pub note: &'static str,
}

fn at<'a>(event: &'a Json, pointer: &str) -> Option<&'a Json> {
    event.at(&steps(pointer))
}

impl Return {
    /// What an event of the target says, by the keys of the resume envelope; `None` where it means something else.
    #[must_use]
    pub fn read(&self, event: &Json) -> Option<Vec<(&'static str, Json)>> {
        let holds = |(from, text): &(&str, &str)| at(event, from).and_then(Json::as_text) == Some(text);
        if !self.when.iter().all(holds) {
            return None;
        }
        let mut found = vec![("state", Json::text(self.state))];
        found.extend(self.outcome.map(|outcome| ("outcome", Json::text(outcome))));
        for map in self.maps {
            found.extend(at(event, map.from).map(|value| (map.to, value.clone())));
        }
        Some(found)
    }
}

/// What keeps a request that is sent twice from being two.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Idempotency {
    /// The id of the handoff in a header of this name.
    Header(&'static str),
    /// The id of the handoff in a field of this name.
    Field(&'static str),
    /// The id of the handoff in the address: the same record is written again.
    Address(&'static str),
    /// Nothing: one looks first whether the request is there already, as told here.
    LookFirst(&'static str),
}

impl Idempotency {
    fn json(self) -> Json {
        let (by, what) = match self {
            Self::Header(name) => ("header", name),
            Self::Field(name) => ("field", name),
            Self::Address(name) => ("address", name),
            Self::LookFirst(how) => ("look_first", how),
        };
        object([("by", Json::text(by)), ("what", Json::text(what))])
    }
}

/// How a target wants to know who asks. Secrets are names: their values are never in a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Auth {
    /// HTTP Basic: a user, `{{name}}` replaced, and the name of the password.
    Basic {
        /// The user.
        user: &'static str,
        /// The secret.
        password: &'static str,
    },
    /// A bearer token of this name.
    Bearer(&'static str),
    /// AWS signature 4 for this service.
    Aws {
        /// The service.
        service: &'static str,
        /// The secret that is the access key.
        key: &'static str,
        /// The secret that is the secret key.
        secret: &'static str,
    },
    /// None.
    None,
}

/// A file that is put into the contact centre once, so that what the flow sends lands where it should.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetupFile {
    /// Its path below the target's folder, with `/`.
    pub name: String,
    /// Its text.
    pub text: String,
}

impl SetupFile {
    /// A file.
    #[must_use]
    pub fn new(name: impl Into<String>, text: impl Into<String>) -> Self {
        Self { name: name.into(), text: text.into() }
    }

    /// A file of JSON, in the canonical form of flows.
    #[must_use]
    pub fn json(name: impl Into<String>, json: &Json) -> Self {
        Self { name: name.into(), text: canonical(json) }
    }
}

/// The first request of an envelope with all that follow, and what the target says of it.
#[must_use]
pub fn rendered(
    target: &dyn super::Target,
    envelope: &crate::Envelope,
    setup: &flow_model::flow::Target,
    environment: &crate::Environment,
) -> Json {
    let mut shown = target.request(envelope, setup, environment).json();
    if let Json::Map(map) = &mut shown {
        map.extend(json(target, envelope, setup, environment));
        let mut blocked: Vec<&str> = Vec::new();
        for one in envelope.redacted.iter().filter(|one| one.how == "block") {
            if !blocked.contains(&one.field.as_str()) {
                blocked.push(&one.field);
            }
        }
        map.push(("blocked".to_owned(), Json::List(blocked.into_iter().map(Json::text).collect())));
    }
    shown
}

/// What a target says of one request, as `preview --json` shows it beside the request.
#[must_use]
pub fn json(
    target: &dyn super::Target,
    envelope: &crate::Envelope,
    setup: &flow_model::flow::Target,
    environment: &crate::Environment,
) -> Vec<(String, Json)> {
    let maps = |maps: &[Maps]| Json::Map(maps.iter().map(|m| (m.from.to_owned(), Json::text(m.to))).collect());
    let wait = target.wait(envelope, setup, environment);
    let withdraw = match target.withdraw(envelope, setup, environment) {
        Withdrawal::Request(request) => object([("request", request.json()), ("why_not", Json::Null)]),
        Withdrawal::Impossible(why) => object([("request", Json::Null), ("why_not", Json::text(why))]),
    };
    let returns = target.returns().iter().map(|back| {
        object([
            ("event", Json::text(back.event)),
            ("by", Json::text(back.by)),
            ("state", Json::text(back.state)),
            ("outcome", back.outcome.map_or(Json::Null, Json::text)),
            ("maps", maps(back.maps)),
            ("note", Json::text(back.note)),
        ])
    });
    let entries = [
        ("chat", Json::Bool(target.chat())),
        ("carried_as", Json::text(target.carries(envelope.mode))),
        (
            "wait",
            object([
                ("known", Json::text(wait.known.id())),
                ("request", wait.request.as_ref().map_or(Json::Null, Request::json)),
                ("gives", maps(wait.gives)),
                ("note", Json::text(wait.note)),
            ]),
        ),
        ("withdraw", withdraw),
        ("returns", Json::List(returns.collect())),
        ("idempotency", target.idempotency().json()),
        ("secrets", Json::List(target.secrets().iter().map(|name| Json::text(*name)).collect())),
    ];
    entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect()
}

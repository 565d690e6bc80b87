//! What each platform can carry of a flow: natively, in generated code, by hand, or not as it is meant.
//!
//! What must stay true: a table answers for every feature (the compiler insists), and what it says of a platform has a
//! source and a date. Checks before an export and the losses of an export come from the same table.

use crate::bundle::ExportError;

/// How a platform carries something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum How {
    /// In its own words.
    Native,
    /// As meant, in code that the export writes: a webhook, a function, an action, an expression.
    Code,
    /// Prepared by the export and finished by you: an address, a connector, a setting.
    Hand,
    /// Not, or otherwise than meant.
    Lost,
}

impl How {
    /// What people read.
    #[must_use]
    pub const fn words(self) -> &'static str {
        match self {
            Self::Native => "natively",
            Self::Code => "in code",
            Self::Hand => "by hand",
            Self::Lost => "not as meant",
        }
    }
}

/// How one feature is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Carried {
    /// How.
    pub how: How,
    /// What is written for it.
    pub written: &'static str,
    /// Why it is not carried natively; empty where it is.
    pub why: &'static str,
}

pub(crate) const fn native(written: &'static str) -> Carried {
    Carried { how: How::Native, written, why: "" }
}

pub(crate) const fn code(written: &'static str, why: &'static str) -> Carried {
    Carried { how: How::Code, written, why }
}

pub(crate) const fn hand(written: &'static str, why: &'static str) -> Carried {
    Carried { how: How::Hand, written, why }
}

pub(crate) const fn lost(written: &'static str, why: &'static str) -> Carried {
    Carried { how: How::Lost, written, why }
}

/// An example under two intents, where a recogniser learns from examples.
pub(crate) const SHARED_EXAMPLE: Carried =
    lost("an example of the first of these intents alone", "the same words under two intents teach neither");
/// What an export that decides in its own module does about data that nobody declared and that only looks private.
pub(crate) const UNCLASSIFIED: Carried = lost(
    "numbers of cards and accounts (IBAN) are masked, by their check digits; the rest is sent as it stands",
    "the studio's other recognisers are no part of an export",
);
/// What an export says by itself, in a language that it has no sentences of.
pub(crate) const OWN_WORDS: Carried = lost("in English", "an export has sentences of its own in English and German");

/// A platform's table.
#[derive(Debug)]
pub struct Capabilities {
    /// The platform's name on the command line.
    pub id: &'static str,
    /// What people read.
    pub title: &'static str,
    /// Where the facts are from.
    pub source: &'static str,
    /// When they were looked up, as a date.
    pub date: &'static str,
    /// How each feature is carried.
    pub carries: fn(Feature) -> Carried,
}

/// Every platform, those too for which no export is built yet.
pub const CAPABILITIES: &[&Capabilities] = &[
    &crate::dialogflow_cx::CAPABILITIES,
    &crate::amazon_lex::CAPABILITIES,
    &crate::amazon_connect::CAPABILITIES,
    &crate::rasa::CAPABILITIES,
    &crate::rasa_calm::CAPABILITIES,
    &crate::composer::CAPABILITIES,
    &crate::copilot_studio::CAPABILITIES,
];

/// The table of a platform.
///
/// # Errors
/// A name that no platform has.
pub fn capabilities(id: &str) -> Result<&'static Capabilities, ExportError> {
    CAPABILITIES.iter().copied().find(|known| known.id == id).ok_or_else(|| {
        let known: Vec<&str> = CAPABILITIES.iter().map(|known| known.id).collect();
        ExportError::NoSuchPlatform(id.to_owned(), known.join(", "))
    })
}

macro_rules! features {
    ($($(#[doc = $about:literal])+ $name:ident,)*) => {
        /// Something that a flow can say and a platform may carry or not.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
        pub enum Feature {
            $($(#[doc = $about])+ $name,)*
        }

        /// Every feature, in the order of the pages.
        pub const FEATURES: &[Feature] = &[$(Feature::$name,)*];

        impl Feature {
            /// What it is, in a few words.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self {
                    $(Self::$name => concat!($($about),+).trim_ascii(),)*
                }
            }
        }
    };
}

features! {
    /// a message
    Say,
    /// a question that fills a slot, with a limit of attempts
    Ask,
    /// an intent with examples
    Intent,
    /// an intent without examples
    IntentUntaught,
    /// an example that stands under two intents
    SharedExample,
    /// an entity of free text that fills a slot
    EntitySlot,
    /// an entity that fills a slot in any turn, asked for or not
    EntityAnywhere,
    /// a value of an entity with more than 140 characters
    LongValue,
    /// a placeholder with a fallback or a form, as in `{queue.wait:minutes|a few minutes}`
    TextForm,
    /// words before the customer has spoken
    FirstWords,
    /// words or a way on after silence (`idle`)
    Idle,
    /// the seventh row of `idle` and those after it
    IdleOver6,
    /// what the export itself says, in another language than English and German
    OwnWords,
    /// a choice by conditions
    Decide,
    /// a choice between more than four branches
    ManyBranches,
    /// a condition that calculates or compares two names
    Calculation,
    /// a condition on the customer's very words
    Utterance,
    /// a condition on the confidence of the intent
    Confidence,
    /// a condition on the confidence of a turn that no intent takes
    ConfidenceUnmatched,
    /// a condition on the sentiment of the turn
    Sentiment,
    /// a condition on `frustration` or `sentiment_trend`
    Mood,
    /// a condition on a count: `turn`, `repeats`, `no_match`, `attempts`, `handoffs`
    Counter,
    /// a declared signal, from another system
    Signal,
    /// a score
    Score,
    /// a trigger, from anywhere
    Trigger,
    /// a trigger that acts only `within` some nodes
    TriggerScope,
    /// a trigger that is spent when it fires (`once: true`)
    TriggerOnce,
    /// a trigger that is spent when a person accepts (`once: "accepted"`)
    TriggerAccepted,
    /// setting slots
    Assign,
    /// a call of a back end
    Call,
    /// a call's time limit of up to 8 seconds
    CallLimit,
    /// a call's time limit of more than 8 and up to 30 seconds
    CallLimitOver8,
    /// a call's time limit of more than 30 seconds
    CallLimitOver30,
    /// a way on for each error code of a call
    CallErrors,
    /// a flow within a flow
    Subflow,
    /// the end of the conversation
    End,
    /// days that a class of data may be kept
    Retention,
    /// a handoff to a person, with its payload
    Payload,
    /// the transcript in the payload
    Transcript,
    /// the clock, or the ranking of intents, in the payload
    PayloadFunction,
    /// a masked or hashed field in the payload
    Redaction,
    /// what looks private in what people write, without a class
    Unclassified,
    /// the request to the contact centre
    Request,
    /// the hours of a tier
    Hours,
    /// a condition on whether a queue is open and who is free
    QueueOpen,
    /// a condition on the wait, the position or the pending request
    QueueWait,
    /// the tier chosen by conditions (`routes`)
    Route,
    /// the priority in the queue
    Priority,
    /// a ticket instead of a conversation
    Ticket,
    /// a callback
    Callback,
    /// whether the request arrived (`sent`, `failed`)
    Sent,
    /// the end of the wait after `max_wait`
    WaitLimit,
    /// the queue that closes during the wait
    Closed,
    /// an overflow rule during the wait
    Overflow,
    /// a place in the queue that is kept while the AI goes on
    KeepPlace,
    /// words during the wait
    WaitingWords,
    /// what the customer says during the wait leads somewhere
    WaitingTurns,
    /// an answer to what the customer says during the wait
    WaitingAnswer,
    /// the way on when a person hands back (`resumed resolved escalated returns`)
    HandBack,
    /// the AI beside the person (`copilot`)
    Copilot,
    /// suggestions to the person (`assist`)
    Assist,
    /// a cold or warm transfer (`join`)
    Join,
}

//! Why a turn led to a person or did not, and a conversation as other tools read it. The JSON is that of the command line.

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{Outcome, wire};

wire! {
    /// A turn of a conversation.
    struct PreviewTurn {
        /// The document.
        pub doc: u32,
        /// The conversation.
        #[ts(type = "{ readonly [key: string]: Plain }")]
        pub conversation: Value,
        /// The customer's turn, from 1.
        pub turn: u32,
    }

    /// A signal with another value.
    struct SignalChange {
        /// The event that has it, by its place in the changed conversation.
        pub event: u32,
        /// Its name, as conditions have it; for how a call ended, the card with `.status`.
        pub signal: String,
        /// Its value; none is unset.
        #[ts(type = "Plain")]
        pub from: Value,
        /// The other value.
        #[ts(type = "Plain")]
        pub to: Value,
    }

    /// A step of the turn.
    struct TurnStep {
        /// The card.
        pub node: String,
        /// The port by which it is left.
        pub port: Option<String>,
        /// Where it leads.
        pub to: Option<String>,
        /// Why, in words.
        pub why: String,
    }

    /// A request, without what it carries.
    struct TurnHandoff {
        /// The card.
        pub node: String,
        /// The tier.
        pub tier: String,
        /// `transfer`, `copilot`, `ticket` or `callback`.
        pub mode: String,
        /// What became of it.
        pub state: String,
        /// 1 is the most urgent.
        pub priority: u32,
        /// Customer turns before it.
        pub at_turn: u32,
        /// Why.
        pub reasons: Vec<String>,
    }

    /// What comes of a conversation.
    struct TurnTold {
        /// The outcome.
        pub outcome: Outcome,
        /// The requests that go out.
        pub handoffs: Vec<TurnHandoff>,
        /// The steps of the turn.
        pub steps: Vec<TurnStep>,
    }

    /// Why a turn led to a person or did not: the nearest change that has it the other way.
    struct WhyNot {
        /// The conversation.
        pub conversation: String,
        /// The customer's turn, from 1.
        pub turn: u32,
        /// Its place among the events.
        pub event: u32,
        /// Whether a request goes out at this turn.
        pub handed_off: bool,
        /// The nearest change; empty where there is none.
        pub changes: Vec<SignalChange>,
        /// Why there is none.
        pub why_none: Option<String>,
        /// What comes of the conversation as it is.
        pub before: TurnTold,
        /// What comes of it with the change: it was run.
        pub after: Option<TurnTold>,
        /// The conversation with the change.
        #[ts(type = "{ readonly [key: string]: Plain } | null")]
        pub changed: Value,
        /// Changes that were run.
        pub tried: u32,
    }

    /// A conversation to write as a vCon.
    struct PreviewVcon {
        /// The document.
        pub doc: u32,
        /// The conversation.
        #[ts(type = "{ readonly [key: string]: Plain }")]
        pub conversation: Value,
        /// A file to write it to; without one it is only shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub out: Option<String>,
    }

    /// A vCon.
    struct Vcon {
        /// The file.
        pub text: String,
    }
}

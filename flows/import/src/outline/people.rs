//! Boxes whose words say who acts there: a person who takes over, or the customer.

use super::Told;
use crate::{Card, Code, Draft};

/// Words that say it alone.
const SAID: [&str; 16] = [
    "handoff",
    "hand-off",
    "hand off",
    "handover",
    "hand-over",
    "hand over to",
    "live agent",
    "live person",
    "human agent",
    "human takeover",
    "human operator",
    "human representative",
    "escalate to",
    "agent übergeben",
    "mitarbeiter übergeben",
    "an mitarbeiter weiterleiten",
];
/// What is done, and to whom.
const DOES: [&str; 12] = [
    "transfer",
    "connect",
    "forward",
    "escalat",
    "route to",
    "pass to",
    "redirect",
    "switch to",
    "assign to",
    "talk to",
    "speak to",
    "weiterleit",
];
const WHOM: [&str; 15] = [
    "human",
    "agent",
    "person",
    "representative",
    "operator",
    "advisor",
    "adviser",
    "specialist",
    "supervisor",
    "colleague",
    "support team",
    "tier 2",
    "live chat",
    "mitarbeiter",
    "mensch",
];
/// What is no request, whatever else it says.
const NOT: [&str; 9] = ["?", "ai agent", "offer", "ask ", "asks ", "if ", "wants", "do not ", "don't "];
/// How long such words are.
const LONGEST: usize = 14;

/// Whether the words of a box say that a person takes over.
pub(super) fn asked(label: &str) -> bool {
    let label = label.to_lowercase();
    let has = |words: &[&str]| words.iter().any(|word| label.contains(word));
    label.split_whitespace().count() <= LONGEST && !has(&NOT) && (has(&SAID) || (has(&DOES) && has(&WHOM)))
}

/// Who speaks to the bot, and how that is said of them.
const CUSTOMERS: [&str; 9] =
    ["user", "customer", "caller", "visitor", "client", "the user", "the customer", "kunde", "nutzer"];
const SPEAKS: [&str; 24] = [
    "sends",
    "says",
    "writes",
    "types",
    "asks",
    "replies",
    "responds",
    "answers",
    "enters",
    "provides",
    "selects",
    "chooses",
    "messages",
    "speaks",
    "input",
    "inputs",
    "message",
    "reply",
    "query",
    "question",
    "utterance",
    "schreibt",
    "antwortet",
    "fragt",
];

/// Whether the words of a box say that the customer speaks.
pub(super) fn speaks(label: &str) -> bool {
    let label = label.to_lowercase();
    let rest = CUSTOMERS.iter().find_map(|who| label.strip_prefix(who)).filter(|rest| rest.starts_with([' ', '\'']));
    let said = |rest: &str| rest.split(|c: char| !c.is_alphanumeric()).take(3).any(|word| SPEAKS.contains(&word));
    label.split_whitespace().count() <= LONGEST && !label.contains('?') && rest.is_some_and(said)
}

/// A request for a person that goes on at `next`, or ends there; told as what it was taken for.
pub(super) fn draw(draft: &mut Draft, id: &str, label: &str, group: Option<String>, next: Option<String>) -> Told {
    let next = next.unwrap_or_else(|| {
        let end = draft.card_id(&format!("{id}\u{1}end"), &format!("{id}_end"));
        draft.put(&end, Card::new("end").maybe("group", group.clone()).text("outcome", "with a person"));
        end
    });
    let card = draft.people("handoff", &next).text("title", label).maybe("group", group);
    draft.put(id, card);
    (Code::Approximated, format!("\"{label}\" is taken for a request for a person"), id.to_owned())
}

#[cfg(test)]
mod tests {
    use super::{asked, speaks};

    #[test]
    fn requests_for_a_person_are_known_by_their_words() {
        for words in [
            "Transfer to Agent:\nGeneral queue",
            "Escalate to human",
            "Human Takeover",
            "Connect the customer with a specialist",
            "Handoff",
            "Weiterleitung an Mitarbeiter",
        ] {
            assert!(asked(words), "{words}");
        }
        for words in [
            "Do you want to talk to a human?",
            "Offer transfer to an agent",
            "Hello, I am your agent",
            "AI agent routes to tools",
            "Transfer money",
            "Ask if an agent is wanted",
        ] {
            assert!(!asked(words), "{words}");
        }
        for words in ["User Sends Message", "Customer's reply", "Caller says yes"] {
            assert!(speaks(words), "{words}");
        }
        for words in ["User is known", "Username input", "Users ask", "Customer database", "User answers?"] {
            assert!(!speaks(words), "{words}");
        }
    }
}

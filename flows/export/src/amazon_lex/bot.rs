//! A bot as data: intents that say something, ask the function, choose, and go on. Knows nothing of flows, so that a bot
//! of another shape (one that only listens) is written by the same hands.

/// At most so many branches stand in one conditional (docs.aws.amazon.com/lexv2/latest/dg/paths-branching, 2026-11-22).
pub const BRANCHES: usize = 4;
/// At most so many characters stand in one message (`PlainTextMessageValue` of botocore 1.44.5).
pub const MESSAGE: usize = 1000;
/// At most so many messages are said in a row (`MessageGroupsList` of botocore 1.44.5).
pub const MESSAGES: usize = 5;
/// At most so many characters stand in one condition (`ConditionExpression` of botocore 1.44.5).
pub const EXPRESSION: usize = 1024;

/// A bot of one language.
#[derive(Clone, Debug, Default)]
pub struct Bot {
    /// Its name, a legal one.
    pub name: String,
    /// What people read.
    pub description: String,
    /// Its language.
    pub locale: Locale,
    /// The score (0 to 1) below which the fallback intent stands first, as a JSON number.
    pub threshold: String,
    /// Its intents, the fallback among them.
    pub intents: Vec<Intent>,
    /// Its own slot types.
    pub slot_types: Vec<SlotType>,
}

/// A language that Lex has.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Locale {
    /// As in `en_US`.
    pub id: &'static str,
    /// As Lex names it.
    pub name: &'static str,
    /// A neural voice of that language.
    pub voice: Option<&'static str>,
}

impl Default for Locale {
    fn default() -> Self {
        Self { id: "en_US", name: "English (US)", voice: Some("Joanna") }
    }
}

/// What an intent is recognised by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Whatever no other intent is recognised by.
    Otherwise,
    /// These utterances; none where it is only entered by other intents.
    By(Vec<String>),
}

/// An intent.
#[derive(Clone, Debug)]
pub struct Intent {
    /// Its name, a legal one.
    pub name: String,
    /// What people read.
    pub description: String,
    /// What it is recognised by.
    pub heard: Heard,
    /// What it says first.
    pub says: Vec<String>,
    /// Then the function, if it asks it.
    pub hook: Option<Hook>,
    /// Then where it goes.
    pub then: Then,
    /// What it can take from the customer.
    pub slots: Vec<Slot>,
}

/// A call of the function.
#[derive(Clone, Debug)]
pub struct Hook {
    /// What the function is told (`invocationLabel`).
    pub label: String,
    /// Where it goes when the function fails or says nothing in time.
    pub failed: Step,
}

/// Where it goes.
#[derive(Clone, Debug)]
pub enum Then {
    /// There.
    Step(Step),
    /// The first branch that holds; four at most.
    Choose(Choice),
}

/// A choice.
#[derive(Clone, Debug)]
pub struct Choice {
    /// The branches, in order.
    pub branches: Vec<Branch>,
    /// What is said where none holds.
    pub says: Vec<String>,
    /// Where it goes then.
    pub otherwise: Step,
}

/// A branch.
#[derive(Clone, Debug)]
pub struct Branch {
    /// Its name, a legal one.
    pub name: String,
    /// Its condition, in Lex's words.
    pub when: String,
    /// What is said.
    pub says: Vec<String>,
    /// Where it goes.
    pub step: Step,
}

/// A step: what is noted, and where it goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// Where it goes.
    pub to: To,
    /// Session attributes that are set.
    pub notes: Vec<(String, String)>,
}

/// Where a step goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum To {
    /// The start of an intent.
    Intent(String),
    /// Waits for whatever the customer says.
    Listen,
    /// Waits for a slot of this intent; its prompt is said.
    Slot(String),
    /// Waits for a slot of that intent, whose value is forgotten; nothing more is said.
    SlotAgain {
        /// The intent.
        intent: String,
        /// The slot.
        slot: String,
    },
    /// The conversation is over.
    End,
}

/// Something to take from the customer.
#[derive(Clone, Debug)]
pub struct Slot {
    /// Its name, a legal one.
    pub name: String,
    /// What people read.
    pub description: String,
    /// Its slot type.
    pub r#type: String,
    /// Whether it is asked for, with these words, and what follows.
    pub asked: Option<Asked>,
}

/// A slot that is asked for. It is asked once: what follows decides whether it is asked again.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The words.
    pub prompt: Vec<String>,
    /// The function that is asked when a value was taken.
    pub hook: Hook,
    /// Where it goes after the function.
    pub taken: Then,
    /// Where it goes when no value was taken.
    pub missed: Step,
}

/// A slot type of the bot's own.
#[derive(Clone, Debug)]
pub struct SlotType {
    /// Its name, letters and digits alone.
    pub name: String,
    /// What people read.
    pub description: String,
    /// Values, each with its synonyms.
    pub values: Vec<(String, Vec<String>)>,
    /// Whether only these values count; else they are examples.
    pub closed: bool,
}

impl Intent {
    /// An intent that is only entered by other intents.
    pub fn inner(name: impl Into<String>, description: impl Into<String>, then: Then) -> Self {
        let (name, description) = (name.into(), description.into());
        Self { name, description, heard: Heard::By(Vec::new()), says: Vec::new(), hook: None, then, slots: Vec::new() }
    }

    /// It says this first.
    #[must_use]
    pub fn saying(mut self, says: Vec<String>) -> Self {
        self.says = says;
        self
    }

    /// It asks the function.
    #[must_use]
    pub fn asking(mut self, label: impl Into<String>, failed: Step) -> Self {
        self.hook = Some(Hook { label: label.into(), failed });
        self
    }
}

impl Step {
    /// To the start of an intent.
    pub fn to(intent: impl Into<String>) -> Self {
        Self { to: To::Intent(intent.into()), notes: Vec::new() }
    }

    /// To that, noting nothing.
    pub const fn plain(to: To) -> Self {
        Self { to, notes: Vec::new() }
    }

    /// This is noted on the way.
    #[must_use]
    pub fn noting(mut self, name: impl Into<String>, value: impl Into<String>) -> Self {
        self.notes.push((name.into(), value.into()));
        self
    }
}

/// A choice between any number of branches: four an intent, the rest in further intents, entered one after the other.
/// The first choice stands where the caller puts it; the intents are the rest.
pub fn chained(
    name: &str,
    about: &str,
    mut branches: Vec<Branch>,
    says: Vec<String>,
    end: Step,
) -> (Then, Vec<Intent>) {
    if branches.is_empty() && says.is_empty() {
        return (Then::Step(end), Vec::new());
    }
    let mut parts: Vec<Vec<Branch>> = Vec::new();
    while branches.len() > BRANCHES {
        let rest = branches.split_off(BRANCHES);
        parts.push(std::mem::replace(&mut branches, rest));
    }
    parts.push(branches);
    let more = |i: usize| format!("{name}-more-{}", i + 1);
    let count = parts.len();
    let mut choices: Vec<Then> = Vec::new();
    let mut says = Some(says);
    for (i, branches) in parts.into_iter().enumerate() {
        let last = i + 1 == count;
        let (says, otherwise) =
            if last { (says.take().unwrap_or_default(), end.clone()) } else { (Vec::new(), Step::to(more(i + 1))) };
        choices.push(Then::Choose(Choice { branches, says, otherwise }));
    }
    let mut choices = choices.into_iter();
    let first = choices.next().unwrap_or(Then::Step(end));
    let about = |i: usize| format!("{about} (choice, part {})", i + 2);
    let rest = choices.enumerate().map(|(i, then)| Intent::inner(more(i + 1), about(i), then)).collect();
    (first, rest)
}

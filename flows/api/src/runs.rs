//! Preview and replay, as the window and the command line both ask for them.

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_handoff::{Environment, Keys, TARGETS, Target};
use flow_model::tree::Json;
use flow_predict::Matcher;
use flow_run::preview::{Setting, preview};
use flow_run::program::Program;

use crate::error::Error;

/// How a preview is wanted.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// A contact centre; all of them without.
    pub target: Option<String>,
    /// Ids by name.
    pub environment: Environment,
    /// Whether what is missing is filled.
    pub fill: bool,
    /// Whether each step lists the values of names.
    pub signals: bool,
    /// Keys for hashes.
    pub keys: Keys,
}

/// The contact centres of a name, or all.
///
/// # Errors
/// A name that no contact centre has.
pub fn targets(name: Option<&str>) -> Result<Vec<&'static dyn Target>, Error> {
    let Some(name) = name else { return Ok(TARGETS.to_vec()) };
    match flow_handoff::target(name) {
        Some(target) => Ok(vec![target]),
        None => {
            let known: Vec<&str> = TARGETS.iter().map(|t| t.id()).collect();
            Err(Error::bad(format!("no target is named {name}; there is {}", known.join(", "))))
        }
    }
}

/// A flow made ready to be run again and again.
#[derive(Debug)]
pub struct Runner {
    program: Program,
    matcher: Matcher,
}

impl Runner {
    /// Makes a flow ready.
    #[must_use]
    pub fn new(checked: &Checked) -> Self {
        Self { program: Program::new(checked), matcher: Matcher::new(checked.flow()) }
    }

    /// A conversation with what it does not say, where that is wanted, and what was said of it.
    fn filled(&self, conversation: &Conversation, fill: bool) -> (Conversation, Vec<String>) {
        let mut filled = conversation.clone();
        let notes = if fill { flow_predict::fill(&mut filled, &self.matcher).notes() } else { Vec::new() };
        (filled, notes)
    }

    /// The JSON of a preview.
    ///
    /// # Errors
    /// A target that does not exist.
    pub fn preview(&self, conversation: &Conversation, wanted: &Wanted) -> Result<Json, Error> {
        let (conversation, filled) = self.filled(conversation, wanted.fill);
        let setting = Setting {
            targets: targets(wanted.target.as_deref())?,
            environment: &wanted.environment,
            keys: &wanted.keys,
            signals: wanted.signals,
        };
        let run = preview(&self.program, &conversation, wanted.signals);
        let Json::Map(mut map) = run.json(&conversation, &setting, &filled) else { return Ok(Json::Null) };
        if let Some(expect) = &conversation.expect {
            let faults = flow_run::expect::of_preview(&run, expect, &wanted.keys);
            map.push(("expect".to_owned(), Json::List(faults.iter().map(Json::text).collect())));
        }
        Ok(Json::Map(map))
    }

    /// The conversation with its handoffs as a vCon.
    #[must_use]
    pub fn vcon(&self, conversation: &Conversation, fill: bool, keys: &Keys) -> Json {
        let (conversation, _) = self.filled(conversation, fill);
        preview(&self.program, &conversation, false).vcon(&conversation, keys)
    }

    /// The nearest change that has a customer's turn the other way: to a person, or not.
    ///
    /// # Errors
    /// A turn that the conversation does not have.
    pub fn why_not(&self, conversation: &Conversation, turn: usize, fill: bool) -> Result<Json, Error> {
        let filled = |conversation: &Conversation| self.filled(conversation, fill).0;
        let answer = flow_run::why_not::why_not(&self.program, conversation, &filled, turn);
        let answer = answer.map_err(|none| Error::bad(none.to_string()))?;
        Ok(answer.json(&conversation.id))
    }
}

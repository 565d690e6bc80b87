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

/// The JSON of a preview.
///
/// # Errors
/// A target that does not exist.
pub fn previewed(checked: &Checked, mut conversation: Conversation, wanted: &Wanted) -> Result<Json, Error> {
    let program = Program::new(checked);
    let filled = if wanted.fill {
        flow_predict::fill(&mut conversation, &Matcher::new(checked.flow())).notes()
    } else {
        Vec::new()
    };
    let setting = Setting {
        targets: targets(wanted.target.as_deref())?,
        environment: &wanted.environment,
        keys: &wanted.keys,
        signals: wanted.signals,
    };
    let run = preview(&program, &conversation, wanted.signals);
    let Json::Map(mut map) = run.json(&conversation, &setting, &filled) else { return Ok(Json::Null) };
    if let Some(expect) = &conversation.expect {
        let faults = flow_run::expect::of_preview(&run, expect, &wanted.keys);
        map.push(("expect".to_owned(), Json::List(faults.iter().map(Json::text).collect())));
    }
    Ok(Json::Map(map))
}

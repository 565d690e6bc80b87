//! Rasa Pro projects with CALM: flows as branches with their steps, patterns as what happens by itself (read against the
//! schema of flows in Rasa Pro 3.21, 2026-11).
//!
//! | of the project | in ours |
//! | --- | --- |
//! | a flow that an intent starts | a branch of the card that listens |
//! | a flow that the model starts by its description | a branch on an intent of the flow's name |
//! | `collect`, its rejections | an `ask`; a decision, words, and the question again |
//! | `if`, `then`, `else` | a `decision` |
//! | `link`, `call` | where the other flow begins; after a call it goes on behind it |
//! | `pattern_human_handoff` | a `handoff`, where it asks for one |
//! | `pattern_cannot_handle`, `pattern_session_start`, `pattern_completed` | the branch `else`, the beginning, what follows a flow |
//! | other patterns | a trigger that waits for a signal |

mod conditions;
mod flows;
mod steps;

use crate::rasa::{self, domain};
use crate::yaml::{has_line, is_yaml};
use crate::{Draft, Format, ImportError, Project, Score, Source};

/// Rasa with CALM.
pub struct RasaCalm;

impl Format for RasaCalm {
    fn id(&self) -> &'static str {
        "rasa-calm"
    }

    fn title(&self) -> &'static str {
        "Rasa CALM"
    }

    fn about(&self) -> &'static str {
        "The folder of a Rasa Pro project: flows, patterns, domain and training data; the code of actions is not read."
    }

    fn recognises(&self, project: &Project) -> Score {
        let flows = |path: &str| has_line(project.bytes(path).unwrap_or_default(), "flows:");
        if project.paths().any(|path| is_yaml(path) && flows(path)) { 88 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let files = rasa::files(source, draft)?;
        if !files.iter().any(|file| file.get("flows").is_some()) {
            let way = "choose the folder of the project, with data/flows.yml in it";
            let missing = ImportError::Missing { file: "a file with flows".to_owned(), way: way.to_owned() };
            return Err(source.unreadable().unwrap_or(missing));
        }
        let domain = domain::read(source, draft, &files);
        flows::Build::new(source, draft, &domain, &files).all();
        Ok(())
    }
}

//! What came out as a document that is not valid is mended where that loses nothing: a condition that does not type-check
//! becomes a signal that carries its text, an expression becomes words, a text loses its placeholders.

use std::collections::BTreeSet;

use flow_check::valid;
use flow_model::document::Document;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::{Json, steps};
use flow_model::{canonical, document};

use crate::draft::Draft;
use crate::note::{Code, Kept};
use crate::source::{Place, Told};

/// Nothing takes more rounds than there are kinds of mending.
const ROUNDS: usize = 4;

pub(super) fn mend(draft: &mut Draft, format: &str, tree: &dyn Fn(&Draft) -> Json) -> Vec<Told> {
    let mut told = Vec::new();
    for _ in 0..ROUNDS {
        let Ok(document) = document::read(&canonical::text(&tree(draft))) else { break };
        let problems = faults(&document);
        let before = told.len();
        for problem in problems {
            told.extend(one(draft, &document, &problem, format));
        }
        if told.len() == before {
            break;
        }
    }
    told
}

fn faults(document: &Document) -> Vec<Problem> {
    let mut problems = valid(document, &|_| None).err().unwrap_or_default();
    problems.retain(|problem| problem.severity == Severity::Error);
    // Several faults of one place are mended at once.
    let mut seen = BTreeSet::new();
    problems.retain(|problem| seen.insert(problem.path.clone()));
    problems
}

fn one(draft: &mut Draft, document: &Document, problem: &Problem, format: &str) -> Option<Told> {
    let path = steps(&problem.path);
    let [section, id, .., last] = path.as_slice() else { return None };
    let original = document.tree.at(&path)?.as_text()?.to_owned();
    let section = match section.as_str() {
        "nodes" => "nodes",
        "triggers" => "triggers",
        _ => return None,
    };
    let kept = if section == "nodes" { Kept::Card(id.clone()) } else { Kept::Document };
    let tell = |code, what| Some(Told { code, file: u32::MAX, place: Place::File, what, kept });
    let inner: Vec<&str> = path.iter().skip(2).map(String::as_str).collect();
    match inner.as_slice() {
        [.., "when"] => {
            let name = draft.undecided(&original, format);
            *draft.known(section, id)?.at_mut(&inner)? = Json::Text(name);
            tell(Code::Condition, format!("{id}: the condition {original} cannot be said here: {}", problem.message))
        }
        ["assign" | "inputs", _] => {
            let map = draft.known(section, id)?.at_mut(inner.get(..1)?)?;
            if let Json::Map(entries) = map {
                entries.retain(|(key, _)| key != last);
            }
            draft.remark(section, id, &format!("{last} = {original}"));
            tell(Code::Condition, format!("{id}: {last} = {original} cannot be said here: {}", problem.message))
        }
        _ if original.contains(['{', '}']) && matches!(last.as_str(), "text" | "prompt" | "reprompt" | "say") => {
            let plain = original.replace("{{", "{").replace("}}", "}").replace('{', "{{").replace('}', "}}");
            if plain == original {
                return None;
            }
            *draft.known(section, id)?.at_mut(&inner)? = Json::Text(plain);
            tell(Code::Approximated, format!("{id}: a placeholder in \"{original}\" is kept as plain words"))
        }
        _ => None,
    }
}

//! A document as it comes from a file: the tree, the typed flow, and what is wrong with reading it.

use crate::flow::{self, FORMAT, Flow};
use crate::problem::Problem;
use crate::tree::{self, Fault, FaultKind, Json};
use flow_conditions::said::Said;
use flow_conditions::say;

/// Features that a document may list in `needs` and that this version understands.
pub const FEATURES: &[&str] = &[];

/// A document that was read.
#[derive(Clone, Debug)]
pub struct Document {
    /// Everything that stands in the file.
    pub tree: Json,
    /// The same as typed values.
    pub flow: Flow,
    /// Faults of reading: duplicate keys, digits.
    pub problems: Vec<Problem>,
}

/// Reads a document from bytes.
///
/// # Errors
/// The problems, when it cannot be read at all: it is not JSON, not a flow document, or of a newer format.
pub fn read_bytes(bytes: &[u8]) -> Result<Document, Vec<Problem>> {
    match std::str::from_utf8(bytes) {
        Ok(text) => read(text),
        Err(error) => {
            let before = bytes.get(..error.valid_up_to()).unwrap_or(bytes);
            let line = before.iter().filter(|b| **b == b'\n').count() + 1;
            let column = before.rsplit(|b| *b == b'\n').next().map_or(0, <[u8]>::len) + 1;
            let mut problem = Problem::error("not-json", "", say!("The file is not UTF-8 text: save it as UTF-8."));
            problem.line_column = Some((line, column));
            Err(vec![problem])
        }
    }
}

/// Reads a document.
///
/// # Errors
/// As [`read_bytes`].
pub fn read(text: &str) -> Result<Document, Vec<Problem>> {
    let reading = tree::read(text);
    let readable = reading.is_json();
    let mut problems: Vec<Problem> = reading.faults.iter().map(problem_of).collect();
    let Some(tree) = reading.json.filter(|_| readable) else { return Err(problems) };
    if !matches!(tree, Json::Map(_)) {
        let message = say!("A flow document is a JSON object; this file holds {kind}.", kind = tree.kind_in_words());
        problems.push(Problem::error("wrong-format", "", message));
        return Err(problems);
    }
    if let Some(problem) = format_problem(&tree) {
        problems.push(problem);
        return Err(problems);
    }
    let flow = flow::read(&tree);
    Ok(Document { tree, flow, problems })
}

fn problem_of(fault: &Fault) -> Problem {
    let code = match fault.kind {
        FaultKind::NotJson => "not-json",
        FaultKind::DuplicateKey => "duplicate-key",
        FaultKind::TooManyDigits => "value-out-of-range",
    };
    let mut problem = Problem::error(code, fault.path.clone(), fault.said.clone());
    problem.line_column = Some((fault.line, fault.column));
    problem
}

fn format_problem(tree: &Json) -> Option<Problem> {
    let wrong = |message: Said| Some(Problem::error("wrong-format", "/format", message));
    match tree.get("format") {
        None => wrong(say!("The document does not say its format: add \"format\": \"{FORMAT}\".", FORMAT)),
        Some(Json::Text(format)) if format == FORMAT => unknown_need(tree),
        Some(Json::Text(format)) => {
            let version = format.strip_prefix("handoff-flow/").and_then(|v| v.parse::<u32>().ok());
            match version {
                Some(version) if version > 1 => Some(Problem::error(
                    "too-new",
                    "/format",
                    say!(
                        "The document has format {format}, and this version reads up to {FORMAT}: update Handoff Studio.",
                        format,
                        FORMAT
                    ),
                )),
                _ => wrong(say!(
                    "\"{format}\" is no format of flow documents: \"{FORMAT}\" is expected.",
                    format,
                    FORMAT
                )),
            }
        }
        Some(other) => wrong(say!(
            "The format is {kind}: the text \"{FORMAT}\" is expected.",
            kind = other.kind_in_words(),
            FORMAT
        )),
    }
}

fn unknown_need(tree: &Json) -> Option<Problem> {
    let needs = tree.get("needs")?.items();
    let (i, feature) = needs.iter().enumerate().find(|(_, n)| n.as_text().is_none_or(|n| !FEATURES.contains(&n)))?;
    let name = feature.as_text().unwrap_or("something");
    let message = say!("The document needs \"{name}\", which this version does not have: update Handoff Studio.", name);
    Some(Problem::error("too-new", format!("/needs/{i}"), message))
}

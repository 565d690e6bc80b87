//! Problems and changes as the JSON of the command line and the window writes them.

use flow_check::Page;
use flow_conditions::said::{Part, Said};
use flow_model::diff::Op;
use flow_model::problem::{Fix, Problem, Severity};
use flow_model::tree::Json;

fn entry(key: &str, value: Json) -> (String, Json) {
    (key.to_owned(), value)
}

fn texts(list: &[String]) -> Json {
    Json::List(list.iter().map(Json::text).collect())
}

fn number(value: usize) -> Json {
    Json::int(i64::try_from(value).unwrap_or(i64::MAX))
}

/// A problem, with the keys of `docs/format.md` section 7.
#[must_use]
pub fn problem(problem: &Problem) -> Json {
    let mut map = vec![entry("code", Json::text(problem.code)), entry("severity", Json::text(problem.severity.id()))];
    map.extend(problem.node.as_ref().map(|n| entry("node", Json::text(n))));
    map.extend(problem.trigger.as_ref().map(|t| entry("trigger", Json::text(t))));
    map.push(entry("path", Json::text(&problem.path)));
    if let Some(span) = problem.span {
        map.push(entry("span", Json::List(vec![Json::int(span.start.into()), Json::int(span.end.into())])));
    }
    if let Some((line, column)) = problem.line_column {
        map.push(entry("line", number(line)));
        map.push(entry("column", number(column)));
    }
    map.push(entry("message", Json::text(&problem.message)));
    map.extend(problem.witness.as_ref().map(|w| entry("witness", Json::Map(w.clone()))));
    map.extend(problem.path_to_it.as_ref().map(|p| entry("path_to_it", texts(p))));
    if !problem.id.is_empty() {
        map.push(entry("id", Json::text(&problem.id)));
    }
    if let Some(fix) = &problem.fix {
        let diff = Json::List(fix.diff.iter().map(op).collect());
        map.push(entry("fix", Json::Map(vec![entry("title", Json::text(fix.title.text())), entry("diff", diff)])));
    }
    Json::Map(map)
}

fn op(op: &Op) -> Json {
    let at = |name: &str, path: &[String]| vec![entry("op", Json::text(name)), entry("path", texts(path))];
    Json::Map(match op {
        Op::Set { path, value, at: place } => {
            let mut map = at("set", path);
            map.push(entry("value", value.clone()));
            map.extend(place.map(|p| entry("at", number(p))));
            map
        }
        Op::Remove { path } => at("remove", path),
        Op::Insert { path, value } => {
            let mut map = at("insert", path);
            map.push(entry("value", value.clone()));
            map
        }
        Op::Move { path, to } => {
            let mut map = at("move", path);
            map.push(entry("to", number(*to)));
            map
        }
        Op::Rename { path, key } => {
            let mut map = at("rename", path);
            map.push(entry("key", Json::text(key)));
            map
        }
    })
}

/// What a manual page says, as Markdown: pages of rules are doc comments, whose lines begin with a space.
#[must_use]
pub fn page_text(page: &Page) -> String {
    let lines: Vec<&str> = page.text.trim_end().lines().map(|line| line.strip_prefix(' ').unwrap_or(line)).collect();
    lines.join("\n").trim().to_owned()
}

/// The manual page of a rule with its heading, as Markdown.
#[must_use]
pub fn page(page: &Page) -> String {
    format!("# {} ({})\n\n{}\n", page.code, page.severity.id(), page_text(page))
}

/// A sentence as it travels; none where its words have no other language.
pub(crate) fn said(said: &Said) -> Option<crate::types::Sentence> {
    (said.words != Said::AS_IT_IS).then(|| sentence(said))
}

/// A sentence as it travels, whether or not its words have another language.
pub(crate) fn sentence(said: &Said) -> crate::types::Sentence {
    let parts = said.parts.iter().map(|(name, part)| ((*name).to_owned(), part.into())).collect();
    crate::types::Sentence { words: said.words.to_owned(), parts }
}

impl From<&Part> for crate::types::SentencePart {
    fn from(part: &Part) -> Self {
        match part {
            Part::Text(text) => Self::Text(text.clone()),
            Part::Said(part) => match said(part) {
                Some(part) => Self::Said(part),
                None => Self::Text(part.text()),
            },
        }
    }
}

impl From<&Problem> for crate::types::Problem {
    fn from(problem: &Problem) -> Self {
        let small = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
        let witness = problem
            .witness
            .as_ref()
            .map(|case| case.iter().map(|(name, value)| (name.clone(), flow_model::wire::plain(value))).collect());
        let fix =
            |fix: &Fix| crate::types::Fix { title: fix.title.text(), said: said(&fix.title), diff: fix.diff.clone() };
        Self {
            id: Some(problem.id.clone()).filter(|id| !id.is_empty()),
            code: problem.code.to_owned(),
            severity: problem.severity.into(),
            node: problem.node.clone(),
            trigger: problem.trigger.clone(),
            path: problem.path.clone(),
            span: problem.span.map(|span| (span.start, span.end)),
            message: problem.message.clone(),
            said: said(&problem.said),
            witness,
            path_to_it: problem.path_to_it.clone(),
            fix: problem.fix.as_ref().map(fix),
            line: problem.line_column.map(|(line, _)| small(line)),
            column: problem.line_column.map(|(_, column)| small(column)),
        }
    }
}

impl From<Severity> for crate::types::Severity {
    fn from(severity: Severity) -> Self {
        match severity {
            Severity::Error => Self::Error,
            Severity::Warning => Self::Warning,
            Severity::Info => Self::Info,
        }
    }
}

/// What `check --json` says of one file. The edges that no values take are there where there are any.
#[must_use]
pub fn flow(file: &str, id: Option<&str>, problems: &[Problem], infeasible: &[(String, String)]) -> Json {
    let ok = problems.iter().all(|p| p.severity != flow_model::Severity::Error);
    let mut entries = vec![
        entry("file", Json::text(file)),
        entry("id", id.map_or(Json::Null, Json::text)),
        entry("ok", Json::Bool(ok)),
        entry("problems", Json::List(problems.iter().map(problem).collect())),
    ];
    if !infeasible.is_empty() {
        let drawn = |(node, port): &(String, String)| {
            Json::Map(vec![entry("node", Json::text(node)), entry("port", Json::text(port))])
        };
        entries.push(entry("infeasible", Json::List(infeasible.iter().map(drawn).collect())));
    }
    Json::Map(entries)
}

/// A problem on a line, for people: `file: path: severity code: message`.
#[must_use]
pub fn line(file: &str, problem: &Problem) -> String {
    let place = match problem.line_column {
        Some((line, column)) => format!("{file}:{line}:{column}"),
        None => file.to_owned(),
    };
    let path = if problem.path.is_empty() { String::new() } else { format!(" {}", problem.path) };
    let span = problem.span.map_or(String::new(), |s| format!("[{}..{}]", s.start, s.end));
    format!("{place}:{path}{span} {} {}: {}", problem.severity.id(), problem.code, problem.message)
}

//! `check` and `explain`.

use std::path::Path;

use flow_api::files::{Loaded, NoDocument};
use flow_api::model::canonical;
use flow_api::model::flow::{Flow, Kind};
use flow_api::model::problem::{Problem, Severity};
use flow_api::model::tree::Json;
use flow_api::{export, report};
use flow_model::Said;

use crate::args::{Check, Explain};
use crate::output::{Fault, json, line, out, say};
use crate::{Done, input};

struct Looked {
    name: String,
    id: Option<String>,
    problems: Vec<Problem>,
    infeasible: Vec<(String, String)>,
    unreadable: bool,
    /// The flows that it calls, where it has a way to a person itself.
    calls: Vec<String>,
}

pub(crate) fn run(wanted: &Check) -> Done {
    let mut looked = wanted.flows.iter().map(|path| look(path, wanted)).collect::<Result<Vec<_>, _>>()?;
    leave_to_callers(&mut looked);
    if wanted.json {
        let flows = looked.iter().map(|l| report::flow(&l.name, l.id.as_deref(), &l.problems, &l.infeasible)).collect();
        json(&Json::Map(vec![("flows".to_owned(), Json::List(flows))]))?;
    } else {
        for flow in &looked {
            print(flow)?;
        }
    }
    let unreadable: Vec<&str> = looked.iter().filter(|l| l.unreadable).map(|l| l.name.as_str()).collect();
    if !unreadable.is_empty() {
        return Err(Fault::Wrong(format!("cannot be read: {}", unreadable.join(", "))));
    }
    Ok(looked.iter().flat_map(|l| &l.problems).all(|p| p.severity != Severity::Error))
}

fn look(path: &Path, wanted: &Check) -> Result<Looked, Fault> {
    let name = path.display().to_string();
    let unreadable = |problems| Looked {
        name: name.clone(),
        id: None,
        problems,
        infeasible: Vec::new(),
        unreadable: true,
        calls: Vec::new(),
    };
    let mut loaded = match input::load(path) {
        Ok(loaded) => loaded,
        Err(NoDocument::Problems(problems)) => return Ok(unreadable(problems)),
        Err(NoDocument::File(error)) => {
            let problem = Problem::error("not-readable", "", Said::as_it_is(error.to_string()));
            return Ok(unreadable(vec![problem]));
        }
    };
    let flow_api::check::Report { mut problems, mut infeasible } = loaded.report();
    if wanted.fix {
        problems = fix(path, &mut loaded, problems)?;
        infeasible = loaded.report().infeasible;
    }
    if let Some(platform) = &wanted.platform {
        let platform = export::capabilities(platform).map_err(|e| Fault::Wrong(e.to_string()))?;
        problems.extend(export::findings(&loaded.document.flow, &loaded.document.tree, platform));
    }
    let id = Some(loaded.document.flow.id.clone());
    let calls = calls(&loaded.document.flow);
    // The program ends soon: giving a large document back piece by piece would take longer than anything that is left.
    std::mem::forget(loaded);
    Ok(Looked { name, id, problems, infeasible, unreadable: false, calls })
}

fn calls(flow: &Flow) -> Vec<String> {
    if !flow.nodes.values().any(|node| matches!(node.kind, Kind::Handoff(_))) {
        return Vec::new();
    }
    let called = |kind: &Kind| match kind {
        Kind::Subflow(call) => Some(call.flow.clone()),
        _ => None,
    };
    flow.nodes.values().filter_map(|node| called(&node.kind)).collect()
}

/// In a flow that another of the files calls, the caller leads to a person: its triggers act there too.
fn leave_to_callers(looked: &mut [Looked]) {
    let called: Vec<String> = looked.iter().flat_map(|flow| flow.calls.iter().cloned()).collect();
    for flow in looked.iter_mut().filter(|flow| flow.id.as_ref().is_some_and(|id| called.contains(id))) {
        flow.problems.retain(|problem| problem.code != "no-way-to-a-person");
    }
}

fn fix(path: &Path, loaded: &mut Loaded, problems: Vec<Problem>) -> Result<Vec<Problem>, Fault> {
    let (fixed, left) = loaded.fix_all(problems);
    for problem in &fixed {
        let title = problem.fix.as_ref().map_or_else(String::new, |fix| fix.title.text());
        say(&format!("{}: fixed: {} {}: {title}", path.display(), problem.code, problem.path));
    }
    if !fixed.is_empty() {
        let text = canonical::text(&loaded.document.tree);
        if input::is_standard(path) {
            out(&text)?;
        } else {
            flow_api::store::write_atomic(path, text.as_bytes(), None).map_err(|e| Fault::Wrong(e.to_string()))?;
        }
    }
    Ok(left)
}

fn print(flow: &Looked) -> Result<(), Fault> {
    let mut text = String::new();
    for problem in &flow.problems {
        text.push_str(&report::line(&flow.name, problem));
        text.push('\n');
        if let Some(witness) = &problem.witness {
            let case: Vec<String> =
                witness.iter().map(|(k, v)| format!("{k} = {}", flow_api::model::tree::compact(v))).collect();
            text.push_str(&format!("    for example: {}\n", case.join(", ")));
        }
        if let Some(fix) = &problem.fix {
            text.push_str(&format!("    fix: {}\n", fix.title.text()));
        }
    }
    let count = |severity| flow.problems.iter().filter(|p| p.severity == severity).count();
    let (errors, warnings) = (count(Severity::Error), count(Severity::Warning));
    if errors + warnings == 0 {
        text.push_str(&format!("{}: clean\n", flow.name));
    } else {
        text.push_str(&format!("{}: {errors} errors, {warnings} warnings\n", flow.name));
    }
    out(&text)
}

pub(crate) fn explain(wanted: &Explain) -> Done {
    let Some(code) = &wanted.code else {
        let pages: Vec<_> = flow_api::check::pages().collect();
        if wanted.json {
            let codes = pages.iter().map(page).collect();
            json(&Json::Map(vec![("codes".to_owned(), Json::List(codes))]))?;
        } else {
            for page in pages {
                line(&format!("{:<28} {}", page.code, page.severity.id()))?;
            }
        }
        return Ok(true);
    };
    let Some(found) = flow_api::check::explain(code) else {
        return Err(Fault::Wrong(format!("no rule has the code {code}: `handoff explain` lists them")));
    };
    if wanted.json {
        json(&page(&found))?;
    } else {
        out(&report::page(&found))?;
    }
    Ok(true)
}

fn page(page: &flow_api::check::Page) -> Json {
    Json::Map(vec![
        ("code".to_owned(), Json::text(page.code)),
        ("severity".to_owned(), Json::text(page.severity.id())),
        ("page".to_owned(), Json::Text(report::page_text(page))),
    ])
}

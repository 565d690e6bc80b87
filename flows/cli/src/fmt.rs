//! `fmt`.

use std::path::Path;

use flow_api::files::NoDocument;
use flow_api::model::canonical;
use flow_api::model::problem::Problem;
use flow_api::model::tree::Json;

use crate::args::Fmt;
use crate::output::{Fault, json, line, out, say};
use crate::{Done, input};

enum Form {
    Canonical,
    Changed,
}

pub(crate) fn run(wanted: &Fmt) -> Done {
    let mut files = Vec::new();
    let mut unreadable = Vec::new();
    let mut fine = true;
    for path in &wanted.flows {
        let name = path.display().to_string();
        match form(path, wanted) {
            Ok(form) => {
                let canonical = matches!(form, Form::Canonical);
                fine &= canonical || !wanted.check;
                files.push((name, canonical));
            }
            Err(Fault::Wrong(message)) => unreadable.push(message),
            Err(Fault::FallsShort(message)) => {
                say(&message);
                fine = false;
            }
            Err(other) => return Err(other),
        }
    }
    if wanted.json {
        let entry = |(name, canonical): &(String, bool)| {
            Json::Map(vec![
                ("file".to_owned(), Json::text(name)),
                ("canonical".to_owned(), Json::Bool(*canonical)),
                ("written".to_owned(), Json::Bool(!*canonical && !wanted.check)),
            ])
        };
        json(&Json::Map(vec![("files".to_owned(), Json::List(files.iter().map(entry).collect()))]))?;
    } else if wanted.check {
        for (name, _) in files.iter().filter(|(_, canonical)| !canonical) {
            line(&format!("{name} is not in canonical form: `handoff fmt` writes it"))?;
        }
    }
    if unreadable.is_empty() { Ok(fine) } else { Err(Fault::Wrong(unreadable.join("\n"))) }
}

fn form(path: &Path, wanted: &Fmt) -> Result<Form, Fault> {
    let standard = input::is_standard(path);
    let bytes = if standard {
        input::standard()?
    } else {
        flow_api::store::read(path).map_err(|e| Fault::Wrong(e.to_string()))?
    };
    let loaded = match flow_api::files::of_bytes(&bytes) {
        Ok(loaded) => loaded,
        Err(NoDocument::File(error)) => return Err(Fault::Wrong(error.to_string())),
        Err(NoDocument::Problems(problems)) => {
            input::refused(path, &problems, false)?;
            return Err(Fault::Wrong(format!("{} cannot be read, so nothing is written", path.display())));
        }
    };
    // A key that stands twice would be lost by writing, so such a file is left as it is.
    let twice: Vec<Problem> = loaded.document.problems.iter().filter(|p| p.code == "duplicate-key").cloned().collect();
    if !twice.is_empty() {
        input::refused(path, &twice, false)?;
        return Err(Fault::FallsShort(format!("{}: nothing is written", path.display())));
    }
    let text = canonical::text(&loaded.document.tree);
    let form = if text.as_bytes() == bytes { Form::Canonical } else { Form::Changed };
    if standard && !wanted.check && !wanted.json {
        out(&text)?;
    } else if matches!(form, Form::Changed) && !wanted.check && !standard {
        flow_api::store::write_atomic(path, text.as_bytes(), None).map_err(|e| Fault::Wrong(e.to_string()))?;
    }
    Ok(form)
}

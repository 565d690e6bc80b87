//! What is made sure of once a workspace is written: it is opened without a word about these.

use std::collections::BTreeSet;

use flow_conditions::said::Said;
use flow_conditions::say;

use super::lower::Plan;
use super::write::Files;

/// What holds of the files; what does not is left out.
pub fn checked(plan: &Plan<'_>, files: &Files) -> Vec<Said> {
    let named = |folder: &str| -> BTreeSet<&str> {
        let names =
            files.keys().filter_map(|path| path.strip_prefix(folder)?.strip_prefix('/')?.strip_suffix(".mcs.yml"));
        names.collect()
    };
    let (topics, variables) = (named("topics"), named("variables"));
    let texts: Vec<_> = files
        .iter()
        .filter(|(path, _)| path.starts_with("topics/"))
        .map(|(_, bytes)| String::from_utf8_lossy(bytes))
        .collect();
    let lines = || texts.iter().flat_map(|text| text.lines().map(str::trim));
    let lead = plan.own_topic("");
    let mut begun = lines().filter_map(|line| line.strip_prefix("dialog: "));
    let mut read = texts.iter().flat_map(|text| globals(text));
    let counted = |what: &str| lines().filter(|line| *line == what).count();
    let transfers = counted("- kind: TransferConversationV2");
    let holds = |holds: bool, what: Said| holds.then_some(what);
    [
        holds(
            begun.all(|topic| topic.strip_prefix(lead.as_str()).is_some_and(|name| topics.contains(name))),
            say!("{count} topics; every one that another begins is there", count = topics.len()),
        ),
        holds(
            read.all(|name| variables.contains(name)),
            say!(
                "{count} variables; every one that is set or that a formula names has its file",
                count = variables.len()
            ),
        ),
        holds(
            transfers == counted("variables: Topic"),
            say!("a transfer takes the variables of its own topic along and no other ones"),
        ),
        holds(plan.hold(), say!("every name is legal in Copilot Studio, and no two became one")),
    ]
    .into_iter()
    .flatten()
    .collect()
}

/// The names of the variables of a conversation that stand in a text.
fn globals(text: &str) -> impl Iterator<Item = &str> {
    text.split("Global.").skip(1).map(|rest| {
        let end = rest.find(|c: char| !(c.is_ascii_alphanumeric() || c == '_')).unwrap_or(rest.len());
        &rest[..end]
    })
}

#[cfg(test)]
mod tests {
    use super::checked;
    use crate::copilot_studio::lower::Plan;
    use crate::platform::Platform;

    #[test]
    fn what_does_not_hold_is_not_told() {
        let text = r#"{"format":"handoff-flow/1","id":"f","tiers":{"t":{}},"contexts":{"c":{}},"nodes":{
            "start":{"kind":"start","next":"l"},"l":{"kind":"listen","branches":[],"else":"h"},
            "h":{"kind":"handoff","context":"c","tier":"t","closed":"l"}}}"#;
        let document = flow_model::document::read_bytes(text.as_bytes()).unwrap();
        let flow = flow_check::valid(&document, &|_| None).unwrap();
        let plan = Plan::of(&flow);
        let files = super::super::CopilotStudio.write(&flow, &[]).unwrap().files;
        let whole = checked(&plan, &files);
        for (file, from, to, line) in [
            ("topics/EveryTurn.mcs.yml", "topic.l_heard", "topic.m_heard", "topics;"),
            ("topics/h.mcs.yml", "Global.handoff_tier", "Global.handoff_tiers", "variables;"),
            ("topics/h.mcs.yml", "variables: Topic", "variables: All", "a transfer"),
        ] {
            let mut spoilt = files.clone();
            let text = String::from_utf8_lossy(&files[file]).replace(from, to);
            spoilt.insert(file.to_owned(), text.into_bytes());
            let left = checked(&plan, &spoilt);
            let gone: Vec<_> = whole.iter().filter(|told| !left.contains(told)).collect();
            assert!(gone.len() == 1 && gone[0].text().contains(line), "{from}: {gone:?}");
        }
    }
}

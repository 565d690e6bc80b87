//! Writes what installs the flows, and what says how.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};

use minijinja::{Value as Filled, context};

use super::blocks::parts::{placeholder, resource};
use super::lower::Plan;
use super::write::{Files, Flows, Written};
use crate::bundle::ExportError;
use crate::prose;

/// Characters of a template at the most, less some for what stands around the contents: CloudFormation takes a template of
/// 1 MB from a bucket (docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cloudformation-limits.html, 2026-11-23).
const TEMPLATE: usize = 900_000;
/// The placeholders of a flow that are no parameters of the template, and what they are there; those of parts come on top.
const KNOWN: [(&str, &str); 6] = [
    ("FunctionArn", "!GetAtt Function.Arn"),
    ("BotAliasArn", "!GetAtt BotAlias.Arn"),
    ("QueueFlowArn", "!Ref WaitingFlow"),
    ("WhisperFlowArn", "!Ref WhisperFlow"),
    ("MainFlowArn", "!Ref MainFlow"),
    ("WaysFlowArn", "!Ref WaysFlow"),
];

/// What installs it, and what says how. Parts that are too much for one template have templates of their own.
pub fn files(plan: &Plan<'_>, flows: &Flows, values: &Filled, files: &mut Files) -> Result<(), ExportError> {
    let mut ours = plan.placeholders();
    ours.extend(flows.iter().filter(|flow| is_part(&flow.name)).map(|flow| placeholder(&flow.name)));
    let shown: Vec<Shown> = flows.iter().map(|written| Shown::of(written, &ours)).collect();
    let below = below(&shown);
    let mut stacks = Vec::new();
    for (i, inside) in below.iter().enumerate() {
        let needs: BTreeSet<&str> = inside.iter().flat_map(|flow| flow.uses.iter().map(String::as_str)).collect();
        let given = needs.iter().map(|name| context! { name => *name, value => known(name, &BTreeMap::new()) });
        let given: Vec<Filled> = given.collect();
        let parts: Vec<Filled> = inside.iter().map(|flow| flow.filled(&|_| None)).collect();
        let more = context! { parts, given => given.clone(), ..values.clone() };
        let text = prose::filled("parts.yaml", include_str!("project/parts.yaml.j2"), more, |_| {})?;
        let (name, revision) = (format!("parts-{}", i + 1), format!("{:08x}", crate::names::sum(text.as_bytes())));
        files.insert(format!("{name}.yaml"), text.into_bytes());
        stacks.push(context! { name, revision, given, resource => stack(i) });
    }
    let elsewhere =
        below.iter().enumerate().flat_map(|(i, inside)| inside.iter().map(move |flow| (flow.name.as_str(), i)));
    let elsewhere: BTreeMap<&str, String> = elsewhere.map(|(name, i)| (name, stack(i))).collect();
    let own = shown.iter().filter(|flow| !elsewhere.contains_key(flow.name.as_str()));
    let own: Vec<Filled> = own.map(|flow| flow.filled(&|name| Some(known(name, &elsewhere)))).collect();
    let all: Vec<Filled> = shown.iter().map(Shown::row).collect();
    let parts = shown.iter().filter(|flow| is_part(&flow.name)).count();
    let more = context! { own, all, stacks, parts, ..values.clone() };
    for (file, template) in [
        ("cloudformation.yaml", include_str!("project/cloudformation.yaml.j2")),
        ("README.md", include_str!("project/README.md.j2")),
    ] {
        files.insert(file.to_owned(), prose::filled(file, template, more.clone(), |_| {})?.into_bytes());
    }
    Ok(())
}

/// The stack of the template that has parts.
fn stack(number: usize) -> String {
    format!("Parts{}", number + 1)
}

/// The parts that stand in templates of their own: as many in each as it takes.
fn below(flows: &[Shown]) -> Vec<Vec<&Shown>> {
    let mut below: Vec<Vec<&Shown>> = Vec::new();
    if flows.iter().map(|flow| flow.length).sum::<usize>() <= TEMPLATE {
        return below;
    }
    let mut room = 0;
    for flow in flows.iter().filter(|flow| is_part(&flow.name)) {
        match below.last_mut().filter(|_| flow.length <= room) {
            Some(last) => last.push(flow),
            None => {
                below.push(vec![flow]);
                room = TEMPLATE;
            }
        }
        room = room.saturating_sub(flow.length);
    }
    below
}

/// What a placeholder is in the template; some parts stand in stacks of their own.
fn known(placeholder: &str, elsewhere: &BTreeMap<&str, String>) -> String {
    if let Some((_, value)) = KNOWN.iter().find(|(name, _)| *name == placeholder) {
        return (*value).to_owned();
    }
    if let Some((_, stack)) = elsewhere.iter().find(|(part, _)| self::placeholder(part) == placeholder) {
        return format!("!GetAtt {stack}.Outputs.{placeholder}");
    }
    match placeholder.strip_suffix("Arn").filter(|flow| flow.starts_with("Part")) {
        Some(flow) => format!("!Ref {flow}"),
        None => format!("!Ref {placeholder}"),
    }
}

/// A flow as the templates show it.
struct Shown {
    name: String,
    title: String,
    description: String,
    kind: &'static str,
    blocks: usize,
    /// A scalar of YAML.
    content: Filled,
    /// Bytes of it.
    length: usize,
    /// Placeholders that stand in it.
    uses: BTreeSet<String>,
}

impl Shown {
    fn of(written: &Written, ours: &BTreeSet<String>) -> Self {
        let flow = &written.flow;
        let (filled, uses) = substituted(&written.content, ours);
        let content = prose::escaped(if uses.is_empty() { &written.content } else { &filled });
        Self {
            name: written.name.clone(),
            title: flow.name.clone(),
            description: flow.description.clone(),
            kind: flow.runs.id(),
            blocks: written.blocks,
            length: content.len(),
            content: Filled::from(&*content),
            uses,
        }
    }

    /// A row of the table of files.
    fn row(&self) -> Filled {
        context! {
            name => self.name.clone(),
            kind => self.kind,
            blocks => self.blocks,
            description => self.description.clone(),
        }
    }

    /// `value` is what a placeholder is that is no parameter of this template.
    fn filled(&self, value: &dyn Fn(&str) -> Option<String>) -> Filled {
        let pairs = self.uses.iter().filter_map(|name| Some((name, value(name)?)));
        let pairs = pairs.filter(|(name, value)| *value != format!("!Ref {name}"));
        let maps: Vec<Filled> = pairs.map(|(name, value)| context! { name, value }).collect();
        context! {
            resource => resource(&self.name),
            arn => placeholder(&self.name),
            title => self.title.clone(),
            description => self.description.clone(),
            kind => self.kind,
            content => self.content.clone(),
            fills => !self.uses.is_empty(),
            maps => maps,
        }
    }
}

/// Whether a flow is a part of the conversation.
fn is_part(name: &str) -> bool {
    name.starts_with("part-")
}

/// A flow's content for `Fn::Sub`, and the placeholders in it: what only looks like one is kept from being one. The content is
/// a scalar in double quotes, which is a JSON text on one line.
fn substituted<'t>(text: &'t str, ours: &BTreeSet<String>) -> (Cow<'t, str>, BTreeSet<String>) {
    let (mut out, mut rest, mut found) = (String::new(), text, BTreeSet::new());
    let mut kept = 0;
    for (at, _) in text.match_indices("${") {
        match text[at + 2..].split_once('}').map(|(name, _)| name).filter(|name| ours.contains(*name)) {
            Some(name) if found.contains(name) => {}
            Some(name) => {
                found.insert(name.to_owned());
            }
            None => {
                out.push_str(&text[kept..at]);
                out.push_str("${!");
                kept = at + 2;
            }
        }
        rest = &text[kept..];
    }
    if kept == 0 { (Cow::Borrowed(text), found) } else { (Cow::Owned(out + rest), found) }
}

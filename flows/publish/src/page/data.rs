//! What data goes where and why: class, field, handoffs, tiers, place at the contact centre, redaction, retention, basis.

use flow_model::document::Document;
use flow_model::flow::{Flow, Handoff, Kind};
use flow_model::tree::{Json, compact};

use crate::hours::counted;
use crate::html::Html;
use crate::places::{self, plain};
use crate::spoken::condition;

/// A field as it travels.
struct Travel {
    class: Option<String>,
    field: String,
    from: String,
    context: String,
    redact: String,
    cards: Vec<String>,
    tiers: Vec<(String, bool)>,
    places: Vec<String>,
}

/// The tables of data.
pub(super) fn section(html: &mut Html, document: &Document) {
    let flow = &document.flow;
    classes(html, document);
    let travels = travels(document);
    if travels.is_empty() {
        html.leaf("p", &[], "Nothing is sent.");
        return;
    }
    html.element(
        "div",
        &[("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Fields")],
        |html| {
            html.element("table", &[], |html| {
                html.leaf("caption", &[], "What a person receives, field by field");
                head(html, &["Class", "Field", "Comes from", "Sent by", "To", "How", "Lands in"]);
                html.element("tbody", &[], |html| {
                    for travel in &travels {
                        html.line();
                        html.element("tr", &[], |html| row(html, flow, travel));
                    }
                });
            });
        },
    );
}

fn head(html: &mut Html, columns: &[&str]) {
    html.element("thead", &[], |html| {
        html.element("tr", &[], |html| {
            for column in columns {
                html.leaf("th", &[("scope", "col")], column);
            }
        });
    });
}

fn classes(html: &mut Html, document: &Document) {
    let flow = &document.flow;
    if flow.classes.is_empty() {
        html.leaf("p", &[], "The flow declares no classes of data.");
        return;
    }
    html.element("div", &[("class", "scroll")], |html| {
        html.element("table", &[], |html| {
            html.leaf("caption", &[], "Classes of data");
            head(html, &["Class", "On the way out", "Kept", "Basis", "Shown when", "Seen by", "Collected as"]);
            html.element("tbody", &[], |html| {
                for (id, class) in &flow.classes {
                    html.line();
                    let text = |key: &str| document.tree.at(&["classes", id, key]).and_then(Json::as_text);
                    html.element("tr", &[], |html| {
                        html.words("th", &[("scope", "row")], &places::class(flow, id));
                        html.words("td", &[], &places::redaction(class.redact.as_deref()));
                        let kept = class.retain_days.map(|days| counted(days, "day"));
                        html.words("td", &[], kept.as_deref().unwrap_or("not said"));
                        html.words("td", &[], text("basis").unwrap_or("not said"));
                        let when = text("requires").map(|when| condition(flow, when));
                        html.words("td", &[], when.as_deref().unwrap_or("always"));
                        html.words("td", &[], &seen_by(flow, id));
                        html.words("td", &[], &collected(flow, id));
                    });
                }
            });
        });
    });
}

fn seen_by(flow: &Flow, class: &str) -> String {
    let tiers: Vec<String> = flow
        .tiers
        .iter()
        .filter(|(_, tier)| tier.sees.iter().any(|seen| seen == class))
        .map(|(id, _)| places::tier(flow, id))
        .collect();
    if tiers.is_empty() { "nobody".to_owned() } else { tiers.join(", ") }
}

fn collected(flow: &Flow, class: &str) -> String {
    let slots: Vec<String> = flow
        .slots
        .iter()
        .filter(|(_, slot)| slot.class.as_deref() == Some(class))
        .map(|(id, _)| places::slot(flow, id))
        .collect();
    slots.join(", ")
}

/// Every field of every context that a handoff sends; classified ones first, in the order of the classes.
fn travels(document: &Document) -> Vec<Travel> {
    let flow = &document.flow;
    let mut travels = Vec::new();
    for context in flow.contexts.keys() {
        let senders: Vec<(&String, &Handoff)> = flow
            .nodes
            .iter()
            .filter_map(|(id, node)| match &node.kind {
                Kind::Handoff(handoff) if handoff.context == *context => Some((id, &**handoff)),
                _ => None,
            })
            .collect();
        if senders.is_empty() {
            continue;
        }
        for (name, field) in flow.fields_of(context) {
            let class = field.class.clone();
            let of_class = class.as_ref().and_then(|id| flow.classes.get(id)?.redact.clone());
            let redact = field.redact.clone().or(of_class);
            travels.push(Travel {
                field: field.title.clone().unwrap_or_else(|| plain(&name)),
                from: field.from.clone(),
                context: places::context(flow, context),
                redact: places::redaction(redact.as_deref()),
                cards: senders.iter().map(|(id, _)| places::node(flow, id)).collect(),
                tiers: tiers(flow, &senders, class.as_deref()),
                places: landing(flow, &senders, &name),
                class,
            });
        }
    }
    let rank = |class: &Option<String>| {
        class.as_ref().map_or(usize::MAX, |id| flow.classes.get_index_of(id).unwrap_or(usize::MAX - 1))
    };
    travels.sort_by_key(|travel| rank(&travel.class));
    travels
}

/// The tiers that get a field, and whether they may see its class.
fn tiers(flow: &Flow, senders: &[(&String, &Handoff)], class: Option<&str>) -> Vec<(String, bool)> {
    let mut found: Vec<(String, bool)> = Vec::new();
    for (_, handoff) in senders {
        for tier in handoff.routes.iter().map(|route| &route.tier).chain([&handoff.tier]) {
            let may = class.is_none_or(|class| {
                flow.tiers.get(tier).is_some_and(|tier| tier.sees.iter().any(|seen| seen == class))
            });
            let entry = (places::tier(flow, tier), may);
            if !found.contains(&entry) {
                found.push(entry);
            }
        }
    }
    found
}

/// Where a field lands at each contact centre that its handoffs name.
fn landing(flow: &Flow, senders: &[(&String, &Handoff)], field: &str) -> Vec<String> {
    let mut found: Vec<String> = Vec::new();
    for (_, handoff) in senders {
        let Some(id) = &handoff.target else { continue };
        let title = flow_handoff::target(id).map_or_else(|| plain(id), |target| target.title().to_owned());
        let target = flow.targets.get(id);
        let place = target.and_then(|t| t.fields.get(field)).cloned();
        let mut words = format!("{title}: {}", place.as_deref().unwrap_or("its usual place"));
        if let Some(rule) = target.and_then(|t| t.too_big.get(field)) {
            words.push_str(&format!(" (too big: {rule})"));
        }
        if !found.contains(&words) {
            found.push(words);
        }
    }
    found
}

fn row(html: &mut Html, flow: &Flow, travel: &Travel) {
    let class = travel.class.as_ref().map(|id| places::class(flow, id));
    html.words("th", &[("scope", "row")], class.as_deref().unwrap_or("no class"));
    html.element("td", &[], |html| {
        html.bdi(&travel.field);
        html.words("p", &[("class", "note")], &travel.context);
    });
    html.element("td", &[], |html| html.leaf("code", &[("dir", "auto")], &travel.from));
    list(html, &travel.cards);
    html.element("td", &[], |html| {
        html.element("ul", &[], |html| {
            for (tier, may) in &travel.tiers {
                let words = if *may { tier.clone() } else { format!("{tier} (may not see this class)") };
                html.words("li", &[("class", if *may { "" } else { "bad" })], &words);
            }
        });
    });
    html.words("td", &[], &travel.redact);
    list(html, &travel.places);
}

fn list(html: &mut Html, items: &[String]) {
    html.element("td", &[], |html| {
        if items.is_empty() {
            return;
        }
        html.element("ul", &[], |html| {
            for item in items {
                html.words("li", &[], item);
            }
        });
    });
}

/// A value of a payload as people read it.
pub(super) fn value(json: &Json) -> String {
    match json {
        Json::Text(text) => text.clone(),
        Json::List(items) => items.iter().map(value).collect::<Vec<_>>().join("\n"),
        Json::Map(_) if json.get("who").is_some() && json.get("text").is_some() => {
            let part = |key: &str| json.get(key).and_then(Json::as_text).unwrap_or("");
            format!("{}: {}", part("who"), part("text"))
        }
        Json::Map(entries) => {
            let part = |(key, inner): &(String, Json)| match inner {
                Json::Text(text) => format!("{key}: {text}"),
                other => format!("{key}: {}", compact(other)),
            };
            entries.iter().map(part).collect::<Vec<_>>().join(", ")
        }
        other => compact(other),
    }
}

//! A handoff of a preview, as text: what is sent, what was withheld, every request in order, and what came back.

use flow_api::model::tree::{Json, compact};

use crate::output::{Fault, line};

fn text<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_text).unwrap_or("")
}

fn items<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json.get(key).map_or(&[][..], Json::items)
}

fn entries<'a>(json: &'a Json, key: &str) -> &'a [(String, Json)] {
    json.get(key).map_or(&[][..], Json::entries)
}

fn value(json: &Json, key: &str) -> String {
    json.get(key).map_or_else(String::new, compact)
}

/// Prints a handoff.
pub(crate) fn handed(handoff: &Json) -> Result<(), Fault> {
    line(&format!("handoff at {}: {} of {}", text(handoff, "node"), text(handoff, "state"), text(handoff, "tier")))?;
    if let Some(envelope) = handoff.get("envelope") {
        for (name, value) in entries(envelope, "payload") {
            line(&format!("     {name}: {}", compact(value)))?;
        }
        for one in items(envelope, "redacted") {
            line(&format!("     withheld ({}): {}: {}", text(one, "how"), text(one, "field"), text(one, "why")))?;
        }
    }
    for (target, first) in entries(handoff, "requests") {
        requested(target, first)?;
        let withdraw = first.get("withdraw").and_then(|withdraw| withdraw.get("request"));
        if let Some(back) = withdraw.filter(|back| **back != Json::Null) {
            line(&format!("       withdrawn by {} {}", text(back, "method"), text(back, "url")))?;
        }
    }
    came_back(handoff)
}

/// A request and all that follow it.
fn requested(target: &str, request: &Json) -> Result<(), Fault> {
    let limited = request.get("limited").and_then(Json::as_bool) == Some(true);
    let limit = if limited { format!("limit {}", value(request, "limit")) } else { "no limit".to_owned() };
    let bytes = value(request, "bytes");
    line(&format!("     {target}: {} {} ({bytes} bytes, {limit})", text(request, "method"), text(request, "url")))?;
    for (name, value) in entries(request, "headers") {
        line(&format!("       {name}: {}", value.as_text().unwrap_or("")))?;
    }
    if !text(request, "body").is_empty() {
        line(&format!("       {}", text(request, "body")))?;
    }
    for cut in items(request, "cut") {
        let sizes = format!("{} of {} bytes left", value(cut, "after"), value(cut, "before"));
        line(&format!("       cut ({}): {}, {sizes}", text(cut, "how"), text(cut, "field")))?;
    }
    for meter in items(request, "meters") {
        let number = |key: &str| meter.get(key).and_then(Json::as_decimal);
        if number("used") > number("most") {
            let (used, most) = (value(meter, "used"), value(meter, "most"));
            line(&format!("       too large: {} has {used} {} of {most}", text(meter, "what"), text(meter, "unit")))?;
        }
    }
    let missing: Vec<&str> = items(request, "missing").iter().filter_map(Json::as_text).collect();
    if !missing.is_empty() {
        line(&format!("       without an id: {}", missing.join(", ")))?;
    }
    for next in items(request, "then") {
        requested(target, next)?;
    }
    Ok(())
}

fn came_back(handoff: &Json) -> Result<(), Fault> {
    let Some(back) = handoff.get("resume").filter(|back| **back != Json::Null) else { return Ok(()) };
    line(&format!("     came back: {}, {}", text(back, "outcome"), text(back, "why")))?;
    for (key, words) in [("person", "by"), ("result", "as"), ("note", "note"), ("closing_text", "last said")] {
        if !text(back, key).is_empty() {
            line(&format!("       {words}: {}", text(back, key)))?;
        }
    }
    for (name, value) in entries(back, "facts") {
        line(&format!("       new: {name} = {}", compact(value)))?;
    }
    for done in items(back, "do_not_repeat") {
        line(&format!("       not again: {} {}: {}", text(done, "what"), text(done, "name"), text(done, "why")))?;
    }
    let next = back.get("next_owner").unwrap_or(&Json::Null);
    let node = if text(next, "node").is_empty() { String::new() } else { format!(" at {}", text(next, "node")) };
    line(&format!("       next: {}{node}", text(next, "who")))
}

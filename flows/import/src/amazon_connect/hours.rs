//! Hours of operation, as `{Name, TimeZone, Config: [{Day, StartTime, EndTime}]}`.

use flow_model::tree::Json;

use super::TUNING;
use crate::{Draft, Part};

/// A calendar of ours.
pub(super) fn read(draft: &mut Draft, part: &Part) {
    let name = part.text("Name").unwrap_or("hours").to_owned();
    let zone = part.text("TimeZone").unwrap_or("Etc/UTC").to_owned();
    let time = |part: Option<&Part>| {
        let of = |key| part.and_then(|part| part.number(key)).unwrap_or(0.0).clamp(0.0, 59.0);
        format!("{:02.0}:{:02.0}", of("Hours").min(24.0), of("Minutes"))
    };
    let mut open: Vec<(usize, String)> = Vec::new();
    for row in part.list("Config") {
        let Some(day) = row.text("Day") else { continue };
        let days = ["MONDAY", "TUESDAY", "WEDNESDAY", "THURSDAY", "FRIDAY", "SATURDAY", "SUNDAY"];
        let Some(at) = days.iter().position(|known| *known == day) else { continue };
        let short = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"].get(at).copied().unwrap_or("Mon");
        open.push((at, format!("{short} {}-{}", time(row.get("StartTime")), time(row.get("EndTime")))));
    }
    open.sort();
    part.leave(&["Description", "Tags"], TUNING);
    let open = Json::List(open.into_iter().map(|(_, span)| Json::Text(span)).collect());
    let calendar =
        vec![("title".to_owned(), Json::text(&name)), ("zone".to_owned(), Json::Text(zone)), ("open".to_owned(), open)];
    draft.declare("hours", &name, Json::Map(calendar));
}

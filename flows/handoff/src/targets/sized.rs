//! Making a request fit: each field's own policy, in the order in which the flow's `too_big` names them.

use std::borrow::Cow;

use flow_model::flow;
use flow_model::tree::{Json, compact};

use crate::envelope::Field;
use crate::request::Cut;
use crate::words::shorten;

/// A field as it is sent.
#[derive(Clone, Debug)]
pub struct Part<'a> {
    /// Its name.
    pub name: &'a str,
    /// What people read.
    pub title: Option<&'a str>,
    /// Its value, cut or whole.
    pub value: Cow<'a, Json>,
}

/// A body, and what was cut for it.
pub struct Fitted {
    /// The exact body.
    pub body: String,
    /// What was cut.
    pub cut: Vec<Cut>,
}

/// Writes a body; while it is larger than `most` bytes, the next field of `too_big` is cut as told there. Fields that
/// are not named there, and those to `keep`, stay whole.
pub fn fit(
    fields: &[Field],
    setup: &flow::Target,
    screen: Option<&str>,
    most: usize,
    write: &dyn Fn(&[Part<'_>]) -> String,
) -> Fitted {
    let mut parts: Vec<Part<'_>> = fields
        .iter()
        .map(|field| Part { name: &field.name, title: field.title.as_deref(), value: Cow::Borrowed(&field.value) })
        .collect();
    let mut body = write(&parts);
    let mut cut = Vec::new();
    for (name, policy) in &setup.too_big {
        if body.len() <= most {
            break;
        }
        let Some(at) = parts.iter().position(|part| part.name == name) else { continue };
        let before = compact(&parts[at].value).len();
        let how = match (policy.as_str(), screen) {
            ("drop", _) => {
                parts.remove(at);
                "drop"
            }
            ("shorten", _) => {
                shorten_to_fit(&mut parts, at, before.min(most), &|parts| write(parts).len() <= most);
                "shorten"
            }
            ("link", Some(screen)) => {
                parts[at].value = Cow::Owned(Json::Text(format!("[too long; see {screen}]")));
                "link"
            }
            ("link", None) => {
                parts[at].value = Cow::Owned(Json::text("[too long; left out]"));
                "link"
            }
            _ => continue,
        };
        let after = parts.iter().find(|part| part.name == name).map_or(0, |part| compact(&part.value).len());
        if how == "drop" || after < before {
            cut.push(Cut { field: name.clone(), how, before, after });
        }
        body = write(&parts);
    }
    Fitted { body, cut }
}

/// Shortens one part as little as is needed; to its mark where even that is too much.
fn shorten_to_fit(parts: &mut [Part<'_>], at: usize, most: usize, fits: &dyn Fn(&[Part<'_>]) -> bool) {
    let whole = parts[at].value.clone().into_owned();
    let (mut low, mut high) = (0, most);
    while low < high {
        let room = (low + high).div_ceil(2);
        parts[at].value = Cow::Owned(shorten(&whole, room));
        if fits(parts) {
            low = room;
        } else {
            high = room - 1;
        }
    }
    parts[at].value = Cow::Owned(shorten(&whole, low));
}

//! Making a request fit: each field's own policy, in the order in which the flow's `too_big` names them; then what the
//! target itself lets give way of what it sends beside the fields.
//!
//! What must stay true: nothing is cut that no policy names, and everything cut is listed.

use std::borrow::Cow;

use flow_model::flow;
use flow_model::tree::{Json, compact};

use crate::envelope::Field;
use crate::request::{Content, Cut, Meter, Request};
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
    /// Whether the target sends it beside the fields.
    pub own: bool,
}

impl<'a> Part<'a> {
    /// A payload field, whole.
    #[must_use]
    pub fn of(field: &'a Field) -> Self {
        Self { name: &field.name, title: field.title.as_deref(), value: Cow::Borrowed(&field.value), own: false }
    }

    /// What the target sends beside the fields.
    #[must_use]
    pub fn own(name: &'a str, value: Json) -> Self {
        Self { name, title: None, value: Cow::Owned(value), own: true }
    }

    fn own_limit(name: &str) -> Option<&str> {
        Some(name)
    }

    fn limit_of_all(_: &str) -> Option<&str> {
        None
    }
}

/// A body, and what was measured of it.
pub struct Written {
    /// The exact body.
    pub body: String,
    /// Limits of the whole (`part` is `None`) and of single fields (`part` is their name).
    pub meters: Vec<Meter>,
}

impl Written {
    /// How much is over the limits of a part, or of the whole.
    fn excess(&self, part: Option<&str>) -> usize {
        let here = self.meters.iter().filter(|meter| meter.part.as_deref() == part);
        here.map(|meter| meter.used.saturating_sub(meter.most)).fold(0, usize::saturating_add)
    }
}

/// A body that was made to fit as far as its policies allow.
pub struct Fitted {
    /// The body and its meters.
    pub written: Written,
    /// What was cut.
    pub cut: Vec<Cut>,
}

impl Fitted {
    /// Puts the body into a request. `limit` is the largest length of the whole body, in bytes.
    #[must_use]
    pub fn into(self, request: Request, content: Content, limit: usize) -> Request {
        let mut request = request.body(content, self.written.body, limit, self.written.meters);
        request.cut = self.cut;
        request
    }
}

/// What gives way: the flow's `too_big` first, then `own` for what the target sends beside the fields.
pub struct Policies<'a> {
    all: Vec<(&'a str, &'a str)>,
    /// How many of them the flow has named.
    of_flow: usize,
    screen: Option<&'a str>,
}

impl<'a> Policies<'a> {
    /// The policies of a flow's target; `own` are those of the target for names that no field has.
    #[must_use]
    pub fn new(
        setup: &'a flow::Target,
        fields: &[Field],
        own: &[(&'static str, &'static str)],
        screen: Option<&'a str>,
    ) -> Self {
        let mut all: Vec<(&str, &str)> = setup.too_big.iter().map(|(n, p)| (n.as_str(), p.as_str())).collect();
        for (name, policy) in own {
            if !setup.too_big.contains_key(*name) && !fields.iter().any(|field| field.name == *name) {
                all.push((name, policy));
            }
        }
        Self { all, of_flow: setup.too_big.len(), screen }
    }

    /// Lets transcripts be shortened that the flow says nothing of, before anything of the target's own: for targets that
    /// have what was said by themselves.
    #[must_use]
    pub fn native_transcript(mut self, fields: &'a [Field]) -> Self {
        for field in fields.iter().filter(|field| field.is_transcript()) {
            if !self.all.iter().any(|(name, _)| *name == field.name) {
                self.all.insert(self.of_flow, (&field.name, "shorten"));
                self.of_flow += 1;
            }
        }
        self
    }

    /// Each name with its policy, in the order in which they give way.
    #[must_use]
    pub fn all(&self) -> &[(&'a str, &'a str)] {
        &self.all
    }
}

/// Writes a body. `write` gets the parts, and the names of those that are cut, for a `truncated` list. While a limit is
/// passed, the next part that has a policy is cut as it says: for a limit of its own, that part; for one of the whole,
/// one after the other, where that helps. Parts without a policy, and those to `keep`, stay whole.
pub fn fit(
    mut parts: Vec<Part<'_>>,
    policies: &Policies<'_>,
    write: &dyn Fn(&[Part<'_>], &[&str]) -> Written,
) -> Fitted {
    let mut cut: Vec<Cut> = Vec::new();
    let mut written = write(&parts, &[]);
    for limit in [Part::own_limit as fn(&str) -> Option<&str>, Part::limit_of_all] {
        for (name, policy) in &policies.all {
            let excess = written.excess(limit(name));
            if excess == 0 {
                continue;
            }
            let before = (parts.clone(), cut.clone());
            let mut way = Way { name, policy, screen: policies.screen, write, limit: limit(name), floor: 0 };
            let whole = way.with(&parts, &cut);
            way.floor = way.lowest(&parts, &cut);
            let after = way.cut(&mut parts, &mut cut);
            // What does not help is not cut; that its name is listed is no reason against it.
            if after.excess(limit(name)) < whole {
                written = after;
            } else {
                (parts, cut) = before;
            }
        }
    }
    Fitted { written, cut }
}

/// How a part is cut, and where it ends.
struct Way<'w> {
    name: &'w str,
    policy: &'w str,
    screen: Option<&'w str>,
    write: &'w dyn Fn(&[Part<'_>], &[&str]) -> Written,
    limit: Option<&'w str>,
    /// What is over all the same when the part is shortened to its mark: shortening ends where no more is won.
    floor: usize,
}

impl Way<'_> {
    fn fits(&self, written: &Written) -> bool {
        written.excess(self.limit) <= self.floor && written.excess(Some(self.name)) == 0
    }

    fn lowest(&self, parts: &[Part<'_>], cut: &[Cut]) -> usize {
        let Some(at) = parts.iter().position(|part| part.name == self.name && self.policy == "shorten") else {
            return 0;
        };
        let mut parts = parts.to_vec();
        parts[at].value = Cow::Owned(shorten(&parts[at].value, 0));
        self.with(&parts, cut)
    }

    /// What is over with the name of this part among those that are cut.
    fn with(&self, parts: &[Part<'_>], cut: &[Cut]) -> usize {
        let mut names: Vec<&str> = cut.iter().map(|cut| cut.field.as_str()).collect();
        if !names.contains(&self.name) {
            names.push(self.name);
        }
        (self.write)(parts, &names).excess(self.limit)
    }

    fn cut(&self, parts: &mut Vec<Part<'_>>, cut: &mut Vec<Cut>) -> Written {
        let mut names: Vec<String> = cut.iter().map(|cut| cut.field.clone()).collect();
        let write = |parts: &[Part<'_>], names: &[String]| {
            let names: Vec<&str> = names.iter().map(String::as_str).collect();
            (self.write)(parts, &names)
        };
        let Some(at) = parts.iter().position(|part| part.name == self.name) else { return write(parts, &names) };
        let before = compact(&parts[at].value).len();
        let done = cut.iter().any(|cut| cut.field == self.name);
        if !done {
            names.push(self.name.to_owned());
        }
        let how = match self.policy {
            "drop" => {
                parts.remove(at);
                "drop"
            }
            "shorten" => {
                shorten_to_fit(parts, at, before, &|parts| self.fits(&write(parts, &names)));
                "shorten"
            }
            "link" => {
                let text = match self.screen {
                    Some(screen) => format!("[too long; see {screen}]"),
                    None => "[too long; left out]".to_owned(),
                };
                parts[at].value = Cow::Owned(Json::Text(text));
                "link"
            }
            _ => {
                if !done {
                    names.pop();
                }
                return write(parts, &names);
            }
        };
        let after = parts.iter().find(|part| part.name == self.name).map_or(0, |part| compact(&part.value).len());
        match cut.iter_mut().find(|cut| cut.field == self.name) {
            Some(known) => (known.after, known.how) = (after, how),
            None if how == "drop" || after < before => {
                cut.push(Cut { field: self.name.to_owned(), how, before, after })
            }
            None => {
                names.pop();
            }
        }
        write(parts, &names)
    }
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

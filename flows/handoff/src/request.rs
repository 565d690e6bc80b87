//! A request as it goes out, byte for byte.

use flow_model::tree::Json;

/// A limit of a target.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limit {
    /// What is limited.
    pub what: &'static str,
    /// `bytes`, `characters` or `count`.
    pub unit: &'static str,
    /// The largest value.
    pub most: usize,
    /// Where it is said, and when that was read.
    pub source: &'static str,
}

impl Limit {
    /// What a text of this limit's unit uses of it; for `count`, one.
    #[must_use]
    pub fn of_text(&self, text: &str) -> usize {
        match self.unit {
            "bytes" => text.len(),
            "characters" => text.chars().count(),
            _ => 1,
        }
    }

    /// This limit with what is used of it, for the request as a whole.
    #[must_use]
    pub fn meter(&self, used: usize) -> Meter {
        Meter { what: self.what.to_owned(), unit: self.unit, used, most: self.most, part: None }
    }

    /// This limit with what one field uses of it.
    #[must_use]
    pub fn meter_of(&self, part: &str, used: usize) -> Meter {
        Meter { part: Some(part.to_owned()), ..self.meter(used) }
    }
}

/// A limit, and what is used of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meter {
    /// What is limited.
    pub what: String,
    /// `bytes`, `characters` or `count`.
    pub unit: &'static str,
    /// What is used.
    pub used: usize,
    /// The largest value.
    pub most: usize,
    /// The field whose value is measured, where it is one alone.
    pub part: Option<String>,
}

impl Meter {
    /// Whether it is held.
    #[must_use]
    pub fn fits(&self) -> bool {
        self.used <= self.most
    }
}

/// What was done to a field that did not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The field, or a part of the envelope that the target sends by itself (`summary`, `told`, …).
    pub field: String,
    /// `drop`, `shorten` or `link`; `moved` where another field has its place, `replaced` where a field has that of a part.
    pub how: &'static str,
    /// Bytes of its value before.
    pub before: usize,
    /// Bytes of its value after.
    pub after: usize,
}

/// How the bytes of a body are to be read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Content {
    /// There is no body.
    None,
    /// `application/json`
    Json,
    /// `application/x-www-form-urlencoded`
    Form,
}

impl Content {
    /// As the header `Content-Type` names it.
    #[must_use]
    pub fn header(self) -> Option<&'static str> {
        match self {
            Self::None => None,
            Self::Json => Some("application/json"),
            Self::Form => Some("application/x-www-form-urlencoded"),
        }
    }
}

/// What a later request takes from the answer to this one; there it stands as `{{name}}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Keep {
    /// The name.
    pub name: &'static str,
    /// Where the answer has it: a JSON pointer; a step `[key=value]` is the first item of a list that has that.
    pub from: &'static str,
}

/// A request, without its secrets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// HTTP method.
    pub method: &'static str,
    /// Address; names without a value stay `{{name}}`.
    pub url: String,
    /// Headers; those that carry a secret are empty.
    pub headers: Vec<(String, String)>,
    /// How the body is to be read.
    pub content: Content,
    /// The exact body.
    pub body: String,
    /// Its length.
    pub bytes: usize,
    /// The largest length that is sure to be taken; where the whole body has no limit of its own, as the rest stands.
    pub limit: usize,
    /// Whether the body has a limit at all; without one `limit` is no more than a number.
    pub limited: bool,
    /// Every limit that was measured, the one of the whole body among them where there is one.
    pub meters: Vec<Meter>,
    /// Whether it is within every limit.
    pub fits: bool,
    /// What was cut so that it fits.
    pub cut: Vec<Cut>,
    /// Names that the environment does not have.
    pub missing: Vec<String>,
    /// What those that follow take from the answer; such names are not missing.
    pub keeps: Vec<Keep>,
    /// Requests that follow, in order.
    pub then: Vec<Request>,
}

impl Request {
    /// A request without a body; add headers, a body and what follows.
    #[must_use]
    pub fn new(method: &'static str, url: impl Into<String>) -> Self {
        Self {
            method,
            url: url.into(),
            headers: Vec::new(),
            content: Content::None,
            body: String::new(),
            bytes: 0,
            limit: 0,
            limited: false,
            meters: Vec::new(),
            fits: true,
            cut: Vec::new(),
            missing: Vec::new(),
            keeps: Vec::new(),
            then: Vec::new(),
        }
    }

    /// With a header; one that carries a secret is given empty.
    #[must_use]
    pub fn header(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }

    /// The length that is sure to be taken where the whole body has no limit of its own: its length and what the tightest
    /// limit of the whole leaves, or less what is too much; without end where there is none. A character is a byte at least.
    fn room(&self, meters: &[Meter]) -> usize {
        let most = meters
            .iter()
            .filter(|meter| meter.part.is_none() && meter.unit != "count")
            .map(|meter| (self.bytes + meter.most).saturating_sub(meter.used));
        most.min().unwrap_or(usize::MAX)
    }

    /// With a body, its `Content-Type` first among the headers, and what was measured of it. `limit` is the largest
    /// length of the whole body; `usize::MAX` where it has none of its own.
    #[must_use]
    pub fn body(mut self, content: Content, body: String, limit: usize, meters: Vec<Meter>) -> Self {
        if let Some(header) = content.header() {
            self.headers.insert(0, ("Content-Type".to_owned(), header.to_owned()));
        }
        self.content = content;
        self.bytes = body.len();
        self.limit = if limit == usize::MAX { self.room(&meters) } else { limit };
        self.limited = self.limit < usize::MAX;
        self.fits = self.bytes <= limit && meters.iter().all(Meter::fits);
        self.body = body;
        self.meters = meters;
        self
    }

    /// Names that the environment has, or an answer before gives, are no longer missing; each is listed once.
    #[must_use]
    pub fn missing(mut self, missing: Vec<String>) -> Self {
        self.missing = missing;
        self
    }

    /// This request and all that follow it, in order.
    #[must_use]
    pub fn all(&self) -> Vec<&Self> {
        let mut all = vec![self];
        for next in &self.then {
            all.extend(next.all());
        }
        all
    }

    /// As `preview --json` shows it.
    #[must_use]
    pub fn json(&self) -> Json {
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), Json::text(value))).collect();
        let cut = self.cut.iter().map(|cut| {
            object([
                ("field", Json::text(&cut.field)),
                ("how", Json::text(cut.how)),
                ("before", size(cut.before)),
                ("after", size(cut.after)),
            ])
        });
        let meters = self.meters.iter().map(|meter| {
            object([
                ("what", Json::text(&meter.what)),
                ("unit", Json::text(meter.unit)),
                ("used", size(meter.used)),
                ("most", size(meter.most)),
                ("field", meter.part.as_ref().map_or(Json::Null, Json::text)),
            ])
        });
        let keeps = self.keeps.iter().map(|keep| (keep.name.to_owned(), Json::text(keep.from))).collect();
        object([
            ("method", Json::text(self.method)),
            ("url", Json::text(&self.url)),
            ("headers", Json::Map(headers)),
            ("body", Json::text(&self.body)),
            ("bytes", size(self.bytes)),
            ("limit", size(self.limit)),
            ("limited", Json::Bool(self.limited)),
            ("fits", Json::Bool(self.fits)),
            ("cut", Json::List(cut.collect())),
            ("missing", Json::List(self.missing.iter().map(Json::text).collect())),
            ("then", Json::List(self.then.iter().map(Self::json).collect())),
            ("content_type", self.content.header().map_or(Json::Null, Json::text)),
            ("meters", Json::List(meters.collect())),
            ("keeps", Json::Map(keeps)),
        ])
    }
}

/// The largest whole number that every reader of JSON has exactly; the `limit` of what is not `limited`, so that a body is
/// within it.
const NONE: i64 = 9_007_199_254_740_991;

fn size(n: usize) -> Json {
    Json::int(i64::try_from(n).unwrap_or(NONE).min(NONE))
}

/// An object of named values.
pub(crate) fn object<const N: usize>(entries: [(&str, Json); N]) -> Json {
    Json::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
}

/// A form as its bytes: names and values percent-encoded as browsers do it, spaces as `+`.
#[must_use]
pub fn form(entries: &[(&str, &str)]) -> String {
    let mut out = String::new();
    for (name, value) in entries {
        if !out.is_empty() {
            out.push('&');
        }
        encode(name, &mut out);
        out.push('=');
        encode(value, &mut out);
    }
    out
}

fn encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'*' | b'-' | b'.' | b'_' => out.push(char::from(byte)),
            b' ' => out.push('+'),
            _ => {
                out.push('%');
                for half in [byte >> 4, byte & 15] {
                    out.push(char::from(b"0123456789ABCDEF"[usize::from(half)]));
                }
            }
        }
    }
}

/// A text as one segment of an address.
#[must_use]
pub fn segment(text: &str) -> String {
    let mut out = String::new();
    encode(text, &mut out);
    out.replace('+', "%20").replace('*', "%2A")
}

/// What percent-encoded parts of an address say; what is no text so stays as it is.
#[must_use]
pub fn decoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let digit =
        |at: usize| bytes.get(at).and_then(|byte| char::from(*byte).to_digit(16)).and_then(|d| u8::try_from(d).ok());
    let (mut out, mut at) = (Vec::with_capacity(bytes.len()), 0);
    while at < bytes.len() {
        match (bytes[at], digit(at + 1), digit(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                out.push(high * 16 + low);
                at += 3;
            }
            (byte, ..) => {
                out.push(byte);
                at += 1;
            }
        }
    }
    String::from_utf8(out).unwrap_or_else(|_| text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_and_segments_are_encoded() {
        assert_eq!(form(&[("To", "+44 20"), ("a&b", "{\"ü\":1}*")]), "To=%2B44+20&a%26b=%7B%22%C3%BC%22%3A1%7D*");
        assert_eq!(segment("a b/ü*"), "a%20b%2F%C3%BC%2A");
        assert_eq!(decoded("a%20b%2F%C3%BC%2A+%zz%4"), "a b/ü*+%zz%4");
        assert_eq!(decoded("%ff"), "%ff");
    }

    #[test]
    fn a_body_without_a_limit_of_its_own_has_the_room_that_others_leave() {
        let limit = Limit { what: "x", unit: "bytes", most: 10, source: "" };
        let made = |meters| Request::new("POST", "u").body(Content::Json, "12345".into(), usize::MAX, meters);
        assert_eq!((made(vec![limit.meter(3)]).limit, made(vec![limit.meter(3)]).fits), (12, true));
        assert_eq!((made(vec![limit.meter(11)]).limit, made(vec![limit.meter(11)]).fits), (4, false));
        assert_eq!(
            (made(vec![limit.meter_of("f", 11)]).limit, made(vec![limit.meter_of("f", 11)]).fits),
            (usize::MAX, false)
        );
        let told =
            |made: &Request| ["limit", "limited"].map(|key| flow_model::tree::compact(made.json().get(key).unwrap()));
        assert_eq!(told(&made(vec![])), ["9007199254740991", "false"]);
        assert_eq!(told(&made(vec![limit.meter(3)])), ["12", "true"]);
        let bare = Request::new("GET", "u");
        assert!(bare.fits && bare.bytes <= bare.limit);
        assert_eq!(told(&bare), ["0", "false"]);
    }
}

//! A request as it would be sent, byte for byte.

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

/// What was done to a field that did not fit.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cut {
    /// The field.
    pub field: String,
    /// `drop`, `shorten` or `link`.
    pub how: &'static str,
    /// Bytes of its value before.
    pub before: usize,
    /// Bytes of its value after.
    pub after: usize,
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
    /// The exact body.
    pub body: String,
    /// Its length.
    pub bytes: usize,
    /// The largest length that is sure to be taken.
    pub limit: usize,
    /// Whether it is within every limit.
    pub fits: bool,
    /// What was cut so that it fits.
    pub cut: Vec<Cut>,
    /// Names that the environment does not have.
    pub missing: Vec<String>,
    /// Requests that follow.
    pub then: Vec<Request>,
}

impl Request {
    /// As `preview --json` shows it.
    #[must_use]
    pub fn json(&self) -> Json {
        let size = |n: usize| Json::int(i64::try_from(n).unwrap_or(i64::MAX));
        let headers = self.headers.iter().map(|(name, value)| (name.clone(), Json::text(value))).collect();
        let cut = self.cut.iter().map(|cut| {
            Json::Map(vec![
                ("field".to_owned(), Json::text(&cut.field)),
                ("how".to_owned(), Json::text(cut.how)),
                ("before".to_owned(), size(cut.before)),
                ("after".to_owned(), size(cut.after)),
            ])
        });
        let entries = [
            ("method", Json::text(self.method)),
            ("url", Json::text(&self.url)),
            ("headers", Json::Map(headers)),
            ("body", Json::text(&self.body)),
            ("bytes", size(self.bytes)),
            ("limit", size(self.limit)),
            ("fits", Json::Bool(self.fits)),
            ("cut", Json::List(cut.collect())),
            ("missing", Json::List(self.missing.iter().map(Json::text).collect())),
            ("then", Json::List(self.then.iter().map(Self::json).collect())),
        ];
        Json::Map(entries.into_iter().map(|(key, value)| (key.to_owned(), value)).collect())
    }
}

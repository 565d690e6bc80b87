//! The requests of a preview as a Postman collection v2.1 and an environment, one of each a contact centre.
//!
//! What must stay true: a body is the bytes of the preview, but for names that Postman is to fill; no other text of a
//! conversation is taken for a name, and no value of a secret stands in a collection. Every secret is empty in the
//! environment and of the type `secret`; the address of each host is a name, so that a server of one's own can stand in.

use flow_model::tree::{Json, compact};

use crate::request::object;
use crate::targets::{Auth, SetupFile, Target};

/// The form of a collection.
const SCHEMA: &str = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json";

/// The files of a contact centre from the JSON of a preview (`preview --json`): none where nothing was sent there.
#[must_use]
pub fn files(target: &dyn Target, preview: &Json) -> Vec<SetupFile> {
    let text = |key: &str| preview.get(key).and_then(Json::as_text).unwrap_or_default();
    let mut made = Made { target, hosts: Vec::new(), kept: Vec::new(), names: Vec::new() };
    let mut folders = Vec::new();
    for (number, handoff) in preview.get("handoffs").map_or(&[][..], Json::items).iter().enumerate() {
        if let Some(first) = handoff.at(&["requests", target.id()]) {
            let node = handoff.get("node").and_then(Json::as_text).unwrap_or_default();
            let state = handoff.get("state").and_then(Json::as_text).unwrap_or_default();
            folders.push(object([
                ("name", Json::Text(format!("{}. {node} ({state})", number + 1))),
                ("item", Json::List(made.items(first))),
            ]));
        }
    }
    if folders.is_empty() {
        return Vec::new();
    }
    let title = format!("{}: {}, {}", target.title(), text("flow"), text("conversation"));
    let collection = object([
        ("info", object([("name", Json::text(&title)), ("schema", Json::text(SCHEMA))])),
        ("item", Json::List(folders)),
        ("variable", Json::List(made.kept.iter().map(|name| variable(name, "", None)).collect())),
    ]);
    vec![
        SetupFile::json(format!("{}.postman_collection.json", target.id()), &collection),
        SetupFile::json(format!("{}.postman_environment.json", target.id()), &made.environment(&title)),
    ]
}

fn variable(key: &str, value: &str, kind: Option<&str>) -> Json {
    let mut made = object([("key", Json::text(key)), ("value", Json::text(value))]);
    if let Some(kind) = kind {
        made.set("type", Json::text(kind));
        made.set("enabled", Json::Bool(true));
    }
    made
}

struct Made<'t> {
    target: &'t dyn Target,
    /// Each `https://host`, in the order in which it is first met.
    hosts: Vec<String>,
    /// What answers give.
    kept: Vec<String>,
    /// What neither an answer nor the environment of the flow gives.
    names: Vec<String>,
}

impl Made<'_> {
    /// The wait where it can be known before, the requests, the wait where it is known only after, and the withdrawal.
    fn items(&mut self, first: &Json) -> Vec<Json> {
        let wait = first.at(&["wait", "request"]).filter(|request| matches!(request, Json::Map(_)));
        let before = first.at(&["wait", "known"]).and_then(Json::as_text) == Some("before");
        let back = first.at(&["withdraw", "request"]).filter(|request| matches!(request, Json::Map(_)));
        for request in [Some(first), wait, back].into_iter().flatten() {
            self.keep(request);
        }
        let mut items = Vec::new();
        // What the wait gives of a request that went out comes after it, whatever is known before.
        let (asked, after) = match wait {
            Some(wait) if before => (Some(wait), wait.get("then").map_or(&[][..], Json::items)),
            other => (None, other.map_or(&[][..], std::slice::from_ref)),
        };
        if let Some(asked) = asked {
            items.push(self.item("Wait, before", asked));
        }
        self.chain("Request", first, &mut items);
        for request in after {
            self.chain("Wait, after", request, &mut items);
        }
        if let Some(back) = back {
            self.chain("Withdraw", back, &mut items);
        }
        items
    }

    fn keep(&mut self, request: &Json) {
        for (name, _) in request.get("keeps").map_or(&[][..], Json::entries) {
            if !self.kept.contains(name) {
                self.kept.push(name.clone());
            }
        }
        for next in request.get("then").map_or(&[][..], Json::items) {
            self.keep(next);
        }
    }

    fn chain(&mut self, name: &str, request: &Json, items: &mut Vec<Json>) {
        items.push(self.item(name, request));
        for next in request.get("then").map_or(&[][..], Json::items) {
            self.chain("Then", next, items);
        }
    }

    fn item(&mut self, name: &str, request: &Json) -> Json {
        let text = |key: &str| request.get(key).and_then(Json::as_text).unwrap_or_default();
        let names = self.names_of(request);
        let headers = request.get("headers").map_or(&[][..], Json::entries);
        let signed = headers.iter().any(|(header, _)| header == "Authorization");
        let header = |(key, value): &(String, Json)| {
            object([("key", Json::text(key)), ("value", Json::text(value.as_text().unwrap_or_default()))])
        };
        let mut made = object([
            ("method", Json::text(text("method"))),
            ("auth", if signed { self.auth() } else { object([("type", Json::text("noauth"))]) }),
            ("header", Json::List(headers.iter().filter(|(name, _)| name != "Authorization").map(header).collect())),
            ("url", self.url(text("url"))),
        ]);
        let (body, kind) = (text("body"), text("content_type"));
        if !body.is_empty() {
            let raw = if kind == "application/json" { in_json(body, &names) } else { in_form(body, &names) };
            let mut written = object([("mode", Json::text("raw")), ("raw", Json::Text(raw))]);
            if kind == "application/json" {
                written.set("options", object([("raw", object([("language", Json::text("json"))]))]));
            }
            made.set("body", written);
        }
        let path = text("url").split_once("://").map_or(text("url"), |(_, rest)| rest);
        object([
            ("name", Json::Text(format!("{name}: {} {path}", text("method")))),
            ("event", Json::List(vec![self.test(request)])),
            ("request", made),
        ])
    }

    /// The names that stand in a request for Postman to fill: those of answers, and those without an id.
    fn names_of(&mut self, request: &Json) -> Vec<String> {
        let missing = request.get("missing").map_or(&[][..], Json::items).iter().filter_map(Json::as_text);
        let mut names: Vec<String> = missing.map(str::to_owned).collect();
        names.sort_unstable();
        names.dedup();
        for name in &names {
            if !self.kept.contains(name) && !self.names.contains(name) {
                self.names.push(name.clone());
            }
        }
        names.extend(self.kept.iter().cloned());
        names
    }

    fn auth(&self) -> Json {
        let entry = |key: &str, value: String| {
            object([("key", Json::text(key)), ("value", Json::Text(value)), ("type", Json::text("string"))])
        };
        let secret = |name: &str| format!("{{{{{name}}}}}");
        let (kind, entries) = match self.target.auth() {
            Auth::Basic { user, password } => {
                ("basic", vec![entry("username", user.to_owned()), entry("password", secret(password))])
            }
            Auth::Bearer(token) => ("bearer", vec![entry("token", secret(token))]),
            Auth::Aws { service, key, secret: hidden } => (
                "awsv4",
                vec![
                    entry("accessKey", secret(key)),
                    entry("secretKey", secret(hidden)),
                    entry("region", "{{aws_region}}".to_owned()),
                    entry("service", service.to_owned()),
                ],
            ),
            Auth::None => return object([("type", Json::text("noauth"))]),
        };
        object([("type", Json::text(kind)), (kind, Json::List(entries))])
    }

    /// An address whose host is a name.
    fn url(&mut self, url: &str) -> Json {
        let at = url.find("://").map_or(0, |at| at + 3);
        let end = url[at..].find('/').map_or(url.len(), |end| at + end);
        let (host, rest) =
            url.split_at(if url.starts_with("{{") { url.find("}}").map_or(0, |at| at + 2) } else { end });
        let number = self.hosts.iter().position(|known| known == host).unwrap_or_else(|| {
            self.hosts.push(host.to_owned());
            self.hosts.len() - 1
        });
        let name = format!("{{{{{}}}}}", base(number));
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let steps = path.split('/').filter(|step| !step.is_empty()).map(Json::text).collect();
        let mut made = object([
            ("raw", Json::Text(format!("{name}{rest}"))),
            ("host", Json::List(vec![Json::Text(name)])),
            ("path", Json::List(steps)),
        ]);
        if !query.is_empty() {
            let pair = |pair: &str| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                object([("key", Json::text(key)), ("value", Json::text(value))])
            };
            made.set("query", Json::List(query.split('&').map(pair).collect()));
        }
        made
    }

    /// The answer says that it was taken, and gives what later requests need.
    fn test(&self, request: &Json) -> Json {
        let mut lines =
            vec!["pm.test(\"taken\", () => pm.expect(pm.response.code).to.be.within(200, 299));".to_owned()];
        for (name, from) in request.get("keeps").map_or(&[][..], Json::entries) {
            let (name, from) = (compact(&Json::text(name)), compact(from));
            lines.push(format!("pm.test(\"gives \" + {name}, () => {{"));
            lines.push(format!("  const steps = {from}.split(\"/\").slice(1);"));
            lines.push("  const own = (step) => /^\\[(.+?)=(.*)\\]$/.exec(step);".to_owned());
            lines.push("  const item = (at, [, key, value]) => at?.find?.((one) => one?.[key] === value);".to_owned());
            lines.push("  const next = (at, step) => (own(step) ? item(at, own(step)) : at?.[step]);".to_owned());
            lines.push("  const found = steps.reduce(next, pm.response.json());".to_owned());
            lines.push("  pm.expect(found).to.not.be.oneOf([undefined, null, \"\"]);".to_owned());
            lines.push(format!("  pm.collectionVariables.set({name}, String(found));"));
            lines.push("});".to_owned());
        }
        let exec = Json::List(lines.into_iter().map(Json::Text).collect());
        object([
            ("listen", Json::text("test")),
            ("script", object([("type", Json::text("text/javascript")), ("exec", exec)])),
        ])
    }

    /// Addresses, names without an id, and secrets, which stay empty.
    fn environment(&self, title: &str) -> Json {
        let hosts = self.hosts.iter().enumerate();
        let mut values: Vec<Json> = hosts.map(|(at, host)| variable(&base(at), host, Some("default"))).collect();
        let mut names: Vec<&str> = self.names.iter().map(String::as_str).collect();
        let region = "aws_region";
        if matches!(self.target.auth(), Auth::Aws { .. }) && !names.contains(&region) {
            names.push(region);
        }
        names.retain(|name| !self.target.secrets().contains(name));
        values.extend(names.iter().map(|name| variable(name, &self.region(name), Some("default"))));
        values.extend(self.target.secrets().iter().map(|name| variable(name, "", Some("secret"))));
        object([
            ("name", Json::text(title)),
            ("values", Json::List(values)),
            ("_postman_variable_scope", Json::text("environment")),
        ])
    }

    /// The region of an address of AWS, where it is known.
    fn region(&self, name: &str) -> String {
        let of = |host: &String| Some(host.strip_suffix(".amazonaws.com")?.rsplit('.').next()?.to_owned());
        let found = self.hosts.iter().find_map(of).filter(|region| !region.contains('{'));
        if name == "aws_region" { found.unwrap_or_default() } else { String::new() }
    }
}

fn base(number: usize) -> String {
    if number == 0 { "base".to_owned() } else { format!("base_{}", number + 1) }
}

/// JSON in which Postman sees no names but these: two braces within a text are written as one and its escape.
fn in_json(body: &str, names: &[String]) -> String {
    let mut out = String::with_capacity(body.len());
    let mut rest = body;
    while let Some(at) = rest.find("{{") {
        out.push_str(&rest[..at]);
        let inner = &rest[at + 2..];
        let name = inner.find("}}").map(|end| &inner[..end]).filter(|name| names.iter().any(|known| known == name));
        match name {
            Some(name) => {
                out.push_str(&format!("{{{{{name}}}}}"));
                rest = &inner[name.len() + 2..];
            }
            None => {
                out.push_str("{\\u007b");
                rest = inner;
            }
        }
    }
    out.push_str(rest);
    out
}

/// A form in which the names that Postman is to fill are no longer encoded; all else stays encoded and is no name.
fn in_form(body: &str, names: &[String]) -> String {
    names
        .iter()
        .fold(body.to_owned(), |body, name| body.replace(&format!("%7B%7B{name}%7D%7D"), &format!("{{{{{name}}}}}")))
}

#[cfg(test)]
#[path = "postman_tests.rs"]
mod tests;

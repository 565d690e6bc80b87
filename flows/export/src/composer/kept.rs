//! What may stand nowhere as it is in what goes to the hub: values that the flow keeps back, and numbers that look like those of
//! a card or of an account.
//!
//! `replaceIgnoreCase` takes a pattern, in the runtimes for Node and for .NET alike (adaptive-expressions 4.23.3 and
//! AdaptiveExpressions, read 2026-11-23). So a value is found in large and small letters, as a word of its own, and one with
//! digits however it is parted, as the studio finds it. Of a list it is found in its JSON, in which every sign of a
//! quotation is made one of structure first.

use flow_conditions::ast::{Expr, Kind as Ast};
use flow_conditions::value::Type;

use super::names::Scope;
use super::payload::{FAILED, held, is_text, masked};
use super::texts::plain;
use super::words::{list, quoted};
use crate::policy::Place;
use crate::policy::write::redaction;

/// What stands in no text.
const NOWHERE: &str = "'\u{fffc}'";
/// What may stand between the characters of a number, and what nobody sees.
const SIGNS: &str =
    r"[\s.,/_\u00b7\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d\u00ad\u200b-\u200f\u2060-\u206f\ufeff]";
/// The same between two of them, in JSON too.
const BETWEEN: &str = r"(?:[\s.,/_\u00b7\-\u2010-\u2015\u2043\u2212\ufe58\ufe63\uff0d\u00ad\u200b-\u200f\u2060-\u206f\ufeff]|\\[nrt]){0,3}";
/// Where a word may begin, behind a sign that JSON writes with letters too, and where it may end.
const BEGINS: &str = r"(?<![a-z0-9\u00c0-\u024f](?=[a-z0-9\u00c0-\u024f])(?<!\\[nrt])(?<!\\u00[0-9a-f]{2}))";
const ENDS: &str = r"(?!(?<=[a-z0-9\u00c0-\u024f])[a-z0-9\u00c0-\u024f])";
/// What follows a place in a text of a list, and not in a key.
const INSIDE: &str = r#"(?=[^"]*"(?!:)[^"]*(?:"[^"]*"[^"]*)*$)"#;
/// What follows a number that is no text.
const BARE: &str = r#"(?=[,\]}](?:[^"]*"[^"]*")*[^"]*$)"#;
/// Numbers of cards by the brands' first digits and their length, and accounts by their groups; no check digits.
const NUMBERS: &str = concat!(
    r"(?<![a-z0-9+])(?<![a-z][-#])(?:4[0-9]{3}|5[1-5][0-9]{2}|2[2-7][0-9]{2}|3[0-9]{3}|6[0-9]{3}|50[0-9]{2})",
    r"(?:[ .,/_-]?[0-9]){9,15}(?![a-z0-9])",
    r"|(?<![a-z0-9])[a-z]{2}[0-9]{2}[ -]?(?:[a-z0-9]{4}[ -]?){1,2}(?:[0-9]{4}[ -]?){1,5}[0-9]{1,4}(?![a-z0-9])",
);

/// What is kept back of a context.
#[derive(Debug)]
pub struct Secrets {
    all: Vec<Secret>,
}

/// Values that may stand nowhere, by where their pattern and what stands instead of them are kept.
#[derive(Debug)]
struct Secret {
    find: String,
    instead: String,
    quoted: String,
    /// Whether one may stand in a list as a number.
    number: bool,
}

/// A value of the flow that is kept back.
struct Held {
    path: String,
    of: Type,
    how: &'static str,
}

/// The patterns that every request needs, for the turn.
pub fn patterns() -> [(String, String); 5] {
    let all = [("numbers", NUMBERS), ("inside", INSIDE), ("signs", SIGNS), ("between", BETWEEN), ("bare", BARE)];
    all.map(|(key, pattern)| (format!("turn.kept.{key}"), quoted(pattern)))
}

/// A text without what looks like the number of a card or of an account.
pub fn without_numbers(text: &str) -> String {
    format!("replaceIgnoreCase({text}, turn.kept.numbers, '****')")
}

/// What is kept back, and the assignments that find out how it is found.
pub(super) fn of(scope: Scope<'_, '_>, context: &str) -> (Secrets, Vec<(String, String)>) {
    let held = values(scope, context);
    let mut found = Vec::new();
    let mut put = |key: &str, value: String| found.push((format!("turn.kept.{key}"), value));
    let mut all = Vec::new();
    if !held.is_empty() {
        // A list stands there as the pattern of any of its items, and none of them has an end of its own to show.
        let one = |held: &Held| match held.of {
            Type::List(_) => format!("coalesce({}, createArray())", held.path),
            _ => list([plain(&held.path)]),
        };
        put("values", list(held.iter().map(one)));
        let long = "where(values, value, length(concat('', value)) >= 4)";
        let each = format!("foreach({long}, value, {})", pattern("concat('', value)"));
        let any = format!("if(count({long}) > 0, concat('(?:', join({each}, '|'), ')'), {NOWHERE})");
        put("find", format!("foreach(turn.kept.values, values, {any})"));
        let instead = |held: &Held| match (held.how, &held.of) {
            ("mask", Type::List(_)) => quoted("****"),
            ("mask", _) => masked(&held.path),
            (how, _) => quoted(how),
        };
        // A dollar would be a part of the pattern.
        put("instead", format!("foreach({}, one, replace(one, '$', '$$'))", list(held.iter().map(instead))));
        let json = "jsonStringify(one)";
        let text = format!("substring({json}, 1, length({json}) - 2)");
        put("quoted", format!("foreach(turn.kept.instead, one, {})", structured(&text)));
        all = (0..held.len())
            .map(|at| Secret {
                find: format!("turn.kept.find[{at}]"),
                instead: format!("turn.kept.instead[{at}]"),
                quoted: format!("turn.kept.quoted[{at}]"),
                number: !is_text(&held[at].of),
            })
            .collect();
    }
    (Secrets { all }, found)
}

/// The pattern of a value: with digits in it and long enough it may be parted otherwise.
fn pattern(value: &str) -> String {
    // JSON writes a backslash otherwise, so that it waits to the end.
    let escaped = |text: &str| {
        let signs = quoted(r"([\^$.|?*+()\[\]{}])");
        format!("replaceIgnoreCase(replace({text}, {}, '\u{e000}'), {signs}, {})", quoted(r"\"), quoted(r"\$1"))
    };
    let whole = format!("replaceIgnoreCase({value}, turn.kept.signs, '')");
    let each = quoted(r"(\\?(?:[\ud800-\udbff][\udc00-\udfff]|[\s\S]))");
    let parted = format!("replaceIgnoreCase({}, {each}, concat('$1', turn.kept.between))", escaped(&whole));
    let is_parted = format!("length({whole}) >= 6 && replaceIgnoreCase({whole}, '[0-9]', '') != {whole}");
    let spaced = format!("replaceIgnoreCase({}, {}, {})", escaped(value), quoted(r"\s+"), quoted(r"(?:\s|\\[nrt])+"));
    let either = format!("if({is_parted}, {parted}, {spaced})");
    let backslash = format!("replace({either}, '\u{e000}', {})", quoted(r"(?:\\u005c|\\)"));
    let quote = format!("replace({backslash}, '\"', {})", quoted(r#"(?:"|\\u0022)"#));
    // What may follow the last character of one that is parted is none of it.
    let apart = format!("concat({}, {quote}, {})", quoted(BEGINS), quoted(ENDS));
    format!("replace({apart}, concat(turn.kept.between, {0}), {0})", quoted(ENDS))
}

/// JSON in which every sign of a quotation begins or ends a text.
fn structured(json: &str) -> String {
    let backslash = format!("replace({json}, {}, {})", quoted(r"\\"), quoted(r"\u005c"));
    format!("replace({backslash}, {}, {})", quoted(r#"\""#), quoted(r"\u0022"))
}

/// Texts of fields that are kept back, and of slots of a class that is, unless a field has a rule of its own for them.
fn values(scope: Scope<'_, '_>, context: &str) -> Vec<Held> {
    let flow = scope.flow();
    let fields = flow.fields_of(context);
    let rules = fields.iter().filter_map(|(name, field)| {
        let place = Place::Field(context.to_owned(), name.clone());
        Some((&scope.plan.policy.expression(scope.id, &place)?.expr, redaction(flow, field)))
    });
    let rules: Vec<(&Expr, &str)> = rules.collect();
    let single = |expr: &Expr| matches!(expr.kind, Ast::Name(_));
    // What a field sends for itself goes by its own rule, whatever list or record it stands in as well.
    let ruled: Vec<String> =
        rules.iter().filter(|(expr, _)| single(expr)).flat_map(|(expr, _)| held(expr, scope)).collect();
    let of_fields = rules.iter().flat_map(|(expr, how)| {
        let own = |name: &String| single(expr) || !ruled.contains(name);
        held(expr, scope).into_iter().filter(own).map(|name| (name, *how)).collect::<Vec<_>>()
    });
    let of_slots = flow.slots.iter().filter_map(|(slot, known)| {
        let name = format!("slots.{slot}");
        let ruled = fields.values().any(|field| field.from.trim() == name);
        let how = flow.classes.get(known.class.as_ref()?)?.redact.as_deref()?;
        (!ruled).then_some((name, how))
    });
    let mut known: Vec<String> = Vec::new();
    let all = of_fields.chain(of_slots).filter(|(name, how)| {
        let first = *how != "none" && !known.contains(name);
        if first {
            known.push(name.clone());
        }
        first
    });
    let all: Vec<(String, &str)> = all.collect();
    let one = |(name, how): (String, &str)| {
        let read = scope.read(&name).filter(|read| read.of != Type::Bool)?;
        let how = match how {
            "mask" => "mask",
            "drop" => "[left out]",
            "block" => "[blocked]",
            _ => FAILED,
        };
        Some(Held { path: read.text, of: read.of, how })
    };
    all.into_iter().filter_map(one).collect()
}

impl Secrets {
    /// A text without what is kept back.
    pub fn scrubbed(&self, text: &str) -> String {
        self.all.iter().fold(text.to_owned(), |text, secret| {
            format!("replaceIgnoreCase({text}, {}, {})", secret.find, secret.instead)
        })
    }

    /// The same of a text that people may have written, without numbers of cards and accounts too.
    pub fn of_words(&self, text: &str) -> String {
        let text = self.scrubbed(text);
        // What the author wrote is no card.
        if text.starts_with('\'') { text } else { without_numbers(&text) }
    }

    /// The same of an address, in whose values what is kept back is looked for before they are encoded.
    pub fn in_address(&self, address: &str) -> String {
        if self.all.is_empty() {
            return address.to_owned();
        }
        let signs = [("%2A%2A%2A%2A", "****"), ("%5B", "["), ("%5D", "]")];
        let shown = signs.iter().fold(address.to_owned(), |text, (code, sign)| {
            format!("replace({text}, {}, {})", quoted(code), quoted(sign))
        });
        self.scrubbed(&shown)
    }

    /// The same in every text of a list or an object.
    pub fn of_list(&self, value: &str) -> String {
        let json = structured(&format!("jsonStringify({value})"));
        let text = self.all.iter().fold(json, |text, Secret { find, quoted: instead, number, .. }| {
            let text = format!("replaceIgnoreCase({text}, concat({find}, turn.kept.inside), {instead})");
            if !number {
                return text;
            }
            let bare = format!("concat({}, {find}, turn.kept.bare)", quoted(r"(?<=[:\[,])"));
            format!("replaceIgnoreCase({text}, {bare}, concat('\"', {instead}, '\"'))")
        });
        let numbers = "concat('(?:', turn.kept.numbers, ')', turn.kept.inside)";
        format!("json(replaceIgnoreCase({text}, {numbers}, '****'))")
    }
}

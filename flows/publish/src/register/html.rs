//! The register as a page of its own and as a part of others: escaped, readable by screen readers, printable.

use super::{Register, Row, Way};
use crate::html::{Html, Shell};
use crate::places;

/// How many conversations are named in a row.
const TESTS: usize = 6;

const HEADS: [&str; 8] = [
    "Card",
    "Why a conversation comes there",
    "Behind it",
    "To",
    "The customer hears",
    "The person receives",
    "If nobody is there",
    "Promise",
];

/// How pages look.
pub(crate) const STYLE: &str = include_str!("../page/page.css");

/// The register as a page that needs nothing beside it.
#[must_use]
pub fn html(register: &Register) -> String {
    let title = format!("{}: every way to a person", register.title);
    let shell = Shell { language: &register.locale, title: &title, style: STYLE, script: "" };
    shell.page(|html| {
        html.element("main", &[("class", "wide")], |html| {
            html.words("h1", &[], &title);
            table(html, register, false);
        });
    })
}

/// The table; `linked` where each card stands on the page, too.
pub(crate) fn table(html: &mut Html, register: &Register, linked: bool) {
    if register.rows.is_empty() {
        html.leaf("p", &[], "No card of this flow leads to a person.");
        return;
    }
    let ways = register.rows.iter().filter(|row| row.kind != Way::Nothing).count();
    let cards = register.rows.chunk_by(|one, two| one.node == two.node);
    let region = [("class", "scroll"), ("tabindex", "0"), ("role", "region"), ("aria-label", "Register")];
    html.element("div", &region, |html| {
        html.element("table", &[("class", "register")], |html| {
            html.leaf("caption", &[], &format!("{ways} ways to a person over {} cards", cards.clone().count()));
            html.element("thead", &[], |html| {
                html.element("tr", &[], |html| {
                    for head in HEADS {
                        html.leaf("th", &[("scope", "col")], head);
                    }
                });
            });
            for rows in cards {
                html.line();
                html.element("tbody", &[], |html| card(html, rows, linked));
            }
        });
    });
}

/// A card with its ways: what holds whatever the way stands once.
fn card(html: &mut Html, rows: &[Row], linked: bool) {
    let span = rows.len().to_string();
    for (i, row) in rows.iter().enumerate() {
        html.element("tr", &[], |html| {
            if i == 0 {
                html.element("th", &[("scope", "rowgroup"), ("rowspan", &span)], |html| title(html, row, linked));
            }
            html.element("td", &[], |html| why(html, row));
            html.element("td", &[], |html| behind(html, row));
            if i == 0 {
                shared(html, row, &span);
            }
        });
    }
}

fn title(html: &mut Html, row: &Row, linked: bool) {
    if linked {
        html.element("a", &[("href", &format!("#card-{}", row.node)), ("data-node", &row.node)], |html| {
            html.bdi(&row.title);
        });
    } else {
        html.bdi(&row.title);
    }
    html.leaf("p", &[("class", "note")], mode(row));
}

fn shared(html: &mut Html, row: &Row, span: &str) {
    let cell = [("rowspan", span)];
    html.element("td", &cell, |html| to(html, row));
    html.element("td", &cell, |html| hears(html, row));
    html.element("td", &cell, |html| fields(html, row));
    html.element("td", &cell, |html| {
        if !row.fallback.is_empty() {
            html.element("dl", &[], |html| {
                for fallback in &row.fallback {
                    pair(html, &fallback.when, &fallback.leads);
                }
            });
        }
    });
    html.element("td", &cell, |html| lines(html, &row.promises()));
}

fn mode(row: &Row) -> &'static str {
    use flow_model::flow::Mode;
    let all = [Mode::Transfer, Mode::Copilot, Mode::Ticket, Mode::Callback];
    all.into_iter().find(|mode| mode.id() == row.mode).map_or("", places::mode)
}

fn pair(html: &mut Html, term: &str, text: &str) {
    html.words("dt", &[], term);
    html.words("dd", &[], text);
}

fn lines(html: &mut Html, lines: &[String]) {
    if lines.is_empty() {
        return;
    }
    html.element("ul", &[], |html| {
        for line in lines {
            html.words("li", &[], line);
        }
    });
}

fn why(html: &mut Html, row: &Row) {
    html.element("p", &[("class", "from")], |html| {
        html.leaf("span", &[("class", "kind")], row.kind.id());
        html.text(" ");
        html.bdi(&row.where_from);
    });
    html.words("p", &[], &row.reason);
}

fn to(html: &mut Html, row: &Row) {
    for to in &row.to {
        html.element("div", &[("class", "tier")], |html| {
            html.element("p", &[], |html| {
                html.element("strong", &[], |html| html.bdi(&to.title));
                html.text(&format!(", priority {}", to.priority));
            });
            if let Some(when) = &to.when {
                html.element("p", &[], |html| {
                    html.text("when ");
                    html.bdi(when);
                });
            }
            html.words("p", &[("class", "note")], &to.hours);
        });
    }
}

fn hears(html: &mut Html, row: &Row) {
    match &row.say {
        Some(_) => html.words("p", &[("class", "said")], &row.hears()),
        None => html.leaf("p", &[("class", "note")], "Nothing is said."),
    }
    if row.waiting.is_empty() {
        return;
    }
    html.element("dl", &[], |html| {
        for (when, text) in &row.waiting {
            pair(html, when, text);
        }
    });
}

fn fields(html: &mut Html, row: &Row) {
    html.words("p", &[("class", "note")], &row.context);
    lines(html, &row.fields.iter().map(super::Sent::in_words).collect::<Vec<_>>());
}

fn behind(html: &mut Html, row: &Row) {
    for why in &row.why {
        html.words("p", &[], why);
    }
    if let Some(owner) = &row.owner {
        html.element("p", &[("class", "note")], |html| {
            html.text("Owner: ");
            html.bdi(owner);
        });
    }
    if !row.tests.is_empty() {
        let mut shown: Vec<String> = row.tests.iter().take(TESTS).map(super::Test::in_words).collect();
        if row.tests.len() > TESTS {
            shown.push(format!("and {} more", row.tests.len() - TESTS));
        }
        html.leaf("p", &[("class", "note")], "Conversations that show it:");
        lines(html, &shown);
    }
}

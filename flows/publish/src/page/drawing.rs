//! The flow as a drawing: cards where the layout has them, edges between their ports, triggers in a strip above. Whole
//! numbers only, so that every machine draws the same.

use std::collections::BTreeMap;

use flow_layout::{CARD_HEIGHT, CARD_WIDTH, Place};
use flow_model::Flow;
use flow_model::document::Document;
use flow_model::flow::{Kind, Node};

use self::lanes::{Lane, lanes, moved};
use crate::html::Html;
use crate::places::{self, short};
use crate::ways;

mod lanes;

/// Room around everything.
const MARGIN: i32 = 60;
/// Height of a trigger in the strip.
const CHIP: i32 = 34;
/// Width of a trigger in the strip.
const CHIP_WIDTH: i32 = 230;
/// Room between the strip and the cards.
const STRIP: i32 = 90;
/// The longest title on a card, in characters.
const TITLE: usize = 21;
/// The longest line under it.
const LINE: usize = 27;

/// Where everything stands.
struct Stand<'a> {
    places: BTreeMap<&'a str, Place>,
    left: i32,
    top: i32,
    width: i32,
    height: i32,
}

struct Drawing<'a> {
    flow: &'a Flow,
    plain: Stand<'a>,
    /// The same with tiers as lanes, where there are tiers.
    laned: Option<(Stand<'a>, Vec<Lane>)>,
}

/// Draws a flow.
pub(super) fn draw(html: &mut Html, document: &Document) {
    let fresh = flow_layout::place_new(&document.flow);
    let drawing = Drawing::of(&document.flow, &fresh);
    html.element("div", &[("class", "canvas"), ("id", "canvas")], |html| {
        html.element("div", &[("class", "tools only-screen"), ("role", "toolbar"), ("aria-label", "Zoom")], |html| {
            if drawing.laned.is_some() {
                let lanes = [("type", "button"), ("id", "lanes-on"), ("aria-pressed", "false")];
                html.leaf(
                    "button",
                    &[&lanes[..], &[("aria-label", "Tiers as lanes"), ("title", "Tiers as lanes (L)")]].concat(),
                    "≡",
                );
            }
            for (id, words, label) in
                [("closer", "+", "Zoom in"), ("further", "−", "Zoom out"), ("whole", "0", "See all")]
            {
                html.leaf("button", &[("type", "button"), ("id", id), ("aria-label", label), ("title", label)], words);
            }
        });
        let label = format!("Drawing of the flow; {} says the same in words", "the part “Every card in words”");
        let (view, laned) = drawing.both(Stand::view);
        let attributes = [
            ("xmlns", "http://www.w3.org/2000/svg"),
            ("id", "drawing"),
            ("viewBox", view.as_str()),
            ("role", "img"),
            ("aria-label", label.as_str()),
            ("tabindex", "0"),
            ("preserveAspectRatio", "xMidYMid meet"),
        ];
        html.element("svg", &with(&attributes, "data-view", laned.as_deref()), |html| drawing.all(html));
    });
}

/// Attributes, and what one of them is with lanes.
fn with<'a>(attributes: &[(&'a str, &'a str)], name: &'a str, laned: Option<&'a str>) -> Vec<(&'a str, &'a str)> {
    attributes.iter().copied().chain(laned.map(|value| (name, value))).collect()
}

impl<'a> Stand<'a> {
    fn of(flow: &Flow, places: BTreeMap<&'a str, Place>, lanes: &[Lane]) -> Self {
        let xs = || places.values().map(|place| place.0);
        let ys = || places.values().map(|place| place.1);
        let strip = if flow.triggers.is_empty() { 0 } else { STRIP + CHIP };
        let left = xs().min().unwrap_or(0) - MARGIN;
        let chips = i32::try_from(flow.triggers.len()).unwrap_or(0) * (CHIP_WIDTH + 20);
        let right = (xs().max().unwrap_or(0) + CARD_WIDTH).max(left + MARGIN + chips) + MARGIN;
        let highest = lanes.first().map_or_else(|| ys().min().unwrap_or(0), |lane| lane.top);
        let lowest = lanes.last().map_or_else(|| ys().max().unwrap_or(0) + CARD_HEIGHT, |lane| lane.top + lane.height);
        let top = highest - MARGIN - strip;
        Self { places, left, top, width: right - left, height: lowest + MARGIN - top }
    }

    fn view(&self) -> String {
        format!("{} {} {} {}", self.left, self.top, self.width, self.height)
    }

    fn place(&self, id: &str) -> Option<Place> {
        self.places.get(id).copied()
    }

    /// The corner of a trigger in the strip.
    fn chip(&self, number: i32) -> Place {
        (self.left + MARGIN + number * (CHIP_WIDTH + 20), self.top + MARGIN)
    }
}

impl<'a> Drawing<'a> {
    fn of(flow: &'a Flow, fresh: &'a [(String, Place)]) -> Self {
        let mut places: BTreeMap<&str, Place> =
            flow.layout.iter().map(|(id, at)| (id.as_str(), flow_layout::whole(*at))).collect();
        for (id, place) in fresh {
            places.insert(id, *place);
        }
        places.retain(|id, _| flow.nodes.contains_key(*id));
        let lanes = lanes(flow, &places);
        let laned = (!lanes.is_empty()).then(|| (Stand::of(flow, moved(flow, &lanes, &places), &lanes), lanes));
        Self { flow, plain: Stand::of(flow, places, &[]), laned }
    }

    /// A measure as it is, and with lanes.
    fn both(&self, measure: impl Fn(&Stand<'a>) -> String) -> (String, Option<String>) {
        (measure(&self.plain), self.laned.as_ref().map(|(stand, _)| measure(stand)))
    }

    fn lanes(&self, html: &mut Html) {
        let Some((stand, lanes)) = &self.laned else { return };
        html.element("g", &[("id", "lanes")], |html| {
            for (number, lane) in lanes.iter().enumerate() {
                let class = format!("lane lane-{}", number % 4);
                let (x, y) = (stand.left.to_string(), lane.top.to_string());
                let (width, height) = (stand.width.to_string(), lane.height.to_string());
                let band = [("class", class.as_str()), ("x", &x), ("y", &y), ("width", &width), ("height", &height)];
                html.element("rect", &band, |_| {});
                let (x, y) = ((stand.left + 14).to_string(), (lane.top + 30).to_string());
                html.element("text", &[("x", &x), ("y", &y)], |html| {
                    html.leaf("tspan", &[("class", "title")], &short(&lane.title, 40));
                    if !lane.detail.is_empty() {
                        html.leaf("tspan", &[("dx", "12")], &lane.detail);
                    }
                });
            }
        });
    }

    fn all(&self, html: &mut Html) {
        html.element("defs", &[], |html| {
            let marker = [
                ("id", "arrow"),
                ("viewBox", "0 0 8 8"),
                ("refX", "7"),
                ("refY", "4"),
                ("markerUnits", "userSpaceOnUse"),
                ("markerWidth", "9"),
                ("markerHeight", "9"),
                ("orient", "auto-start-reverse"),
            ];
            html.element("marker", &marker, |html| {
                html.element("path", &[("d", "M0 0L8 4L0 8z"), ("class", "tip")], |_| {});
            });
        });
        self.lanes(html);
        html.element("g", &[("id", "edges")], |html| self.edges(html));
        html.element("g", &[("id", "triggers")], |html| self.triggers(html));
        html.element("g", &[("id", "nodes")], |html| {
            for (id, node) in &self.flow.nodes {
                self.card(html, id, node);
            }
        });
    }

    fn edges(&self, html: &mut Html) {
        for (id, node) in &self.flow.nodes {
            let exits = node.exits();
            let ports = i32::try_from(exits.len()).unwrap_or(i32::MAX - 1);
            for (i, exit) in (1_i32..).zip(&exits) {
                let line = |stand: &Stand<'_>| {
                    let (Some(from), Some(to)) = (stand.place(id), stand.place(exit.to)) else { return String::new() };
                    let start = (from.0 + CARD_WIDTH, from.1 + CARD_HEIGHT * i / (ports + 1));
                    curve(start, (to.0, to.1 + CARD_HEIGHT / 2), from.1 + CARD_HEIGHT)
                };
                let (line, laned) = self.both(line);
                if line.is_empty() {
                    continue;
                }
                let name = format!("{id}.{}", exit.port);
                let words = format!(
                    "{} → {}: {}",
                    places::node(self.flow, id),
                    places::node(self.flow, exit.to),
                    ways::port(self.flow, id, &exit.port)
                );
                let kind = if is_way_to_person(self.flow, exit.to) { "edge person" } else { "edge" };
                let attributes = [("class", kind), ("d", &line), ("data-edge", &name), ("marker-end", "url(#arrow)")];
                html.element("path", &with(&attributes, "data-d", laned.as_deref()), |html| {
                    html.leaf("title", &[], &words);
                });
                html.line();
            }
        }
    }

    fn triggers(&self, html: &mut Html) {
        for (i, (id, trigger)) in (0_i32..).zip(&self.flow.triggers) {
            let name = format!("trigger.{id}");
            let title = places::trigger(self.flow, id);
            let (line, laned) = self.both(|stand| {
                let (x, y) = stand.chip(i);
                let to = stand.place(&trigger.to);
                to.map_or_else(String::new, |to| {
                    curve_down((x + CHIP_WIDTH / 2, y + CHIP), (to.0 + CARD_WIDTH / 2, to.1))
                })
            });
            if !line.is_empty() {
                let attributes =
                    [("class", "edge faint"), ("d", &line), ("data-edge", &name), ("marker-end", "url(#arrow)")];
                html.element("path", &with(&attributes, "data-d", laned.as_deref()), |_| {});
            }
            let x = self.plain.chip(i).0.to_string();
            let (y, laned) = self.both(|stand| stand.chip(i).1.to_string());
            let attributes = [("x", x.as_str()), ("y", &y), ("width", "230"), ("height", "34")];
            html.element("svg", &with(&attributes, "data-y", laned.as_deref()), |html| {
                html.element("g", &[("class", "chip"), ("data-trigger", id)], |html| {
                    html.element(
                        "rect",
                        &[("x", "1"), ("y", "1"), ("width", "228"), ("height", "32"), ("rx", "16")],
                        |_| {},
                    );
                    html.leaf("text", &[("x", "14"), ("y", "21")], &short(&title, TITLE + 8));
                    let when = crate::spoken::condition(self.flow, &trigger.when);
                    html.leaf("title", &[], &format!("{title}: {when}"));
                });
            });
            html.line();
        }
    }

    fn card(&self, html: &mut Html, id: &str, node: &Node) {
        let Some((x, _)) = self.plain.place(id) else { return };
        let x = x.to_string();
        let (y, laned) = self.both(|stand| stand.place(id).map_or_else(String::new, |place| place.1.to_string()));
        let (width, height) = (CARD_WIDTH.to_string(), CARD_HEIGHT.to_string());
        // A drawing of its own clips what is too long for the card.
        let attributes = [("x", x.as_str()), ("y", &y), ("width", &width), ("height", &height)];
        html.element("svg", &with(&attributes, "data-y", laned.as_deref()), |html| {
            let class = format!("node {}", node.kind_id());
            html.element("g", &[("class", &class), ("data-node", id)], |html| {
                let size = [("x", "1"), ("y", "1"), ("width", "186"), ("height", "62"), ("rx", "8")];
                html.element("rect", &size, |_| {});
                html.element("path", &[("class", "bar"), ("d", "M9 1H5A4 8 0 0 0 1 9V55A4 8 0 0 0 5 63H9z")], |_| {});
                html.leaf("text", &[("class", "what"), ("x", "16"), ("y", "17")], places::kind(node));
                let title = places::node(self.flow, id);
                html.leaf("text", &[("class", "title"), ("x", "16"), ("y", "35")], &short(&title, TITLE));
                let line = substance(self.flow, node);
                html.leaf("text", &[("class", "line"), ("x", "16"), ("y", "52")], &short(&line, LINE));
                html.leaf("title", &[], &format!("{title}\n{line}"));
            });
        });
        html.line();
    }
}

fn is_way_to_person(flow: &Flow, id: &str) -> bool {
    matches!(flow.nodes.get(id).map(|node| &node.kind), Some(Kind::Handoff(_)))
}

/// The line of substance of a card: the words said, what is asked or called, who gets it.
pub(super) fn substance(flow: &Flow, node: &Node) -> String {
    match &node.kind {
        Kind::Message(n) => n.text.clone(),
        Kind::Ask(n) => n.prompt.clone(),
        Kind::Action(n) => places::call(flow, &n.call),
        Kind::Set(n) => n.assign.keys().map(|slot| places::slot(flow, slot)).collect::<Vec<_>>().join(", "),
        Kind::Handoff(n) => {
            let mut tiers: Vec<String> = n.routes.iter().map(|route| places::tier(flow, &route.tier)).collect();
            tiers.push(places::tier(flow, &n.tier));
            tiers.dedup();
            tiers.join(" or ")
        }
        Kind::Subflow(n) => places::plain(&n.flow),
        Kind::End(n) => places::plain(&n.outcome),
        Kind::Todo(n) => n.text.clone(),
        Kind::Note(text) => text.clone(),
        Kind::Listen(n) => crate::hours::counted(i64::try_from(n.branches.len()).unwrap_or(0), "way"),
        Kind::Decision(n) => crate::hours::counted(i64::try_from(n.branches.len()).unwrap_or(0), "case"),
        Kind::Start(_) | Kind::Unknown(_) => String::new(),
    }
}

/// An edge from the right of a card to the left of another; one that leads back goes below.
fn curve(from: Place, to: Place, below: i32) -> String {
    let (dx, forward) = (to.0 - from.0, to.0 > from.0);
    if forward {
        let bend = (dx / 2).clamp(24, 160);
        return format!(
            "M{} {}C{} {} {} {} {} {}",
            from.0,
            from.1,
            from.0 + bend,
            from.1,
            to.0 - bend,
            to.1,
            to.0,
            to.1
        );
    }
    let low = below.max(to.1) + 26;
    let (out, into) = (from.0 + 46, to.0 - 46);
    format!(
        "M{} {}C{out} {} {out} {low} {} {low}L{} {low}C{into} {low} {into} {} {} {}",
        from.0, from.1, from.1, from.0, to.0, to.1, to.0, to.1
    )
}

fn curve_down(from: Place, to: Place) -> String {
    let half = i32::midpoint(from.1, to.1);
    format!("M{} {}C{} {half} {} {half} {} {}", from.0, from.1, from.0, to.0, to.0, to.1)
}

//! A conversation as lanes over time: the customer, the AI, the back end, the queue and the tiers that a person answers at.

use flow_handoff::Veil;

use crate::html::Html;

/// The most lanes that are drawn; further tiers share the last one.
const MOST: usize = 8;

/// A lane.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Lane {
    Customer,
    Ai,
    BackEnd,
    Queue,
    Tier(String),
}

impl Lane {
    fn title(&self) -> &str {
        match self {
            Self::Customer => "Customer",
            Self::Ai => "AI",
            Self::BackEnd => "Back end",
            Self::Queue => "Queue",
            Self::Tier(title) => title,
        }
    }

    fn rank(&self) -> usize {
        match self {
            Self::Customer => 0,
            Self::Ai => 1,
            Self::BackEnd => 2,
            Self::Queue => 3,
            Self::Tier(_) => 4,
        }
    }
}

/// Something that goes from one lane to another, or happens in one.
#[derive(Clone, Debug)]
pub(super) struct Move {
    from: Lane,
    to: Lane,
    text: String,
    note: String,
    class: &'static str,
    step: Option<usize>,
}

impl Move {
    /// Keeps out of its texts what not everybody may read. What was said last before it, in and out.
    pub(super) fn clean(&mut self, before: &str, veil: &Veil) -> String {
        let spoken = self.class == "words";
        let said = if spoken { self.text.clone() } else { before.to_owned() };
        self.text = veil.text(&self.text, if spoken { before } else { "" });
        self.note = veil.text(&self.note, "");
        said
    }
}

/// Who has the conversation while it goes on.
pub(super) struct Scene {
    requests: Vec<(Lane, i64)>,
    made: usize,
    person: bool,
    moves: Vec<Move>,
}

impl Scene {
    /// A scene with the tiers and priorities of its requests, in their order.
    pub(super) fn new(requests: Vec<(Lane, i64)>) -> Self {
        Self { requests, made: 0, person: false, moves: Vec::new() }
    }

    fn add(&mut self, from: Lane, to: Lane, class: &'static str, text: &str, note: &str, step: Option<usize>) {
        self.moves.push(Move { from, to, text: text.to_owned(), note: note.to_owned(), class, step });
    }

    /// The tier of the request that is under way.
    fn tier(&self) -> Lane {
        self.made.checked_sub(1).and_then(|i| self.requests.get(i)).map_or(Lane::Queue, |(tier, _)| tier.clone())
    }

    pub(super) fn customer(&mut self, text: &str, note: &str, step: Option<usize>) {
        let to = if self.person { self.tier() } else { Lane::Ai };
        self.add(Lane::Customer, to, "words", text, note, step);
    }

    pub(super) fn say(&mut self, text: &str, step: usize) {
        self.add(Lane::Ai, Lane::Customer, "words", text, "", Some(step));
    }

    pub(super) fn suggest(&mut self, text: &str, step: usize) {
        let tier = self.tier();
        self.add(Lane::Ai, tier, "words", text, "suggested", Some(step));
    }

    pub(super) fn request(&mut self, title: &str, step: usize) {
        self.made += 1;
        self.person = false;
        let priority = self.made.checked_sub(1).and_then(|i| self.requests.get(i)).map_or(3, |(_, p)| *p);
        let tier = self.tier();
        self.add(
            Lane::Ai,
            Lane::Queue,
            "request",
            &format!("request: {title}"),
            &format!("for {}, priority {priority}", tier.title()),
            Some(step),
        );
    }

    pub(super) fn person(&mut self, text: &str) {
        let tier = self.tier();
        self.add(tier, Lane::Customer, "words", text, "", None);
    }

    pub(super) fn back_end(&mut self, text: &str, step: Option<usize>) {
        self.add(Lane::BackEnd, Lane::Ai, "event", text, "", step);
    }

    pub(super) fn queue(&mut self, tier: Lane, text: &str, step: Option<usize>) {
        let words = format!("{}: {text}", tier.title());
        self.add(Lane::Queue, Lane::Queue, "event", &words, "", step);
    }

    pub(super) fn time(&mut self, text: &str, step: Option<usize>) {
        self.add(Lane::Customer, Lane::Queue, "time", &format!("{text} later"), "", step);
    }

    pub(super) fn news(&mut self, text: &str, step: Option<usize>) {
        self.add(Lane::Queue, Lane::Ai, "event", text, "", step);
    }

    pub(super) fn agent(&mut self, verb: &str, text: &str, step: Option<usize>) {
        let tier = self.tier();
        let (from, to) = match verb {
            "accepted" => (Lane::Queue, tier),
            "resumed" | "resolved" | "escalated" => (tier, Lane::Ai),
            _ => (tier.clone(), tier),
        };
        self.person = match verb {
            "accepted" => true,
            "resumed" | "resolved" | "escalated" => false,
            _ => self.person,
        };
        self.add(from, to, "event", verb, text, step);
    }

    pub(super) fn left(&mut self, step: Option<usize>) {
        self.add(Lane::Customer, Lane::Customer, "event", "leaves", "", step);
    }

    /// The lanes that something happens in, in their order, and what happens.
    pub(super) fn finish(self) -> (Vec<Lane>, Vec<Move>) {
        let mut lanes: Vec<Lane> = vec![Lane::Customer, Lane::Ai];
        let touched = self.moves.iter().flat_map(|m| [&m.from, &m.to]);
        for lane in touched.chain(self.requests.iter().map(|(tier, _)| tier)) {
            if !lanes.contains(lane) {
                lanes.push(lane.clone());
            }
        }
        lanes.sort_by_key(Lane::rank);
        lanes.truncate(MOST);
        (lanes, self.moves)
    }
}

/// Draws the lanes: a list for those who hear it, a grid for those who see it.
pub(super) fn draw(html: &mut Html, lanes: &[Lane], moves: &[Move]) {
    let last = lanes.len() - 1;
    let column = |lane: &Lane| lanes.iter().position(|other| other == lane).unwrap_or(last);
    html.element("div", &[("class", &format!("sequence lanes-{}", lanes.len()))], |html| {
        html.element("div", &[("class", "lane-names"), ("aria-hidden", "true")], |html| {
            for lane in lanes {
                html.words("span", &[], lane.title());
            }
        });
        html.element("ol", &[("class", "moves")], |html| {
            for one in moves {
                let (from, to) = (column(&one.from), column(&one.to));
                let way = match from.cmp(&to) {
                    std::cmp::Ordering::Less => "right",
                    std::cmp::Ordering::Greater => "left",
                    std::cmp::Ordering::Equal => "here",
                };
                let class = format!("move {} {way} from-{} to-{}", one.class, from.min(to), from.max(to));
                let step = one.step.map(|step| step.to_string());
                let mut attributes = vec![("class", class.as_str())];
                attributes.extend(step.as_deref().map(|step| ("data-step", step)));
                html.element("li", &attributes, |html| said(html, one));
            }
        });
    });
}

fn said(html: &mut Html, one: &Move) {
    html.element("div", &[("class", "bubble")], |html| {
        let who = if one.from == one.to {
            one.from.title().to_owned()
        } else {
            format!("{} to {}", one.from.title(), one.to.title())
        };
        html.element("span", &[("class", "heard")], |html| {
            html.bdi(&who);
            html.text(": ");
        });
        html.bdi(&one.text);
        if !one.note.is_empty() {
            html.words("small", &[], &one.note);
        }
    });
}

//! What conditions ask for.

use flow_conditions::ast::{Expr, Kind};
use flow_conditions::parse::parse;
use flow_conditions::said::Said;
use flow_conditions::say;

use super::{At, Found, Use};
use crate::capabilities::Feature;

impl Found<'_> {
    /// What a condition asks for; one that does not parse asks for what can be read of it.
    pub(super) fn condition(&mut self, at: Option<At<'_>>, path: &str, source: &str) {
        let expr = parse(source).expr;
        let mut names: Vec<String> = Vec::new();
        for (name, _) in expr.names() {
            if !names.iter().any(|known| **known == *name) {
                names.push(name.to_string());
            }
        }
        let from = self.uses.len();
        let mut add = |feature: Feature, meant: Said| {
            let used = Use { feature, node: at.map(|at| at.id.to_owned()), path: path.to_owned(), meant };
            if !self.uses.iter().skip(from).any(|known| *known == used) {
                self.uses.push(used);
            }
        };
        for name in &names {
            match asked(name) {
                Some(Feature::QueueOpen) => add(Feature::QueueOpen, say!("whether a queue is open and who is free")),
                Some(Feature::QueueWait) => add(Feature::QueueWait, say!("live figures of the queues")),
                Some(Feature::Utterance) => add(Feature::Utterance, say!("a condition on the customer's words")),
                Some(Feature::Counter) => add(Feature::Counter, say!("the count `{name}`", name)),
                Some(Feature::Confidence) => {
                    add(Feature::Confidence, say!("`{name}` of each turn", name));
                    add(Feature::ConfidenceUnmatched, say!("`{name}` of a turn that no intent takes", name));
                }
                Some(feature) => add(feature, say!("`{name}` of each turn", name)),
                None => {}
            }
        }
        if calculates(&expr) {
            add(Feature::Calculation, say!("calculating in {source}", source));
        }
    }
}

/// What a name asks for, beside the value of a slot or of a call.
fn asked(name: &str) -> Option<Feature> {
    let queue = name.starts_with("queue.");
    Some(match name {
        "confidence" => Feature::Confidence,
        "sentiment" => Feature::Sentiment,
        "frustration" | "sentiment_trend" => Feature::Mood,
        "turn" | "repeats" | "no_match" | "attempts" | "handoffs" => Feature::Counter,
        "text" => Feature::Utterance,
        "waited" | "handoff.pending" => Feature::QueueWait,
        _ if queue && (name.ends_with(".open") || name.ends_with(".available")) => Feature::QueueOpen,
        _ if queue => Feature::QueueWait,
        _ if name.starts_with("handoffs.") => Feature::Counter,
        _ => return None,
    })
}

/// Whether there is arithmetic on names, or a comparison of two.
fn calculates(expr: &Expr) -> bool {
    let named = |side: &Expr| side.names().iter().any(|(name, _)| !name.starts_with("const."));
    let here = match &expr.kind {
        Kind::Arithmetic { .. } => named(expr),
        Kind::Compare { left, right, .. } => named(left) && named(right),
        Kind::Test { argument, .. } => named(argument),
        _ => false,
    };
    here || expr.children().into_iter().any(calculates)
}

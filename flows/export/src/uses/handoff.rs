//! What a handoff uses.

use flow_model::flow::{Handoff, Mode};

use super::{At, Found};
use crate::capabilities::Feature;

impl Found<'_> {
    pub(super) fn handoff(&mut self, at: At<'_>, n: &Handoff) {
        let tier = &n.tier;
        self.at(at, Feature::Payload, "/context", format!("a handoff to `{tier}` with the context `{}`", n.context));
        match n.mode {
            Mode::Transfer => {}
            Mode::Copilot => self.at(at, Feature::Copilot, "/mode", "the AI helps the person (co-pilot)"),
            Mode::Ticket => self.at(at, Feature::Ticket, "/mode", "a ticket"),
            Mode::Callback => self.at(at, Feature::Callback, "/mode", "a callback"),
        }
        for (i, row) in n.routes.iter().enumerate() {
            let path = format!("/routes/{i}");
            self.at(at, Feature::Route, &path, format!("the tier `{}` when {}", row.tier, row.when));
            self.condition(Some(at), &at.path(&format!("{path}/when")), &row.when);
        }
        if let Some(priority) = n.priority {
            self.at(at, Feature::Priority, "/priority", format!("priority {priority} in the queue"));
        }
        self.text(at, "/say", n.say.as_deref().unwrap_or(""));
        if n.mode.waits() {
            self.waiting(at, n);
            self.during_the_wait(at, n);
        } else {
            self.at(at, Feature::Sent, "/mode", "the contact centre says whether the request arrived");
        }
        for (i, row) in n.assist.iter().enumerate() {
            let title = row.suggest.as_ref().or(row.title.as_ref()).map_or("a suggestion", String::as_str);
            self.at(at, Feature::Assist, &format!("/assist/{i}"), format!("suggest when {}: {title}", row.when));
            self.condition(Some(at), &at.path(&format!("/assist/{i}/when")), &row.when);
        }
        if let Some(join) = &n.join {
            self.at(at, Feature::Join, "/join", format!("a {join} transfer"));
        }
    }

    fn waiting(&mut self, at: At<'_>, n: &Handoff) {
        if let Some(limit) = n.max_wait {
            self.at(at, Feature::WaitLimit, "/max_wait", format!("the wait ends after {limit} s"));
        }
        if n.resumed.is_some() || n.resolved.is_some() || n.escalated.is_some() || !n.returns.is_empty() {
            self.at(at, Feature::HandBack, "", "what the flow says and does when a person hands back");
        }
        for (i, row) in n.waiting.say.iter().enumerate() {
            let meant = format!("after {} s of waiting: \"{}\"", row.after, row.text);
            self.at(at, Feature::WaitingWords, &format!("/waiting/say/{i}"), meant);
            self.text(at, &format!("/waiting/say/{i}/text"), &row.text);
        }
        for (i, row) in n.waiting.turns.iter().enumerate() {
            let path = format!("/waiting/turns/{i}");
            self.at(at, Feature::WaitingTurns, &path, format!("while waiting, {} leads to {}", row.when, row.to));
            if row.keep_place {
                self.keeps_place(at, &path, &row.when);
            }
            self.condition(Some(at), &at.path(&format!("{path}/when")), &row.when);
        }
        if let Some(say) = &n.waiting.else_say {
            let meant = format!("an answer while waiting: \"{say}\"");
            self.at(at, Feature::WaitingAnswer, "/waiting/else_say", meant);
            self.text(at, "/waiting/else_say", say);
        }
    }

    fn during_the_wait(&mut self, at: At<'_>, n: &Handoff) {
        for (i, row) in n.overflow.iter().enumerate() {
            let path = format!("/overflow/{i}");
            if row.keep_place {
                self.keeps_place(at, &path, &row.when);
            }
            self.at(at, Feature::Overflow, &path, format!("overflow while waiting, when {}", row.when));
            self.condition(Some(at), &at.path(&format!("{path}/when")), &row.when);
        }
        if n.closed.is_some() {
            self.at(at, Feature::Closed, "/closed", "the queue closes while the customer waits");
        }
    }

    fn keeps_place(&mut self, at: At<'_>, path: &str, when: &str) {
        let meant = format!("the place in the queue is kept while the bot goes on (when {when})");
        self.at(at, Feature::KeepPlace, &format!("{path}/keep_place"), meant);
    }
}

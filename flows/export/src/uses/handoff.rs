//! What a handoff uses.

use flow_conditions::say;
use flow_model::flow::{Handoff, Mode};

use super::{At, Found};
use crate::capabilities::Feature;

impl Found<'_> {
    pub(super) fn handoff(&mut self, at: At<'_>, n: &Handoff) {
        let tier = &n.tier;
        self.at(
            at,
            Feature::Payload,
            "/context",
            say!("a handoff to `{tier}` with the context `{context}`", tier, context = n.context),
        );
        match n.mode {
            Mode::Transfer => {}
            Mode::Copilot => self.at(at, Feature::Copilot, "/mode", say!("the AI helps the person (co-pilot)")),
            Mode::Ticket => self.at(at, Feature::Ticket, "/mode", say!("a ticket")),
            Mode::Callback => self.at(at, Feature::Callback, "/mode", say!("a callback")),
        }
        for (i, row) in n.routes.iter().enumerate() {
            let path = format!("/routes/{i}");
            self.at(at, Feature::Route, &path, say!("the tier `{tier}` when {when}", tier = row.tier, when = row.when));
            self.condition(Some(at), &at.path(&format!("{path}/when")), &row.when);
        }
        if let Some(priority) = n.priority {
            self.at(at, Feature::Priority, "/priority", say!("priority {priority} in the queue", priority));
        }
        self.text(at, "/say", n.say.as_deref().unwrap_or(""));
        if n.mode.waits() {
            self.waiting(at, n);
            self.during_the_wait(at, n);
        } else {
            self.at(at, Feature::Sent, "/mode", say!("the contact centre says whether the request arrived"));
        }
        for (i, row) in n.assist.iter().enumerate() {
            let when = &row.when;
            let meant = match row.suggest.as_ref().or(row.title.as_ref()) {
                Some(title) => say!("suggest when {when}: {title}", when, title),
                None => say!("suggest when {when}: a suggestion", when),
            };
            self.at(at, Feature::Assist, &format!("/assist/{i}"), meant);
            self.condition(Some(at), &at.path(&format!("/assist/{i}/when")), &row.when);
        }
        if let Some(join) = &n.join {
            self.at(at, Feature::Join, "/join", say!("a {join} transfer", join));
        }
    }

    fn waiting(&mut self, at: At<'_>, n: &Handoff) {
        if let Some(limit) = n.max_wait {
            self.at(at, Feature::WaitLimit, "/max_wait", say!("the wait ends after {limit} s", limit));
        }
        if n.resumed.is_some() || n.resolved.is_some() || n.escalated.is_some() || !n.returns.is_empty() {
            self.at(at, Feature::HandBack, "", say!("what the flow says and does when a person hands back"));
        }
        for (i, row) in n.waiting.say.iter().enumerate() {
            let meant = say!("after {after} s of waiting: \"{text}\"", after = row.after, text = row.text);
            self.at(at, Feature::WaitingWords, &format!("/waiting/say/{i}"), meant);
            self.text(at, &format!("/waiting/say/{i}/text"), &row.text);
        }
        for (i, row) in n.waiting.turns.iter().enumerate() {
            let path = format!("/waiting/turns/{i}");
            self.at(
                at,
                Feature::WaitingTurns,
                &path,
                say!("while waiting, {when} leads to {to}", when = row.when, to = row.to),
            );
            if row.keep_place {
                self.keeps_place(at, &path, &row.when);
            }
            self.condition(Some(at), &at.path(&format!("{path}/when")), &row.when);
        }
        if let Some(say) = &n.waiting.else_say {
            let meant = say!("an answer while waiting: \"{say}\"", say);
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
            self.at(at, Feature::Overflow, &path, say!("overflow while waiting, when {when}", when = row.when));
            self.condition(Some(at), &at.path(&format!("{path}/when")), &row.when);
        }
        if n.closed.is_some() {
            self.at(at, Feature::Closed, "/closed", say!("the queue closes while the customer waits"));
        }
    }

    fn keeps_place(&mut self, at: At<'_>, path: &str, when: &str) {
        let meant = say!("the place in the queue is kept while the bot goes on (when {when})", when);
        self.at(at, Feature::KeepPlace, &format!("{path}/keep_place"), meant);
    }
}

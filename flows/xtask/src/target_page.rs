//! The page of a contact centre: what it is sent, what it limits, how it waits, gives back and is set up.

use std::fmt::Write;

use flow_api::handoff::{Draft, Environment, Keys, Request, Target, Wait, Withdrawal, envelope};
use flow_api::model::flow;

use flow_api::manual::cell;

const MODES: &[&str] = &["transfer", "copilot", "ticket", "callback"];

/// The page of a target.
pub(crate) fn page(target: &dyn Target) -> String {
    let mut page = Page(format!("# {}\n\nIn a flow: `targets.{}`.\n", target.title(), target.id()));
    page.carried(target);
    page.names(target);
    page.limits(target);
    page.queue(target);
    page.returns(target);
    page.idempotency(target);
    page.setup(target);
    page.0
}

struct Page(String);

impl Page {
    fn line(&mut self, line: &str) {
        self.0.push_str(line);
        self.0.push('\n');
    }

    fn heading(&mut self, title: &str) {
        self.0.push_str(&format!("\n## {title}\n\n"));
    }

    fn carried(&mut self, target: &dyn Target) {
        self.heading("What is sent");
        self.line("| mode | carried as | requests |");
        self.line("| --- | --- | --- |");
        for mode in MODES {
            let made =
                of(target, mode, |target, envelope, setup, environment| target.request(envelope, setup, environment));
            let requests: Vec<String> = made.all().iter().map(|request| address(request)).collect();
            self.line(&format!("| {mode} | {} | {} |", cell(target.carries(mode)), requests.join("<br>")));
        }
        let chat = if target.chat() {
            "What is sent stands in a chat: card numbers, passwords, keys and tokens are blocked, never masked."
        } else {
            "What is sent stands in a record, not in a chat."
        };
        self.0.push_str(&format!("\n{chat}\n"));
    }

    fn names(&mut self, target: &dyn Target) {
        self.heading("Names");
        let places: Vec<String> = target
            .places()
            .iter()
            .map(|place| if place.ends_with('.') { format!("`{place}…`") } else { format!("`{place}`") })
            .collect();
        let code = |names: &[&str]| names.iter().map(|name| format!("`{name}`")).collect::<Vec<_>>().join(", ");
        let or_none = |text: String| if text.is_empty() { "none".to_owned() } else { text };
        self.line(&format!("- Places that `fields` may name: {}.", or_none(places.join(", "))));
        self.line(&format!("- Ids that `environments.json` gives: {}.", or_none(code(target.environment()))));
        self.line(&format!("- Secrets, which stand in no file: {}.", or_none(code(target.secrets()))));
    }

    fn limits(&mut self, target: &dyn Target) {
        self.heading("Limits");
        self.line("| what | at most | source |");
        self.line("| --- | --- | --- |");
        for limit in target.limits() {
            let unit = if limit.unit == "count" { String::new() } else { format!(" {}", limit.unit) };
            self.line(&format!("| {} | {}{unit} | {} |", cell(limit.what), limit.most, cell(limit.source)));
        }
    }

    fn queue(&mut self, target: &dyn Target) {
        self.heading("The wait");
        let wait: Wait =
            of(target, "transfer", |target, envelope, setup, environment| target.wait(envelope, setup, environment));
        let known = match wait.known.id() {
            "before" => "Known before the request goes out.",
            "after" => "Known only once the customer waits.",
            _ => "Never known.",
        };
        self.line(&format!("{known} {}", wait.note));
        if let Some(request) = &wait.request {
            let requests: Vec<String> = request.all().iter().map(|request| address(request)).collect();
            self.0.push_str(&format!("\n- {}\n", requests.join("\n- ")));
            for map in wait.gives {
                let _ = writeln!(self.0, "- `{}` is `{}`", map.from, map.to);
            }
        }
        self.heading("Withdrawal");
        for mode in ["transfer", "callback"] {
            let back: Withdrawal =
                of(target, mode, |target, envelope, setup, environment| target.withdraw(envelope, setup, environment));
            match back {
                Withdrawal::Request(request) => self.line(&format!("- {mode}: {}", address(&request))),
                Withdrawal::Impossible(why) => self.line(&format!("- {mode}: impossible. {why}")),
            }
        }
    }

    fn returns(&mut self, target: &dyn Target) {
        self.heading("How control comes back");
        self.line("| event | by | state | outcome | what is needed |");
        self.line("| --- | --- | --- | --- | --- |");
        for back in target.returns() {
            let outcome = back.outcome.unwrap_or("");
            self.line(&format!(
                "| `{}` | {} | {} | {outcome} | {} |",
                cell(back.event),
                back.by,
                back.state,
                cell(back.note)
            ));
        }
    }

    fn idempotency(&mut self, target: &dyn Target) {
        use flow_api::handoff::Idempotency::{Address, Field, Header, LookFirst};
        self.heading("Sent twice");
        let text = match target.idempotency() {
            Header(name) => format!("The header `{name}` carries the id of the handoff, so the second is no other."),
            Field(name) => format!("The field `{name}` carries the id of the handoff, so the second is no other."),
            Address(name) => {
                format!("The address carries the id of the handoff ({name}), so the same record is written.")
            }
            LookFirst(how) => format!("Nothing keeps the second from being another: look first. {how}."),
        };
        self.line(&text);
    }

    fn setup(&mut self, target: &dyn Target) {
        let files = target.setup_files(&flow::Flow::default(), &flow::Target::default(), &Environment::default());
        self.heading("Set-up files");
        self.line("Of a flow without fields:\n");
        if files.is_empty() {
            self.line("None.");
        }
        for file in files {
            self.line(&format!("- `{}`", file.name));
        }
    }
}

/// What a target says of a handoff that carries nothing.
fn of<T>(
    target: &dyn Target,
    mode: &'static str,
    say: impl Fn(&dyn Target, &flow_api::handoff::Envelope, &flow::Target, &Environment) -> T,
) -> T {
    let contact = if mode == "callback" {
        vec![("phone".to_owned(), flow_api::model::tree::Json::text("+44 20 7946 0000"))]
    } else {
        Vec::new()
    };
    let draft = Draft {
        flow: "flow".to_owned(),
        conversation: "conversation".to_owned(),
        tier: "tier".to_owned(),
        priority: 2,
        mode,
        contact,
        ..Draft::default()
    };
    say(target, &envelope(&draft, &Keys::default()), &flow::Target::default(), &Environment::default())
}

fn address(request: &Request) -> String {
    format!("`{} {}`", request.method, cell(&request.url))
}

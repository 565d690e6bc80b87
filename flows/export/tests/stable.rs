//! What every platform's export must keep to: the same bytes each time, and a change that changes only what it must. A
//! platform is tested here as soon as it is listed.
#![expect(
    clippy::disallowed_methods,
    clippy::panic,
    clippy::unwrap_used,
    reason = "tests read files, and fail by panicking"
)]

mod common;

use std::collections::BTreeMap;

use common::{TEMPLATES, root};
use flow_check::{Checked, valid};
use flow_conversations::line;
use flow_export::policy::Policy;
use flow_export::{Bundle, CAPABILITIES, PLATFORMS, Platform, cases};
use flow_model::document::read_bytes;

/// A flow with its conversations, as texts.
#[derive(Clone)]
struct Sources {
    flow: String,
    called: BTreeMap<String, String>,
    conversations: String,
}

impl Sources {
    fn template(name: &str) -> Self {
        let read = |end: &str| std::fs::read_to_string(root().join(format!("flows/templates/{name}.{end}"))).unwrap();
        Self { flow: read("flow.json"), called: BTreeMap::new(), conversations: read("conversations.jsonl") }
    }

    /// The flow that has everything, with the flow that it calls.
    fn everything() -> Self {
        let read =
            |name: &str| std::fs::read_to_string(root().join(format!("tests/platforms/{name}.flow.json"))).unwrap();
        let called = BTreeMap::from([("everything_help".to_owned(), read("everything_help"))]);
        Self { flow: read("everything"), called, conversations: String::new() }
    }

    /// The same with one text for another everywhere.
    fn with(&self, old: &str, new: &str) -> Self {
        assert!(self.flow.contains(old) && !self.flow.contains(new), "{old} for {new}");
        let called = self.called.iter().map(|(id, text)| (id.clone(), text.replace(old, new))).collect();
        Self { flow: self.flow.replace(old, new), called, conversations: self.conversations.replace(old, new) }
    }

    fn checked(&self) -> Checked {
        let called = self.called.clone();
        let read = read_bytes(self.flow.as_bytes()).unwrap();
        valid(&read, &move |id| Some(read_bytes(called.get(id)?.as_bytes())))
            .unwrap_or_else(|problems| panic!("{problems:?}"))
    }

    fn export(&self, platform: &dyn Platform) -> Bundle {
        let flow = self.checked();
        let told: Vec<_> = self.conversations.lines().filter_map(|text| Some(line(text).ok()?.0)).collect();
        platform.write(&flow, &cases(&flow, &told)).unwrap()
    }
}

fn all() -> Vec<(&'static str, Sources)> {
    let mut all: Vec<_> = TEMPLATES.iter().map(|name| (*name, Sources::template(name))).collect();
    all.push(("everything", Sources::everything()));
    all
}

/// What stands for an id that is made of a name: its number in the order in which such ids are met.
fn without_made_ids(text: &str, known: &mut Vec<String>) -> String {
    let hex = |text: &str, at: usize, count: usize| {
        text.get(at..at + count)
            .is_some_and(|part| part.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase()))
    };
    let uuid = |at: usize| {
        let parts = [(0, 8), (9, 4), (14, 4), (19, 4), (24, 12)];
        let dashes = [8, 13, 18, 23].iter().all(|dash| text.as_bytes().get(at + dash) == Some(&b'-'));
        dashes && parts.iter().all(|(from, count)| hex(text, at + from, *count))
    };
    let (mut out, mut at, mut from) = (String::new(), 0, 0);
    while at < text.len() {
        if text.is_char_boundary(at) && uuid(at) {
            let id = &text[at..at + 36];
            let number = known.iter().position(|other| other == id).unwrap_or_else(|| {
                known.push(id.to_owned());
                known.len() - 1
            });
            out.push_str(&text[from..at]);
            out.push_str(&format!("<id {number}>"));
            at += 36;
            from = at;
        } else {
            at += 1;
        }
    }
    out + &text[from..]
}

/// The files as texts, with the revision, made ids and a new text taken out.
fn texts(bundle: &Bundle, revision: &str, new: &str, old: &str) -> BTreeMap<String, String> {
    let mut known = Vec::new();
    let archives = archives(bundle);
    let put = |text: &str| {
        let text = text.replace(revision, "<revision>").replace(new, old);
        archives.iter().fold(text, |text, archive| text.replace(archive, "<archive>"))
    };
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    // An archive holds files that stand beside it.
    let files = bundle.files.iter().filter(|(path, _)| !path.ends_with(".zip")).map(|(path, bytes)| {
        let (path, text) = (put(path), put(&text(bytes)));
        (without_made_ids(&path, &mut known), without_made_ids(&text, &mut known))
    });
    files.collect()
}

/// The revisions of the archives, which change with what is in them.
fn archives(bundle: &Bundle) -> Vec<String> {
    let Some(template) = bundle.files.get("cloudformation.yaml") else { return Vec::new() };
    let key = |line: &str| {
        let (_, revision) = line.trim().strip_prefix("Default: ")?.strip_suffix(".zip")?.rsplit_once('-')?;
        Some(revision.to_owned())
    };
    String::from_utf8_lossy(template).lines().filter_map(key).collect()
}

/// Asserts that two exports are the same but for one text, and gives the files in which it stands.
fn same_but(platform: &dyn Platform, before: &Sources, old: &str, new: &str) -> Vec<String> {
    let after = before.with(old, new);
    let (first, second) = (before.export(platform), after.export(platform));
    let was = texts(&first, before.checked().revision(), old, old);
    let is = texts(&second, after.checked().revision(), new, old);
    assert_eq!(was.keys().collect::<Vec<_>>(), is.keys().collect::<Vec<_>>(), "{}", platform.id());
    for (path, text) in &is {
        let line = was[path].lines().zip(text.lines()).find(|(was, is)| was != is);
        assert_eq!(was[path].len(), text.len(), "{}: {path} has another length, first at {line:?}", platform.id());
        assert!(line.is_none(), "{}: {path} changed at {line:?}", platform.id());
    }
    let holds = |(_, bytes): &(&String, &Vec<u8>)| String::from_utf8_lossy(bytes).contains(new);
    second.files.iter().filter(holds).map(|(path, _)| path.clone()).collect()
}

#[test]
fn an_unchanged_flow_gives_the_same_bytes() {
    for platform in PLATFORMS {
        for (name, sources) in all() {
            let (first, second) = (sources.export(*platform), sources.export(*platform));
            assert_eq!(first, second, "{}: {name}", platform.id());
            assert_eq!(first.zip(), second.zip(), "{}: {name}", platform.id());
        }
    }
}

#[test]
fn a_card_with_another_title_changes_only_where_titles_are_shown() {
    for platform in PLATFORMS {
        // A title that sorts elsewhere.
        let (old, new) = ("Look up the charge", "Zook up the charge");
        let shown = same_but(*platform, &Sources::template("banking_fee_dispute"), old, new);
        assert!(
            !shown.iter().any(|path| path.to_lowercase().contains("zook")),
            "{}: no file is named by a title",
            platform.id()
        );
        assert!(!shown.iter().any(|path| path.ends_with("policy.py")), "{}: nothing decides by a title", platform.id());
    }
}

#[test]
fn a_card_with_another_id_changes_only_what_speaks_of_it() {
    for platform in PLATFORMS {
        same_but(*platform, &Sources::template("banking_fee_dispute"), "look_up", "look_uq");
        same_but(*platform, &Sources::template("banking_fee_dispute"), "please_wait", "please_wash");
        same_but(*platform, &Sources::template("saas_copilot"), "to_engineering", "to_engineerinh");
    }
}

#[test]
fn what_is_deployed_has_another_place_when_it_changed() {
    for platform in PLATFORMS {
        let before = Sources::template("banking_fee_dispute");
        let was = archives(&before.export(*platform));
        assert_eq!(was, archives(&before.export(*platform)), "{}", platform.id());
        let is = archives(&before.with("look_up", "look_uq").export(*platform));
        assert_eq!(was.len(), is.len(), "{}", platform.id());
        assert!(was.is_empty() || was != is, "{}", platform.id());
    }
}

#[test]
fn every_export_says_how_it_is_put_to_use_and_what_its_names_mean() {
    for platform in PLATFORMS {
        let bundle = Sources::template("banking_fee_dispute").export(*platform);
        for file in ["README.md", "names.json"] {
            assert!(bundle.files.contains_key(file), "{}: {file} is missing", platform.id());
        }
        assert!(!bundle.checked.is_empty(), "{}", platform.id());
    }
}

#[test]
fn platforms_share_one_module_that_knows_none_of_them() {
    for (name, sources) in all() {
        let flow = sources.checked();
        let module = Policy::of(&flow).module();
        for platform in CAPABILITIES {
            for word in [platform.id, platform.title] {
                assert!(!module.to_lowercase().contains(&word.to_lowercase()), "{name}: {word}");
            }
        }
        for platform in PLATFORMS {
            let bundle = sources.export(*platform);
            for (path, bytes) in
                bundle.files.iter().filter(|(path, _)| path.ends_with("/policy.py") || *path == "policy.py")
            {
                assert!(*bytes == module.as_bytes(), "{}: {name}/{path} is another module", platform.id());
            }
        }
    }
}

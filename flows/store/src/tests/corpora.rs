//! Corpora kept in columns: a replay of the columns tells what a replay of the lines tells.

use std::convert::Infallible;
use std::fs;
use std::path::{Path, PathBuf};

use flow_check::Checked;
use flow_conversations::Conversation;
use flow_handoff::Keys;
use flow_model::document;
use flow_model::tree::{Json, compact};
use flow_predict::Matcher;
use flow_run::program::Program;
use flow_run::replay::stream::{Block, Far, Hear, Job, Told, stream};
use flow_run::replay::{Each, Reader, Said, Whole};

use crate::corpus_from;

fn templates() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../templates")
}

fn checked(name: &str) -> Checked {
    let text = fs::read_to_string(templates().join(format!("{name}.flow.json"))).unwrap();
    flow_check::valid(&document::read(&text).unwrap(), &|_| None).unwrap()
}

/// Every conversation of a template many times, some without what is filled, with ids and starts of their own.
fn lines(name: &str) -> String {
    let text = fs::read_to_string(templates().join(format!("{name}.conversations.jsonl"))).unwrap();
    let mut out = String::from("\u{feff}\n");
    for round in 0..6 {
        for line in text.lines() {
            let line = line.replacen("\"id\":\"", &format!("\"id\":\"{round}-"), 1);
            let line = line.replacen("\"id\": \"", &format!("\"id\": \"{round}-"), 1);
            let line = if round % 3 == 1 { line.replace("\"sentiment\":", "\"mood\":") } else { line };
            let line = if round % 3 == 2 { line.replace("\"confidence\":0.", "\"confidence\":0.1") } else { line };
            let line = if round == 4 { line.replace("\"expect\":", "\"unexpected\":") } else { line };
            out.push_str(&line);
            out.push('\n');
        }
    }
    out
}

/// The same with lines that are broken, no text, empty, repeated, or have elements that nobody understands, and ends of
/// lines from elsewhere.
fn odd_lines(name: &str) -> Vec<u8> {
    let mut out = Vec::new();
    for (i, line) in lines(name).split_inclusive('\n').enumerate() {
        match i % 13 {
            3 => out.extend_from_slice(&line.as_bytes()[..line.len() / 3]),
            4 => out.extend_from_slice(b"\xff\xfe no text\n"),
            5 => out.extend_from_slice(b"  \r\n"),
            6 => out.extend_from_slice(
                line.replacen("\"turns\":", "\"turns\": [{\"what\":1},{\"clock\":-1}], \"x_was\":", 1).as_bytes(),
            ),
            7 => out.extend_from_slice(line.repeat(2).as_bytes()),
            8 => out.extend_from_slice(line.replace('\n', "\r\n").as_bytes()),
            9 => out.extend_from_slice(line.replacen("[{", "[{\"what\":1},{", 1).as_bytes()),
            _ => out.extend_from_slice(line.as_bytes()),
        }
    }
    out
}

struct Ear(Vec<String>, u64);

impl Hear<Said> for Ear {
    fn told(&mut self, file: usize, line: u64, told: Told<Said>) {
        match told {
            Told::Said(said) => self.0.push(format!("{file} {line} {} {:?} {:?}", said.id, said.faults, said.each)),
            Told::Unread(why) => self.0.push(format!("{file} {line} {why}")),
            Told::Repeated(id) => self.0.push(format!("{file} {line} again {id}")),
            Told::Note(id, turn, why) => self.0.push(format!("{file} {line} {id} {turn} {why}")),
        }
    }

    fn far(&mut self, far: Far) -> bool {
        self.1 = far.conversations;
        true
    }
}

type Told2 = (Vec<String>, u64, String);

fn told(job: &Whole<'_, '_>, program: &Program, next: &mut dyn FnMut() -> Option<Box<dyn Block>>) -> Told2 {
    let mut ear = Ear(Vec::new(), 0);
    let summed = stream(job, 2, &mut || Ok::<_, Infallible>(next()), &mut ear).unwrap();
    (ear.0, ear.1, compact(&Json::Map(summed.totals(program).summary(&[]))))
}

fn check(name: &str, bytes: &[u8], odd: bool) {
    check_for(name, bytes, odd, &[(Each::Json, false), (Each::Json, true), (Each::No, false), (Each::No, true)]);
}

fn check_for(name: &str, bytes: &[u8], odd: bool, ways: &[(Each, bool)]) {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let path = folder.path().join("a.conversations.jsonl");
    fs::write(&path, bytes).unwrap();
    let checked = checked(name);
    let program = Program::new(&checked);
    let keys = Keys::default();
    let matcher = Matcher::new(checked.flow());
    let fill = |conversation: &mut Conversation| drop(flow_predict::fill(conversation, &matcher));
    for (each, fills) in ways.iter().copied() {
        let fill = fills.then_some(&fill as &(dyn Fn(&mut Conversation) + Sync));
        let job = Whole { program: &program, keys: &keys, fill, each };
        let mut reader = Reader::new(fs::File::open(&path).unwrap(), 0).wanting(job.wants());
        let expected = told(&job, &program, &mut || reader.block().unwrap());
        let repeated = expected.0.iter().filter(|words| words.split(' ').nth(2) == Some("again")).count();
        let no_text = expected.0.iter().filter(|words| words.ends_with("it is not UTF-8 text")).count();
        assert_eq!((repeated > 0, no_text > 0), (odd, odd), "{name}");
        for alone in [false, true] {
            let corpus = corpus_from(&cache, &path, 0, &|| false).unwrap().expect("it can be kept");
            let mut blocks = corpus.blocks(0, &job.wants(), alone);
            let kept = told(&job, &program, &mut || blocks.block().unwrap());
            assert_eq!(kept, expected, "{name} {each:?} {fills}");
        }
    }
}

#[test]
fn columns_tell_what_lines_tell() {
    for name in ["banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage"] {
        check(name, lines(name).as_bytes(), false);
        check(name, &odd_lines(name), true);
    }
}

fn count(cache: &Path) -> usize {
    fs::read_dir(cache).map_or(0, Iterator::count)
}

#[test]
fn what_changes_is_made_anew() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let path = folder.path().join("a.conversations.jsonl");
    let rows = |path: &Path| {
        let corpus = corpus_from(&cache, path, 0, &|| false).unwrap()?;
        let mut blocks = corpus.blocks(0, &flow_conversations::Wants::ALL, true);
        let mut ids = Vec::new();
        while let Some(block) = blocks.block().unwrap() {
            let columns = block.columns().unwrap();
            ids.extend((0..columns.lines.len()).filter_map(|at| columns.ids.at(at).map(str::to_owned)));
        }
        Some(ids)
    };
    let line = |id: &str| format!("{{\"id\":\"{id}\",\"turns\":[{{\"who\":\"user\",\"text\":\"{id}\"}}]}}\n");
    fs::write(&path, line("one")).unwrap();
    assert_eq!(rows(&path).unwrap(), ["one"]);
    assert_eq!(count(&cache), 1);
    // The same content under another moment is not made anew; another content of the same length is.
    fs::File::options().append(true).open(&path).unwrap().set_modified(std::time::UNIX_EPOCH).unwrap();
    assert_eq!(rows(&path).unwrap(), ["one"]);
    fs::write(&path, line("two")).unwrap();
    assert_eq!(rows(&path).unwrap(), ["two"]);
    assert_eq!(count(&cache), 1);
    // What was kept and is damaged is made anew.
    let kept = fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let mut bytes = fs::read(&kept).unwrap();
    bytes.truncate(bytes.len() / 2);
    fs::write(&kept, bytes).unwrap();
    assert_eq!(rows(&path).unwrap(), ["two"]);
    // A file without a line that can be read has its columns, too.
    fs::write(&path, "{\n").unwrap();
    assert_eq!(rows(&path).unwrap(), [""]);
}

/// So many conversations, most of them with an intent that no other has.
fn many(count: usize) -> String {
    let line = |i: usize| {
        let intent = if i.is_multiple_of(17) { "fee_dispute".to_owned() } else { format!("own_{i}") };
        format!(
            "{{\"id\":\"c{i}\",\"turns\":[{{\"who\":\"user\",\"text\":\"{i} words\",\"intent\":\"{intent}\",\"confidence\":0.{:03}}}]}}\n",
            i % 997
        )
    };
    (0..count).map(line).collect()
}

#[test]
fn what_was_kept_of_files_that_are_gone_goes_too() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let path = |name: &str| folder.path().join(format!("{name}.conversations.jsonl"));
    let keep = |name: &str| {
        fs::write(path(name), format!("{{\"id\":\"{name}\",\"turns\":[]}}\n")).unwrap();
        assert!(corpus_from(&cache, &path(name), 0, &|| false).unwrap().is_some());
    };
    keep("one");
    let others = [("notes.arrow", "mine"), ("0123456789abcdef0123456789abcdef.arrow", "not columns")];
    others.iter().for_each(|(name, text)| fs::write(cache.join(name), text).unwrap());
    keep("two");
    assert_eq!(count(&cache), 2 + others.len());
    fs::remove_file(path("one")).unwrap();
    keep("three");
    assert_eq!(count(&cache), 2 + others.len());
    assert!(corpus_from(&cache, &path("two"), 0, &|| false).unwrap().is_some());
}

#[cfg(unix)]
#[test]
fn what_is_kept_is_for_its_owner_alone() {
    use std::os::unix::fs::PermissionsExt;
    let folder = tempfile::tempdir().unwrap();
    let (cache, path) = (folder.path().join("cache"), folder.path().join("a.conversations.jsonl"));
    fs::write(&path, "{\"id\":\"a\",\"turns\":[]}\n").unwrap();
    assert!(corpus_from(&cache, &path, 0, &|| false).unwrap().is_some());
    for entry in fs::read_dir(&cache).unwrap() {
        assert_eq!(entry.unwrap().metadata().unwrap().permissions().mode() & 0o777, 0o600);
    }
}

#[test]
fn a_file_in_utf_16_is_told_once_and_not_kept() {
    let folder = tempfile::tempdir().unwrap();
    let (cache, path) = (folder.path().join("cache"), folder.path().join("a.conversations.jsonl"));
    let bytes: Vec<u8> = format!("\u{feff}{}", many(20)).encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(&path, &bytes).unwrap();
    assert!(corpus_from(&cache, &path, 0, &|| false).unwrap().is_none());
    assert_eq!(count(&cache), 0);
    let checked = checked("banking_fee_dispute");
    let (program, keys) = (Program::new(&checked), Keys::default());
    let job = Whole { program: &program, keys: &keys, fill: None, each: Each::No };
    for piece in [1, 7, 1 << 18] {
        let mut reader = Reader::new(bytes.as_slice(), 0).in_pieces_of(piece);
        let told = told(&job, &program, &mut || reader.block().unwrap()).0;
        assert!(told.len() == 1 && told[0].contains("UTF-16"), "{told:?}");
    }
}

#[test]
fn what_is_shared_is_numbered_again_when_there_is_much_of_it() {
    // More forms than are numbered in one go, over several batches.
    check_for("banking_fee_dispute", (many(19_000) + "\n").as_bytes(), false, &[(Each::No, false)]);
}

#[test]
fn a_block_that_is_not_what_was_written_is_not_read() {
    let folder = tempfile::tempdir().unwrap();
    let cache = folder.path().join("cache");
    let path = folder.path().join("a.conversations.jsonl");
    fs::write(&path, many(10_000)).unwrap();
    let blocks = |wants: &flow_conversations::Wants| {
        let mut blocks = corpus_from(&cache, &path, 0, &|| false).unwrap().unwrap().blocks(0, wants, true);
        let mut count = 0;
        while let Ok(block) = blocks.block() {
            if block.is_none() {
                return (count, blocks.last(), true);
            }
            count += 1;
        }
        (count, blocks.last(), false)
    };
    let without = flow_conversations::Wants { text: false, ..flow_conversations::Wants::ALL };
    let without = flow_conversations::Wants { text_for_sentiment: false, text_for_intent: false, ..without };
    assert_eq!(blocks(&without), (3, 10_000, true));
    let kept = fs::read_dir(&cache).unwrap().next().unwrap().unwrap().path();
    let bytes = fs::read(&kept).unwrap();
    let mut told = [0; 2];
    for at in (bytes.len() / 2..bytes.len() * 9 / 10).step_by(bytes.len() / 90) {
        let mut damaged = bytes.clone();
        damaged[at] ^= 1;
        fs::write(&kept, &damaged).unwrap();
        let (count, last, whole) = blocks(&flow_conversations::Wants::ALL);
        assert!(!whole && last == count as u64 * 4096, "{at} {count} {last}");
        // What nobody reads may be damaged.
        told[usize::from(blocks(&without).2)] += 1;
    }
    assert!(told[0] > 0 && told[1] > 0, "{told:?}");
}

//! Decks come back as they went out, and change words alone.

use flow_model::diff::{Op, apply};
use flow_model::document::read as read_document;
use flow_model::shape::{DOCUMENT, Field, Shape, fields_of_kind};
use flow_model::tree::Json;
use flow_publish::deck::{Back, Changes, Form, Trouble, applied, changes, read, texts, write};
use proptest::prelude::*;

use super::{CALLER, TEMPLATES};

const FORMS: [Form; 2] = [Form::Csv, Form::Xlsx];

fn tree(text: &str) -> Json {
    read_document(text).unwrap().tree
}

fn back(document: &Json, form: Form) -> Vec<Back> {
    read(&write(document, form).unwrap(), form).unwrap()
}

/// Texts with placeholders of a document, found without the deck.
fn templates(json: &Json, shape: &Shape) -> usize {
    let record =
        |fields: &[Field]| fields.iter().filter_map(|f| Some(templates(json.get(f.key)?, &f.shape))).sum::<usize>();
    match (shape, json) {
        (Shape::Template(_), Json::Text(_)) => 1,
        (Shape::Record(fields), Json::Map(_)) => record(fields),
        (Shape::NodeEntry, Json::Map(_)) => {
            record(fields_of_kind(json.get("kind").unwrap().as_text().unwrap()).unwrap())
        }
        (Shape::Either(_, inner), Json::Map(_)) => templates(json, inner),
        (Shape::MapOf(_, inner), Json::Map(entries)) => entries.iter().map(|(_, v)| templates(v, inner)).sum(),
        (Shape::ListOf(inner), Json::List(items)) => items.iter().map(|v| templates(v, inner)).sum(),
        _ => 0,
    }
}

#[test]
fn no_text_is_forgotten() {
    for text in TEMPLATES.map(|t| t.1).into_iter().chain([CALLER]) {
        let document = tree(text);
        let screens = document.get("contexts").unwrap().entries().iter().filter(|(_, c)| c.get("screen").is_some());
        let found = texts(&document).iter().filter(|text| text.template).count();
        assert_eq!(found, templates(&document, &DOCUMENT) - screens.count());
        let ids: std::collections::BTreeSet<_> = texts(&document).into_iter().map(|text| text.id).collect();
        assert_eq!(ids.len(), texts(&document).len());
    }
}

#[test]
fn decks_of_the_shipped_flows_come_back_without_a_change() {
    for (name, text, _) in TEMPLATES {
        let document = tree(text);
        for form in FORMS {
            let rows = back(&document, form);
            let found = changes(&document, &rows);
            assert_eq!(found, Changes { same: rows.len(), ..Changes::default() }, "{name} {form:?}");
            assert_eq!(rows.len(), texts(&document).len());
            assert_eq!(write(&document, form).unwrap(), write(&document, form).unwrap(), "{name}: the same bytes");
        }
    }
}

#[test]
fn edited_words_are_a_change_of_the_document_and_nothing_else() {
    let mut document = tree(TEMPLATES[0].1);
    for form in FORMS {
        let mut rows = back(&document, form);
        let row = rows.iter_mut().find(|row| row.id == "/nodes/greet/text").unwrap();
        row.text = "Hello, how can I help? 👋".to_owned();
        let found = changes(&document, &rows);
        assert_eq!(found.changes.len(), 1);
        assert_eq!(
            applied(&found, &[]),
            [Op::Set {
                path: vec!["nodes".into(), "greet".into(), "text".into()],
                value: Json::text("Hello, how can I help? 👋"),
                at: None
            }]
        );
        apply(&mut document.clone(), &applied(&found, &[])).unwrap();
    }
    let found = changes(&document, &[]);
    assert_eq!(found.missing.len(), texts(&document).len());
    apply(&mut document, &applied(&found, &[])).unwrap();
    assert_eq!(document, tree(TEMPLATES[0].1));
}

/// What is told of one row of the deck of the first template, with these words and this original.
fn trouble(id: &str, original: Option<&str>, words: &str) -> Vec<Trouble> {
    let document = tree(TEMPLATES[0].1);
    let own = texts(&document).into_iter().find(|text| text.id == id).map(|text| text.text);
    let original = original.map_or_else(|| own.unwrap_or_default(), str::to_owned);
    let row = Back { line: 2, id: id.to_owned(), text: words.to_owned(), original };
    let found = changes(&document, &[row]);
    assert_eq!(found.changes.len(), 1, "{found:?}");
    let change = &found.changes[0];
    assert!(applied(&found, &[]).is_empty() || change.troubles.is_empty(), "never silently: {change:?}");
    let told_to = applied(&found, &[id.to_owned()]);
    assert_eq!(told_to.len(), usize::from(change.path.is_some()));
    change.troubles.clone()
}

#[test]
fn f96_what_is_doubtful_is_told_and_not_taken() {
    let (greet, promised) = ("/nodes/greet/text", "/nodes/promised/text");
    assert_eq!(trouble("/nodes/gone/text", None, "x"), [Trouble::Unknown]);
    let now = "Hi, what can I help with?".to_owned();
    assert_eq!(trouble(greet, Some("Old words"), "New words"), [Trouble::Changed { now }]);
    assert_eq!(trouble(greet, None, " "), [Trouble::Empty]);
    let new = vec!["{slots.phone}".to_owned()];
    assert_eq!(trouble(greet, None, "Hi {slots.phone}"), [Trouble::Placeholders { lost: vec![], new: new.clone() }]);
    let lost = vec!["{handoff.ref|…}".to_owned()];
    assert_eq!(trouble(promised, None, "We will call."), [Trouble::Placeholders { lost: lost.clone(), new: vec![] }]);
    let found = trouble(promised, None, "Call {handoff.ref}");
    assert_eq!(found, [Trouble::Placeholders { lost, new: vec!["{handoff.ref}".to_owned()] }], "a fallback is lost");
    assert!(matches!(trouble(greet, None, "Hi {")[..], [Trouble::Unreadable(_)]));
    assert_eq!(trouble(promised, None, "Ihre Nummer: {handoff.ref|unterwegs}."), [], "a fallback is words");
}

#[test]
fn words_that_the_flow_has_already_are_no_change_and_others_edited_elsewhere_stay() {
    let document = tree(TEMPLATES[0].1);
    let row = |text: &str, original: &str| Back {
        line: 2,
        id: "/nodes/greet/text".into(),
        text: text.into(),
        original: original.into(),
    };
    assert!(changes(&document, &[row("Hi, what can I help with?", "Older")]).changes.is_empty());
    assert!(changes(&document, &[row("Older", "Older")]).changes.is_empty(), "nobody edited it");
    let twice = changes(&document, &[row("A", "Hi, what can I help with?"), row("B", "Hi, what can I help with?")]);
    assert!(twice.changes.iter().all(|change| change.troubles == [Trouble::Twice]), "{twice:?}");
}

#[test]
fn what_is_no_deck_is_told_so() {
    assert!(read(b"a,b\r\n1,2\r\n", Form::Csv).unwrap_err().to_string().contains("\"id\""));
    assert!(read(b"\xff\xfe", Form::Csv).unwrap_err().to_string().contains("line 1"));
    assert!(read(b"", Form::Csv).is_err());
    assert!(read(b"PK not a workbook", Form::Xlsx).is_err());
    let csv = "id;text;original\r\n/nodes/greet/text;\"Hello; there\";Hi\r\n;;\r\n";
    let rows = read(csv.as_bytes(), Form::Csv).unwrap();
    assert_eq!(rows.len(), 1, "spreadsheets of other countries write semicolons");
    assert_eq!(rows[0].text, "Hello; there");
}

#[test]
fn a_text_too_long_for_a_cell_is_told_with_its_id() {
    let mut document = tree(TEMPLATES[0].1);
    *document.at_mut(&["nodes", "greet", "text"]).unwrap() = Json::text("x".repeat(40_000));
    let error = write(&document, Form::Xlsx).unwrap_err().to_string();
    assert!(error.contains("/nodes/greet/text") && error.contains("CSV"), "{error}");
    assert_eq!(changes(&document, &back(&document, Form::Csv)).changes, []);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 48, ..ProptestConfig::default() })]

    /// Any text goes out and comes back, in both forms.
    #[test]
    fn decks_come_back_whatever_the_texts(words in prop::collection::vec("\\PC{0,12}|[\\x00-\\x20=+@_'\",;{}|-]{0,12}|.{0,12}|_x[0-9A-F]{4}_", 25)) {
        let mut document = tree(TEMPLATES[0].1);
        let all = texts(&document);
        prop_assert_eq!(all.len(), words.len());
        for (text, word) in all.iter().zip(&words) {
            *document.at_mut(&text.path).unwrap() = Json::text(word);
        }
        for form in FORMS {
            let rows = back(&document, form);
            for row in &rows {
                let path = flow_model::tree::steps(&row.id);
                prop_assert_eq!(document.at(&path).and_then(Json::as_text), Some(row.text.as_str()), "{:?}", form);
                prop_assert_eq!(&row.text, &row.original);
            }
            prop_assert_eq!(changes(&document, &rows).changes, vec![]);
            prop_assert_eq!(rows.len(), all.len());
        }
    }
}

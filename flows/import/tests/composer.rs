//! Bot Framework Composer projects.
#![expect(clippy::disallowed_methods, reason = "tests read files")]

mod common;

use common::{folder, imported, project, shared};
use flow_import::{Code, Project, import};
use flow_model::flow::Kind;

const MAIN: &str = r#"{"$kind":"Microsoft.AdaptiveDialog","$designer":{"id":"1","name":"Shop"},"generator":"shop.lg","recognizer":"shop.lu",
"triggers":[
 {"$kind":"Microsoft.OnConversationUpdateActivity","actions":[{"$kind":"Microsoft.Foreach","itemsProperty":"turn.Activity.membersAdded","actions":[
   {"$kind":"Microsoft.IfCondition","condition":"string(dialog.foreach.value.id) != string(turn.Activity.Recipient.id)","actions":[
     {"$kind":"Microsoft.SendActivity","$designer":{"id":"10"},"activity":"${Welcome()}"}]}]}]},
 {"$kind":"Microsoft.OnIntent","intent":"Refund","actions":[{"$kind":"Microsoft.BeginDialog","$designer":{"id":"11"},"dialog":"refund","options":{"why":"asked"}}]},
 {"$kind":"Microsoft.OnIntent","intent":"Human","condition":"=#Human.Score > 0.6","actions":[
   {"$kind":"Microsoft.SendHandoffActivity","$designer":{"id":"12"},"context":"=conversation.told"}]},
 {"$kind":"Microsoft.OnUnknownIntent","actions":[
   {"$kind":"Microsoft.SetProperty","$designer":{"id":"13","name":"Count"},"property":"conversation.failures","value":"=coalesce(conversation.failures, 0) + 1"},
   {"$kind":"Microsoft.SendActivity","$designer":{"id":"14"},"activity":"Sorry? \\n (${conversation.failures})"}]}]}"#;

const REFUND: &str = r#"{"$kind":"Microsoft.AdaptiveDialog","id":"refund","triggers":[
 {"$kind":"Microsoft.OnBeginDialog","actions":[
  {"$kind":"Microsoft.NumberInput","$designer":{"id":"20"},"prompt":"How much?","unrecognizedPrompt":"A number, please.","property":"dialog.amount","maxTurnCount":3,
   "validations":["int(this.value) >= 1","length(this.value) > 2"],"value":"=@amount","defaultValue":"10"},
  {"$kind":"Microsoft.HttpRequest","$designer":{"id":"21","name":"Look up"},"method":"POST","url":"https://shop.example.com/refunds/${dialog.amount}","headers":{"key":"hidden"},"resultProperty":"dialog.api"},
  {"$kind":"Microsoft.SwitchCondition","$designer":{"id":"22"},"condition":"dialog.api.content.state","cases":[
    {"value":"done","actions":[{"$kind":"Microsoft.SendActivity","$designer":{"id":"23"},"activity":"Done."},{"$kind":"Microsoft.EndDialog"}]}],
   "default":[{"$kind":"Microsoft.IfCondition","$designer":{"id":"24"},"condition":"isMatch(dialog.api.content.state, '^x') && dialog.why != 'told'","actions":[
     {"$kind":"Microsoft.GotoAction","$designer":{"id":"25"},"actionId":"20"}]}]},
  {"$kind":"Microsoft.Mystery","$designer":{"id":"26"},"strength":7}]},
 {"$kind":"Microsoft.OnIntent","intent":"Why","actions":[{"$kind":"Microsoft.SendActivity","$designer":{"id":"27"},"activity":"To pay you back."}]}]}"#;

const LG: &str = "[import](common.lg)\n# Welcome()\n- Hello, {friend}!\n- Hi!\n\n# Lost\n- IF: ${a}\n  - b\n";
const LU: &str = "# Refund\n- money back for {@order=7}\n- refund\n> remark\n# Human\n- a person\n@ ml amount\n@ list size =\n- small :\n  - tiny\n";

fn shop() -> Project {
    project(
        "shop",
        &[
            ("bot/shop.botproj", b"{\"name\": \"shop\"}"),
            ("bot/shop.dialog", MAIN.as_bytes()),
            ("bot/dialogs/refund/refund.dialog", REFUND.as_bytes()),
            ("bot/language-generation/en-us/shop.en-us.lg", LG.as_bytes()),
            ("bot/language-understanding/en-us/shop.en-us.lu", LU.as_bytes()),
            ("bot/language-understanding/de-de/shop.de-de.lu", b"# Refund\n- Geld"),
        ],
    )
}

#[test]
fn a_bot_is_a_flow() {
    let (made, flow) = imported(&shop(), "composer");
    for text in [
        // Triggers of the main dialog, and what is done before them.
        r#"{ "when": "intent == \"Human\" && confidence > 0.6", "to": "SendHandoffActivity_12" }"#,
        r#""text": "Hello, {{friend}}!""#,
        r#""why": "Also said: Hi!""#,
        // A question with its limits, its entity and its usual value.
        r#""refund_amount": { "title": "refund.amount", "type": "number", "entity": "amount", "min": 1 }"#,
        r#""reprompt": "A number, please.""#,
        r#""assign": { "refund_amount": "10" }"#,
        r#""refund_why": "\"asked\"""#,
        // A count that begins at nothing.
        r#"{ "when": "has(slots.conversation_failures)", "to": "Count_to_1" }"#,
        r#""text": "Sorry? \n ({slots.conversation_failures})""#,
        // A call, its answers, and what depends on them.
        r#""refund_api_content_state": "Look_up.state""#,
        r#"{ "when": "slots.refund_api_content_state == \"done\"", "to": "SendActivity_23" }"#,
        // A request that is heard while the question is open goes back to it.
        r#""within": ["NumberInput_20"]"#,
        r#""examples": ["money back for 7", "refund"]"#,
        r#""values": ["small"]"#,
        "Mystery\\nstrength: 7",
    ] {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
    assert!(!made.flow.contains("hidden") && !made.flow.contains("Geld"));
    let told = |code| {
        made.notes.iter().filter(|note| note.code == code).map(|note| note.what.as_str()).collect::<Vec<_>>().join("\n")
    };
    let conditions = told(Code::Condition);
    assert!(conditions.contains("isMatch") && conditions.contains("length(this.value) > 2"), "{conditions}");
    assert!(told(Code::NotUnderstood).contains("the template Lost is used by no card"));
    assert!(told(Code::LeftOut).contains("texts in other languages"));
    assert!(matches!(&flow.nodes["SendHandoffActivity_12"].kind, Kind::Handoff(_)));
}

#[test]
fn what_is_empty_or_broken_is_told() {
    let root = |text: &str| project("b", &[("b.dialog", text.as_bytes())]);
    let (empty, flow) = imported(&root(r#"{"$kind":"Microsoft.AdaptiveDialog"}"#), "composer");
    assert_eq!((flow.nodes.len(), empty.not_understood()), (2, 0), "{}", empty.flow);
    let error =
        import(&root("{\"$kind\":\"Microsoft.AdaptiveDialog\",\n\"triggers\":[}"), None).unwrap_err().to_string();
    assert!(error.starts_with("b.dialog, line 2: "), "{error}");
    let none = import(&project("b", &[("a.botproj", b"{}")]), None).unwrap_err().to_string();
    assert!(none.contains("choose the folder of the bot"), "{none}");
    // Another dialog that cannot be read does not stop the rest; what leads to it is a card to decide.
    let mut files = shop().files().clone();
    files.insert("bot/dialogs/refund/refund.dialog".to_owned(), b"{oh".to_vec());
    files.insert("bot/language-generation/en-us/shop.en-us.lg".to_owned(), b"\xff\xfe#\0 \0W".to_vec());
    let (made, _) = imported(&Project::new("shop", files), "composer");
    let codes: Vec<Code> = made.notes.iter().map(|note| note.code).collect();
    for code in [Code::BadFile, Code::Missing, Code::Encoding] {
        assert!(codes.contains(&code), "{code:?} {:?}", made.notes);
    }
}

#[test]
fn every_encoding_gives_the_same_flow() {
    let wide = |text: &[u8]| {
        let text = std::str::from_utf8(text).unwrap().encode_utf16().flat_map(u16::to_le_bytes);
        [0xff, 0xfe].into_iter().chain(text).collect::<Vec<u8>>()
    };
    let files = shop().files().iter().map(|(path, bytes)| (path.clone(), wide(bytes))).collect();
    assert_eq!(imported(&Project::new("shop", files), "composer").0.flow, imported(&shop(), "composer").0.flow);
}

/// A dialog whose actions are these.
fn dialog(actions: &str) -> String {
    format!(
        r#"{{"$kind":"Microsoft.AdaptiveDialog","triggers":[{{"$kind":"Microsoft.OnBeginDialog","actions":[{actions}]}}]}}"#
    )
}

fn begin(name: &str) -> String {
    format!(r#"{{"$kind":"Microsoft.BeginDialog","dialog":"{name}"}}"#)
}

#[test]
fn circles_and_towers_end() {
    let say = r#"{"$kind":"Microsoft.SendActivity","activity":"again"}"#;
    // Two dialogs that begin each other, before and after words; and one that begins itself at its end.
    let one = dialog(&format!("{},{say},{}", begin("two"), begin("one")));
    let two = dialog(&format!("{say},{},{}", begin("one"), begin("two")));
    let main = dialog(&begin("one"));
    let (_, flow) = imported(
        &project(
            "c",
            &[
                ("c.dialog", main.as_bytes()),
                ("dialogs/one.dialog", one.as_bytes()),
                ("dialogs/two.dialog", two.as_bytes()),
            ],
        ),
        "composer",
    );
    assert!(flow.nodes.len() < 200, "{}", flow.nodes.len());
    // Each of twenty dialogs begins the next one twice: drawn out, that were a million cards.
    let mut files: Vec<(String, String)> = (0..20)
        .map(|at| {
            (
                format!("dialogs/d{at}.dialog"),
                dialog(&format!("{},{say},{}", begin(&format!("d{}", at + 1)), begin(&format!("d{}", at + 1)))),
            )
        })
        .collect();
    files.push(("t.dialog".to_owned(), dialog(&begin("d0"))));
    let files: Vec<(&str, &[u8])> = files.iter().map(|(path, text)| (path.as_str(), text.as_bytes())).collect();
    let (made, flow) = imported(&project("t", &files), "composer");
    assert!(flow.nodes.len() < 2000 && made.not_understood() > 0, "{}", flow.nodes.len());
    // Conditions within conditions, as deep as a file may nest.
    let deep = (0..58).fold(say.to_owned(), |inner, _| {
        format!(r#"{{"$kind":"Microsoft.IfCondition","condition":"user.a","actions":[{inner}]}}"#)
    });
    let (_, flow) = imported(&project("d", &[("d.dialog", dialog(&deep).as_bytes())]), "composer");
    assert_eq!(flow.nodes.len(), 61);
    let deeper = format!("{{\"a\":{}{}}}", "[".repeat(5000), "]".repeat(5000));
    assert!(import(&project("d", &[("d.botproj", b"{}"), ("d.dialog", deeper.as_bytes())]), None).is_err());
    // A template that says itself, and a place to go on at that is the action itself.
    let odd = dialog(
        r#"{"$kind":"Microsoft.SendActivity","activity":"${A()}"},{"$kind":"Microsoft.GotoAction","$designer":{"id":"g"},"actionId":"g"}"#,
    );
    imported(&project("o", &[("o.dialog", odd.as_bytes()), ("o.en-us.lg", b"# A\n- ${A()} ${A()}\n")]), "composer");
}

#[test]
fn real_projects_are_read_whole() {
    let Some(data) = shared("data/composer/projects") else { return };
    let mut projects: Vec<_> = std::fs::read_dir(data).unwrap().map(|entry| entry.unwrap().path()).collect();
    projects.extend(shared("samples/composer/supportbot"));
    assert!(projects.len() >= 5);
    for path in projects {
        let (made, flow) = imported(&folder(&path), "composer");
        let tally = made.tally;
        assert!(tally.noted * 20 < tally.elements && flow.nodes.len() > 10, "{}: {tally:?}", made.id);
        let codes: Vec<Code> = made.notes.iter().map(|note| note.code).collect();
        assert!(!codes.contains(&Code::BadFile) && !codes.contains(&Code::NotRead), "{}: {:?}", made.id, made.notes);
    }
}

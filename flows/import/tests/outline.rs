//! Tables and drawings.

mod common;

use common::{imported, project};
use flow_import::{Code, Imported, import};

fn one(path: &str, text: &[u8], kind: &str) -> Imported {
    imported(&project("drawn", &[(path, text)]), kind).0
}

fn holds(made: &Imported, texts: &[&str]) {
    for text in texts {
        assert!(made.flow.contains(text), "{text}\n{}", made.flow);
    }
}

const TABLE: &str = "ID;What is said;When;Next;Owner\n1;\"Hi; what is it?\nTell me.\";intent == \"none\";2;Ann\n1;;it is a fee;3;\n2;Bye {you};;;\n3;Fees;;nowhere;\n";

#[test]
fn a_table_is_an_outline() {
    let made = one("outline.csv", TABLE.as_bytes(), "csv-outline");
    holds(
        &made,
        &[
            r#""text": "Hi; what is it?\nTell me.""#,
            r#"{ "when": "intent == \"none\"", "to": "Bye_you" }"#,
            r#""when": "imported.Hi_what_is_it_Tell_me_it_is_a_fee""#,
            r#""text": "Bye {{you}}""#,
            r#""why": "Owner: Ann""#,
            "nowhere is not a row of the table.",
        ],
    );
    assert!(
        made.notes[0].what.contains("What is said is what is said") && made.notes[0].code == Code::Approximated,
        "{:?}",
        made.notes
    );
    // Without ids and without what comes next, rows follow one another; tabs and other encodings are no matter.
    let wide: Vec<u8> = [0xff, 0xfe]
        .into_iter()
        .chain("step\tbot says\n\tHi\n\tBye\n".encode_utf16().flat_map(u16::to_le_bytes))
        .collect();
    holds(&one("o.tsv", &wide, "csv-outline"), &[r#""text": "Hi", "next": "Bye""#]);
    for broken in ["text,next\n", "text,next\n\"open,a\nb", "text,next\n,,,,,\n\u{0}\n"] {
        one("o.csv", broken.as_bytes(), "csv-outline");
    }
    assert!(import(&project("o", &[("o.csv", b"a,b\n1,2\n")]), None).is_err());
    let error = import(&project("o", &[("o.csv", b"a,b\n1,2\n")]), Some("csv-outline")).unwrap_err().to_string();
    assert!(error.starts_with("o.csv, line 1: choose"), "{error}");
}

const CHART: &str = "flowchart TD\n  %% a remark\n  S([Start]) --> A[\"Hello (you)\"]\n  A --> B{Sure?}\n  B -- yes --> C[Good]:::loud\n  B -->|no| D & E\n  subgraph desk [Front desk]\n    D[Ask <br/> again] -.-> B\n  end\n  E(((Stop)))\n  classDef loud fill:#fff\n  this is no arrow\n";

#[test]
fn a_mermaid_diagram_is_a_flow() {
    let made = one("chart.mmd", CHART.as_bytes(), "mermaid");
    holds(
        &made,
        &[
            r#""start": { "kind": "start", "next": "Hello_you" }"#.replace("\"start\"", "\"Start\"").replace("\"kind\": \"Start\"", "\"kind\": \"start\"").as_str(),
            r#""title": "Sure?""#,
            r#""when": "imported.Sure_yes", "to": "Good""#,
            r#""text": "Ask\nagain""#,
            r#""group": "Front_desk""#,
            r#""outcome": "Stop""#,
        ],
    );
    assert!(
        made.notes.iter().any(|note| note.what.contains("this is no arrow") && note.line == Some(12)),
        "{:?}",
        made.notes
    );
    let states =
        "stateDiagram-v2\n[*] --> Greeting\nGreeting : Says hello\nGreeting --> Wait : asked\nGreeting --> [*]\n";
    holds(
        &one("s.mermaid", states.as_bytes(), "mermaid"),
        &[r#""text": "Says hello""#, r#""kind": "end""#, "imported.Says_hello_asked"],
    );
    let inside = format!("# Words\n\n```mermaid\n{CHART}```\nmore\n");
    assert!(one("plan.md", inside.as_bytes(), "mermaid").flow.contains("Front_desk"));
    // A circle, nothing at all, and a very long line.
    for text in
        ["graph LR\nA-->B-->A", "", "graph\nA[", &format!("graph TD\nA{}", "-->A".repeat(5000)), &"[".repeat(20_000)]
    {
        one("x.mmd", text.as_bytes(), "mermaid");
    }
}

/// What real diagrams are written with: settings, texts over several lines, named forms and arrows, pictures, arrows that only
/// keep boxes in their places, arrows to groups, and boxes that say that a person takes over.
#[test]
fn a_mermaid_diagram_as_people_write_them() {
    let chart = "---
title: Support bot
config:
  theme: base
---
%%{init: {'theme': 'base', 'themeVariables': {
  'primaryColor': '#ff0000'}}}%%
flowchart TD
    S([Customer writes]) --> greet[\"`**Hello!**
How can I help?`\"]
    greet e1@==> want{What is wanted?}
    e1@{ animate: true }
    want -->|billing| bill[/Which invoice?\\]; want -. a person .-> desk
    want -- \"no -- nothing\" --> other
    other@{ shape: diam, label: \"Was it, all in all, helpful?\" }
    other -->|yes| bye(((Goodbye)))
    other -->|no| desk
    bill ~~~ other
    bill --> other
    subgraph desk [Front desk]
        human[\"fa:fa-user Hand over to an agent\"] --> after[Ask for a rating]
    end
    desk --> bye
";
    let made = one("chart.mmd", chart.as_bytes(), "mermaid");
    holds(
        &made,
        &[
            r#""title": "Support bot""#,
            r#""title": "Customer writes""#,
            r#""text": "Hello!\nHow can I help?""#,
            r#""text": "Which invoice?""#,
            r#""title": "Was it, all in all, helpful?""#,
            r#""title": "What is wanted? no -- nothing""#,
            r#""outcome": "Goodbye""#,
            r#""group": "Front_desk""#,
        ],
    );
    let (_, flow) = imported(&project("drawn", &[("chart.mmd", chart.as_bytes())]), "mermaid");
    let desk = flow.nodes.get("Hand_over_to_an_agent").map(|node| &node.kind);
    assert!(matches!(desk, Some(flow_model::flow::Kind::Handoff(_))), "{}", made.flow);
    let exits =
        |id: &str| flow.nodes.get(id).map(|node| node.exits().into_iter().map(|exit| exit.to).collect::<Vec<_>>());
    assert!(exits("What_is_wanted").is_some_and(|to| to.contains(&"Hand_over_to_an_agent")), "{}", made.flow);
    assert_eq!(exits("Which_invoice_answer"), Some(vec!["Was_it_all_in_all"]), "{}", made.flow);
    assert_eq!(exits("Ask_for_a_rating"), Some(vec!["Goodbye"]), "{}", made.flow);
    let odd = made.notes.iter().filter(|note| note.code == Code::NotUnderstood).collect::<Vec<_>>();
    assert!(odd.is_empty(), "{odd:?}");
}

/// Several diagrams of a file are all drawn, and what is no flow is told; a file without any is refused.
#[test]
fn diagrams_of_a_file_are_all_read() {
    let page = "# Plan\n\n```mermaid\nsequenceDiagram\n  A->>B: hi\n```\n\n~~~mermaid\ngraph LR;A[Hi]-->B[Bye]\n~~~\n- list\n  ```mermaid\n  graph LR\n    A[Other] --> C[Last]\n  ```\n";
    let made = one("plan.md", page.as_bytes(), "mermaid");
    holds(&made, &[r#""text": "Hi", "next": "Bye""#, r#""text": "Other", "next": "Last""#]);
    assert!(
        made.notes.iter().any(|note| note.what.contains("sequenceDiagram") && note.line == Some(4)),
        "{:?}",
        made.notes
    );
    let other = project("x", &[("x.mmd", b"%% drawn\nsequenceDiagram\n A->>B: hi\n")]);
    let error = import(&other, None).unwrap_err().to_string();
    assert!(error.starts_with("x.mmd, line 2: a diagram of the kind sequenceDiagram is no flow"), "{error}");
}

#[test]
fn states_within_states_begin_and_end_by_themselves() {
    let states = "stateDiagram-v2
    [*] --> Idle
    Idle --> Talking : writes
    state Talking {
        direction LR
        [*] --> Greeting
        Greeting --> Asking
        Asking --> [*]
    }
    state how <<choice>>
    Talking --> how
    how --> Waiting : angry
    how --> Bot:::loud : calm
    state \"Waiting for a person\" as Waiting
    Waiting : They are told how long
    note right of Waiting
        No longer than an hour
    end note
    Waiting --> [*]
    classDef loud fill:red
";
    let (made, flow) = imported(&project("drawn", &[("s.mmd", states.as_bytes())]), "mermaid");
    let leads =
        |id: &str| flow.nodes.get(id).map(|node| node.exits().into_iter().map(|exit| exit.to).collect::<Vec<_>>());
    assert_eq!(leads("Idle_ways").and_then(|to| to.first().copied()), Some("Greeting"), "{}", made.flow);
    assert_eq!(leads("Asking"), Some(vec!["how"]), "{}", made.flow);
    holds(&made, &[r#""text": "Waiting for a person\nThey are told how long""#, r#""why": "No longer than an hour""#]);
    assert!(!made.flow.contains("loud") && made.flow.contains(r#""text": "Bot""#), "{}", made.flow);
}

const CELLS: &str = r#"<mxGraphModel dx="1"><root><mxCell id="0"/><mxCell id="1" parent="0"/>
<mxCell id="a" value="&lt;b&gt;Hi&lt;/b&gt;&lt;br&gt;there &amp;amp; you" style="rounded=1" vertex="1" parent="1"><mxGeometry x="40" y="-20.4" width="120" as="geometry"/></mxCell>
<mxCell id="b" value="Angry?" style="rhombus;whiteSpace=wrap" vertex="1" parent="1"><mxGeometry x="240" y="0" as="geometry"/></mxCell>
<UserObject label="A person" owner="desk" id="c"><mxCell style="ellipse" vertex="1" parent="1"/></UserObject>
<mxCell id="d" value="Go on" vertex="1" parent="1"/>
<mxCell id="e1" edge="1" source="a" target="b" parent="1"/><mxCell id="e2" value="sentiment &lt; -0.3" edge="1" source="b" target="c" parent="1"/>
<mxCell id="e3" edge="1" source="b" target="d" parent="1"/><mxCell id="l" value="else" style="edgeLabel;html=1" vertex="1" parent="e3"/>
<mxCell id="e4" edge="1" source="d" parent="1"/></root></mxGraphModel>"#;

/// As draw.io packs a page: `%` escapes, deflate, base64.
fn packed(text: &str) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let escaped: String = text
        .bytes()
        .map(|b| if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") })
        .collect();
    let bytes = miniz_oxide::deflate::compress_to_vec(escaped.as_bytes(), 6);
    let sign = |part: &[u8], at: usize| {
        let whole = part.iter().chain([&0, &0]).take(3).fold(0_usize, |whole, byte| whole << 8 | usize::from(*byte));
        if at <= part.len() { char::from(SIGNS[whole >> (18 - 6 * at) & 63]) } else { '=' }
    };
    bytes.chunks(3).flat_map(|part| (0..4).map(move |at| sign(part, at))).collect()
}

#[test]
fn a_drawing_is_a_flow() {
    let plain = format!("<mxfile host=\"x\"><diagram id=\"p\" name=\"Page\">{CELLS}</diagram></mxfile>");
    let made = one("a.drawio", plain.as_bytes(), "drawio");
    holds(
        &made,
        &[
            r#""text": "Hi\nthere & you""#,
            r#"{ "when": "sentiment < -0.3", "to": "A_person" }"#,
            r#""else": "Go_on""#,
            r#""why": "owner: desk""#,
            r#""Hi_there_you": [40, -20]"#,
        ],
    );
    assert!(
        made.notes.iter().any(|note| note.what.contains("without words")),
        "an arrow that leads nowhere is told: {:?}",
        made.notes
    );
    let tight = format!("<mxfile><diagram>{}</diagram></mxfile>", packed(CELLS));
    assert_eq!(one("a.drawio", tight.as_bytes(), "drawio").flow.replace("Page", ""), made.flow.replace("Page", ""));
    one("bare.xml", CELLS.as_bytes(), "drawio");
    let broken = |text: &str| import(&project("a", &[("a.drawio", text.as_bytes())]), None).unwrap_err().to_string();
    for text in [
        "<mxfile",
        "<mxfile></mxfile></mxfile>",
        "<mxfile><diagram>@@</diagram></mxfile>",
        "<mxfile><a>",
        &format!("<mxfile>{}", "<a>".repeat(100_000)),
        &format!("<mxfile><diagram>{}</diagram></mxfile>", packed(&" ".repeat(11_500_000))),
    ] {
        assert!(broken(text).starts_with("a.drawio"), "{}", broken(text));
    }
}

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
            r#""text": "Ask \n again""#,
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

//! What the two Salesforce targets share: names that Salesforce takes, and the files of its Metadata API.

use flow_conditions::value::Type;
use flow_model::flow::Flow;
use sha2::{Digest, Sha256};

use super::SetupFile;
use super::sent::Sent;

/// The version of the APIs that is written, of Winter '26.
pub(super) const VERSION: &str = "65.0";

/// The longest developer name of a custom field.
const LONGEST: usize = 40;

/// A name as a developer name: letters, digits and single underscores, beginning with a letter. Longer names keep their
/// beginning and get a digest of the whole.
#[must_use]
pub(super) fn api_name(name: &str) -> String {
    let mut out = String::new();
    for c in name.chars() {
        let c = if c.is_ascii_alphanumeric() { c } else { '_' };
        if c == '_' && (out.is_empty() || out.ends_with('_')) {
            continue;
        }
        out.push(c);
    }
    let mut out = out.trim_end_matches('_').to_owned();
    if !out.starts_with(|c: char| c.is_ascii_alphabetic()) {
        out.insert_str(0, "X_");
    }
    if out.len() > LONGEST {
        let digest: String = Sha256::digest(name.as_bytes()).iter().take(4).map(|byte| format!("{byte:02x}")).collect();
        let start: String = out.chars().take(LONGEST - 9).collect();
        out = format!("{}_{digest}", start.trim_end_matches('_'));
    }
    out
}

/// A text within an element.
#[must_use]
pub(super) fn escaped(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            '\'' => out.push_str("&apos;"),
            '\t' | '\n' | '\r' => out.push(' '),
            c if c.is_control() || matches!(c, '\u{fffe}' | '\u{ffff}') => {}
            c => out.push(c),
        }
    }
    out
}

/// An element of the Metadata API: a name and either a text or elements.
pub(super) enum Element {
    /// With a text.
    Text(&'static str, String),
    /// With elements.
    Inner(&'static str, Vec<Element>),
}

/// An element with a text.
pub(super) fn text(name: &'static str, value: impl Into<String>) -> Element {
    Element::Text(name, value.into())
}

/// A file of the Metadata API in source form.
pub(super) fn file(path: impl Into<String>, root: &str, inner: &[Element]) -> SetupFile {
    let mut out = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<{root} xmlns=\"http://soap.sforce.com/2006/04/metadata\">\n"
    );
    inner.iter().for_each(|element| write(element, 1, &mut out));
    out.push_str(&format!("</{root}>\n"));
    SetupFile::new(path, out)
}

fn write(element: &Element, deep: usize, out: &mut String) {
    let indent = "    ".repeat(deep);
    match element {
        Element::Text(name, value) => out.push_str(&format!("{indent}<{name}>{}</{name}>\n", escaped(value))),
        Element::Inner(name, inner) => {
            out.push_str(&format!("{indent}<{name}>\n"));
            inner.iter().for_each(|element| write(element, deep + 1, out));
            out.push_str(&format!("{indent}</{name}>\n"));
        }
    }
}

/// The elements of a custom field for what is sent: its type by that of the value, and what its class says.
pub(super) fn field_elements(flow: &Flow, field: &Sent, full_name: &str) -> Vec<Element> {
    let mut elements = vec![text("fullName", full_name)];
    let class = field.class_in_words(flow);
    if !class.is_empty() {
        elements.push(text("description", class));
    }
    elements.push(text("label", short(&field.title, LONGEST)));
    elements.push(text("required", "false"));
    if field.class.is_some() {
        elements.push(text("securityClassification", "Confidential"));
    }
    match &field.r#type {
        Type::Bool => elements.extend([text("type", "Checkbox"), text("defaultValue", "false")]),
        Type::Integer { .. } => {
            elements.extend([text("precision", "18"), text("scale", "0"), text("type", "Number")]);
        }
        Type::Number { .. } => {
            elements.extend([text("precision", "18"), text("scale", "9"), text("type", "Number")]);
        }
        Type::Enum(values) => {
            elements.push(text("type", "Picklist"));
            elements.push(picklist(values));
        }
        Type::Text => elements.extend([text("length", "255"), text("type", "Text")]),
        Type::List(_) | Type::Any => {
            elements.extend([
                text("length", LONG.to_string()),
                text("type", "LongTextArea"),
                text("visibleLines", "10"),
            ]);
        }
    }
    elements
}

/// Characters of a long text area, as the set-up files make it.
pub(super) const LONG: usize = 32_768;

fn picklist(values: &[std::sync::Arc<str>]) -> Element {
    let mut definition = vec![text("sorted", "false")];
    for value in values {
        definition.push(Element::Inner(
            "value",
            vec![text("fullName", &**value), text("default", "false"), text("label", &**value)],
        ));
    }
    Element::Inner("valueSet", vec![text("restricted", "false"), Element::Inner("valueSetDefinition", definition)])
}

/// A text of so many characters at most.
pub(super) fn short(text: &str, most: usize) -> String {
    text.chars().take(most).collect()
}

/// What tells the deployment what is there.
pub(super) fn package(types: &[(&'static str, Vec<String>)]) -> SetupFile {
    let mut elements = Vec::new();
    for (name, members) in types.iter().filter(|(_, members)| !members.is_empty()) {
        let mut inner: Vec<Element> = members.iter().map(|member| text("members", member)).collect();
        inner.push(text("name", *name));
        elements.push(Element::Inner("types", inner));
    }
    elements.push(text("version", VERSION));
    file("package.xml", "Package", &elements)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_ones_that_salesforce_takes() {
        for (name, made) in
            [("transaction_id", "transaction_id"), ("__a..b__", "a_b"), ("4th", "X_4th"), ("ü", "X_"), ("a", "a")]
        {
            assert_eq!(api_name(name), made);
        }
        let (one, other) = (api_name(&format!("{}1", "a".repeat(63))), api_name(&format!("{}2", "a".repeat(63))));
        assert!(one != other && one.len() == 40 && !one.contains("__"));
    }

    #[test]
    fn texts_stay_texts() {
        let made = file("x", "Root", &[text("label", "a<b>&\"'\u{1}\n")]);
        assert!(made.text.contains("    <label>a&lt;b&gt;&amp;&quot;&apos; </label>\n"), "{}", made.text);
    }
}

//! The parts of a dialog as JSON: actions with their designer's data, assignments, expressions.

use std::borrow::Cow;

use crate::tree::Tree;

/// A value that owns its texts.
pub type Json = Tree<'static>;

/// A text.
pub fn text(text: impl Into<String>) -> Json {
    Tree::Text(Cow::Owned(text.into()))
}

/// A map.
pub fn map(entries: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    Tree::Map(entries.into_iter().map(|(key, value)| (Cow::Borrowed(key), value)).collect())
}

/// A map whose keys are of the document.
pub fn named(entries: impl IntoIterator<Item = (String, Json)>) -> Json {
    Tree::Map(entries.into_iter().map(|(key, value)| (Cow::Owned(key), value)).collect())
}

/// What the designer keeps of an action, a trigger or a dialog.
pub fn designer(id: &str, name: &str) -> Json {
    map([("id", text(id)), ("name", text(name))])
}

/// An action, a trigger or anything else of a kind; `id` is the card, with what it does behind a dot.
pub fn of(kind: &str, id: &str, name: &str, entries: impl IntoIterator<Item = (&'static str, Json)>) -> Json {
    let head = [("$kind", text(format!("Microsoft.{kind}"))), ("$designer", designer(id, name))];
    map(head.into_iter().chain(entries))
}

/// `property = expression`, in order.
pub fn set(id: &str, name: &str, assignments: impl IntoIterator<Item = (String, String)>) -> Json {
    let one =
        |(property, value): (String, String)| map([("property", text(property)), ("value", text(format!("={value}")))]);
    of("SetProperties", id, name, [("assignments", assignments.into_iter().map(one).collect())])
}

/// Takes properties out of memory.
pub fn delete(id: &str, name: &str, properties: impl IntoIterator<Item = String>) -> Json {
    of("DeleteProperties", id, name, [("properties", properties.into_iter().map(text).collect())])
}

/// One of two ways on.
pub fn choose(id: &str, name: &str, condition: String, then: Vec<Json>, otherwise: Vec<Json>) -> Json {
    let mut entries = vec![("condition", text(format!("={condition}"))), ("actions", Tree::List(then))];
    if !otherwise.is_empty() {
        entries.push(("elseActions", Tree::List(otherwise)));
    }
    of("IfCondition", id, name, entries)
}

/// Begins another dialog, which comes back here.
pub fn begin(id: &str, name: &str, dialog: &str, options: Vec<(&'static str, Json)>) -> Json {
    calling("BeginDialog", id, name, dialog, options)
}

/// Goes on in another dialog, which does not come back.
pub fn go(id: &str, name: &str, dialog: &str, options: Vec<(&'static str, Json)>) -> Json {
    calling("ReplaceDialog", id, name, dialog, options)
}

fn calling(kind: &str, id: &str, name: &str, dialog: &str, options: Vec<(&'static str, Json)>) -> Json {
    let mut entries = vec![("activityProcessed", Tree::Bool(true)), ("dialog", text(dialog))];
    if !options.is_empty() {
        entries.push(("options", map(options)));
    }
    of(kind, id, name, entries)
}

/// Raises an event of the bot's own.
pub fn raise(id: &str, name: &str, event: &str) -> Json {
    of("EmitEvent", id, name, [("eventName", text(event))])
}

/// Adds to the end of a list in memory.
pub fn push(id: &str, name: &str, list: &str, value: &str) -> Json {
    let entries = [("changeType", text("push")), ("itemsProperty", text(list)), ("value", text(format!("={value}")))];
    of("EditArray", id, name, entries)
}

//! A shipped flow as plain JSON, and ways to plant something in it.

use serde_json::{Map, Value, json};

use crate::handoff::template;

/// A flow in which faults are planted.
pub struct Garden {
    pub id: String,
    pub flow: Value,
}

/// A flow with one fault.
pub struct Planted {
    pub code: &'static str,
    /// Where it must be told: at one of these. One that ends with `*` stands for all that begin so.
    pub paths: Vec<String>,
    pub text: String,
    /// Whether a case must show it.
    pub witness: bool,
}

impl Planted {
    pub fn name(&self) -> String {
        format!("{} at {}", self.code, self.paths.first().map_or("", String::as_str))
    }

    pub fn is_at(&self, path: &str) -> bool {
        self.paths.iter().any(|p| p.strip_suffix('*').map_or(p == path, |start| path.starts_with(start)))
    }

    /// The same, and a case must show it.
    pub fn with_case(mut self) -> Self {
        self.witness = true;
        self
    }

    /// The same, told here or there.
    pub fn or(mut self, path: impl Into<String>) -> Self {
        self.paths.push(path.into());
        self
    }
}

impl Garden {
    pub fn of(name: &str) -> Self {
        let text = std::fs::read_to_string(template(name)).unwrap();
        Self { id: name.to_owned(), flow: serde_json::from_str(&text).unwrap() }
    }

    pub fn text(&self) -> String {
        self.flow.to_string()
    }

    /// A fault: what is changed, and where it must be told.
    pub fn plant(&self, code: &'static str, path: impl Into<String>, change: impl FnOnce(&mut Value)) -> Planted {
        let mut flow = self.flow.clone();
        change(&mut flow);
        Planted { code, paths: vec![path.into()], text: flow.to_string(), witness: false }
    }

    pub fn section(&self, name: &str) -> Vec<(String, Value)> {
        let map = self.flow[name].as_object().cloned().unwrap_or_default();
        map.into_iter().collect()
    }

    /// Ids of the nodes of a kind.
    pub fn nodes(&self, kind: &str) -> Vec<String> {
        let of = |node: &Value| node["kind"] == kind;
        self.section("nodes").into_iter().filter(|(_, n)| of(n)).map(|(id, _)| id).collect()
    }

    pub fn node(&self, id: &str) -> &Value {
        &self.flow["nodes"][id]
    }

    /// Handoffs where a customer waits.
    pub fn queues(&self) -> Vec<String> {
        let waits = |id: &String| matches!(self.node(id)["mode"].as_str(), None | Some("transfer" | "copilot"));
        self.nodes("handoff").into_iter().filter(waits).collect()
    }

    /// The handoff that a customer who asks for a person comes to: straight by the trigger, or by a decision.
    pub fn asked(&self) -> String {
        let to = self.flow["triggers"]["asked_for_person"]["to"].as_str().unwrap();
        if self.node(to)["kind"] == "handoff" {
            to.to_owned()
        } else {
            self.node(to)["else"].as_str().unwrap().to_owned()
        }
    }

    /// Lists of guards: node, place below it, rows.
    pub fn lists(&self) -> Vec<(String, &'static str, Vec<Value>)> {
        let places = ["/branches", "/routes", "/overflow", "/waiting/turns"];
        let mut lists = Vec::new();
        for (id, node) in self.section("nodes") {
            for place in places {
                if let Some(rows) = node.pointer(place).and_then(Value::as_array) {
                    lists.push((id.clone(), place, rows.clone()));
                }
            }
        }
        lists
    }
}

/// The value at a pointer.
pub fn at<'v>(flow: &'v mut Value, pointer: &str) -> &'v mut Value {
    flow.pointer_mut(pointer).unwrap_or_else(|| panic!("nothing at {pointer}"))
}

/// A node.
pub fn node<'v>(flow: &'v mut Value, id: &str) -> &'v mut Map<String, Value> {
    at(flow, &format!("/nodes/{id}")).as_object_mut().unwrap()
}

/// A section of the document, made where there is none.
pub fn section<'v>(flow: &'v mut Value, name: &str) -> &'v mut Map<String, Value> {
    flow.as_object_mut().unwrap().entry(name.to_owned()).or_insert_with(|| json!({})).as_object_mut().unwrap()
}

/// Adds a way from the place where conversations begin: an intent of its own leads to a new card `planted`.
pub fn grow(flow: &mut Value, guard: &str, planted: Value) {
    let intent = json!({ "title": "Something new", "examples": ["something wholly new"] });
    section(flow, "intents").insert("planted_intent".to_owned(), intent);
    let when = format!("intent == \"planted_intent\"{guard}");
    let rows = at(flow, "/nodes/main/branches").as_array_mut().unwrap();
    // Rows keep their places: reasons are named by them.
    rows.push(json!({ "when": when, "to": "planted" }));
    section(flow, "nodes").insert("planted".to_owned(), planted);
}

/// A message that leads on.
pub fn message(text: &str, next: &str) -> Value {
    json!({ "kind": "message", "text": text, "next": next })
}

/// An `end` that the flow has, by its outcome.
pub fn any_end(garden: &Garden) -> String {
    garden.nodes("end").first().cloned().unwrap()
}

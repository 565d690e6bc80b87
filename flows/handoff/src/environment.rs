//! Ids that differ from one place to the next (`environments.json`): `{{name}}` in a flow's `targets`. Never secrets.

use flow_model::tree::{Json, Number};
use thiserror::Error;

/// The ids of one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Environment {
    values: Vec<(String, Json)>,
}

/// Why an environment cannot be read.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum EnvironmentFault {
    /// The file has another form.
    #[error("environments.json is no object of objects such as {{\"dev\": {{\"cards_group\": 3600123}}}}")]
    Form,
    /// There is no such environment.
    #[error("environments.json has no environment \"{name}\": it has {known}")]
    Unknown {
        /// The name asked for.
        name: String,
        /// The names that there are.
        known: String,
    },
}

impl Environment {
    /// Reads the environment `name` of an `environments.json`.
    ///
    /// # Errors
    /// When the file has another form or no such environment.
    pub fn read(json: &Json, name: &str) -> Result<Self, EnvironmentFault> {
        let Json::Map(environments) = json else { return Err(EnvironmentFault::Form) };
        match json.get(name) {
            Some(Json::Map(values)) => Ok(Self { values: values.clone() }),
            Some(_) => Err(EnvironmentFault::Form),
            None => {
                let names: Vec<&str> = environments.iter().map(|(name, _)| name.as_str()).collect();
                let known = if names.is_empty() { "none".to_owned() } else { names.join(", ") };
                Err(EnvironmentFault::Unknown { name: name.to_owned(), known })
            }
        }
    }

    /// The value of a name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&Json> {
        self.values.iter().find(|(key, _)| key == name).map(|(_, value)| value).filter(|v| scalar(v).is_some())
    }

    /// A text with its `{{name}}` replaced; a name without a value stays as it is and is added to `missing`.
    pub fn text(&self, text: &str, missing: &mut Vec<String>) -> String {
        let mut out = String::new();
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            out.push_str(before);
            let Some((name, tail)) = after.split_once("}}") else {
                out.push_str("{{");
                rest = after;
                continue;
            };
            match self.get(name.trim()).and_then(scalar) {
                Some(value) => out.push_str(&value),
                None => {
                    out.push_str("{{");
                    out.push_str(name);
                    out.push_str("}}");
                    let name = name.trim().to_owned();
                    if !missing.contains(&name) {
                        missing.push(name);
                    }
                }
            }
            rest = tail;
        }
        out.push_str(rest);
        out
    }

    /// A value with its `{{name}}` replaced; a text that is nothing but digits then becomes a number.
    pub fn id(&self, value: &Json, missing: &mut Vec<String>) -> Json {
        match value {
            Json::Text(text) => as_id(&self.text(text, missing)),
            Json::List(items) => Json::List(items.iter().map(|item| self.id(item, missing)).collect()),
            _ => value.clone(),
        }
    }
}

fn as_id(text: &str) -> Json {
    let digits = !text.is_empty() && text.len() <= 18 && text.bytes().all(|b| b.is_ascii_digit());
    let plain = digits && (text.len() == 1 || !text.starts_with('0'));
    if plain { Json::Number(Number::from_text(text)) } else { Json::text(text) }
}

fn scalar(json: &Json) -> Option<String> {
    match json {
        Json::Text(text) => Some(text.clone()),
        Json::Number(number) => Some(number.text().to_owned()),
        Json::Bool(value) => Some(value.to_string()),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn json(text: &str) -> Json {
        flow_model::tree::read(text).json.unwrap()
    }

    #[test]
    fn names_are_replaced_and_ids_become_numbers() {
        let all = json(r#"{"dev":{"cards_group":3600123,"text_id":"42","zero":"007","odd":{"a":1}}}"#);
        let dev = Environment::read(&all, "dev").unwrap();
        let mut missing = Vec::new();
        assert_eq!(dev.id(&json(r#""{{cards_group}}""#), &mut missing), json("3600123"));
        assert_eq!(dev.id(&json(r#"["{{ text_id }}","{{zero}}"]"#), &mut missing), json(r#"[42,"007"]"#));
        assert_eq!(missing, Vec::<String>::new());
        assert_eq!(dev.text("a {{odd}} b {{cards_group}} {{x}} {{", &mut missing), "a {{odd}} b 3600123 {{x}} {{");
        assert_eq!(missing, ["odd", "x"]);
    }

    #[test]
    fn an_unknown_environment_names_the_known_ones() {
        let fault = Environment::read(&json(r#"{"dev":{},"live":{}}"#), "prod").unwrap_err();
        assert_eq!(fault.to_string(), "environments.json has no environment \"prod\": it has dev, live");
        assert_eq!(Environment::read(&json("[]"), "dev"), Err(EnvironmentFault::Form));
        assert_eq!(Environment::read(&json(r#"{"dev":1}"#), "dev"), Err(EnvironmentFault::Form));
    }
}

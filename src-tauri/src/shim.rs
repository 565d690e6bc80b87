//! Stands in for the core until it carries `Studio`.

use serde_json::Value;

#[derive(Debug, serde::Serialize)]
pub(crate) struct Error {
    code: &'static str,
    message: String,
}

pub(crate) struct Config {
    pub(crate) data: std::path::PathBuf,
}

pub(crate) struct Studio {
    data: std::path::PathBuf,
}

impl Studio {
    pub(crate) fn new(config: Config) -> Self {
        Self { data: config.data }
    }

    pub(crate) fn call_with(&self, method: &str, _params: Value, _progress: &dyn Fn(Value)) -> Result<Value, Error> {
        Err(Error { code: "no_such_method", message: format!("{method} is not a method ({})", self.data.display()) })
    }
}

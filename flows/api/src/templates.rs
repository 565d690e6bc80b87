//! The flows that ship with the studio, each with its conversations, and their environments.

use flow_model::document;

use crate::types;

/// A flow that ships with the studio.
#[derive(Clone, Copy, Debug)]
pub struct Template {
    /// Its id, which is also its file's name.
    pub id: &'static str,
    /// Its document.
    pub text: &'static str,
    /// Its conversations.
    pub conversations: &'static str,
}

macro_rules! templates {
    ($($id:literal),+ $(,)?) => {
        /// Every flow that ships with the studio.
        pub const TEMPLATES: &[Template] = &[$(Template {
            id: $id,
            text: include_str!(concat!("../../templates/", $id, ".flow.json")),
            conversations: include_str!(concat!("../../templates/", $id, ".conversations.jsonl")),
        }),+];
    };
}

templates!("banking_fee_dispute", "saas_copilot", "commerce_vip", "clinic_triage");

/// The `environments.json` of the shipped flows.
pub const ENVIRONMENTS: &str = include_str!("../../templates/environments.json");

/// A shipped flow by its id.
#[must_use]
pub fn template(id: &str) -> Option<&'static Template> {
    TEMPLATES.iter().find(|template| template.id == id)
}

impl Template {
    /// What the window shows of it.
    #[must_use]
    pub fn shown(&self) -> types::Template {
        let flow = document::read(self.text).map(|d| d.flow).unwrap_or_default();
        types::Template {
            id: self.id.to_owned(),
            title: flow.title.unwrap_or_else(|| self.id.to_owned()),
            description: flow.description.unwrap_or_default(),
        }
    }

    /// Its conversations, one a line.
    #[must_use]
    pub fn lines(&self) -> Vec<String> {
        self.conversations.lines().filter(|line| !line.trim().is_empty()).map(str::to_owned).collect()
    }
}

//! `app.*`

use flow_model::tree::Json;

use super::Call;
use crate::VERSION;
use crate::error::Error;
use crate::templates::TEMPLATES;
use crate::types::{AppStart, Nothing};

pub(super) fn start(call: &Call<'_>, _: Nothing) -> Result<AppStart, Error> {
    let data = call.studio.data();
    Ok(AppStart {
        version: VERSION.to_owned(),
        open: None,
        recent: data.recent().into_iter().map(|file| file.path).collect(),
        templates: TEMPLATES.iter().map(crate::templates::Template::shown).collect(),
        theme: data.settings().get("theme").and_then(Json::as_text).map(str::to_owned),
    })
}

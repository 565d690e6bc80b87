//! What Connect needs to know: the names of the attributes, and a view that shows them to the agent.

use flow_model::flow::{self, Flow};
use flow_model::tree::Json;

use crate::request::object;
use crate::targets::SetupFile;
use crate::targets::carriage::plain_key;
use crate::targets::names::{OWN, SHOWN};
use crate::targets::sent::sent;

pub(super) fn files(flow: &Flow, setup: &flow::Target) -> Vec<SetupFile> {
    let fields: Vec<(String, String, String)> = sent(flow, "amazon-connect", setup)
        .iter()
        .filter_map(|field| {
            let key = match field.place.as_deref() {
                None => &field.name,
                Some(place) => place.strip_prefix("attributes.")?,
            };
            Some((plain_key(key), field.title.clone(), field.class_in_words(flow)))
        })
        .collect();
    vec![
        SetupFile::json("attributes.json", &attributes(flow, &fields)),
        SetupFile::json("view.json", &view(flow, &fields)),
    ]
}

/// The names of all attributes, what people read of them, and what kind of data they are.
fn attributes(flow: &Flow, fields: &[(String, String, String)]) -> Json {
    let entry = |name: &str, title: &str, class: &str| {
        let mut made = object([
            ("name", Json::text(name)),
            ("title", Json::text(title)),
            ("reference", Json::Text(format!("$.Attributes.{name}"))),
        ]);
        if !class.is_empty() {
            made.set("class", Json::text(class));
        }
        made
    };
    let own = OWN.iter().map(|(name, title)| entry(name, title, ""));
    let all = own.chain(fields.iter().map(|(name, title, class)| entry(name, title, class))).collect();
    object([("flow", Json::text(flow.title.as_deref().unwrap_or(&flow.id))), ("attributes", Json::List(all))])
}

/// The data of the managed view `detail`, for the block Show view of the flow that runs at the agent's side.
fn view(flow: &Flow, fields: &[(String, String, String)]) -> Json {
    let line = |name: &str, title: &str| {
        object([("Label", Json::text(title)), ("Value", Json::Text(format!("$.Attributes.{name}")))])
    };
    let own = OWN.iter().filter(|(name, _)| SHOWN.contains(name)).map(|(name, title)| line(name, title));
    let fields = fields.iter().map(|(name, title, _)| line(name, title));
    object([
        ("ViewResource", object([("Id", Json::text("arn:aws:connect:{{aws_region}}:aws:view/detail:1"))])),
        (
            "ViewData",
            object([
                ("Heading", Json::text(flow.title.as_deref().unwrap_or(&flow.id))),
                ("AttributeBar", Json::List(own.chain(fields).collect())),
            ]),
        ),
    ])
}

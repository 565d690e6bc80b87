//! The methods of the window: listed once, one file an area. The table makes the route and names the types for the window.

mod app;
mod certificate;
mod check;
mod condition;
mod conversations;
mod copy;
mod corpora;
mod doc;
mod environments;
pub(crate) mod export;
mod guess;
mod import;
mod keys;
mod layout;
mod preview;
mod project;
mod publish;
mod register;
mod replay;
mod target;

use std::marker::PhantomData;

use serde::de::DeserializeOwned;
use serde::{Serialize, Serializer};
use serde_json::Value;
use ts_rs::TS;

use crate::error::{Code, Error};
use crate::studio::Studio;
use crate::types::{self, Nothing};

/// What a method is called with beside its parameters.
pub(crate) struct Call<'a> {
    /// The studio.
    pub(crate) studio: &'a Studio,
    /// Hears how far it is.
    pub(crate) progress: &'a dyn Fn(Value),
}

/// A method, for the generated types of the window.
#[derive(Clone, Copy, Debug)]
pub struct Method {
    /// Its name.
    pub name: &'static str,
    /// The type of its parameters.
    pub params: fn(&ts_rs::Config) -> String,
    /// The type of its result.
    pub result: fn(&ts_rs::Config) -> String,
}

/// JSON that the command line writes too and that is not built again from the declared type; tests hold them equal.
pub(crate) struct Written<T>(pub(crate) Value, pub(crate) PhantomData<T>);

impl<T> Serialize for Written<T> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        self.0.serialize(serializer)
    }
}

/// What may stand for a declared result.
trait Gives<T>: Serialize {}
impl<T: Serialize> Gives<T> for T {}
impl<T> Gives<T> for Written<T> {}

fn read<T: DeserializeOwned>(method: &str, params: Value) -> Result<T, Error> {
    let params = if params.is_null() { Value::Object(serde_json::Map::new()) } else { params };
    serde_json::from_value(params).map_err(|why| Error::bad(format!("{method} does not take these parameters: {why}")))
}

fn answer<T>(result: &impl Gives<T>) -> Result<Value, Error> {
    serde_json::to_value(result).map_err(|why| Error::new(Code::Failed, format!("the answer cannot be written: {why}")))
}

macro_rules! methods {
    ($($name:literal => $area:ident::$function:ident($params:ty) -> $result:ty),+ $(,)?) => {
        /// Every method.
        pub const METHODS: &[Method] = &[$(
            Method { name: $name, params: <$params as TS>::name, result: <$result as TS>::name }
        ),+];

        /// Runs a method.
        pub(crate) fn call(call: &Call<'_>, method: &str, params: Value) -> Result<Value, Error> {
            match method {
                $($name => answer::<$result>(&$area::$function(call, read::<$params>(method, params)?)?),)+
                _ => Err(Error::bad(format!("{method} is not a method"))),
            }
        }

        /// Whether a value is what a method declares to give.
        ///
        /// # Errors
        /// Where it is not.
        pub fn fits(method: &str, result: Value) -> Result<(), serde_json::Error> {
            match method {
                $($name => serde_json::from_value::<$result>(result).map(|_| ()),)+
                _ => Err(serde::de::Error::custom(format!("{method} is not a method"))),
            }
        }
    };
}

methods! {
    "app.start" => app::start(Nothing) -> types::AppStart,
    "doc.open" => doc::open(types::DocOpen) -> types::DocOpened,
    "doc.apply" => doc::apply(types::DocApply) -> types::DocApplied,
    "doc.save" => doc::save(types::DocSave) -> types::DocSaved,
    "doc.close" => doc::close(types::InDoc) -> (),
    "doc.text" => doc::text(types::InDoc) -> types::DocText,
    "check.explain" => check::explain(types::Explain) -> types::Explained,
    "check.conversation" => check::conversation(types::Shown) -> Option<types::ConversationText>,
    "check.shown" => check::shown(types::AllShown) -> Vec<types::ProblemShown>,
    "check.stop" => check::stop(types::ReplayStop) -> (),
    "check.platforms" => check::platforms(Nothing) -> Vec<types::CheckedPlatform>,
    "check.platform" => check::platform(types::CheckPlatform) -> Vec<types::Problem>,
    "condition.check" => condition::check(types::ConditionCheck) -> types::ConditionChecked,
    "condition.complete" => condition::complete(types::ConditionComplete) -> Vec<types::Completion>,
    "layout.tidy" => layout::tidy(types::InDoc) -> types::Tidied,
    "conversations.sets" => corpora::sets(types::InDoc) -> Vec<types::ConversationSet>,
    "conversations.list" => corpora::list(types::ConversationList) -> types::ConversationsListed,
    "conversations.get" => conversations::get(types::ConversationGet) -> types::ConversationText,
    "conversations.save" => conversations::save(types::ConversationSave) -> types::ConversationSaved,
    "conversations.label" => corpora::label(types::ConversationLabel) -> types::ConversationsChanged,
    "conversations.tag" => corpora::tag(types::ConversationTag) -> types::ConversationsChanged,
    "conversations.audit" => corpora::audit(types::ConversationAudit) -> types::ConversationsAudited,
    "import.sniff" => import::sniff(types::ImportSniff) -> types::ImportSniffed,
    "import.preview" => import::preview(types::ImportPreview) -> types::ImportPreviewed,
    "import.run" => import::run(types::ImportRun) -> types::Imported,
    "import.stop" => import::stop(types::ReplayStop) -> (),
    "project.formats" => project::formats(Nothing) -> Vec<types::ProjectFormat>,
    "project.import" => project::import(types::ProjectImport) -> types::ProjectImported,
    "environments.list" => environments::list(types::InDoc) -> Vec<String>,
    "preview.run" => preview::run(types::PreviewRun) -> types::Preview,
    "preview.why_not" => preview::why_not(types::PreviewTurn) -> types::WhyNot,
    "preview.vcon" => preview::vcon(types::PreviewVcon) -> types::Vcon,
    "talk.run" => preview::run(types::PreviewRun) -> types::Preview,
    "replay.run" => replay::run(types::ReplayRun) -> types::Replayed,
    "replay.reaching" => replay::reaching(types::ReplayReaching) -> types::ReplayReached,
    "replay.shrink" => replay::shrink(types::ReplayShrink) -> types::ReplayShrunk,
    "replay.against" => replay::against(types::ReplayAgainst) -> types::ReplayCompared,
    "replay.sweep" => replay::sweep(types::ReplaySweep) -> types::ReplaySwept,
    "replay.pick" => replay::pick(types::ReplayPick) -> types::ReplayPicked,
    "replay.stop" => replay::stop(types::ReplayStop) -> (),
    "target.postman" => target::postman(types::TargetPostman) -> types::TargetFiles,
    "target.setup" => target::setup(types::TargetSetup) -> types::TargetFiles,
    "guess" => guess::guess(types::GuessText) -> types::Guess,
    "export.platforms" => export::platforms(Nothing) -> Vec<types::ExportPlatform>,
    "export.known" => export::known(types::InDoc) -> types::ExportKnown,
    "export.remember" => export::remember(types::ExportRemember) -> (),
    "export.run" => export::run(types::ExportRun) -> types::Exported,
    "export.file" => export::file(types::ExportFile) -> types::ExportFileText,
    "export.places" => export::places(types::ExportPlaces) -> Vec<types::ExportPlace>,
    "export.certify" => certificate::certify(types::ExportCertify) -> types::ExportCertificate,
    "export.manual" => export::page(types::ExportManual) -> types::Explained,
    "export.stop" => export::stop(types::ExportStop) -> (),
    "register.rows" => register::rows(types::RegisterRows) -> types::Register,
    "register.csv" => register::csv(types::WriteTo) -> types::Written,
    "register.html" => register::html(types::WriteTo) -> types::Written,
    "copy.texts" => copy::texts(types::InDoc) -> Vec<types::CopyText>,
    "copy.write" => copy::write(types::WriteTo) -> types::Written,
    "copy.read" => copy::read(types::CopyRead) -> types::CopyChanges,
    "keys.list" => keys::list(Nothing) -> Vec<types::KeyKnown>,
    "keys.make" => keys::make(types::KeysMake) -> Vec<types::KeyKnown>,
    "keys.remove" => keys::remove(types::KeysRemove) -> Vec<types::KeyKnown>,
    "publish.html" => publish::html(types::PublishTo) -> types::Published,
}

//! Bot Framework Composer projects: dialogs as cards, language files as texts and intents.
//!
//! What must stay true: a dialog that is begun from several places becomes cards once for each place to go on at, and no
//! circle of dialogs makes more than a bounded number of them.

mod actions;
mod assign;
mod choice;
mod dialogs;
pub(crate) mod expr;
mod inputs;
mod lg;
mod lu;
pub(crate) mod say;
mod words;

use std::collections::{BTreeMap, BTreeSet};

use dialogs::Build;
use flow_model::tree::Json;
use lg::{Templates, stem};
use say::{Properties, Tongue};

use crate::part::{Part, Value};
use crate::{Draft, Format, ImportError, Project, Score, Source};

/// Bot Framework Composer.
pub struct Composer;

impl Format for Composer {
    fn id(&self) -> &'static str {
        "composer"
    }

    fn title(&self) -> &'static str {
        "Bot Framework Composer"
    }

    fn about(&self) -> &'static str {
        "The folder of a bot: its dialogs with their triggers and actions, language generation and language understanding."
    }

    fn recognises(&self, project: &Project) -> Score {
        if project.paths().any(|path| path.ends_with(".botproj")) {
            return 95;
        }
        let marks = [
            &b"Microsoft.AdaptiveDialog"[..],
            b"M\0i\0c\0r\0o\0s\0o\0f\0t\0.\0A\0d\0a\0p\0t\0i\0v\0e\0D\0i\0a\0l\0o\0g",
        ];
        let adaptive = |path: &str| {
            let bytes = project.bytes(path).unwrap_or_default();
            marks.iter().any(|mark| bytes.windows(mark.len()).any(|window| window == *mark))
        };
        if project.paths().any(|path| path.ends_with(".dialog") && adaptive(path)) { 90 } else { 0 }
    }

    fn read(&self, source: &Source<'_>, draft: &mut Draft) -> Result<(), ImportError> {
        let root = root(source.project()).ok_or_else(|| ImportError::Missing {
            file: "a .dialog file".to_owned(),
            way: "choose the folder of the bot, in which its main .dialog file lies".to_owned(),
        })?;
        let folder = root.rfind('/').and_then(|end| root.get(..=end)).unwrap_or("");
        let main = source.needed(root, "export the bot again")?;
        let files = Files::of(source, folder, root);
        let mut bot = Bot {
            dialogs: Vec::new(),
            templates: Templates::default(),
            known: Properties::default(),
            paths: BTreeSet::new(),
        };
        bot.dialogs.push(Dialog::of(root, main));
        for path in &files.dialogs {
            bot.dialogs.extend(source.json(path).map(|part| Dialog::of(path, part)));
        }
        draft.title = main.at(&["$designer", "name"]).and_then(Part::as_text).map(str::to_owned);
        draft.description = main
            .at(&["$designer", "description"])
            .and_then(Part::as_text)
            .filter(|text| !text.is_empty())
            .map(str::to_owned);
        draft.id = bot.dialogs.first().map_or_else(|| draft.id.clone(), |dialog| dialog.id.clone());
        draft.locale.clone_from(&files.language);
        files.settle(source);
        for path in &files.generation {
            bot.templates.read(source, path);
        }
        bot.survey(draft);
        for path in &files.understanding {
            lu::read(source, draft, path, &|draft, entity| {
                Tongue { draft, known: &bot.known, dialog: "", given: None }.entity(entity)
            });
        }
        for path in &files.models {
            if let Some(part) = source.json(path) {
                lu::conversations(part, draft);
            }
        }
        Build::new(source, draft, &bot).all();
        bot.templates.settle(source);
        Ok(())
    }
}

/// The bot's main dialog: it lies beside the `.botproj` file, or least deep.
fn root(project: &Project) -> Option<&str> {
    let dialog = |path: &&str| {
        let name = path.to_ascii_lowercase();
        name.ends_with(".dialog")
            && ![".lu.dialog", ".qna.dialog", ".test.dialog"].iter().any(|end| name.ends_with(end))
    };
    let bot = project.paths().find(|path| path.ends_with(".botproj"));
    let folder = bot.map(|path| path.rsplit_once('/').map_or("", |(folder, _)| folder));
    let rank = |path: &&str| {
        let (place, _) = path.rsplit_once('/').unwrap_or(("", path));
        let named = bot.is_some_and(|bot| stem(bot) == stem(path));
        (folder != Some(place), !named, path.matches('/').count(), (*path).to_owned())
    };
    project.paths().filter(dialog).min_by_key(rank)
}

/// The files of a bot by what they are for.
#[derive(Default)]
struct Files<'p> {
    dialogs: Vec<&'p str>,
    generation: Vec<&'p str>,
    understanding: Vec<&'p str>,
    models: Vec<&'p str>,
    settings: Vec<(&'p str, &'static str)>,
    language: Option<String>,
}

impl<'p> Files<'p> {
    fn of(source: &Source<'p>, folder: &'p str, root: &str) -> Self {
        let project = source.project();
        let mut files = Self::default();
        let mut languages: BTreeMap<String, (usize, Vec<&'p str>)> = BTreeMap::new();
        for path in project.within(folder, "").filter(|path| *path != root) {
            let low = path.to_ascii_lowercase();
            let ends = |end: &str| low.ends_with(end);
            if ends(".lu.dialog") || ends(".qna.dialog") || low.contains("/recognizers/") {
                files.settings.push((path, "where recognisers of language are found"));
            } else if ends(".test.dialog") {
                files.settings.push((path, "tests of the other tool"));
            } else if ends(".dialog") {
                files.dialogs.push(path);
            } else if ends(".lg") || ends(".lu") || ends(".qna") {
                let language = language(&low);
                let entry = languages.entry(language).or_default();
                entry.0 += project.bytes(path).map_or(0, <[u8]>::len);
                entry.1.push(path);
            } else if ends(".json") && low.contains("cognitivemodels/") {
                files.models.push(path);
            } else if [".botproj", ".schema", ".uischema", "readme.md", ".json", ".form"].iter().any(|end| ends(end)) {
                files.settings.push((path, "settings and schemas of the other tool"));
            }
        }
        files.speak(source, languages);
        files
    }

    /// One language is read: the bot's own, else the one with the most words; files without a language are always.
    fn speak(&mut self, source: &Source<'p>, mut languages: BTreeMap<String, (usize, Vec<&'p str>)>) {
        let neutral = languages.remove("").unwrap_or_default().1;
        let own = self.settings.iter().find(|(path, _)| path.ends_with("appsettings.json")).and_then(|(path, _)| {
            let part = source.json(path)?;
            part.peek("defaultLanguage").map(str::to_ascii_lowercase)
        });
        let most = languages.iter().max_by_key(|(_, (bytes, _))| *bytes).map(|(language, _)| language.clone());
        let chosen = own.filter(|own| languages.contains_key(own)).or(most);
        for (language, (_, paths)) in languages {
            let mine = chosen.as_ref() == Some(&language);
            for path in paths {
                if mine {
                    self.sort(path);
                } else {
                    self.settings.push((path, "texts in other languages than the bot's own"));
                }
            }
        }
        neutral.into_iter().for_each(|path| self.sort(path));
        self.language = chosen.map(|tag| match tag.split_once('-') {
            Some((language, region)) => format!("{language}-{}", region.to_ascii_uppercase()),
            None => tag,
        });
    }

    fn sort(&mut self, path: &'p str) {
        if path.to_ascii_lowercase().ends_with(".lg") {
            self.generation.push(path);
        } else {
            self.understanding.push(path);
        }
    }

    fn settle(&self, source: &Source<'_>) {
        for (path, reason) in &self.settings {
            source.leave(path, reason);
            if path.ends_with("appsettings.json")
                && let Some(part) = source.json(path)
            {
                part.leave_rest(reason);
            }
        }
    }
}

/// `x.en-us.lg` is in `en-us`.
fn language(path: &str) -> String {
    let name = path.rsplit('/').next().unwrap_or(path);
    let mut parts = name.rsplit('.').skip(1);
    let tag = parts.next().filter(|_| parts.next().is_some()).unwrap_or("");
    let is = |part: &str| (2..=4).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if tag.split('-').all(is) && tag.len() >= 2 { tag.to_owned() } else { String::new() }
}

/// A dialog.
pub(crate) struct Dialog<'s> {
    id: String,
    /// Its name as others write it, in lower case.
    name: String,
    /// The language file that its texts are in.
    generator: String,
    part: &'s Part,
}

impl<'s> Dialog<'s> {
    fn of(path: &str, part: &'s Part) -> Self {
        let file = path.rsplit('/').next().unwrap_or(path);
        let id = file.get(..file.len().saturating_sub(".dialog".len())).unwrap_or(file).to_owned();
        let generator = part.peek("generator").map_or_else(|| stem(path), stem);
        Self { name: id.to_ascii_lowercase(), id, generator, part }
    }
}

/// A bot before its cards are made.
pub(crate) struct Bot<'s> {
    /// The main one first.
    dialogs: Vec<Dialog<'s>>,
    templates: Templates,
    known: Properties,
    /// Every property that is named anywhere, by the slot's name.
    paths: BTreeSet<String>,
}

impl Bot<'_> {
    /// What questions say of properties, and which properties there are.
    fn survey(&mut self, draft: &mut Draft) {
        let mut found: Vec<(String, &Part)> = Vec::new();
        for dialog in &self.dialogs {
            collect(dialog.part, &dialog.id, &mut found, &mut self.paths);
        }
        for text in self.templates.texts() {
            for dialog in &self.dialogs {
                mentions(text, &dialog.id, &mut self.paths);
            }
        }
        for (dialog, part) in found {
            let Some(property) = part.peek("property") else { continue };
            let known = Properties::default();
            let slot = Tongue { draft, known: &known, dialog: &dialog, given: None }.slot(property);
            if let Some(kind) = inputs::kind_of(part) {
                self.known.kinds.entry(slot.clone()).or_insert(kind);
                declare(draft, &slot, kind, part);
            }
            if let Some(entity) = part.peek("value").and_then(inputs::entity_of)
                && let Some(entry) = draft.known("slots", &slot)
                && entry.get("entity").is_none()
            {
                entry.set("entity", Json::text(&entity));
                self.known.entities.entry(entity.to_ascii_lowercase()).or_insert(slot);
            }
        }
    }
}

fn declare(draft: &mut Draft, slot: &str, kind: &str, part: &Part) {
    let choices: Vec<Json> =
        part.list("choices").iter().filter_map(|choice| choice.peek("value")).map(Json::text).collect();
    let Some(entry) = draft.known("slots", slot) else { return };
    if entry.get("type").is_some() {
        // Another question may let choose among others.
        if let (Some("enum"), Some(Json::List(values))) =
            (entry.get("type").and_then(Json::as_text), entry.get("values").cloned())
        {
            let more: Vec<Json> = choices.into_iter().filter(|choice| !values.contains(choice)).collect();
            entry.set("values", Json::List([values, more].concat()));
        }
        return;
    }
    let listed = part.peek("$kind") == Some("Microsoft.ChoiceInput") && !choices.is_empty();
    entry.set("type", Json::text(if listed { "enum" } else { kind }));
    if listed {
        entry.set("values", Json::List(choices));
    }
}

fn collect<'s>(part: &'s Part, dialog: &str, found: &mut Vec<(String, &'s Part)>, paths: &mut BTreeSet<String>) {
    if part.peek("$kind").is_some_and(|kind| kind.ends_with("Input")) {
        found.push((dialog.to_owned(), part));
    }
    if let Value::Scalar(Json::Text(text)) = part.value() {
        mentions(text, dialog, paths);
    }
    part.parts().for_each(|inner| collect(inner, dialog, found, paths));
}

/// The properties that a text names.
fn mentions(text: &str, dialog: &str, paths: &mut BTreeSet<String>) {
    let name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '.' | '$');
    for word in text.split(|c| !name(c)).filter(|word| word.contains(['.', '$'])) {
        let path = expr::normal(word.trim_end_matches('.'));
        paths.insert(match path.strip_prefix("dialog.") {
            Some(rest) => format!("{dialog}.{rest}"),
            None => path,
        });
    }
}

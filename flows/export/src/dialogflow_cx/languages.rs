//! The languages of Dialogflow CX (cloud.google.com/dialogflow/cx/docs/reference/language, 2026-11-22).

use flow_conditions::phrase;

/// What it takes where a flow names no language.
const USUAL: &str = "en";

/// Tags by which an agent may go.
const TAGS: &[&str] = &[
    "af", "am", "ar", "az", "be", "bg", "bn", "bn-bd", "bn-in", "ca", "cs", "da", "de", "el", "en", "en-au", "en-ca",
    "en-gb", "en-in", "en-us", "es", "es-419", "es-es", "et", "eu", "fa", "fi", "fil", "fil-ph", "fr", "fr-ca",
    "fr-fr", "gu", "he", "hi", "hr", "hu", "hy", "id", "it", "ja", "km", "ko", "lo", "lt", "lv", "ml", "mr", "ms",
    "nl", "no", "pa", "pl", "pt", "pt-br", "ro", "ru", "si", "sk", "sl", "sq", "sr", "sv", "sw", "ta", "te", "th",
    "tr", "uk", "ur", "vi", "zh-cn", "zh-hk", "zh-tw", "zu",
];

/// The language of an agent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Language {
    /// Its tag.
    pub tag: String,
    /// Why it is another one than the flow's, or may not be taken.
    pub loses: Option<&'static str>,
}

/// The agent's language for the language of a flow.
pub fn language(locale: Option<&str>) -> Language {
    let tag = locale.unwrap_or(USUAL).replace('_', "-").to_lowercase();
    if TAGS.contains(&tag.as_str()) {
        return Language { tag, loses: None };
    }
    let root = match tag.split('-').next().unwrap_or_default() {
        "zh" => "zh-cn",
        "nb" | "nn" => "no",
        "iw" => "he",
        root => root,
    };
    if let Some(known) = TAGS.iter().find(|known| **known == root) {
        // Portuguese of Portugal is what Dialogflow CX calls Portuguese.
        let same = tag == "pt-pt" || tag == "zh" || tag == "iw";
        let loses = (!same).then_some(phrase!("Dialogflow CX has this language in other regions alone"));
        return Language { tag: (*known).to_owned(), loses };
    }
    // Files are named so; no more than 35 characters are to be expected (RFC 5646, 4.4.1).
    let legal = (2..=35).contains(&tag.len()) && tag.chars().all(|c| c.is_ascii_alphanumeric() || c == '-');
    let why = phrase!("it is not among the languages that Dialogflow CX is known to have");
    Language { tag: if legal { tag } else { USUAL.to_owned() }, loses: Some(why) }
}

#[cfg(test)]
mod tests {
    use super::language;

    #[test]
    fn the_nearest_language_is_taken_and_any_other_is_told() {
        for (locale, tag, told) in [
            (None, "en", false),
            (Some("en_GB"), "en-gb", false),
            (Some("de-CH"), "de", true),
            (Some("pt_PT"), "pt", false),
            (Some("zh"), "zh-cn", false),
            (Some("xx"), "xx", true),
            (Some("x!"), "en", true),
            (Some(""), "en", true),
        ] {
            let found = language(locale);
            assert_eq!((found.tag.as_str(), found.loses.is_some()), (tag, told), "{locale:?}");
        }
    }
}

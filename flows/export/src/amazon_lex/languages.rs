//! The languages of Lex V2 (docs.aws.amazon.com/lexv2/latest/dg/how-languages and docs.aws.amazon.com/polly/latest/dg/
//! available-voices, 2026-11-22).

use super::bot::Locale;

const fn a(id: &'static str, name: &'static str, voice: Option<&'static str>) -> Locale {
    Locale { id, name, voice }
}

/// For each language, the first is taken where the flow names no country.
const LOCALES: [Locale; 23] = [
    a("en_US", "English (US)", Some("Joanna")),
    a("en_GB", "English (UK)", Some("Amy")),
    a("en_AU", "English (Australia)", Some("Olivia")),
    a("en_IN", "English (India)", Some("Kajal")),
    a("en_ZA", "English (South Africa)", Some("Ayanda")),
    a("de_DE", "German (Germany)", Some("Vicki")),
    a("de_AT", "German (Austria)", Some("Hannah")),
    a("fr_FR", "French (France)", Some("Lea")),
    a("fr_CA", "French (Canada)", Some("Gabrielle")),
    a("es_ES", "Spanish (Spain)", Some("Lucia")),
    a("es_US", "Spanish (US)", Some("Lupe")),
    a("es_419", "Spanish (Latin America)", Some("Mia")),
    a("it_IT", "Italian (Italy)", Some("Bianca")),
    a("pt_BR", "Portuguese (Brazil)", Some("Camila")),
    a("pt_PT", "Portuguese (Portugal)", Some("Ines")),
    a("ja_JP", "Japanese (Japan)", Some("Takumi")),
    a("ko_KR", "Korean (South Korea)", Some("Seoyeon")),
    a("zh_CN", "Mandarin (PRC)", Some("Zhiyu")),
    a("nl_NL", "Dutch (The Netherlands)", Some("Laura")),
    a("ca_ES", "Catalan (Spain)", Some("Arlet")),
    a("sv_SE", "Swedish (Sweden)", Some("Elin")),
    a("fi_FI", "Finnish (Finland)", Some("Suvi")),
    a("pl_PL", "Polish (Poland)", Some("Ola")),
];

/// The language of a flow, `en` where it names none; nothing where Lex does not have it.
pub fn locale(tag: Option<&str>) -> Option<Locale> {
    let tag = tag.unwrap_or("en").replace('-', "_");
    let exact = LOCALES.iter().find(|locale| locale.id.eq_ignore_ascii_case(&tag));
    let language = tag.split('_').next().unwrap_or_default();
    let near =
        || LOCALES.iter().find(|locale| locale.id.split('_').next().is_some_and(|l| l.eq_ignore_ascii_case(language)));
    exact.or_else(near).copied()
}

/// What is said when nothing else can be.
pub fn colleague(locale: Locale) -> &'static str {
    match locale.id.get(..2).unwrap_or_default() {
        "de" => "Das klärt am besten ein Mensch: Ich verbinde Sie mit einer Kollegin oder einem Kollegen.",
        _ => "A colleague can help you better with this: I am connecting you.",
    }
}

/// How many intents a bot of this language may have (docs.aws.amazon.com/lexv2/latest/dg/quotas, 2026-11-22).
pub fn most_intents(locale: Locale) -> usize {
    if ["en_US", "en_GB", "en_AU"].contains(&locale.id) { 1000 } else { 250 }
}

#[cfg(test)]
mod tests {
    use super::locale;

    #[test]
    fn the_nearest_language_is_taken() {
        for (tag, id) in [
            (None, Some("en_US")),
            (Some("en"), Some("en_US")),
            (Some("en-GB"), Some("en_GB")),
            (Some("de-CH"), Some("de_DE")),
            (Some("es-419"), Some("es_419")),
            (Some("xx"), None),
        ] {
            assert_eq!(locale(tag).map(|locale| locale.id), id, "{tag:?}");
        }
    }
}

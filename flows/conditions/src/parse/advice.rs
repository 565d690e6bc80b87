//! What to write instead of what the language leaves out.

use crate::token::Tok;

/// For a token where the expression was complete; with a replacement where one is certain.
pub(super) fn leftover(tok: &Tok) -> (String, Option<String>) {
    let message = match tok {
        Tok::Sign(")") => "There is no `(` for this `)`.".to_owned(),
        Tok::Sign("]") => "There is no `[` for this `]`.".to_owned(),
        Tok::Sign(",") => "A comma only separates the values of a list. Join conditions with `&&` or `||`.".to_owned(),
        Tok::Sign("!") => {
            "Before `!` an operator is missing. Join conditions with `&&` or `||`; \"not equal\" is `!=`.".to_owned()
        }
        Tok::Sign(":") => "`:` has no meaning here. `? :` is not part of conditions.".to_owned(),
        Tok::Sign("(") => "Before `(` an operator is missing. Join conditions with `&&` or `||`.".to_owned(),
        Tok::Sign(sign) => format!("`{sign}` cannot stand here."),
        Tok::Word(word) if word.eq_ignore_ascii_case("not") => {
            "To exclude values write `!(x in [\"a\", \"b\"])`.".to_owned()
        }
        Tok::Word(word) => format!("Before `{word}` an operator is missing, such as `==`, `&&` or `||`."),
        Tok::Number(number) => format!("Before `{number}` an operator is missing, such as `<` or `==`."),
        Tok::Text(_) => "Before this text an operator is missing, such as `==`.".to_owned(),
        Tok::Bad | Tok::End => "This cannot stand here.".to_owned(),
    };
    (message, None)
}

/// For a token where a value or a name was expected.
pub(super) fn missing(tok: &Tok, first: bool) -> String {
    match tok {
        Tok::End => "Something is missing at the end: a name, a value or a condition.".to_owned(),
        Tok::Sign("+") => "A number has no `+` before it.".to_owned(),
        Tok::Sign(".") if first => "A name does not begin with a dot.".to_owned(),
        Tok::Sign(")") => "Something is missing before `)`: a name, a value or a condition.".to_owned(),
        Tok::Sign("{" | "}") => "Maps and messages (`{…}`) are not part of conditions.".to_owned(),
        Tok::Sign(sign) => format!("Something is missing before `{sign}`: a name or a value."),
        _ => "Here stands neither a name nor a value.".to_owned(),
    }
}

/// For a reserved word where a name was expected.
pub(super) fn reserved(word: &str) -> String {
    match word {
        "null" => "There is no `null`. To ask whether a name has a value write `has(x)` or `!has(x)`.".to_owned(),
        "const" => "`const` is only the first part of a constant's name, as in `const.unsure`.".to_owned(),
        "in" => "Before `in` a name is missing, as in `intent in [\"a\", \"b\"]`.".to_owned(),
        "true" | "false" => format!("`{word}` is a value and cannot be part of a name."),
        "if" | "else" => format!("`{word}` is not needed: write the condition alone."),
        _ => {
            format!("`{word}` is a reserved word of CEL and cannot be a name. If you mean the text, put it in quotes.")
        }
    }
}

/// For a function that conditions do not have.
pub(super) fn function(name: &str) -> String {
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "size" | "length" => "`size` is not part of conditions. To ask for an empty text write `x == \"\"`; for a value at all, `has(x)`.".to_owned(),
        "matches" => "Regular expressions (`matches`) are not part of conditions. Use `startsWith`, `endsWith` or `contains`.".to_owned(),
        "all" | "exists" | "exists_one" | "map" | "filter" | "existsOne" | "transformList" => {
            format!("Macros over lists (`{last}`) are not part of conditions. To compare with several values write `x in [\"a\", \"b\"]`.")
        }
        "int" | "uint" | "double" | "string" | "bool" | "bytes" | "type" | "dyn" | "duration" | "timestamp" => {
            format!("`{last}(…)` is not part of conditions: values are never converted. Compare with a value of the same type.")
        }
        "lowerAscii" | "toLowerCase" | "lower" | "upperAscii" | "upper" => {
            format!("`{last}` is not part of conditions: texts are compared as they are. List the spellings with `in`.")
        }
        "startsWith" | "endsWith" | "contains" => format!("Write the text first: `text.{last}(\"refund\")`."),
        "startswith" | "starts_with" => "Write `startsWith`.".to_owned(),
        "endswith" | "ends_with" => "Write `endsWith`.".to_owned(),
        "includes" | "include" => "Write `contains`.".to_owned(),
        "last" | "summary" | "entities" | "alternatives" | "sentiments" | "actions" | "path" | "people" | "now" => {
            format!("`{name}(…)` can only be used in the fields of a context, not in a condition.")
        }
        _ => format!("There is no function `{name}` in conditions. There are `has(x)`, `x.startsWith(…)`, `x.endsWith(…)` and `x.contains(…)`."),
    }
}

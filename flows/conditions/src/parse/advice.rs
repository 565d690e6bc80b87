//! What to write instead of what the language leaves out.

use crate::said::Said;
use crate::say;
use crate::token::Tok;

/// For a token where the expression was complete; with a replacement where one is certain.
pub(super) fn leftover(tok: &Tok) -> (Said, Option<String>) {
    let message = match tok {
        Tok::Sign(")") => say!("There is no `(` for this `)`."),
        Tok::Sign("]") => say!("There is no `[` for this `]`."),
        Tok::Sign(",") => say!("A comma only separates the values of a list. Join conditions with `&&` or `||`."),
        Tok::Sign("!") => {
            say!("Before `!` an operator is missing. Join conditions with `&&` or `||`; \"not equal\" is `!=`.")
        }
        Tok::Sign(":") => say!("`:` has no meaning here. `? :` is not part of conditions."),
        Tok::Sign("(") => say!("Before `(` an operator is missing. Join conditions with `&&` or `||`."),
        Tok::Sign(sign) => say!("`{sign}` cannot stand here.", sign),
        Tok::Word(word) if word.eq_ignore_ascii_case("not") => {
            say!("To exclude values write `!(x in [\"a\", \"b\"])`.")
        }
        Tok::Word(word) => say!("Before `{word}` an operator is missing, such as `==`, `&&` or `||`.", word),
        Tok::Number(number) => say!("Before `{number}` an operator is missing, such as `<` or `==`.", number),
        Tok::Text(_) => say!("Before this text an operator is missing, such as `==`."),
        Tok::Bad | Tok::End => say!("This cannot stand here."),
    };
    (message, None)
}

/// For a token where a value or a name was expected.
pub(super) fn missing(tok: &Tok, first: bool) -> Said {
    match tok {
        Tok::End => say!("Something is missing at the end: a name, a value or a condition."),
        Tok::Sign("+") => say!("A number has no `+` before it."),
        Tok::Sign(".") if first => say!("A name does not begin with a dot."),
        Tok::Sign(")") => say!("Something is missing before `)`: a name, a value or a condition."),
        Tok::Sign("{" | "}") => say!("Maps and messages (`{{…}}`) are not part of conditions."),
        Tok::Sign(sign) => say!("Something is missing before `{sign}`: a name or a value.", sign),
        _ => say!("Here stands neither a name nor a value."),
    }
}

/// For a reserved word where a name was expected.
pub(super) fn reserved(word: &str) -> Said {
    match word {
        "null" => say!("There is no `null`. To ask whether a name has a value write `has(x)` or `!has(x)`."),
        "const" => say!("`const` is only the first part of a constant's name, as in `const.unsure`."),
        "in" => say!("Before `in` a name is missing, as in `intent in [\"a\", \"b\"]`."),
        "true" | "false" => say!("`{word}` is a value and cannot be part of a name.", word),
        "if" | "else" => say!("`{word}` is not needed: write the condition alone.", word),
        _ => {
            say!(
                "`{word}` is a reserved word of CEL and cannot be a name. If you mean the text, put it in quotes.",
                word
            )
        }
    }
}

/// For a function that conditions do not have.
pub(super) fn function(name: &str) -> Said {
    let last = name.rsplit('.').next().unwrap_or(name);
    match last {
        "size" | "length" => say!(
            "`size` is not part of conditions. To ask for an empty text write `x == \"\"`; for a value at all, `has(x)`."
        ),
        "matches" => say!(
            "Regular expressions (`matches`) are not part of conditions. Use `startsWith`, `endsWith` or `contains`."
        ),
        "all" | "exists" | "exists_one" | "map" | "filter" | "existsOne" | "transformList" => {
            say!(
                "Macros over lists (`{last}`) are not part of conditions. To compare with several values write `x in [\"a\", \"b\"]`.",
                last
            )
        }
        "int" | "uint" | "double" | "string" | "bool" | "bytes" | "type" | "dyn" | "duration" | "timestamp" => {
            say!(
                "`{last}(…)` is not part of conditions: values are never converted. Compare with a value of the same type.",
                last
            )
        }
        "lowerAscii" | "toLowerCase" | "lower" | "upperAscii" | "upper" => {
            say!(
                "`{last}` is not part of conditions: texts are compared as they are. List the spellings with `in`.",
                last
            )
        }
        "startsWith" | "endsWith" | "contains" => say!("Write the text first: `text.{last}(\"refund\")`.", last),
        "startswith" | "starts_with" => say!("Write `startsWith`."),
        "endswith" | "ends_with" => say!("Write `endsWith`."),
        "includes" | "include" => say!("Write `contains`."),
        "last" | "summary" | "entities" | "alternatives" | "sentiments" | "actions" | "path" | "people" | "now" => {
            say!("`{name}(…)` can only be used in the fields of a context, not in a condition.", name)
        }
        _ => say!(
            "There is no function `{name}` in conditions. There are `has(x)`, `x.startsWith(…)`, `x.endsWith(…)` and `x.contains(…)`.",
            name
        ),
    }
}

//! The words of boxes and arrows, without what only says how they look.

/// Elements of HTML that words are written with.
const TAGS: [&str; 18] = [
    "b", "i", "u", "em", "strong", "small", "big", "sub", "sup", "span", "div", "p", "br", "center", "font", "code",
    "s", "hr",
];

/// Words without quotes, marks, elements of HTML and names of pictures.
pub(super) fn plain(text: &str) -> String {
    let text = text.trim().trim_matches('"').trim();
    let marked = text.strip_prefix('`').and_then(|text| text.strip_suffix('`'));
    let text = marked.map_or_else(|| text.to_owned(), |text| text.replace("**", "").replace("__", ""));
    let text = characters(&untagged(&text.replace("\\n", "\n")));
    let line =
        |line: &str| line.split(' ').filter(|word| !is_picture(word)).collect::<Vec<_>>().join(" ").trim().to_owned();
    text.lines().map(line).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

/// `fa:fa-user` and its like.
fn is_picture(word: &str) -> bool {
    word.split_once(":fa-").is_some_and(|(set, _)| matches!(set, "fa" | "fab" | "fas" | "far" | "fal" | "fad" | "fak"))
}

fn untagged(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once('<') {
        out.push_str(before);
        let name: String =
            after.trim_start_matches('/').chars().take_while(|c| c.is_ascii_alphanumeric()).collect::<String>();
        let end = after.find('>').filter(|_| TAGS.contains(&name.to_ascii_lowercase().as_str()));
        match end {
            Some(end) => {
                let breaks = ["br", "p", "div", "hr"].contains(&name.to_ascii_lowercase().as_str());
                out.push_str(if breaks { "\n" } else { "" });
                rest = after.get(end + 1..).unwrap_or("");
            }
            None => {
                out.push('<');
                rest = after;
            }
        }
    }
    out + rest
}

/// `#quot;`, `&amp;` and their like as characters.
fn characters(text: &str) -> String {
    let (mut out, mut rest) = (String::new(), text);
    while let Some((before, after)) = rest.split_once(';') {
        let sign = before.rfind(['#', '&']);
        let name = sign.and_then(|at| before.get(at + 1..)).filter(|name| name.len() < 9);
        match sign.zip(name.and_then(character)) {
            Some((at, c)) => {
                // `&#39;` is one as well.
                out.push_str(before.get(..at).unwrap_or("").trim_end_matches('&'));
                out.push(c);
            }
            None => out.push_str(&format!("{before};")),
        }
        rest = after;
    }
    out + rest
}

/// A character by its name or number.
fn character(name: &str) -> Option<char> {
    match name {
        "quot" => Some('"'),
        "apos" => Some('\''),
        "amp" => Some('&'),
        "lt" => Some('<'),
        "gt" => Some('>'),
        "nbsp" => Some(' '),
        "colon" => Some(':'),
        "semi" => Some(';'),
        _ => char::from_u32(name.parse().ok()?),
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn words_lose_what_is_no_word() {
        for (marked, text) in [
            ("\"`**Hi** there`\"", "Hi there"),
            ("fa:fa-user Hand over", "Hand over"),
            ("a <b>bold</b><br/>line", "a bold\nline"),
            ("score <limit and <br> more", "score <limit and\nmore"),
            ("say #quot;hi#quot; &amp; go; now", "say \"hi\" & go; now"),
            ("it&#39;s #35;1", "it's #1"),
        ] {
            assert_eq!(plain(marked), text);
        }
    }
}

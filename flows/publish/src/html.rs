//! Pages, element by element: what is opened is closed, and every text is escaped on its way in.

use sha2::{Digest, Sha256};

use crate::escape::markup;

/// A page that is being written.
#[derive(Debug, Default)]
pub(crate) struct Html {
    out: String,
}

/// Attributes of an element.
pub(crate) type Attributes<'a> = &'a [(&'a str, &'a str)];

impl Html {
    fn open(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.out.push('<');
        self.out.push_str(tag);
        for (name, value) in attributes {
            self.out.push(' ');
            self.out.push_str(name);
            self.out.push_str("=\"");
            markup(value, &mut self.out);
            self.out.push('"');
        }
        self.out.push('>');
    }

    /// An element with what stands in it.
    pub(crate) fn element(&mut self, tag: &str, attributes: Attributes<'_>, inside: impl FnOnce(&mut Self)) {
        self.open(tag, attributes);
        inside(self);
        self.out.push_str("</");
        self.out.push_str(tag);
        self.out.push('>');
    }

    /// An element with a text.
    pub(crate) fn leaf(&mut self, tag: &str, attributes: Attributes<'_>, text: &str) {
        self.element(tag, attributes, |html| html.text(text));
    }

    /// An element of the author's words, whose direction follows its own letters.
    pub(crate) fn words(&mut self, tag: &str, attributes: Attributes<'_>, text: &str) {
        let mut all = attributes.to_vec();
        all.push(("dir", "auto"));
        self.leaf(tag, &all, text);
    }

    /// An element without an end, such as `input`.
    pub(crate) fn void(&mut self, tag: &str, attributes: Attributes<'_>) {
        self.open(tag, attributes);
    }

    /// A text.
    pub(crate) fn text(&mut self, text: &str) {
        markup(text, &mut self.out);
    }

    /// The author's words in the middle of ours.
    pub(crate) fn bdi(&mut self, text: &str) {
        self.leaf("bdi", &[], text);
    }

    /// A new line, for people who look at the source.
    pub(crate) fn line(&mut self) {
        self.out.push('\n');
    }

    /// What is written so far.
    pub(crate) fn finish(self) -> String {
        self.out
    }
}

/// A page of its own: nothing is fetched, and only the style and script given here act.
pub(crate) struct Shell<'a> {
    /// Language of the texts.
    pub(crate) language: &'a str,
    /// Title of the page.
    pub(crate) title: &'a str,
    /// Style.
    pub(crate) style: &'static str,
    /// Script; empty where the page needs none.
    pub(crate) script: &'static str,
}

impl Shell<'_> {
    /// The page around a body.
    pub(crate) fn page(&self, body: impl FnOnce(&mut Html)) -> String {
        let mut html = Html { out: "<!DOCTYPE html>\n".to_owned() };
        let policy = self.policy();
        html.element("html", &[("lang", language(self.language))], |html| {
            html.element("head", &[], |html| {
                html.void("meta", &[("charset", "utf-8")]);
                html.void("meta", &[("http-equiv", "Content-Security-Policy"), ("content", &policy)]);
                html.void("meta", &[("name", "viewport"), ("content", "width=device-width, initial-scale=1")]);
                html.void("meta", &[("name", "color-scheme"), ("content", "light dark")]);
                html.void("meta", &[("name", "referrer"), ("content", "no-referrer")]);
                html.leaf("title", &[], self.title);
                html.out.push_str("<style>");
                html.out.push_str(self.style);
                html.out.push_str("</style>");
            });
            html.line();
            html.element("body", &[], |html| {
                body(html);
                if !self.script.is_empty() {
                    html.out.push_str("<script>");
                    html.out.push_str(self.script);
                    html.out.push_str("</script>");
                }
            });
        });
        html.line();
        html.finish()
    }

    /// Nothing but this style and this script, by their hashes.
    fn policy(&self) -> String {
        let script = if self.script.is_empty() { "'none'".to_owned() } else { hash(self.script) };
        format!(
            "default-src 'none'; style-src {}; script-src {script}; base-uri 'none'; form-action 'none'",
            hash(self.style)
        )
    }
}

/// A language tag as HTML takes it; anything else counts as English.
fn language(tag: &str) -> &str {
    let plain = |part: &str| (1..=8).contains(&part.len()) && part.bytes().all(|b| b.is_ascii_alphanumeric());
    if tag.split('-').all(plain) { tag } else { "en" }
}

fn hash(text: &str) -> String {
    format!("'sha256-{}'", base64(&Sha256::digest(text.as_bytes())))
}

fn base64(bytes: &[u8]) -> String {
    const SIGNS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut out = String::new();
    for three in bytes.chunks(3) {
        let byte = |i: usize| u32::from(three.get(i).copied().unwrap_or(0));
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for i in 0..4 {
            let sign = SIGNS[(bits >> (18 - 6 * i) & 63) as usize];
            out.push(if i > three.len() { '=' } else { char::from(sign) });
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_rfc_4648() {
        for (text, made) in
            [("", ""), ("f", "Zg=="), ("fo", "Zm8="), ("foo", "Zm9v"), ("foob", "Zm9vYg=="), ("foobar", "Zm9vYmFy")]
        {
            assert_eq!(base64(text.as_bytes()), made);
        }
    }
}

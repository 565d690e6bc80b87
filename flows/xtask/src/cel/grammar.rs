//! The whole grammar of CEL, read for one purpose: to say what a case is made of without asking the engine.

/// An expression of CEL.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Node {
    Bool,
    Null,
    Bytes,
    /// A number; `form` says what is unusual about how it is written.
    Number(Form),
    Text(Form),
    /// A name with its dots; `true` with one in front.
    Name(String, bool),
    /// `.field` of what is no name.
    Select(Box<Node>),
    /// A function, with what it is called on.
    Call(Option<Box<Node>>, String, Vec<Node>),
    Index(Box<Node>, Box<Node>),
    List(Vec<Node>),
    Map(Vec<Node>),
    /// `Type{field: value}`.
    Struct,
    Not(Box<Node>),
    Negate(Box<Node>),
    Binary(&'static str, Box<Node>, Box<Node>),
    Conditional(Box<Node>, Box<Node>, Box<Node>),
}

/// How a literal is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    Plain,
    Unsigned,
    Hexadecimal,
    Exponent,
    Raw,
    Triple,
}

/// Operators by level, loosest first.
const LEVELS: [&[&str]; 5] =
    [&["||"], &["&&"], &["==", "!=", "<=", ">=", "<", ">", "in"], &["+", "-"], &["*", "/", "%"]];

struct Reader<'a> {
    chars: Vec<char>,
    at: usize,
    source: &'a str,
}

/// Reads an expression.
pub(super) fn read(source: &str) -> Result<Node, String> {
    let mut reader = Reader { chars: source.chars().collect(), at: 0, source };
    let node = reader.expression()?;
    reader.space();
    if reader.at < reader.chars.len() { Err(reader.fault()) } else { Ok(node) }
}

fn is_word(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '_'
}

impl Reader<'_> {
    fn fault(&self) -> String {
        format!("not CEL at {} of `{}`", self.at, self.source)
    }

    fn here(&self, ahead: usize) -> Option<char> {
        self.chars.get(self.at + ahead).copied()
    }

    fn space(&mut self) {
        loop {
            while self.here(0).is_some_and(char::is_whitespace) {
                self.at += 1;
            }
            if self.here(0) != Some('/') || self.here(1) != Some('/') {
                return;
            }
            while self.here(0).is_some_and(|c| c != '\n') {
                self.at += 1;
            }
        }
    }

    /// Whether a sign or a word stands here; it is taken if so.
    fn take(&mut self, sign: &str) -> bool {
        self.space();
        let length = sign.chars().count();
        let same = sign.chars().enumerate().all(|(i, c)| self.here(i) == Some(c));
        let whole = !sign.chars().all(is_word) || !self.here(length).is_some_and(is_word);
        let found = same && whole;
        self.at += if found { length } else { 0 };
        found
    }

    fn must(&mut self, sign: &str) -> Result<(), String> {
        if self.take(sign) { Ok(()) } else { Err(self.fault()) }
    }

    fn expression(&mut self) -> Result<Node, String> {
        let condition = self.level(0)?;
        if !self.take("?") {
            return Ok(condition);
        }
        let yes = self.level(0)?;
        self.must(":")?;
        let no = self.expression()?;
        Ok(Node::Conditional(Box::new(condition), Box::new(yes), Box::new(no)))
    }

    fn level(&mut self, level: usize) -> Result<Node, String> {
        let Some(signs) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        while let Some(sign) = signs.iter().copied().find(|sign| self.take(sign)) {
            let right = self.level(level + 1)?;
            left = Node::Binary(sign, Box::new(left), Box::new(right));
        }
        Ok(left)
    }

    fn unary(&mut self) -> Result<Node, String> {
        if self.take("!") {
            return Ok(Node::Not(Box::new(self.unary()?)));
        }
        if self.take("-") {
            return Ok(match self.unary()? {
                Node::Number(form) => Node::Number(form),
                inner => Node::Negate(Box::new(inner)),
            });
        }
        self.member()
    }

    fn member(&mut self) -> Result<Node, String> {
        let mut node = self.primary()?;
        loop {
            if self.take(".") {
                let field = self.word()?;
                node = if self.take("(") {
                    Node::Call(Some(Box::new(node)), field, self.items(")")?)
                } else {
                    match node {
                        Node::Name(name, absolute) => Node::Name(format!("{name}.{field}"), absolute),
                        node => Node::Select(Box::new(node)),
                    }
                };
            } else if self.take("[") {
                let index = self.expression()?;
                self.must("]")?;
                node = Node::Index(Box::new(node), Box::new(index));
            } else if matches!(node, Node::Name(..)) && self.take("{") {
                self.entries()?;
                node = Node::Struct;
            } else {
                return Ok(node);
            }
        }
    }

    fn primary(&mut self) -> Result<Node, String> {
        if self.take("(") {
            let inner = self.expression()?;
            self.must(")")?;
            return Ok(inner);
        }
        if self.take("[") {
            return self.items("]").map(Node::List);
        }
        if self.take("{") {
            return self.entries().map(Node::Map);
        }
        match self.here(0) {
            Some('"' | '\'') => self.text(false),
            Some(c) if c.is_ascii_digit() || (c == '.' && self.here(1).is_some_and(|d| d.is_ascii_digit())) => {
                Ok(self.number())
            }
            Some('.') => {
                self.at += 1;
                Ok(Node::Name(self.word()?, true))
            }
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Result<Node, String> {
        let word = self.word()?;
        if let (Some('"' | '\''), "r" | "R" | "b" | "B" | "rb" | "br" | "Rb" | "bR" | "RB" | "BR" | "rB" | "Br") =
            (self.here(0), word.as_str())
        {
            let raw = word.contains(['r', 'R']);
            let text = self.text(raw)?;
            let bytes = word.contains(['b', 'B']);
            return Ok(match text {
                _ if bytes => Node::Bytes,
                _ if raw => Node::Text(Form::Raw),
                text => text,
            });
        }
        match word.as_str() {
            "true" | "false" => Ok(Node::Bool),
            "null" => Ok(Node::Null),
            _ if self.take("(") => Ok(Node::Call(None, word, self.items(")")?)),
            _ => Ok(Node::Name(word, false)),
        }
    }

    fn word(&mut self) -> Result<String, String> {
        self.space();
        let mut word = String::new();
        while let Some(c) = self.here(0).filter(|c| is_word(*c)) {
            word.push(c);
            self.at += 1;
        }
        if word.is_empty() || word.starts_with(|c: char| c.is_ascii_digit()) { Err(self.fault()) } else { Ok(word) }
    }

    fn items(&mut self, close: &str) -> Result<Vec<Node>, String> {
        let mut items = Vec::new();
        while !self.take(close) {
            items.push(self.expression()?);
            if !self.take(",") {
                self.must(close)?;
                break;
            }
        }
        Ok(items)
    }

    /// Keys and values of a map, or fields and values of a message.
    fn entries(&mut self) -> Result<Vec<Node>, String> {
        let mut entries = Vec::new();
        while !self.take("}") {
            entries.push(self.expression()?);
            self.must(":")?;
            entries.push(self.expression()?);
            if !self.take(",") {
                self.must("}")?;
                break;
            }
        }
        Ok(entries)
    }

    fn number(&mut self) -> Node {
        let from = self.at;
        let mut form = Form::Plain;
        if self.here(0) == Some('0') && matches!(self.here(1), Some('x' | 'X')) {
            self.at += 2;
            self.run(|c| c.is_ascii_hexdigit());
            form = Form::Hexadecimal;
        } else {
            self.run(|c| c.is_ascii_digit());
            if self.here(0) == Some('.') && self.here(1).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1;
                self.run(|c| c.is_ascii_digit());
            }
            let sign = usize::from(matches!(self.here(1), Some('+' | '-')));
            if matches!(self.here(0), Some('e' | 'E')) && self.here(1 + sign).is_some_and(|c| c.is_ascii_digit()) {
                self.at += 1 + sign;
                self.run(|c| c.is_ascii_digit());
                form = Form::Exponent;
            }
        }
        if self.at > from && matches!(self.here(0), Some('u' | 'U')) {
            self.at += 1;
            form = Form::Unsigned;
        }
        Node::Number(form)
    }

    fn run(&mut self, wanted: impl Fn(char) -> bool) {
        while self.here(0).is_some_and(&wanted) {
            self.at += 1;
        }
    }

    fn text(&mut self, raw: bool) -> Result<Node, String> {
        let Some(quote) = self.here(0) else { return Err(self.fault()) };
        let triple = self.here(1) == Some(quote) && self.here(2) == Some(quote);
        let length = if triple { 3 } else { 1 };
        self.at += length;
        loop {
            match self.here(0) {
                None => return Err(self.fault()),
                Some('\\') if !raw => self.at += 2,
                Some(_) if (0..length).all(|i| self.here(i) == Some(quote)) => {
                    self.at += length;
                    return Ok(Node::Text(if triple { Form::Triple } else { Form::Plain }));
                }
                Some(_) => self.at += 1,
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_conditions_leave_out() {
        for (source, node) in [
            ("0x1Fu", Node::Number(Form::Unsigned)),
            ("-1.5e-3", Node::Number(Form::Exponent)),
            ("r'\\'", Node::Text(Form::Raw)),
            ("'''a'b'''", Node::Text(Form::Triple)),
            ("b'\\xff'", Node::Bytes),
            (".a.b", Node::Name("a.b".to_owned(), true)),
            ("a.B{c: 1}", Node::Struct),
            ("[1].all(x, x > 0)", {
                let body =
                    Node::Binary(">", Box::new(Node::Name("x".to_owned(), false)), Box::new(Node::Number(Form::Plain)));
                let list = Node::List(vec![Node::Number(Form::Plain)]);
                Node::Call(Some(Box::new(list)), "all".to_owned(), vec![Node::Name("x".to_owned(), false), body])
            }),
        ] {
            assert_eq!(read(source), Ok(node), "{source}");
        }
        for wrong in ["", "1 +", "(1", "a b", "'a"] {
            assert!(read(wrong).is_err(), "{wrong}");
        }
    }
}

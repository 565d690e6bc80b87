//! Adaptive expressions as trees: what stands in conditions, in `=…` and in `${…}`.

/// How deep an expression nests at most, and how long it is.
const DEPTH: usize = 48;
const LONGEST: usize = 4000;

/// An expression.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Null,
    Bool(bool),
    Number(String),
    Text(String),
    /// A property such as `user.name`, its first part in lower case; `$name` is `dialog.name`.
    Path(String),
    /// `@name`: an entity.
    Entity(String),
    /// `#Name`, or its score.
    Intent(String, bool),
    Call(String, Vec<Expr>),
    Op(&'static str, Box<Expr>, Box<Expr>),
    Not(Box<Expr>),
}

/// Operators by how loosely they bind, the loosest first.
const LEVELS: [&[&str]; 7] =
    [&["??"], &["||"], &["&&"], &["<=", ">=", "<", ">"], &["==", "!="], &["+", "-"], &["*", "/", "%"]];

/// Reads an expression, with or without `=` or `${…}` round it; none where it is none, or says more than is known here.
pub(crate) fn parse(text: &str) -> Option<Expr> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.trim();
    let text = text.strip_prefix('=').unwrap_or(text).trim();
    let inner = text.strip_prefix("${").and_then(|rest| rest.strip_suffix('}')).filter(|inner| !inner.contains("${"));
    let mut parser = Parser { text: inner.unwrap_or(text), at: 0, depth: 0 };
    let expr = parser.choice()?;
    parser.space();
    parser.rest().is_empty().then_some(expr)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

impl<'t> Parser<'t> {
    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or("")
    }

    fn space(&mut self) {
        self.at += self.rest().len() - self.rest().trim_start().len();
    }

    fn eat(&mut self, token: &str) -> bool {
        self.space();
        let there = self.rest().starts_with(token);
        self.at += if there { token.len() } else { 0 };
        there
    }

    fn choice(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let first = self.level(0)?;
        let whole = if self.eat("?") {
            let yes = self.choice()?;
            if !self.eat(":") {
                return None;
            }
            Expr::Call("if".to_owned(), vec![first, yes, self.choice()?])
        } else {
            first
        };
        self.depth -= 1;
        Some(whole)
    }

    fn level(&mut self, level: usize) -> Option<Expr> {
        let Some(operators) = LEVELS.get(level) else { return self.unary() };
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = self.level(level + 1)?;
            left = match operator {
                "??" => Expr::Call("coalesce".to_owned(), vec![left, right]),
                _ => Expr::Op(operator, Box::new(left), Box::new(right)),
            };
        }
        Some(left)
    }

    fn operator(&mut self, operators: &[&'static str]) -> Option<&'static str> {
        self.space();
        let found = operators.iter().find(|operator| self.rest().starts_with(**operator))?;
        self.at += found.len();
        Some(found)
    }

    fn unary(&mut self) -> Option<Expr> {
        self.space();
        if self.rest().starts_with('!') && !self.rest().starts_with("!=") {
            self.at += 1;
            self.depth += 1;
            let inner = (self.depth <= DEPTH).then(|| self.unary()).flatten()?;
            self.depth -= 1;
            return Some(Expr::Not(Box::new(inner)));
        }
        if self.eat("-") {
            return match self.primary()? {
                Expr::Number(number) => Some(Expr::Number(format!("-{number}"))),
                other => Some(Expr::Op("-", Box::new(Expr::Number("0".to_owned())), Box::new(other))),
            };
        }
        self.primary()
    }

    fn primary(&mut self) -> Option<Expr> {
        self.space();
        let first = self.rest().chars().next()?;
        match first {
            '(' => {
                self.at += 1;
                let inner = self.choice()?;
                self.eat(")").then_some(inner)
            }
            '\'' | '"' => self.quoted(first).map(Expr::Text),
            '0'..='9' => {
                let number = self.while_is(|c| c.is_ascii_digit() || c == '.');
                Some(Expr::Number(number.to_owned()))
            }
            '@' => {
                self.at += 1;
                self.eat("@");
                Some(Expr::Entity(self.path()?))
            }
            '#' => {
                self.at += 1;
                let path = self.path()?;
                let score = path.to_ascii_lowercase().strip_suffix(".score").map(str::len);
                Some(Expr::Intent(path.get(..score.unwrap_or(path.len()))?.to_owned(), score.is_some()))
            }
            '$' => {
                self.at += 1;
                Some(Expr::Path(format!("dialog.{}", self.path()?)))
            }
            _ => self.named(),
        }
    }

    fn named(&mut self) -> Option<Expr> {
        let path = self.path()?;
        if self.eat("(") {
            let mut given = Vec::new();
            while !self.eat(")") {
                if !given.is_empty() && !self.eat(",") {
                    return None;
                }
                given.push(self.choice()?);
            }
            return Some(Expr::Call(path, given));
        }
        Some(match path.as_str() {
            "null" => Expr::Null,
            "true" => Expr::Bool(true),
            "false" => Expr::Bool(false),
            _ => Expr::Path(normal(&path)),
        })
    }

    fn while_is(&mut self, is: impl Fn(char) -> bool) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c| !is(c)).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    /// Names with dots, and with keys or numbers in brackets; what is computed within brackets is not known here.
    fn path(&mut self) -> Option<String> {
        let name = |c: char| c.is_alphanumeric() || c == '_' || c == '-';
        // A minus is part of a name only where no space stands before it, as designers name their templates so.
        let mut path = self.while_is(|c| name(c) && c != '-').to_owned();
        if path.is_empty() {
            return None;
        }
        loop {
            if self.rest().starts_with('.') {
                self.at += 1;
                let part = self.while_is(|c| name(c) && c != '-');
                if part.is_empty() {
                    return None;
                }
                path.push('.');
                path.push_str(part);
            } else if self.rest().starts_with('[') {
                self.at += 1;
                self.space();
                let key = match self.rest().chars().next()? {
                    quote @ ('\'' | '"') => self.quoted(quote)?,
                    '0'..='9' => self.while_is(|c| c.is_ascii_digit()).to_owned(),
                    _ => return None,
                };
                path.push('.');
                path.push_str(&key);
                if !self.eat("]") {
                    return None;
                }
            } else {
                return Some(path);
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1);
        while let Some((at, c)) = chars.next() {
            match c {
                '\\' => match chars.next()?.1 {
                    'n' => text.push('\n'),
                    't' => text.push('\t'),
                    other => text.push(other),
                },
                _ if c == quote => {
                    self.at += at + c.len_utf8();
                    return Some(text);
                }
                _ => text.push(c),
            }
        }
        None
    }
}

/// A property by the one name that it has here: capitals of the scope do not matter, and `$` is the dialog's.
pub(crate) fn normal(path: &str) -> String {
    let path = path.trim();
    if let Some(rest) = path.strip_prefix('$') {
        return format!("dialog.{rest}");
    }
    match path.split_once('.') {
        Some((scope, rest)) => {
            let scope = scope.to_ascii_lowercase();
            let rest = match (scope.as_str(), rest.split_once('.')) {
                ("turn", Some((second, more))) => format!("{}.{more}", second.to_ascii_lowercase()),
                _ => rest.to_owned(),
            };
            format!("{scope}.{rest}")
        }
        None => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::{Expr, parse};

    #[test]
    fn expressions_are_read() {
        for text in [
            "(dialog.api.statusCode == 200 && dialog.api.content.amount > 500) || user.sentiment < -0.3",
            "=coalesce(@userAge, @age, @number)",
            "!@userName && !@personName",
            "turn.cancelOutcome == true || turn.cancelOutcome == \"yes\"",
            "#RequestHuman.Score >= 0.5",
            "=if(dialog.priority == 'urgent', 'vip', 'general')",
            "${user.lists['a b'][0]}",
            "a ? b : c",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
        for text in
            ["", "a ==", "(a", "f(a", "user.lists[dialog.listType]", "'open", &"(".repeat(5000), &"!".repeat(900)]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        let number = |text: &str| Box::new(Expr::Number(text.to_owned()));
        let product = Expr::Op("*", number("2"), number("-3"));
        assert_eq!(parse("1 + 2 * -3"), Some(Expr::Op("+", number("1"), Box::new(product))));
        assert_eq!(parse("$Name"), Some(Expr::Path("dialog.Name".to_owned())));
        assert_eq!(parse("Turn.Activity.text"), Some(Expr::Path("turn.activity.text".to_owned())));
    }
}

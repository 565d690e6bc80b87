//! Power Fx as the expressions that Composer's adaptive dialogs have: topics are adaptive dialogs in another spelling.

use crate::composer::expr::Expr;

/// How deep an expression nests at most, and how long it is.
const DEPTH: usize = 48;
const LONGEST: usize = 4000;

/// Operators by how loosely they bind, the loosest first; words stand between spaces.
const LEVELS: [&[&str]; 6] =
    [&["||"], &["&&"], &["exactin", "in"], &["<=", ">=", "<>", "=", "<", ">"], &["&"], &["+", "-"]];

/// Reads an expression, with or without `=` before it; none where it is none, or says more than is known here.
pub(super) fn parse(text: &str) -> Option<Expr> {
    if text.len() > LONGEST {
        return None;
    }
    let text = text.trim();
    let mut parser = Parser { text: text.strip_prefix('=').unwrap_or(text), at: 0, depth: 0 };
    let expr = parser.level(0)?;
    parser.space();
    parser.rest().is_empty().then_some(expr)
}

struct Parser<'t> {
    text: &'t str,
    at: usize,
    depth: usize,
}

fn call(name: &str, given: Vec<Expr>) -> Expr {
    Expr::Call(name.to_owned(), given)
}

fn same(left: Expr, right: Expr) -> Expr {
    Expr::Op("==", Box::new(left), Box::new(right))
}

/// The opposite; that something is not blank is that it has a value.
fn deny(expr: Expr) -> Expr {
    match expr {
        Expr::Op("==", left, right) if *right == Expr::Null => Expr::Op("!=", left, right),
        other => Expr::Not(Box::new(other)),
    }
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

    fn level(&mut self, level: usize) -> Option<Expr> {
        let Some(operators) = LEVELS.get(level) else { return self.product() };
        self.depth += usize::from(level == 0);
        if self.depth > DEPTH {
            return None;
        }
        let mut left = self.level(level + 1)?;
        while let Some(operator) = self.operator(operators) {
            let right = self.level(level + 1)?;
            left = match operator {
                "=" => same(left, right),
                "<>" => Expr::Op("!=", Box::new(left), Box::new(right)),
                "in" | "exactin" => call("contains", vec![right, left]),
                "&" => call("concat", vec![left, right]),
                _ => Expr::Op(operator, Box::new(left), Box::new(right)),
            };
        }
        self.depth -= usize::from(level == 0);
        Some(left)
    }

    fn operator(&mut self, operators: &[&'static str]) -> Option<&'static str> {
        self.space();
        let rest = self.rest();
        let found = operators.iter().find(|operator| {
            let Some(after) = rest.strip_prefix(**operator) else { return false };
            let word = operator.starts_with(char::is_alphabetic);
            // `&` is not the beginning of `&&`.
            !(word && after.starts_with(char::is_alphanumeric) || **operator == "&" && after.starts_with('&'))
        })?;
        self.at += found.len();
        Some(found)
    }

    fn product(&mut self) -> Option<Expr> {
        let mut left = self.unary()?;
        while let Some(operator) = self.operator(&["*", "/"]) {
            left = Expr::Op(operator, Box::new(left), Box::new(self.unary()?));
        }
        Some(left)
    }

    fn unary(&mut self) -> Option<Expr> {
        self.depth += 1;
        if self.depth > DEPTH {
            return None;
        }
        let found = if self.eat("!") {
            deny(self.unary()?)
        } else if self.eat("-") {
            match self.unary()? {
                Expr::Number(number) => Expr::Number(format!("-{number}")),
                other => Expr::Op("-", Box::new(Expr::Number("0".to_owned())), Box::new(other)),
            }
        } else {
            self.primary()?
        };
        self.depth -= 1;
        Some(found)
    }

    fn primary(&mut self) -> Option<Expr> {
        self.space();
        match self.rest().chars().next()? {
            '(' => {
                self.at += 1;
                let inner = self.level(0)?;
                self.eat(")").then_some(inner)
            }
            '"' => self.quoted('"').map(Expr::Text),
            // A member of a set of options that the tool made: `'agent.topic.Question'.Yes`.
            '\'' => {
                let name = self.quoted('\'')?;
                let member = if self.rest().starts_with('.') {
                    self.at += 1;
                    if self.rest().starts_with('\'') { self.quoted('\'') } else { Some(self.word().to_owned()) }
                } else {
                    None
                };
                Some(Expr::Text(member.unwrap_or(name)))
            }
            '0'..='9' => {
                let number = self.rest();
                let end = number.find(|c: char| !(c.is_ascii_digit() || c == '.')).unwrap_or(number.len());
                self.at += end;
                Some(Expr::Number(number.get(..end)?.to_owned()))
            }
            _ => self.named(),
        }
    }

    fn word(&mut self) -> &'t str {
        let rest = self.rest();
        let end = rest.find(|c: char| !(c.is_alphanumeric() || c == '_')).unwrap_or(rest.len());
        self.at += end;
        rest.get(..end).unwrap_or("")
    }

    fn named(&mut self) -> Option<Expr> {
        let mut path = self.word().to_owned();
        if path.is_empty() {
            return None;
        }
        while self.rest().starts_with('.') {
            self.at += 1;
            let part = if self.rest().starts_with('\'') { self.quoted('\'')? } else { self.word().to_owned() };
            if part.is_empty() {
                return None;
            }
            path.push('.');
            path.push_str(&part);
        }
        if !self.eat("(") {
            return Some(match path.to_ascii_lowercase().as_str() {
                "true" => Expr::Bool(true),
                "false" => Expr::Bool(false),
                _ => Expr::Path(scoped(&path)),
            });
        }
        let mut given = Vec::new();
        while !self.eat(")") {
            if !(given.is_empty() || self.eat(",") || self.eat(";")) {
                return None;
            }
            given.push(self.level(0)?);
        }
        function(&path, given)
    }

    /// A text in quotes; a quote within it stands twice.
    fn quoted(&mut self, quote: char) -> Option<String> {
        let mut text = String::new();
        let mut chars = self.rest().char_indices().skip(1).peekable();
        while let Some((at, c)) = chars.next() {
            if c != quote {
                text.push(c);
            } else if chars.peek().is_some_and(|(_, next)| *next == quote) {
                chars.next();
                text.push(quote);
            } else {
                self.at += at + 1;
                return Some(text);
            }
        }
        None
    }
}

/// A variable by the scope that it has in adaptive dialogs; what the system knows alone is in a scope that nobody reads.
fn scoped(path: &str) -> String {
    let Some((scope, rest)) = path.split_once('.') else { return path.to_owned() };
    match scope.to_ascii_lowercase().as_str() {
        "topic" => format!("dialog.{rest}"),
        "global" => format!("global.{rest}"),
        "system" => match rest.to_ascii_lowercase().as_str() {
            "activity.text" | "lastmessage.text" => "turn.activity.text".to_owned(),
            "activity.channelid" => "turn.activity.channelid".to_owned(),
            "fallbackcount" => "global.FallbackCount".to_owned(),
            _ => format!("settings.{rest}"),
        },
        _ => format!("settings.{path}"),
    }
}

fn function(name: &str, mut given: Vec<Expr>) -> Option<Expr> {
    match (name.to_ascii_lowercase().as_str(), given.len()) {
        ("blank", 0) => Some(Expr::Null),
        ("isblank", 1) => Some(same(given.pop()?, Expr::Null)),
        ("isempty", 1) => Some(call("empty", given)),
        ("not", 1) => Some(deny(given.pop()?)),
        ("and" | "or" | "coalesce", 1..) => Some(call(&name.to_ascii_lowercase(), given)),
        ("startswith" | "endswith", 2) => Some(call(&name.to_ascii_lowercase(), given)),
        ("text" | "value" | "trim" | "boolean", 1) => Some(call(if name == "Text" { "string" } else { "trim" }, given)),
        ("concatenate", 1..) => {
            let mut parts = given.into_iter();
            let first = parts.next()?;
            Some(parts.fold(first, |left, right| call("concat", vec![left, right])))
        }
        ("if", 2..) => Some(choice(given, |when| when)),
        ("switch", 3..) => {
            let value = given.remove(0);
            Some(choice(given, move |case| same(value.clone(), case)))
        }
        _ => None,
    }
}

/// Pairs of a condition and a value, and perhaps a value for all other cases.
fn choice(given: Vec<Expr>, holds: impl Fn(Expr) -> Expr) -> Expr {
    let mut pairs: Vec<(Expr, Expr)> = Vec::new();
    let mut otherwise = Expr::Null;
    let mut given = given.into_iter();
    while let Some(first) = given.next() {
        match given.next() {
            Some(second) => pairs.push((holds(first), second)),
            None => otherwise = first,
        }
    }
    pairs.into_iter().rev().fold(otherwise, |no, (when, yes)| call("if", vec![when, yes, no]))
}

#[cfg(test)]
mod tests {
    use super::parse;
    use crate::composer::expr::Expr;

    #[test]
    fn expressions_are_read() {
        for text in [
            "=System.FallbackCount < 3",
            "=!IsBlank(Topic.Answer) && (Topic.Answer = \"x\") || Or(Global.a, Global.b)",
            "=Topic.Choice = 'cr_agent.topic.Ask.main.question_1'.Yes",
            "=If(Global.a > 1, \"a \"\"b\"\"\", Global.b = Blank(), 2)",
            "=Switch(Global.tier, \"a\", 1, \"b\", 2)",
            "=Concatenate(\"a\", Topic.b) & Text(Topic.n)",
            "=\"x\" in Topic.words",
            "=-1 + 2 * Topic.n",
        ] {
            assert!(parse(text).is_some(), "{text}");
        }
        let deep = "(".repeat(5000);
        for text in
            ["", "=", "={a: 1}", "=[1]", "=ForAll(x, y)", "=Topic.", "=\"open", "=a b", &deep, &"!".repeat(3000)]
        {
            assert_eq!(parse(text), None, "{text}");
        }
        assert_eq!(parse("=Topic.x"), Some(Expr::Path("dialog.x".to_owned())));
        assert_eq!(parse("=inner"), Some(Expr::Path("inner".to_owned())));
    }
}

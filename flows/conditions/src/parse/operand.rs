//! What stands between operators: literals, names, parentheses, lists, `has(x)`, and the functions of a text.

use crate::say;
use std::sync::Arc;

use super::{Node, Parser, advice};
use crate::ast::{Kind, Literal, Span, TextTest};
use crate::names::is_reserved;
use crate::token::Tok;

impl Parser {
    /// An operand and the functions called on it.
    pub(super) fn member(&mut self) -> Node {
        let mut node = self.primary();
        loop {
            if self.is(".") {
                node = self.method(node);
            } else if self.is("[") && !matches!(node.expr.kind, Kind::Broken) {
                node = self.index(node);
            } else if self.is("{") {
                let span = self.token().span;
                self.fault(span, say!("Maps and messages (`{{…}}`) are not part of conditions."));
                self.skip_to("}");
                node = Node::broken(node.outer.to(span));
            } else {
                return node;
            }
        }
    }

    fn primary(&mut self) -> Node {
        let token = self.token().clone();
        match token.tok {
            Tok::Number(number) => self.literal(Literal::Number(number)),
            Tok::Text(text) => self.literal(Literal::Text(text)),
            Tok::Word(word) => self.word(&word),
            Tok::Sign("(") => self.parenthesised(),
            Tok::Sign("[") => self.stray_list(),
            Tok::Bad => Node::broken(self.bump()),
            Tok::Sign("+") => {
                self.missing(&token.tok, token.span);
                self.bump();
                self.deeper(Self::unary)
            }
            tok => {
                self.missing(&tok, token.span);
                Node::broken(Span { start: token.span.start, end: token.span.start })
            }
        }
    }

    fn literal(&mut self, value: Literal) -> Node {
        let span = self.bump();
        Node::leaf(Kind::Literal(value), span)
    }

    /// Reports a missing operand. Signs that no one else will take are taken, so that reading always moves on.
    fn missing(&mut self, tok: &Tok, span: Span) {
        self.fault(span, advice::missing(tok, self.at == 0));
        if matches!(tok, Tok::Sign("." | "{" | "}" | ":" | ",")) && self.depth < 2 {
            self.bump();
        }
    }

    fn parenthesised(&mut self) -> Node {
        let start = self.bump();
        let mut node = self.binary(0);
        self.close(")", start);
        node.outer = Span { start: start.start, end: self.last_end() };
        node.bare_not = false;
        node
    }

    /// Takes the closing bracket; where something else stands, reports it and skips to the bracket.
    fn close(&mut self, bracket: &'static str, open: Span) {
        if self.is(bracket) {
            self.bump();
            return;
        }
        if self.at_end() {
            let pair = if bracket == ")" { "(" } else { "[" };
            self.fault(open, say!("There is no `{bracket}` for this `{pair}`.", bracket, pair));
            return;
        }
        let span = self.token().span;
        let (message, _) = advice::leftover(&self.token().tok);
        self.fault(span, message);
        self.skip_to(bracket);
    }

    /// Skips behind the bracket that closes here, or to the end.
    fn skip_to(&mut self, bracket: &'static str) {
        let mut open = 0_usize;
        while !self.at_end() {
            let Tok::Sign(sign) = self.token().tok else {
                self.bump();
                continue;
            };
            match sign {
                _ if sign == bracket && open == 0 => {
                    self.bump();
                    return;
                }
                "(" | "[" => open += 1,
                "{" if bracket != "}" => open += 1,
                ")" | "]" | "}" => open = open.saturating_sub(1),
                _ => {}
            }
            self.bump();
        }
    }

    /// The items between brackets; a comma may follow the last.
    fn items(&mut self, bracket: &'static str, open: Span) -> Vec<Node> {
        let mut items = Vec::new();
        while !self.is(bracket) && !self.at_end() {
            items.push(self.binary(0));
            if !self.is(",") {
                break;
            }
            self.bump();
        }
        self.close(bracket, open);
        items
    }

    fn list(&mut self) -> Node {
        let open = self.bump();
        let items = self.items("]", open);
        let height = items.iter().map(|item| item.height).max().unwrap_or(0) + 1;
        let span = Span { start: open.start, end: self.last_end() };
        let list = items.into_iter().map(|item| item.expr).collect();
        self.high(Kind::List(list), span, height)
    }

    /// A list that is not right of `in`.
    fn stray_list(&mut self) -> Node {
        let node = self.list();
        if !self.payload {
            self.fault(node.outer, say!("A list can only stand right of `in`, as in `intent in [\"a\", \"b\"]`."));
            return Node::broken(node.outer);
        }
        node
    }

    /// What stands right of `in`.
    pub(super) fn membership(&mut self, item: Node) -> Node {
        let list = if self.is("[") { self.list() } else { self.binary(4) };
        if let Tok::Sign(sign @ ("+" | "-" | "*")) = self.token().tok {
            let span = self.token().span;
            self.fault(span, say!("Lists cannot be combined with `{sign}`. Write all values into one list.", sign));
            self.bump();
            let right = self.binary(4);
            return Node::broken(item.outer.to(right.outer));
        }
        match &list.expr.kind {
            Kind::List(_) | Kind::Name(_) | Kind::Broken => {}
            Kind::Literal(Literal::Text(_)) => {
                self.fault(list.outer, say!("Right of `in` stands a list, as in `[\"a\", \"b\"]`. To look inside a text write `x.contains(\"…\")`."));
                return Node::broken(item.outer.to(list.outer));
            }
            _ => {
                self.fault(
                    list.outer,
                    say!(
                        "Right of `in` stands a list, as in `[\"a\", \"b\"]`, or a list constant, as in `const.urgent`."
                    ),
                );
                return Node::broken(item.outer.to(list.outer));
            }
        }
        self.warn_of_not(&item, &list);
        self.pair(item, list, |item, list| Kind::In { item, list })
    }

    fn index(&mut self, node: Node) -> Node {
        let open = self.bump();
        self.items("]", open);
        let span = Span { start: open.start, end: self.last_end() };
        self.fault(
            span,
            say!("Indexing is not part of conditions. To compare with several values write `x in [\"a\", \"b\"]`."),
        );
        Node::broken(node.outer.to(span))
    }

    fn word(&mut self, word: &Arc<str>) -> Node {
        match &**word {
            "true" | "false" => self.literal(Literal::Bool(&**word == "true")),
            "has" if self.is_at(1, "(") => self.has(),
            _ if is_reserved(word) && !(&**word == "const" && self.is_at(1, ".")) => {
                let span = self.bump();
                self.fault(span, advice::reserved(word));
                let call = self.is("(");
                if call {
                    let open = self.bump();
                    self.items(")", open);
                }
                Node::broken(Span { start: span.start, end: self.last_end() })
            }
            _ => self.name(),
        }
    }

    /// A dotted name; before the `(` of a text function it stops.
    fn name(&mut self) -> Node {
        let first = self.token().clone();
        let mut parts = String::new();
        let mut bad = false;
        loop {
            let token = self.token().clone();
            let Tok::Word(part) = &token.tok else { break };
            self.bump();
            if is_reserved(part) && !(parts.is_empty() && &**part == "const") {
                self.fault(token.span, advice::reserved(part));
                bad = true;
            }
            parts.push_str(part);
            let Tok::Word(next) = &self.ahead(1).tok else { break };
            if !self.is(".") || (self.is_at(2, "(") && TextTest::named(next).is_some()) {
                break;
            }
            self.bump();
            parts.push('.');
        }
        let span = Span { start: first.span.start, end: self.last_end() };
        if self.is("(") {
            return self.call(&parts, span);
        }
        if bad { Node::broken(span) } else { Node::leaf(Kind::Name(parts.into()), span) }
    }

    fn call(&mut self, function: &str, name: Span) -> Node {
        let open = self.bump();
        let arguments = self.items(")", open);
        let span = Span { start: name.start, end: self.last_end() };
        if !self.payload {
            self.fault(name, advice::function(function));
            return Node::broken(span);
        }
        let height = arguments.iter().map(|item| item.height).max().unwrap_or(0) + 1;
        let arguments = arguments.into_iter().map(|item| item.expr).collect();
        self.high(Kind::Call { function: function.into(), arguments }, span, height)
    }

    fn has(&mut self) -> Node {
        let start = self.bump();
        let open = self.bump();
        let arguments = self.items(")", open);
        let span = Span { start: start.start, end: self.last_end() };
        match arguments.as_slice() {
            [one] => match &one.expr.kind {
                Kind::Name(name) => return Node::leaf(Kind::Has(Arc::clone(name)), span),
                Kind::Broken => {}
                _ => self.fault(
                    one.outer,
                    say!("`has(…)` asks whether a name has a value: write the name alone, as in `has(confidence)`."),
                ),
            },
            _ => self.fault(span, say!("`has(…)` takes one name, as in `has(confidence)`.")),
        }
        Node::broken(span)
    }

    /// `.function(…)` on an operand.
    fn method(&mut self, node: Node) -> Node {
        let dot = self.bump();
        let token = self.token().clone();
        let Tok::Word(function) = token.tok else {
            let part = say!(
                "Behind a `.` stands a letter: a further part of the name, or `startsWith`, `endsWith`, `contains`."
            );
            self.fault(if self.at_end() { dot } else { token.span }, part);
            if matches!(token.tok, Tok::Number(_) | Tok::Bad) {
                self.bump();
            }
            return Node::broken(node.outer.to(dot));
        };
        let name = self.bump();
        if !self.is("(") {
            self.fault(name, say!("`.{function}` cannot be taken from this: only names have dots in them.", function));
            return Node::broken(node.outer.to(name));
        }
        let open = self.bump();
        let mut arguments = self.items(")", open);
        let span = Span { start: node.outer.start, end: self.last_end() };
        let Some(test) = TextTest::named(&function) else {
            self.fault(name, advice::function(&function));
            return Node::broken(span);
        };
        if arguments.len() > 1 {
            arguments.clear();
        }
        let Some(argument) = arguments.pop() else {
            self.fault(
                Span { start: name.start, end: span.end },
                say!("`{function}` takes one text, as in `text.{function}(\"refund\")`.", function),
            );
            return Node::broken(span);
        };
        let height = node.height.max(argument.height) + 1;
        let (subject, argument) = (Box::new(node.expr), Box::new(argument.expr));
        self.high(Kind::Test { test, subject, argument }, span, height)
    }
}

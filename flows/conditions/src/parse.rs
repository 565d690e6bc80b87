//! Reads conditions. It never fails and never panics: what cannot be read is reported and stands in the tree as
//! [`Kind::Broken`], so that one slip does not hide the next.
//!
//! What must stay true: the tree is at most [`MAX_DEPTH`] high, so that everything that walks it may recurse; `&&` and
//! `||` are flat; a minus before a written number is part of the number.

mod advice;
mod operand;

use crate::said::Said;
use crate::say;
use std::sync::Arc;

use crate::ast::{Arithmetic, Comparison, Expr, Kind, Literal, Span};
pub use crate::fault::{Fault, FaultCode};
pub use crate::names::{is_id, is_reserved};
use crate::token::{Tok, Token, tokens};

/// How deep expressions may be nested.
pub const MAX_DEPTH: usize = 128;

/// Nobody reads more faults of one expression than this.
const MOST_FAULTS: usize = 50;

/// What was read: always a tree, and everything that is wrong with it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed {
    /// The expression, with [`Kind::Broken`] where it could not be read.
    pub expr: Expr,
    /// What is wrong, in the order of the text.
    pub faults: Vec<Fault>,
}

impl Parsed {
    /// Whether nothing but warnings was found.
    #[must_use]
    pub fn is_sound(&self) -> bool {
        self.faults.iter().all(Fault::is_warning)
    }
}

/// Reads a condition.
#[must_use]
pub fn parse(source: &str) -> Parsed {
    read(source, false)
}

/// Reads the expression of a payload field or of an assignment: a condition, or a call such as `transcript.last(5)`, or
/// a list of such.
#[must_use]
pub fn parse_payload(source: &str) -> Parsed {
    read(source, true)
}

fn read(source: &str, payload: bool) -> Parsed {
    let (tokens, mut faults) = tokens(source);
    faults.truncate(MOST_FAULTS);
    let mut parser = Parser { tokens, at: 0, faults, payload, depth: 0 };
    let expr = parser.whole();
    parser.faults.sort_by_key(|fault| (fault.span.start, fault.span.end));
    Parsed { expr, faults: parser.faults }
}

struct Parser {
    tokens: Vec<Token>,
    at: usize,
    faults: Vec<Fault>,
    payload: bool,
    depth: usize,
}

/// An expression while it is read: its height, its place with parentheses, and whether it is a `!x` without them.
struct Node {
    expr: Expr,
    height: usize,
    outer: Span,
    bare_not: bool,
}

impl Node {
    fn leaf(kind: Kind, span: Span) -> Self {
        Self { expr: Expr::new(kind, span), height: 1, outer: span, bare_not: false }
    }

    fn broken(span: Span) -> Self {
        Self::leaf(Kind::Broken, span)
    }

    fn is_number(&self) -> bool {
        matches!(self.expr.kind, Kind::Literal(Literal::Number(_)) | Kind::Broken)
    }
}

/// What can stand between two operands.
#[derive(Clone, Copy, PartialEq)]
enum Operator {
    Ternary,
    Or,
    And,
    Relation(Comparison),
    In,
    Arithmetic(Arithmetic),
    Foreign(&'static str),
}

impl Operator {
    const fn level(self) -> u8 {
        match self {
            Self::Ternary => 0,
            Self::Or => 1,
            Self::And => 2,
            Self::Relation(_) | Self::In => 3,
            Self::Arithmetic(Arithmetic::Add | Arithmetic::Subtract) => 4,
            Self::Arithmetic(Arithmetic::Multiply) | Self::Foreign(_) => 5,
        }
    }
}

impl Parser {
    fn token(&self) -> &Token {
        self.ahead(0)
    }

    /// The token so many places ahead; the end is followed by the end.
    fn ahead(&self, by: usize) -> &Token {
        let last = self.tokens.len().saturating_sub(1);
        &self.tokens[(self.at + by).min(last)]
    }

    fn is(&self, sign: &str) -> bool {
        matches!(self.token().tok, Tok::Sign(s) if s == sign)
    }

    fn is_at(&self, by: usize, sign: &str) -> bool {
        matches!(self.ahead(by).tok, Tok::Sign(s) if s == sign)
    }

    fn at_end(&self) -> bool {
        matches!(self.token().tok, Tok::End)
    }

    fn bump(&mut self) -> Span {
        let span = self.token().span;
        if !self.at_end() {
            self.at += 1;
        }
        span
    }

    /// Where the last token that was taken ends.
    fn last_end(&self) -> u32 {
        self.at.checked_sub(1).and_then(|at| self.tokens.get(at)).map_or(0, |token| token.span.end)
    }

    fn fault(&mut self, span: Span, message: Said) {
        self.report(Fault::new(FaultCode::Syntax, span, message));
    }

    /// Adds a fault, unless the last one stands at the same place: one slip, one fault.
    fn report(&mut self, fault: Fault) {
        let same = |other: &Fault| {
            !other.is_warning()
                && (other.span == fault.span
                    || (other.span.start < fault.span.end && fault.span.start < other.span.end))
        };
        if self.faults.len() < MOST_FAULTS && (fault.is_warning() || !self.faults.iter().any(same)) {
            self.faults.push(fault);
        }
    }

    fn whole(&mut self) -> Expr {
        if self.at_end() {
            let message = if self.payload {
                say!("There is no expression.")
            } else {
                say!("The condition is empty. Write `true` if it is to hold always.")
            };
            self.fault(self.token().span, message);
            return Expr::new(Kind::Broken, self.token().span);
        }
        let mut node = self.binary(0);
        while !self.at_end() {
            self.leftover();
            let start = node.outer;
            let rest = if self.at_end() { Node::broken(self.token().span) } else { self.binary(0) };
            let broken = Expr::new(Kind::Broken, self.token().span);
            let span = start.to(rest.outer);
            node = Node {
                expr: Expr::new(Kind::And(vec![broken, rest.expr]), span),
                height: rest.height + 1,
                outer: span,
                bare_not: false,
            };
        }
        node.expr
    }

    /// Reports what stands where nothing more was expected, and goes on behind the next `&&` or `||`.
    fn leftover(&mut self) {
        let span = self.token().span;
        let (message, mended) = advice::leftover(&self.token().tok);
        let mut fault = Fault::new(FaultCode::Syntax, span, message);
        fault.replacement = mended;
        self.report(fault);
        let mut open = 0_usize;
        loop {
            let outside = open == 0 && (self.is("&&") || self.is("||"));
            if self.is("(") || self.is("[") {
                open += 1;
            } else if self.is(")") || self.is("]") {
                open = open.saturating_sub(1);
            }
            if self.at_end() {
                return;
            }
            self.bump();
            if outside {
                return;
            }
        }
    }

    fn operator(&mut self) -> Option<Operator> {
        let operator = match &self.token().tok {
            Tok::Sign(sign) => match *sign {
                "?" => Operator::Ternary,
                "||" => Operator::Or,
                "&&" => Operator::And,
                "==" => Operator::Relation(Comparison::Equal),
                "!=" => Operator::Relation(Comparison::NotEqual),
                "<" => Operator::Relation(Comparison::Less),
                "<=" => Operator::Relation(Comparison::AtMost),
                ">" => Operator::Relation(Comparison::Greater),
                ">=" => Operator::Relation(Comparison::AtLeast),
                "+" => Operator::Arithmetic(Arithmetic::Add),
                "-" => Operator::Arithmetic(Arithmetic::Subtract),
                "*" => Operator::Arithmetic(Arithmetic::Multiply),
                "/" => Operator::Foreign("/"),
                "%" => Operator::Foreign("%"),
                _ => return None,
            },
            Tok::Word(word) if &**word == "in" => Operator::In,
            Tok::Word(word) => return self.word_operator(&Arc::clone(word)),
            _ => return None,
        };
        Some(operator)
    }

    /// `and`, `or`, `is` between two operands: reported, and read as what was meant.
    fn word_operator(&mut self, word: &str) -> Option<Operator> {
        let (operator, sign) = match word.to_ascii_lowercase().as_str() {
            "and" => (Operator::And, "&&"),
            "or" => (Operator::Or, "||"),
            "is" | "equals" | "eq" => (Operator::Relation(Comparison::Equal), "=="),
            _ => return None,
        };
        let fault =
            Fault::new(FaultCode::Syntax, self.token().span, say!("Write `{sign}` instead of `{word}`.", sign, word));
        self.report(fault.replaced_by(sign));
        Some(operator)
    }

    /// Reads operators of at least this level, by precedence climbing.
    fn binary(&mut self, least: u8) -> Node {
        self.deeper(|parser| parser.climb(least))
    }

    fn climb(&mut self, least: u8) -> Node {
        let mut left = self.unary();
        let mut related = false;
        while let Some(operator) = self.operator() {
            if operator.level() < least {
                break;
            }
            let sign = self.bump();
            let relation = matches!(operator, Operator::Relation(_) | Operator::In);
            if relation && related {
                self.fault(sign, say!("Comparisons do not chain. Write `a < b && b < c`, or put one in parentheses."));
            }
            let chained = relation && related;
            related = relation;
            left = self.joined(left, operator, sign);
            if chained {
                left.expr.kind = Kind::Broken;
            }
        }
        left
    }

    /// Reads the right side of an operator and joins both.
    fn joined(&mut self, left: Node, operator: Operator, sign: Span) -> Node {
        match operator {
            Operator::Ternary => self.ternary(left, sign),
            Operator::In => self.membership(left),
            Operator::Or | Operator::And => {
                let right = self.binary(operator.level() + 1);
                self.flat(left, operator == Operator::And, right)
            }
            Operator::Relation(op) => {
                let right = self.binary(4);
                self.warn_of_not(&left, &right);
                self.pair(left, right, |left, right| Kind::Compare { op, left, right })
            }
            Operator::Arithmetic(op) => self.arithmetic(left, op, sign),
            Operator::Foreign(name) => {
                let message = if name == "/" {
                    say!("Division is not part of conditions. Multiply with a number instead, as in `x * 0.5`.")
                } else {
                    say!("`%` is not part of conditions. For a share write a decimal, as in `0.8` for 80 %.")
                };
                self.fault(sign, message);
                let right = self.binary(6);
                Node::broken(left.outer.to(right.outer))
            }
        }
    }

    fn arithmetic(&mut self, left: Node, op: Arithmetic, sign: Span) -> Node {
        let right = self.binary(if op == Arithmetic::Multiply { 6 } else { 5 });
        if op == Arithmetic::Multiply && !left.is_number() && !right.is_number() {
            self.fault(sign, say!("`*` needs a number written out on one side, as in `queue.wait * 2`."));
            return Node::broken(left.outer.to(right.outer));
        }
        self.pair(left, right, |left, right| Kind::Arithmetic { op, left, right })
    }

    fn ternary(&mut self, left: Node, sign: Span) -> Node {
        self.fault(sign, say!("`? :` is not part of conditions. Use `&&` and `||`, or two branches."));
        let mut right = self.binary(1);
        if self.is(":") {
            self.bump();
            right = self.binary(1);
        }
        Node::broken(left.outer.to(right.outer))
    }

    /// `!x == y` is read as `(!x) == y`, which is seldom meant.
    fn warn_of_not(&mut self, left: &Node, right: &Node) {
        if left.bare_not {
            let message = say!(
                "`!` binds tighter than the comparison: this reads `(!x) == y`. Write `!(x == y)` if that is meant, else put `!x` in parentheses."
            );
            self.report(Fault::new(FaultCode::NotBindsTighter, left.outer.to(right.outer), message));
        }
    }

    fn flat(&mut self, left: Node, and: bool, right: Node) -> Node {
        let span = left.outer.to(right.outer);
        let height = left.height.max(right.height) + 1;
        let mut parts = Vec::new();
        let mut tallest = 0;
        for (expr, high) in [(left.expr, left.height), (right.expr, right.height)] {
            match (and, expr.kind) {
                (true, Kind::And(inner)) | (false, Kind::Or(inner)) => {
                    tallest = tallest.max(high);
                    if parts.is_empty() { parts = inner } else { parts.extend(inner) }
                }
                (_, kind) => {
                    tallest = tallest.max(high + 1);
                    parts.push(Expr::new(kind, expr.span));
                }
            }
        }
        let kind = if and { Kind::And(parts) } else { Kind::Or(parts) };
        self.high(kind, span, tallest.min(height))
    }

    fn pair(&mut self, left: Node, right: Node, make: impl FnOnce(Box<Expr>, Box<Expr>) -> Kind) -> Node {
        let span = left.outer.to(right.outer);
        let height = left.height.max(right.height) + 1;
        self.high(make(Box::new(left.expr), Box::new(right.expr)), span, height)
    }

    /// A node, unless it would be too high.
    fn high(&mut self, kind: Kind, span: Span, height: usize) -> Node {
        if height > MAX_DEPTH {
            self.too_deep(span);
            return Node::broken(span);
        }
        Node { expr: Expr::new(kind, span), height, outer: span, bare_not: false }
    }

    fn too_deep(&mut self, span: Span) {
        let deep = |fault: &Fault| fault.message.starts_with("This is nested");
        if !self.faults.iter().any(deep) {
            let message =
                say!("This is nested more than {MAX_DEPTH} deep. Split it into several conditions.", MAX_DEPTH);
            self.faults.push(Fault::new(FaultCode::Syntax, span, message));
        }
    }

    /// Goes one deeper, unless that is too deep; then the rest is skipped.
    fn deeper(&mut self, read: impl FnOnce(&mut Self) -> Node) -> Node {
        if self.depth >= MAX_DEPTH {
            let span = self.token().span;
            self.too_deep(span);
            self.at = self.tokens.len().saturating_sub(1);
            return Node::broken(span);
        }
        self.depth += 1;
        let node = read(self);
        self.depth -= 1;
        node
    }

    fn unary(&mut self) -> Node {
        let not_word =
            matches!(&self.token().tok, Tok::Word(w) if w.eq_ignore_ascii_case("not")) && self.operand_follows();
        if self.is("!") || not_word {
            self.not(not_word)
        } else if self.is("-") {
            self.minus()
        } else {
            self.member()
        }
    }

    fn not(&mut self, word: bool) -> Node {
        let start = self.bump();
        if word {
            self.report(Fault::new(FaultCode::Syntax, start, say!("Write `!` instead of `not`.")).replaced_by("!"));
        }
        let inner = self.deeper(Self::unary);
        let mut node = self.high(Kind::Not(Box::new(inner.expr)), start.to(inner.outer), inner.height + 1);
        node.bare_not = true;
        node
    }

    fn minus(&mut self) -> Node {
        let start = self.bump();
        let inner = self.deeper(Self::unary);
        let span = start.to(inner.outer);
        match inner.expr.kind {
            Kind::Literal(Literal::Number(number)) => Node::leaf(Kind::Literal(Literal::Number(-number)), span),
            kind => self.high(Kind::Negate(Box::new(Expr::new(kind, inner.expr.span))), span, inner.height + 1),
        }
    }

    fn operand_follows(&self) -> bool {
        match &self.ahead(1).tok {
            Tok::Word(word) => &**word != "in",
            Tok::Sign(sign) => *sign == "(",
            _ => false,
        }
    }
}

#[cfg(test)]
mod tests;

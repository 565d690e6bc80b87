//! Which cases lie outside the profile, and why. Decided by what a case is made of, never by its name: the grammar is read
//! anew here, so that what the engine wrongly refuses has no reason and fails.

use std::collections::BTreeSet;

use super::case::{Case, Expected, Kind, Outcome};
use super::grammar::{Form, Node};

/// Why a case is skipped. Of several the first counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reason {
    Proto,
    Package,
    Macro,
    Type,
    Function,
    Operator,
    Literal,
    Error,
    Overflow,
}

/// Every reason, in the order in which they count.
pub(super) const REASONS: [Reason; 9] = [
    Reason::Proto,
    Reason::Package,
    Reason::Macro,
    Reason::Type,
    Reason::Function,
    Reason::Operator,
    Reason::Literal,
    Reason::Error,
    Reason::Overflow,
];

impl Reason {
    /// Its name in the list.
    pub(super) const fn id(self) -> &'static str {
        match self {
            Self::Proto => "proto",
            Self::Package => "package",
            Self::Macro => "macro",
            Self::Type => "type",
            Self::Function => "function",
            Self::Operator => "operator",
            Self::Literal => "literal",
            Self::Error => "error",
            Self::Overflow => "overflow",
        }
    }

    /// What it means.
    pub(super) const fn words(self) -> &'static str {
        match self {
            Self::Proto => "A message of protocol buffers, made or looked into.",
            Self::Package => "Names looked up in a package. Here a dotted name is one name, whole as it is written.",
            Self::Macro => "A macro over a list or map.",
            Self::Type => {
                "A type that conditions do not have: unsigned numbers, bytes, `null`, maps, lists outside `in` or of \
                 several types, times, `dyn`, types as values."
            }
            Self::Function => "A function that conditions do not have: `size`, `matches`, conversions, one's own.",
            Self::Operator => {
                "An operator that conditions do not have: `? :`, `/`, `%`, `[…]`, `+` on texts, the order of texts and \
                 bools, `*` without a number written out on one side."
            }
            Self::Literal => {
                "A way of writing a literal that conditions do not have: an exponent, `0x`, raw and triple quotes."
            }
            Self::Error => {
                "CEL errs while it runs, or gets past an error by `&&` and `||`: types that do not fit and names that do \
                 not exist. Here both are refused before anything runs, and what has no value is unset."
            }
            Self::Overflow => {
                "CEL's 64-bit integers overflow. Here numbers are exact decimals, and the result is exact."
            }
        }
    }
}

/// What the profile knows of a value.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Family {
    Bool,
    Number,
    Text,
}

const MACROS: [&str; 10] = [
    "all",
    "exists",
    "exists_one",
    "existsOne",
    "map",
    "filter",
    "has",
    "transformList",
    "transformMap",
    "transformMapEntry",
];
const TIMES: [&str; 2] = ["duration", "timestamp"];

/// Why a case lies outside the profile; `None` for one that must pass.
pub(super) fn reason(case: &Case, expr: &Node) -> Option<Reason> {
    let mut walk = Walk { case, found: BTreeSet::new() };
    let family = walk.family(expr);
    walk.expected(family);
    walk.found.first().copied()
}

struct Walk<'a> {
    case: &'a Case,
    found: BTreeSet<Reason>,
}

impl Walk<'_> {
    fn no(&mut self, reason: Reason) -> Option<Family> {
        self.found.insert(reason);
        None
    }

    /// Types that do not fit. A case that CEL type-checks and gives a value for has no such reason, and is to pass.
    fn misfit(&mut self) -> Option<Family> {
        if self.case.unchecked || self.case.expected == Expected::Error {
            self.no(Reason::Error);
        }
        None
    }

    fn expected(&mut self, family: Option<Family>) {
        match &self.case.expected {
            Expected::Error if self.found.is_empty() && family == Some(Family::Number) => {
                self.no(Reason::Overflow);
            }
            Expected::Error => {}
            Expected::Value(value, kind) => {
                if matches!(value, Some(Outcome::Message)) || matches!(kind, Some(Kind::Message)) {
                    self.no(Reason::Proto);
                }
                if matches!(value, Some(Outcome::Other)) || matches!(kind, Some(Kind::Other)) {
                    self.no(Reason::Type);
                }
            }
        }
    }

    fn family(&mut self, node: &Node) -> Option<Family> {
        match node {
            Node::Bool => Some(Family::Bool),
            Node::Number(Form::Plain) => Some(Family::Number),
            Node::Text(Form::Plain) => Some(Family::Text),
            Node::Null | Node::Bytes | Node::Number(Form::Unsigned) => self.no(Reason::Type),
            Node::Number(_) => self.no(Reason::Literal).or(Some(Family::Number)),
            Node::Text(_) => self.no(Reason::Literal).or(Some(Family::Text)),
            Node::Name(name, absolute) => self.name(name, *absolute),
            Node::Struct => self.no(Reason::Proto),
            Node::Select(inner) => {
                self.family(inner);
                self.no(Reason::Type)
            }
            Node::List(items) | Node::Map(items) => {
                self.each(items);
                self.no(Reason::Type)
            }
            Node::Index(of, by) => {
                self.family(of);
                self.family(by);
                self.no(Reason::Operator)
            }
            Node::Conditional(condition, yes, no) => {
                for part in [condition, yes, no] {
                    self.family(part);
                }
                self.no(Reason::Operator)
            }
            Node::Call(on, function, arguments) => self.call(on.as_deref(), function, arguments),
            Node::Not(inner) => self.operand(inner, Family::Bool),
            Node::Negate(inner) => self.operand(inner, Family::Number),
            Node::Binary(sign, left, right) => self.binary(sign, left, right),
        }
    }

    fn each(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.family(node);
        }
    }

    /// An operand of one family, which is the result's too.
    fn operand(&mut self, node: &Node, wanted: Family) -> Option<Family> {
        match self.family(node) {
            Some(family) if family != wanted => self.misfit(),
            _ => Some(wanted),
        }
    }

    fn name(&mut self, name: &str, absolute: bool) -> Option<Family> {
        let declared = |wanted: &str| self.case.types.iter().find(|(known, _)| known == wanted).map(|(_, kind)| *kind);
        let packaged = format!("{}.{name}", self.case.container);
        if absolute || (!self.case.container.is_empty() && declared(&packaged).is_some()) {
            return self.no(Reason::Package);
        }
        match declared(name) {
            Some(Kind::Bool) => Some(Family::Bool),
            Some(Kind::Integer | Kind::Double) => Some(Family::Number),
            Some(Kind::Text) => Some(Family::Text),
            Some(Kind::Message) => self.no(Reason::Proto),
            Some(Kind::Other) => self.no(Reason::Type),
            None => self.undeclared(name),
        }
    }

    fn undeclared(&mut self, name: &str) -> Option<Family> {
        let message = |(known, kind): &(String, Kind)| {
            *kind == Kind::Message && name.strip_prefix(known.as_str()).is_some_and(|rest| rest.starts_with('.'))
        };
        if self.case.types.iter().any(message) {
            return self.no(Reason::Proto);
        }
        let kinds = ["bool", "int", "uint", "double", "string", "bytes", "list", "map", "type", "dyn", "null_type"];
        if kinds.contains(&name) || name.starts_with("google.protobuf.") || name.starts_with("cel.") {
            return self.no(Reason::Type);
        }
        self.misfit()
    }

    fn call(&mut self, on: Option<&Node>, function: &str, arguments: &[Node]) -> Option<Family> {
        if MACROS.contains(&function) {
            return self.no(Reason::Macro);
        }
        if let (Some(on), "startsWith" | "endsWith" | "contains", [argument]) = (on, function, arguments) {
            self.operand(on, Family::Text);
            self.operand(argument, Family::Text);
            return Some(Family::Bool);
        }
        on.map(|on| self.family(on));
        self.each(arguments);
        let optional = matches!(on, Some(Node::Name(name, _)) if name == "optional");
        if function == "dyn" || optional || TIMES.contains(&function) {
            return self.no(Reason::Type);
        }
        self.no(Reason::Function)
    }

    fn binary(&mut self, sign: &str, left: &Node, right: &Node) -> Option<Family> {
        match sign {
            "&&" | "||" => {
                self.operand(left, Family::Bool);
                self.operand(right, Family::Bool);
                Some(Family::Bool)
            }
            "in" => self.membership(left, right),
            "==" | "!=" | "<" | "<=" | ">" | ">=" => self.comparison(sign, left, right),
            "/" | "%" => {
                self.family(left);
                self.family(right);
                self.no(Reason::Operator)
            }
            _ => self.arithmetic(sign, left, right),
        }
    }

    fn comparison(&mut self, sign: &str, left: &Node, right: &Node) -> Option<Family> {
        let chained = |node: &Node| matches!(node, Node::Binary("==" | "!=" | "<" | "<=" | ">" | ">=" | "in", ..));
        let (a, b) = (self.family(left), self.family(right));
        match (a, b) {
            (Some(a), Some(b)) if a != b => {
                self.misfit();
            }
            (Some(Family::Text | Family::Bool), Some(_)) if !matches!(sign, "==" | "!=") && !chained(left) => {
                self.no(Reason::Operator);
            }
            _ => {}
        }
        Some(Family::Bool)
    }

    fn membership(&mut self, item: &Node, list: &Node) -> Option<Family> {
        let wanted = self.family(item);
        let Node::List(elements) = list else {
            self.family(list);
            return self.no(Reason::Type).or(Some(Family::Bool));
        };
        for element in elements {
            match (wanted, self.family(element)) {
                (Some(wanted), Some(found)) if wanted != found => {
                    self.no(Reason::Type);
                }
                _ => {}
            }
        }
        Some(Family::Bool)
    }

    fn arithmetic(&mut self, sign: &str, left: &Node, right: &Node) -> Option<Family> {
        let (a, b) = (self.family(left), self.family(right));
        match (a, b) {
            (Some(Family::Text), Some(Family::Text)) if sign == "+" => self.no(Reason::Operator).or(Some(Family::Text)),
            (Some(Family::Number), Some(Family::Number)) => {
                let written = |node: &Node| matches!(node, Node::Number(_));
                if sign == "*" && !written(left) && !written(right) {
                    self.no(Reason::Operator);
                }
                Some(Family::Number)
            }
            (Some(_), Some(_)) => self.misfit(),
            _ => None,
        }
    }
}

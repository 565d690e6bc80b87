//! Texts with many tests: one variable for each test instead of one cell for each way to answer them all, and the
//! region of the answers that some text gives.
//!
//! Why that region is exact: a text that equals no literal answers the tests by its prefixes, its suffixes and its parts
//! (see [`super::texts`]), and such answers are possible as soon as no two of them contradict each other: two prefixes of
//! which neither begins the other, or a part that is denied and yet lies within what is affirmed.

use super::diagram::{Diagram, Region, TooBig};
use super::lower::{Subject, Test};
use super::texts;
use crate::ast::{Comparison, TextTest};
use crate::value::{Type, Value};

/// The variables of one name, in a row: whether it has a value, then its questions.
#[derive(Debug)]
pub(super) struct Bits {
    pub(super) name: String,
    can_be_unset: bool,
    first: usize,
    questions: Vec<Question>,
}

#[derive(Clone, Debug, PartialEq)]
enum Question {
    Equals(String),
    Ask(TextTest, String),
}

/// More questions about one name are not analysed.
const MOST: usize = 300;

const YES: [bool; 2] = [true, false];
const NO: [bool; 2] = [false, true];

impl Bits {
    /// The variables for a text, beginning at a place; `None` for what is no text or has too many questions.
    pub(super) fn new(subject: &Subject, first: usize) -> Option<Self> {
        if subject.ty != Type::Text {
            return None;
        }
        let mut questions = Vec::new();
        let mut add = |question| {
            if !questions.contains(&question) {
                questions.push(question);
            }
        };
        for test in &subject.tests {
            match test {
                Test::Compare(_, Value::Text(text)) => add(Question::Equals(text.to_string())),
                Test::In(values) => values.iter().for_each(|value| {
                    if let Value::Text(text) = value {
                        add(Question::Equals(text.to_string()));
                    }
                }),
                Test::Ask(test, part) if !part.is_empty() => add(Question::Ask(*test, part.clone())),
                _ => {}
            }
        }
        let bits = Self { name: subject.name.clone(), can_be_unset: subject.can_be_unset, first, questions };
        (bits.questions.len() <= MOST).then_some(bits)
    }

    /// How many variables these are.
    pub(super) fn len(&self) -> usize {
        self.questions.len() + 1
    }

    /// Whether a variable is one of these.
    pub(super) fn has(&self, variable: usize) -> bool {
        (self.first..self.first + self.len()).contains(&variable)
    }

    pub(super) fn known(&self, diagram: &mut Diagram, set: bool) -> Result<Region, TooBig> {
        diagram.split(self.first, if set { &YES } else { &NO })
    }

    fn bit(&self, diagram: &mut Diagram, at: usize, answer: bool) -> Result<Region, TooBig> {
        diagram.split(self.first + 1 + at, if answer { &YES } else { &NO })
    }

    fn question(&self, diagram: &mut Diagram, question: &Question) -> Result<Region, TooBig> {
        match self.questions.iter().position(|known| known == question) {
            Some(at) => self.bit(diagram, at, true),
            None => Ok(Region::NONE),
        }
    }

    /// Where a test holds.
    pub(super) fn region(&self, diagram: &mut Diagram, test: &Test) -> Result<Region, TooBig> {
        match test {
            Test::Has => self.known(diagram, true),
            Test::Compare(op, Value::Text(text)) => {
                let equal = self.question(diagram, &Question::Equals(text.to_string()))?;
                if *op == Comparison::Equal {
                    return Ok(equal);
                }
                let (known, differs) = (self.known(diagram, true)?, diagram.not(equal)?);
                diagram.and(known, differs)
            }
            Test::In(values) => {
                let mut any = Region::NONE;
                for value in values {
                    if let Value::Text(text) = value {
                        let equal = self.question(diagram, &Question::Equals(text.to_string()))?;
                        any = diagram.or(any, equal)?;
                    }
                }
                Ok(any)
            }
            Test::Ask(_, part) if part.is_empty() => self.known(diagram, true),
            Test::Ask(test, part) => self.question(diagram, &Question::Ask(*test, part.clone())),
            _ => Ok(Region::NONE),
        }
    }

    /// The answers that unset or some text gives.
    pub(super) fn domain(&self, diagram: &mut Diagram) -> Result<Region, TooBig> {
        let mut domain = self.free_texts(diagram)?;
        if self.can_be_unset {
            let unset = self.fixed(diagram, None)?;
            domain = diagram.or(domain, unset)?;
        }
        for question in &self.questions {
            if let Question::Equals(text) = question {
                let literal = self.fixed(diagram, Some(text))?;
                domain = diagram.or(domain, literal)?;
            }
        }
        Ok(domain)
    }

    /// The answers of one text, or of unset.
    pub(super) fn fixed(&self, diagram: &mut Diagram, text: Option<&str>) -> Result<Region, TooBig> {
        let mut region = self.known(diagram, text.is_some())?;
        for (at, question) in self.questions.iter().enumerate().rev() {
            let answer = text.is_some_and(|text| match question {
                Question::Equals(other) => text == other,
                Question::Ask(test, part) => test.holds(text, part),
            });
            let bit = self.bit(diagram, at, answer)?;
            region = diagram.and(region, bit)?;
        }
        Ok(region)
    }

    /// The answers of texts that equal no literal.
    fn free_texts(&self, diagram: &mut Diagram) -> Result<Region, TooBig> {
        let mut region = self.known(diagram, true)?;
        for (at, question) in self.questions.iter().enumerate() {
            let Question::Ask(test, part) = question else {
                let differs = self.bit(diagram, at, false)?;
                region = diagram.and(region, differs)?;
                continue;
            };
            for (other_at, other) in self.questions.iter().enumerate() {
                let Question::Ask(other_test, other_part) = other else { continue };
                let Some(answer) = forced((*test, part), (*other_test, other_part)).filter(|_| other_at != at) else {
                    continue;
                };
                let (without, forced) = (self.bit(diagram, at, false)?, self.bit(diagram, other_at, answer)?);
                let either = diagram.or(without, forced)?;
                region = diagram.and(region, either)?;
            }
        }
        Ok(region)
    }

    /// A value that gives the answers of a path; what the path leaves open is denied.
    pub(super) fn value(&self, path: &[(usize, usize)]) -> Option<Value> {
        let answer = |variable: usize| path.iter().find(|(at, _)| *at == variable).map(|(_, cell)| *cell == 0);
        if answer(self.first) == Some(false) {
            return None;
        }
        let (mut prefix, mut suffix, mut parts) = ("", "", Vec::new());
        for (at, question) in self.questions.iter().enumerate() {
            if answer(self.first + 1 + at) != Some(true) {
                continue;
            }
            match question {
                Question::Equals(text) => return Some(Value::Text(text.as_str().into())),
                Question::Ask(TextTest::StartsWith, part) if part.len() > prefix.len() => prefix = part,
                Question::Ask(TextTest::EndsWith, part) if part.len() > suffix.len() => suffix = part,
                Question::Ask(TextTest::Contains, part) => parts.push(part.as_str()),
                Question::Ask(..) => {}
            }
        }
        let all = self.questions.iter().map(|question| match question {
            Question::Equals(text) | Question::Ask(_, text) => text.as_str(),
        });
        let gap = texts::fresh(all)?;
        Some(Value::Text(texts::joined(prefix, &parts, suffix, gap).into()))
    }
}

/// The answer to the second test that a text has to give once the first holds.
fn forced(first: (TextTest, &str), second: (TextTest, &str)) -> Option<bool> {
    use TextTest::{Contains, EndsWith, StartsWith};
    let ((test, part), (other, inner)) = (first, second);
    match (test, other) {
        (_, Contains) => part.contains(inner).then_some(true),
        (StartsWith, StartsWith) if part.starts_with(inner) => Some(true),
        (StartsWith, StartsWith) => (!inner.starts_with(part)).then_some(false),
        (EndsWith, EndsWith) if part.ends_with(inner) => Some(true),
        (EndsWith, EndsWith) => (!inner.ends_with(part)).then_some(false),
        _ => None,
    }
}

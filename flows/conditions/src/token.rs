//! The words of a condition. Spans count UTF-16 units of the source; what cannot be read is reported and replaced by the
//! nearest thing that can, so that one slip gives one fault.

use crate::said::Said;
use crate::say;
use std::sync::Arc;

use crate::ast::Span;
use crate::decimal::Decimal;
use crate::fault::{Fault, FaultCode};

/// What a token is.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Tok {
    /// A letter or `_`, then letters, digits and `_`.
    Word(Arc<str>),
    /// A decimal number.
    Number(Decimal),
    /// A text, escapes read.
    Text(Arc<str>),
    /// A sign of the language, or one that only other languages have (those are reported where they stand).
    Sign(&'static str),
    /// A literal that was reported.
    Bad,
    /// The end of the source.
    End,
}

/// A token and its place.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) tok: Tok,
    pub(crate) span: Span,
}

/// Signs, longest first. Those behind the gap mean nothing here and are explained by the parser.
const SIGNS: [&str; 31] = [
    "===", "!==", "==", "!=", "<=", ">=", "&&", "||", "<>", "=<", "=>", "<", ">", "!", "(", ")", "[", "]", ",", ".",
    "+", "-", "*", "/", "%", "?", ":", "{", "}", "&", "|",
];

/// Typographic signs and what stands for them.
const TYPOGRAPHIC: [(char, &str, &str); 6] =
    [('≤', "≤", "<="), ('≥', "≥", ">="), ('≠', "≠", "!="), ('−', "−", "-"), ('–', "–", "-"), ('×', "×", "*")];

pub(crate) struct Lexer<'a> {
    source: &'a str,
    at: usize,
    units: u32,
    tokens: Vec<Token>,
    faults: Vec<Fault>,
}

/// Splits a source into tokens; the last is always [`Tok::End`].
pub(crate) fn tokens(source: &str) -> (Vec<Token>, Vec<Fault>) {
    let mut lexer = Lexer { source, at: 0, units: 0, tokens: Vec::new(), faults: Vec::new() };
    while lexer.skip_space() {
        lexer.next();
    }
    let end = Span { start: lexer.units, end: lexer.units };
    lexer.tokens.push(Token { tok: Tok::End, span: end });
    (lexer.tokens, lexer.faults)
}

impl<'a> Lexer<'a> {
    fn rest(&self) -> &'a str {
        self.source.get(self.at..).unwrap_or("")
    }

    fn peek(&self) -> Option<char> {
        self.rest().chars().next()
    }

    fn bump(&mut self) -> Option<char> {
        let c = self.peek()?;
        self.at += c.len_utf8();
        self.units = self.units.saturating_add(if c.len_utf16() == 2 { 2 } else { 1 });
        Some(c)
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> &'a str {
        let start = self.at;
        while self.peek().is_some_and(&wanted) {
            self.bump();
        }
        self.source.get(start..self.at).unwrap_or("")
    }

    /// Skips white space and `//` comments; false at the end.
    fn skip_space(&mut self) -> bool {
        loop {
            self.take_while(char::is_whitespace);
            if !self.rest().starts_with("//") {
                return self.peek().is_some();
            }
            self.take_while(|c| c != '\n');
        }
    }

    fn push(&mut self, tok: Tok, start: u32) {
        self.tokens.push(Token { tok, span: Span { start, end: self.units } });
    }

    fn fault(&mut self, start: u32, message: Said) {
        self.faults.push(Fault::new(FaultCode::Syntax, Span { start, end: self.units }, message));
    }

    fn next(&mut self) {
        let start = self.units;
        let Some(c) = self.peek() else { return };
        let second = self.rest().chars().nth(1);
        match c {
            '"' | '\'' => self.text(start, c),
            '“' | '”' | '„' | '‘' | '’' | '«' => self.curly(start),
            _ if c.is_ascii_digit() || (c == '.' && self.starts_number(second)) => self.number(start),
            _ if c.is_alphabetic() || c == '_' => self.word(start),
            _ => self.sign(start, c),
        }
    }

    /// `.5` is a number where no name stands before it.
    fn starts_number(&self, second: Option<char>) -> bool {
        let after_name = matches!(
            self.tokens.last(),
            Some(Token { tok: Tok::Word(_) | Tok::Sign(")" | "]"), span }) if span.end == self.units
        );
        second.is_some_and(|d| d.is_ascii_digit()) && !after_name
    }

    fn word(&mut self, start: u32) {
        let word = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let quote = self.peek().filter(|c| matches!(c, '"' | '\''));
        if let (Some(quote), "r" | "R" | "b" | "B" | "rb" | "br" | "Rb" | "bR" | "RB" | "BR" | "rB" | "Br") =
            (quote, word)
        {
            self.text_body(quote);
            self.fault(start, say!("Raw and byte strings (`{word}{quote}…{quote}`) are not part of conditions. Write the text in plain quotes.", word, quote));
            self.push(Tok::Bad, start);
            return;
        }
        if !word.is_ascii() {
            self.fault(start, say!("`{word}` cannot be a name: names have only the letters A to Z, digits and `_`. If you mean a text, put it in quotes.", word));
            self.push(Tok::Bad, start);
            return;
        }
        self.push(Tok::Word(word.into()), start);
    }

    fn number(&mut self, start: u32) {
        let from = self.at;
        self.take_while(|c| c.is_ascii_digit());
        let mut chars = self.rest().chars();
        if chars.next() == Some('.') && chars.next().is_some_and(|c| c.is_ascii_digit()) {
            self.bump();
            self.take_while(|c| c.is_ascii_digit());
        } else if self.rest().starts_with('.') && !self.rest().chars().nth(1).is_some_and(|c| c.is_alphabetic()) {
            self.bump();
        }
        let plain = self.source.get(from..self.at).unwrap_or("");
        let tail = self.number_tail(plain);
        let whole = self.source.get(from..self.at).unwrap_or("");
        let number = format!("{}{plain}", if plain.starts_with('.') { "0" } else { "" }).parse::<Decimal>();
        match (tail, number) {
            (None, Ok(number)) => self.push(Tok::Number(number), start),
            (tail, _) => {
                let message = tail.unwrap_or_else(|| {
                    if plain.ends_with('.') {
                        say!(
                            "`{whole}` stops at the point. Write `{digits}` or `{whole}0`.",
                            whole,
                            digits = plain.trim_end_matches('.')
                        )
                    } else {
                        say!("`{whole}` has too many digits: a number has at most 38.", whole)
                    }
                });
                self.fault(start, message);
                self.push(Tok::Bad, start);
            }
        }
    }

    /// What follows a number without a gap, and why it cannot.
    fn number_tail(&mut self, plain: &str) -> Option<Said> {
        let tail = self.take_while(|c| c.is_alphanumeric() || c == '_');
        let lower = tail.to_ascii_lowercase();
        let message = match lower.as_str() {
            "" if self.rest().starts_with('%') => {
                self.bump();
                say!("`{plain}%` is not a number here. Write it as a share, as in `0.8` for 80 %.", plain)
            }
            "" if self.rest().starts_with('.') && self.rest().chars().nth(1).is_some_and(|c| c.is_ascii_digit()) => {
                self.take_while(|c| c.is_ascii_digit() || c == '.');
                say!("`{plain}…` has two points. A number has one.", plain)
            }
            "" => return None,
            "u" => say!("`{plain}{tail}`: numbers have no `u` here. Write `{plain}`.", plain, tail),
            _ if plain == "0" && lower.starts_with('x') => {
                say!("`0{tail}`: write the number in decimal digits, without `0x`.", tail)
            }
            _ if lower.starts_with('e') => {
                self.take_while(|c| c.is_ascii_digit() || matches!(c, '+' | '-'));
                say!("Numbers have no exponent here. Write all the digits, as in `1500` or `0.015`.")
            }
            _ => say!(
                "`{plain}{tail}` is neither a number nor a name. A name begins with a letter; a text stands in quotes.",
                plain,
                tail
            ),
        };
        Some(message)
    }

    fn sign(&mut self, start: u32, c: char) {
        if let Some(sign) = SIGNS.iter().copied().find(|sign| self.rest().starts_with(sign)) {
            for _ in sign.chars() {
                self.bump();
            }
            let meant = self.mend(sign, start);
            return self.push(Tok::Sign(meant), start);
        }
        self.bump();
        if let Some((_, written, meant)) = TYPOGRAPHIC.iter().copied().find(|(sign, ..)| *sign == c) {
            self.slip(start, written, meant);
            return self.push(Tok::Sign(meant), start);
        }
        if c == '=' {
            self.slip(start, "=", "==");
            return self.push(Tok::Sign("=="), start);
        }
        let way = match c {
            '`' => say!("A name stands without quotes; a text in `\"`."),
            ';' => say!("A condition is one expression: join parts with `&&` or `||`."),
            _ => say!("A text stands in quotes, as in `\"gold\"`."),
        };
        self.fault(start, say!("`{sign}` has no meaning in a condition. {way}", sign = c.escape_debug(), way));
    }

    /// The sign that was meant; another language's is reported.
    fn mend(&mut self, sign: &'static str, start: u32) -> &'static str {
        let meant = match sign {
            "===" => "==",
            "!==" | "<>" => "!=",
            "=<" => "<=",
            "=>" => ">=",
            "&" => "&&",
            "|" => "||",
            _ => return sign,
        };
        self.slip(start, sign, meant);
        meant
    }

    fn slip(&mut self, start: u32, written: &str, meant: &str) {
        let span = Span { start, end: self.units };
        self.faults.push(
            Fault::new(FaultCode::Syntax, span, say!("Write `{meant}` instead of `{written}`.", meant, written))
                .replaced_by(meant),
        );
    }

    /// A text in typographic quotes: reported, and read up to the closing one.
    fn curly(&mut self, start: u32) {
        self.bump();
        let body = self.take_while(|c| !matches!(c, '“' | '”' | '‘' | '’' | '»' | '"' | '\n')).to_owned();
        self.bump();
        let span = Span { start, end: self.units };
        let straight = crate::print::quoted(&body);
        let message = say!("Use straight quotes: `{straight}`.", straight);
        self.faults.push(Fault::new(FaultCode::Syntax, span, message).replaced_by(straight));
        self.push(Tok::Text(body.into()), start);
    }

    fn text(&mut self, start: u32, quote: char) {
        let triple = [quote; 3].iter().collect::<String>();
        if let Some(rest) = self.rest().strip_prefix(&triple) {
            let end = rest.find(&triple).map_or(self.source.len(), |at| self.at + 6 + at);
            while self.at < end {
                self.bump();
            }
            self.fault(
                start,
                say!(
                    "Triple quotes are not part of conditions. Write one quote on each side, and `\\n` for a new line."
                ),
            );
            return self.push(Tok::Bad, start);
        }
        let text = self.text_body(quote);
        self.push(text.map_or(Tok::Bad, |text| Tok::Text(text.into())), start);
    }

    /// Reads from the opening to the closing quote; `None` when something in it was reported.
    fn text_body(&mut self, quote: char) -> Option<String> {
        let start = self.units;
        self.bump();
        let mut text = Some(String::new());
        loop {
            let at = self.units;
            match self.peek() {
                None | Some('\n' | '\r') => {
                    self.fault(start, say!("The text has no closing `{quote}`.", quote));
                    return None;
                }
                Some('\\') => match self.escape() {
                    Ok(c) => text = text.map(|t| t + c.encode_utf8(&mut [0; 4])),
                    Err(message) => {
                        self.fault(at, message);
                        text = None;
                    }
                },
                Some(c) => {
                    self.bump();
                    if c == quote {
                        return text;
                    }
                    text = text.map(|mut t| {
                        t.push(c);
                        t
                    });
                }
            }
        }
    }

    /// One of CEL's escapes, from the backslash on.
    fn escape(&mut self) -> Result<char, Said> {
        self.bump();
        let Some(c) = self.peek() else { return Err(say!("The text ends behind a backslash.")) };
        if c == '\n' || c == '\r' {
            return Err(say!("A backslash cannot end a line. Write `\\n` for a new line."));
        }
        self.bump();
        match c {
            'a' => Ok('\u{7}'),
            'b' => Ok('\u{8}'),
            'f' => Ok('\u{c}'),
            'n' => Ok('\n'),
            'r' => Ok('\r'),
            't' => Ok('\t'),
            'v' => Ok('\u{b}'),
            '\\' | '?' | '"' | '\'' | '`' => Ok(c),
            'x' | 'X' => self.code_point(c, 2),
            'u' => self.code_point(c, 4),
            'U' => self.code_point(c, 8),
            '0'..='3' => self.octal(c),
            _ => Err(say!("`\\{c}` is no escape. Write `\\\\` for a backslash.", c)),
        }
    }

    fn code_point(&mut self, letter: char, digits: usize) -> Result<char, Said> {
        let mut code = 0_u32;
        for _ in 0..digits {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(16)) else {
                return Err(say!("`\\{letter}` needs {digits} hexadecimal digits.", letter, digits));
            };
            self.bump();
            code = code.wrapping_mul(16).wrapping_add(digit);
        }
        char::from_u32(code).ok_or_else(|| {
            say!(
                "`\\{letter}` names no character: {code} is not a Unicode scalar value.",
                letter,
                code = format!("{code:X}")
            )
        })
    }

    fn octal(&mut self, first: char) -> Result<char, Said> {
        let mut code = first.to_digit(8).unwrap_or(0);
        for _ in 0..2 {
            let Some(digit) = self.peek().and_then(|c| c.to_digit(8)) else {
                return Err(say!("An octal escape has three digits, as in `\\012`."));
            };
            self.bump();
            code = code * 8 + digit;
        }
        char::from_u32(code).ok_or_else(|| say!("This escape names no character."))
    }
}

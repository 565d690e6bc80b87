//! Exact decimals: 0.8 is 0.8, and 0.80 == 0.8.
//!
//! What must stay true: a number is kept without trailing zeros behind the point, so that equal numbers are equal
//! field by field; no operation rounds unless its name says so; what does not fit is `None`, never a near number.

use std::cmp::Ordering;
use std::fmt;
use std::str::FromStr;

/// An exact decimal number, kept without trailing zeros: `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

/// The most significant digits a number can have.
pub const MAX_DIGITS: usize = 38;
/// The most digits behind the point; far past anything written by a person, it only bounds memory.
const MAX_SCALE: u32 = 120;
/// One past the largest mantissa.
const LIMIT: i128 = POWERS[MAX_DIGITS];
const POWERS: [i128; MAX_DIGITS + 1] = powers();

const fn powers() -> [i128; MAX_DIGITS + 1] {
    let mut table = [1_i128; MAX_DIGITS + 1];
    let mut i = 1;
    while i <= MAX_DIGITS {
        table[i] = table[i - 1] * 10;
        i += 1;
    }
    table
}

/// A text that is not a plain decimal number of at most 38 significant digits.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("not a plain decimal number of at most {MAX_DIGITS} digits")]
pub struct NotADecimal;

impl Decimal {
    /// Nought.
    pub const ZERO: Self = Self { mantissa: 0, scale: 0 };
    /// One.
    pub const ONE: Self = Self { mantissa: 1, scale: 0 };

    /// A whole number.
    #[must_use]
    pub const fn from_i64(value: i64) -> Self {
        Self { mantissa: value as i128, scale: 0 }
    }

    /// `mantissa / 10^scale`, if it fits.
    #[must_use]
    pub fn new(mantissa: i128, scale: u32) -> Option<Self> {
        let mut number = Self { mantissa, scale };
        while number.scale > 0 && number.mantissa % 10 == 0 {
            number.mantissa /= 10;
            number.scale = if number.mantissa == 0 { 0 } else { number.scale - 1 };
        }
        (number.scale <= MAX_SCALE && number.mantissa.abs() < LIMIT).then_some(number)
    }

    /// Whether it has no digits behind the point.
    #[must_use]
    pub const fn is_integer(self) -> bool {
        self.scale == 0
    }

    /// Whether it is below nought.
    #[must_use]
    pub const fn is_negative(self) -> bool {
        self.mantissa < 0
    }

    /// The nearest binary number, for display only.
    #[must_use]
    pub fn to_f64(self) -> f64 {
        match i32::try_from(self.mantissa) {
            Ok(whole) if self.scale == 0 => f64::from(whole),
            _ => self.to_string().parse().unwrap_or(f64::NAN),
        }
    }

    /// The whole number, if it is one and fits.
    #[must_use]
    pub fn to_i64(self) -> Option<i64> {
        if self.scale == 0 { i64::try_from(self.mantissa).ok() } else { None }
    }

    /// The largest whole number that is not above it.
    #[must_use]
    pub fn floor(self) -> Self {
        match power(self.scale) {
            _ if self.scale == 0 => self,
            Some(unit) => Self { mantissa: self.mantissa.div_euclid(unit), scale: 0 },
            None if self.mantissa < 0 => Self::from_i64(-1),
            None => Self::ZERO,
        }
    }

    /// The smallest whole number that is not below it.
    #[must_use]
    pub fn ceil(self) -> Self {
        -(-self).floor()
    }

    /// The sum, if it fits.
    #[must_use]
    pub fn checked_add(self, other: Self) -> Option<Self> {
        if self.scale == other.scale {
            return Self::new(self.mantissa.checked_add(other.mantissa)?, self.scale);
        }
        let scale = self.scale.max(other.scale);
        let left = raise(self.mantissa, scale - self.scale)?;
        let right = raise(other.mantissa, scale - other.scale)?;
        Self::new(left.checked_add(right)?, scale)
    }

    /// The difference, if it fits.
    #[must_use]
    pub fn checked_sub(self, other: Self) -> Option<Self> {
        self.checked_add(-other)
    }

    /// The product, if it fits.
    #[must_use]
    pub fn checked_mul(self, other: Self) -> Option<Self> {
        Self::new(self.mantissa.checked_mul(other.mantissa)?, self.scale.checked_add(other.scale)?)
    }

    /// The number with the other sign.
    #[must_use]
    pub const fn neg(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }

    /// The number without its sign.
    #[must_use]
    pub const fn abs(self) -> Self {
        Self { mantissa: self.mantissa.abs(), scale: self.scale }
    }

    /// The nearest number from `min` to `max`; `max` where the two are the wrong way round.
    #[must_use]
    pub fn clamp(self, min: Self, max: Self) -> Self {
        Ord::min(Ord::max(self, min), max)
    }

    /// `n / d` rounded to `places` digits behind the point, halves away from nought; `None` for a `d` of nought or a
    /// result that does not fit.
    #[must_use]
    pub fn div_round(n: Self, d: Self, places: u32) -> Option<Self> {
        if d.mantissa == 0 {
            return None;
        }
        let up = d.scale.checked_add(places)?;
        let (num, den) = if up >= n.scale {
            (raise(n.mantissa, up - n.scale)?, d.mantissa)
        } else {
            (n.mantissa, raise(d.mantissa, n.scale - up)?)
        };
        let (quotient, rest) = (num / den, num % den);
        let away = if (num < 0) == (den < 0) { 1 } else { -1 };
        let half = rest.unsigned_abs() >= den.unsigned_abs().div_ceil(2);
        Self::new(quotient + if half { away } else { 0 }, places)
    }

    /// How many digits stand before and behind the point.
    #[must_use]
    pub fn digits(self) -> (usize, usize) {
        let size = self.mantissa.unsigned_abs();
        let all = size.checked_ilog10().map_or(1, |n| n as usize + 1);
        let after = self.scale as usize;
        (all.saturating_sub(after).max(1), after)
    }

    /// All digits, as a whole number: the number is this by ten to the power of [`Decimal::scale`].
    #[must_use]
    pub const fn mantissa(self) -> i128 {
        self.mantissa
    }

    /// How many digits stand behind the point.
    #[must_use]
    pub const fn scale(self) -> u32 {
        self.scale
    }

    /// Reads a JSON number, exponent included, exactly; `None` when it is none or does not fit.
    #[must_use]
    pub fn parse_json(text: &str) -> Option<Self> {
        let (plain, exponent) = match text.find(['e', 'E']) {
            Some(at) => (text.get(..at)?, exponent(text.get(at + 1..)?)?),
            None => (text, 0),
        };
        let body = plain.strip_prefix('-').unwrap_or(plain);
        if body.len() > 1 && body.starts_with('0') && !body.starts_with("0.") {
            return None;
        }
        read(plain, exponent)
    }
}

/// The digits behind `e`; past any use it stops counting.
fn exponent(text: &str) -> Option<i64> {
    let digits = text.strip_prefix(['+', '-']).unwrap_or(text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let size = digits.bytes().fold(0_i64, |sum, b| (sum * 10 + i64::from(b - b'0')).min(1_000_000));
    Some(if text.starts_with('-') { -size } else { size })
}

/// A number of few digits, as nearly all are; `None` where it has more, or is none.
fn short(text: &str) -> Option<Decimal> {
    let (negative, body) = match text.as_bytes() {
        [b'-', rest @ ..] => (true, rest),
        body => (false, body),
    };
    let (mut mantissa, mut before, mut scale, mut point) = (0_i64, 0, 0, false);
    if body.len() > 18 {
        return None;
    }
    for byte in body {
        match byte {
            b'0'..=b'9' => {
                mantissa = mantissa * 10 + i64::from(byte - b'0');
                if point { scale += 1 } else { before += 1 }
            }
            b'.' if !point => point = true,
            _ => return None,
        }
    }
    if before == 0 || (point && scale == 0) {
        return None;
    }
    while scale > 0 && mantissa % 10 == 0 {
        mantissa /= 10;
        scale -= 1;
    }
    Some(Decimal { mantissa: i128::from(if negative { -mantissa } else { mantissa }), scale })
}

/// `-?digits(.digits)?` times ten to the `exponent`.
fn read(text: &str, exponent: i64) -> Option<Decimal> {
    if exponent == 0
        && let Some(number) = short(text)
    {
        return Some(number);
    }
    let (negative, body) = match text.strip_prefix('-') {
        Some(rest) => (true, rest),
        None => (false, text),
    };
    let (whole, part) = match body.split_once('.') {
        Some((_, "")) => return None,
        Some(halves) => halves,
        None => (body, ""),
    };
    if whole.is_empty() || !whole.bytes().chain(part.bytes()).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let mut digits: Vec<u8> = whole.bytes().chain(part.bytes()).skip_while(|b| *b == b'0').collect();
    let mut scale = i64::try_from(part.len()).ok()? - exponent;
    while digits.last() == Some(&b'0') && (scale > 0 || digits.len() > MAX_DIGITS) {
        digits.pop();
        scale -= 1;
    }
    if digits.is_empty() {
        return Some(Decimal::ZERO);
    }
    if digits.len() > MAX_DIGITS {
        return None;
    }
    let size = digits.iter().fold(0_i128, |sum, b| sum * 10 + i128::from(b - b'0'));
    let signed = if negative { -size } else { size };
    match u32::try_from(scale) {
        Ok(scale) => Decimal::new(signed, scale),
        Err(_) => Decimal::new(raise(signed, u32::try_from(-scale).ok()?)?, 0),
    }
}

fn power(exponent: u32) -> Option<i128> {
    POWERS.get(exponent as usize).copied()
}

fn raise(mantissa: i128, by: u32) -> Option<i128> {
    if mantissa == 0 { Some(0) } else { mantissa.checked_mul(power(by)?) }
}

impl std::ops::Neg for Decimal {
    type Output = Self;

    fn neg(self) -> Self {
        Self { mantissa: -self.mantissa, scale: self.scale }
    }
}

impl From<i64> for Decimal {
    fn from(value: i64) -> Self {
        Self::from_i64(value)
    }
}

impl Ord for Decimal {
    fn cmp(&self, other: &Self) -> Ordering {
        if self.scale == other.scale {
            self.mantissa.cmp(&other.mantissa)
        } else if self.scale < other.scale {
            across(self, other)
        } else {
            across(other, self).reverse()
        }
    }
}

/// Compares a number of smaller scale with one of larger scale. A raised mantissa that does not fit is larger than any
/// that does, so its sign decides.
fn across(coarse: &Decimal, fine: &Decimal) -> Ordering {
    let by = fine.scale - coarse.scale;
    if by <= 18 && i64::try_from(coarse.mantissa).is_ok() {
        return (coarse.mantissa * POWERS[by as usize]).cmp(&fine.mantissa);
    }
    match raise(coarse.mantissa, by) {
        Some(raised) => raised.cmp(&fine.mantissa),
        None => coarse.mantissa.cmp(&0),
    }
}

impl PartialOrd for Decimal {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl FromStr for Decimal {
    type Err = NotADecimal;

    fn from_str(text: &str) -> Result<Self, NotADecimal> {
        read(text, 0).ok_or(NotADecimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.scale == 0 {
            return write!(f, "{}", self.mantissa);
        }
        let places = self.scale as usize;
        let sign = if self.mantissa < 0 { "-" } else { "" };
        let digits = format!("{:0>width$}", self.mantissa.unsigned_abs(), width = places + 1);
        let (whole, part) = digits.split_at(digits.len() - places);
        write!(f, "{sign}{whole}.{part}")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn d(text: &str) -> Decimal {
        text.parse().unwrap()
    }

    #[test]
    fn one_number_has_one_form() {
        for (written, canonical) in [
            ("0.80", "0.8"),
            ("-0", "0"),
            ("-0.0", "0"),
            ("3.0", "3"),
            ("007", "7"),
            ("-12.340", "-12.34"),
            ("0.05", "0.05"),
            ("300", "300"),
            ("0.000000001", "0.000000001"),
        ] {
            assert_eq!(d(written).to_string(), canonical);
        }
    }

    #[test]
    fn refuses_what_is_no_plain_decimal() {
        for text in ["", "-", ".5", "5.", "1e3", "+1", "0x1", "1 ", "--1", "1.2.3", "１", &"9".repeat(39)] {
            assert!(text.parse::<Decimal>().is_err(), "{text}");
        }
        assert!("9".repeat(38).parse::<Decimal>().is_ok());
    }

    #[test]
    fn reads_json_numbers_exactly() {
        for (written, canonical) in
            [("1e3", "1000"), ("1.5E-2", "0.015"), ("-0.0", "0"), ("0e999999", "0"), ("12e+1", "120"), ("1000e-3", "1")]
        {
            assert_eq!(Decimal::parse_json(written).unwrap().to_string(), canonical);
        }
        for text in ["01", "1e", "1e400", "1e-400", ".5", "+1", "1e1.5", "-"] {
            assert_eq!(Decimal::parse_json(text), None, "{text}");
        }
    }

    #[test]
    fn compares_across_scales_without_rounding() {
        assert!(d("0.1") < d("0.10000000000000000000000000000000000001"));
        assert!(d(&"9".repeat(38)) > d("0.00000000000000000000000000000000000001"));
        assert!(d("-1") < d("-0.99"));
        assert_eq!(d("0.1").checked_add(d("0.2")), Some(d("0.3")));
    }

    #[test]
    fn rounds_only_where_asked() {
        for (n, by, places, result) in
            [("1", "3", 4, "0.3333"), ("2", "3", 2, "0.67"), ("-1", "2", 0, "-1"), ("1", "8", 2, "0.13")]
        {
            assert_eq!(Decimal::div_round(d(n), d(by), places).unwrap().to_string(), result);
        }
        assert_eq!(Decimal::div_round(d("1"), Decimal::ZERO, 2), None);
        assert_eq!(Decimal::div_round(d("4"), d("9"), 0), Some(Decimal::ZERO));
        assert_eq!((d("-1.5").floor(), d("-1.5").ceil(), d("1.5").ceil()), (d("-2"), d("-1"), d("2")));
    }

    proptest! {
        #[test]
        fn behaves_as_integers_do(a in -1_000_000_i64..1_000_000, b in -1_000_000_i64..1_000_000, s in 0_u32..5, t in 0_u32..5) {
            let (x, y) = (Decimal::new(a.into(), s).unwrap(), Decimal::new(b.into(), t).unwrap());
            let (wide_x, wide_y) = (i128::from(a) * POWERS[(8 - s) as usize], i128::from(b) * POWERS[(8 - t) as usize]);
            prop_assert_eq!(x.cmp(&y), wide_x.cmp(&wide_y));
            prop_assert_eq!(x.checked_add(y), Decimal::new(wide_x + wide_y, 8));
            prop_assert_eq!(x.checked_mul(y), Decimal::new(i128::from(a) * i128::from(b), s + t));
            prop_assert_eq!(x.to_string().parse::<Decimal>(), Ok(x));
            prop_assert_eq!(Decimal::parse_json(&x.to_string()), Some(x));
        }
    }
}

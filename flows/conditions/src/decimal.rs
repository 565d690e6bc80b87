//! Exact decimals: 0.8 is 0.8, and 0.80 == 0.8.

/// An exact decimal number, kept without trailing zeros: `mantissa / 10^scale`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Decimal {
    mantissa: i128,
    scale: u32,
}

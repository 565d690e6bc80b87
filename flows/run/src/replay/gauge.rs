//! Where a number of columns lies among the numbers that a flow compares it with: told with whole numbers alone, since a
//! column keeps digits and how many of them stand behind the point.

use flow_conditions::decimal::Decimal;
use flow_conditions::value::Type;

use crate::program::Look;

/// Digits behind the point up to which it is worked out beforehand; 10^18 is the largest power of ten that fits.
const SCALES: u32 = 18;

/// What can be told of the numbers of one value.
#[derive(Debug, Default)]
pub(super) struct Gauge {
    /// By digits behind the point; empty where numbers are to be looked at one by one.
    scales: Vec<Scale>,
}

/// The same for numbers with so many digits behind the point.
#[derive(Debug)]
struct Scale {
    /// Digits that fit the type.
    least: i64,
    most: i64,
    /// A whole number has digits that are a multiple of this.
    whole: i64,
    /// The largest digits that are not above each of the numbers, and whether they are that number.
    steps: Vec<(i64, bool)>,
    /// Whether it is compared with numbers at all.
    compared: bool,
}

/// Digits that are not above a number, and whether they are that number.
fn floor(number: Decimal, digits: u32) -> Option<(i128, bool)> {
    let power = |n: u32| 10_i128.checked_pow(n);
    let (mut floor, mut exact) = (number.mantissa(), true);
    if number.scale() <= digits {
        floor = floor.checked_mul(power(digits - number.scale())?)?;
    } else {
        let by = power(number.scale() - digits)?;
        exact = floor % by == 0;
        floor = floor.div_euclid(by);
    }
    Some((floor, exact))
}

/// The same within what a column holds; what is beyond it is no digits of a column.
fn held((floor, exact): (i128, bool)) -> (i64, bool) {
    match i64::try_from(floor) {
        Ok(floor) => (floor, exact),
        Err(_) if floor < 0 => (i64::MIN, false),
        Err(_) => (i64::MAX, false),
    }
}

impl Gauge {
    /// For a value that is looked at so, and is of this type.
    pub(super) fn new(look: &Look, r#type: &Type) -> Self {
        let scales = (0..=SCALES).map(|digits| Scale::new(look, r#type, digits)).collect::<Option<_>>();
        Self { scales: scales.unwrap_or_default() }
    }

    /// A number that says all that the flow can tell of these digits: 1 where it does not fit the type, 2 where nobody compares
    /// it, else more; nothing where it has to be looked at as a number.
    #[inline]
    pub(super) fn tell(&self, mantissa: i64, digits: u8) -> Option<u64> {
        let scale = self.scales.get(usize::from(digits)).filter(|_| mantissa != i64::MIN)?;
        if mantissa < scale.least || mantissa > scale.most || mantissa % scale.whole != 0 {
            return Some(1);
        }
        if !scale.compared {
            return Some(2);
        }
        let mut lies = 2 * scale.steps.len() as u64;
        for (at, (floor, exact)) in scale.steps.iter().enumerate() {
            if mantissa <= *floor {
                lies = 2 * at as u64 + u64::from(*exact && mantissa == *floor);
                break;
            }
        }
        Some(3 + lies)
    }
}

impl Scale {
    fn new(look: &Look, r#type: &Type, digits: u32) -> Option<Self> {
        let (numbers, compared): (&[Decimal], bool) = match look {
            Look::Never | Look::Whether => (&[], false),
            Look::Numbers(numbers) => (numbers, true),
            Look::Closely => return None,
        };
        let whole = 10_i64.checked_pow(digits)?;
        let (min, max, whole) = match r#type {
            Type::Number { min, max } => (min, max, 1),
            Type::Integer { min, max } => (min, max, whole),
            _ => return None,
        };
        let least = match min {
            None => i64::MIN.into(),
            // The least digits that are not below it.
            Some(min) => floor(*min, digits).map(|(floor, exact)| floor + i128::from(!exact))?,
        };
        let most = max.map_or(Some(i64::MAX.into()), |max| floor(max, digits).map(|(floor, _)| floor))?;
        let (least, most) = match (least > i64::MAX.into()) || (most < i64::MIN.into()) {
            // Nothing fits.
            true => (1, 0),
            false => (held((least, true)).0, held((most, true)).0),
        };
        let steps = numbers.iter().map(|number| floor(*number, digits).map(held)).collect::<Option<_>>()?;
        Some(Self { least, most, whole, steps, compared })
    }
}

#[cfg(test)]
mod tests {
    use flow_conditions::value::Value;
    use proptest::prelude::*;

    use super::*;
    use crate::state::fits;

    fn number() -> impl Strategy<Value = Decimal> {
        let digits = prop_oneof![-20_i64..20, -2000_i64..2000, any::<i64>()];
        (digits, 0_u32..8).prop_filter_map("a decimal", |(mantissa, scale)| Decimal::new(mantissa.into(), scale))
    }

    fn numbers() -> impl Strategy<Value = Vec<Decimal>> {
        prop::collection::btree_set(number(), 0..5).prop_map(|set| set.into_iter().collect())
    }

    fn r#type() -> impl Strategy<Value = Type> {
        let ends = (prop::option::of(number()), prop::option::of(number()));
        (any::<bool>(), ends).prop_map(|(whole, (min, max))| match whole {
            true => Type::Integer { min, max },
            false => Type::Number { min, max },
        })
    }

    /// What looking at the number itself tells.
    fn told(look: &Look, r#type: &Type, number: Decimal) -> u64 {
        match look {
            _ if !fits(&Value::Number(number), r#type) => 1,
            Look::Numbers(numbers) => 3 + super::super::alike::between(numbers, number),
            _ => 2,
        }
    }

    proptest! {
        #[test]
        fn digits_tell_what_the_number_tells(
            numbers in numbers(),
            r#type in r#type(),
            seen in any::<bool>(),
            drawn in prop::collection::vec(number(), 1..20),
        ) {
            let look = if seen { Look::Numbers(numbers.clone()) } else { Look::Whether };
            let gauge = Gauge::new(&look, &r#type);
            // Those that are compared with, too, and those just beside them.
            let beside = |n: &Decimal| [Decimal::new(n.mantissa() - 1, n.scale()), Decimal::new(n.mantissa() + 1, n.scale())];
            let near = numbers.iter().flat_map(beside).flatten();
            for number in drawn.into_iter().chain(numbers.clone()).chain(near) {
                let Ok(mantissa) = i64::try_from(number.mantissa()) else { continue };
                let digits = u8::try_from(number.scale()).unwrap();
                if let Some(said) = gauge.tell(mantissa, digits) {
                    prop_assert_eq!(said, told(&look, &r#type, number), "{} {:?} {:?}", number, look, r#type);
                }
                // Nothing is left to be looked at one by one but what has very many digits.
                prop_assert!(gauge.tell(mantissa, digits).is_some() || gauge.scales.is_empty());
            }
        }
    }

    #[test]
    fn what_is_looked_at_closely_is_looked_at_one_by_one() {
        assert_eq!(Gauge::new(&Look::Closely, &Type::Number { min: None, max: None }).tell(5, 1), None);
        assert_eq!(Gauge::new(&Look::Never, &Type::Number { min: None, max: None }).tell(5, 1), Some(2));
        assert_eq!(Gauge::new(&Look::Never, &Type::Text).tell(5, 1), None);
        assert_eq!(Gauge::new(&Look::Never, &Type::Number { min: None, max: None }).tell(5, 200), None);
    }
}

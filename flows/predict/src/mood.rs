//! The mood of a text, by VADER.

use std::sync::LazyLock;

use flow_conditions::decimal::Decimal;
use vader_parity::SentimentIntensityAnalyzer;

static ANALYZER: LazyLock<SentimentIntensityAnalyzer> = LazyLock::new(SentimentIntensityAnalyzer::new);

/// VADER's compound score of a text, in [-1, 1] and exact to its four decimals.
#[must_use]
pub fn sentiment(text: &str) -> Decimal {
    let compound = ANALYZER.polarity_scores(text).compound;
    exact(compound)
}

fn exact(compound: f64) -> Decimal {
    // Four decimals of a number in [-1, 1]: the product is near a whole number of at most 10,000.
    #[allow(clippy::cast_possible_truncation, reason = "at most 10,000 in size")]
    let units = (compound.clamp(-1.0, 1.0) * 10_000.0).round() as i128;
    Decimal::new(units, 4).unwrap_or(Decimal::ZERO)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_those_of_the_published_vader() {
        for (text, score) in [
            ("", "0"),
            ("The table is brown.", "0"),
            ("VADER is smart, handsome, and funny.", "0.8316"),
            ("VADER is smart, handsome, and funny!", "0.8439"),
            ("VADER is VERY SMART, handsome, and FUNNY!!!", "0.9342"),
            ("VADER is not smart, handsome, nor funny.", "-0.7424"),
            ("Today SUX!", "-0.5461"),
        ] {
            assert_eq!(sentiment(text).to_string(), score, "{text}");
        }
    }

    #[test]
    fn scores_stay_in_range_for_any_text() {
        for text in ["great ".repeat(5000), "awful! ".repeat(5000), "😀\u{0}\u{202e}<script>".to_owned()] {
            let score = sentiment(&text);
            assert!(score <= Decimal::ONE && score >= Decimal::ONE.neg(), "{score}");
        }
    }
}

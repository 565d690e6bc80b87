//! Many phrases looked for at once: a text is gone through a single time, however many there are.

/// At most this many phrases.
const MOST: usize = 32;

/// How many bytes at the beginning of a phrase decide whether it is looked at more closely.
const AHEAD: usize = 3;

/// Phrases in their order, none of them shorter than three bytes.
#[derive(Debug)]
pub(crate) struct Phrases {
    phrases: &'static [&'static str],
    /// For each of the first places the phrases that have a byte there, as bits.
    begin: [[u32; 256]; AHEAD],
}

impl Phrases {
    /// Made when the program is compiled.
    pub(crate) const fn new(phrases: &'static [&'static str]) -> Self {
        assert!(phrases.len() <= MOST, "more phrases than there are bits");
        let mut begin = [[0; 256]; AHEAD];
        let mut number = 0;
        while number < phrases.len() {
            let phrase = phrases[number].as_bytes();
            let mut place = 0;
            while place < AHEAD {
                begin[place][phrase[place] as usize] |= 1 << number;
                place += 1;
            }
            number += 1;
        }
        Self { phrases, begin }
    }

    /// Those that stand somewhere in a text, in their own order.
    pub(crate) fn all(&self, text: &str) -> impl Iterator<Item = &'static str> + use<> {
        let mut found = 0_u32;
        for (at, bytes) in text.as_bytes().windows(AHEAD).enumerate() {
            let mut likely = !found;
            for (place, byte) in bytes.iter().enumerate() {
                likely &= self.begin[place][usize::from(*byte)];
            }
            while likely != 0 {
                let number = likely.trailing_zeros();
                likely &= likely - 1;
                let phrase = self.phrases[number as usize].as_bytes();
                if text.as_bytes().get(at..).is_some_and(|rest| rest.starts_with(phrase)) {
                    found |= 1 << number;
                }
            }
        }
        let phrases = self.phrases;
        phrases.iter().enumerate().filter(move |(number, _)| found >> number & 1 == 1).map(|(_, phrase)| *phrase)
    }

    /// The first of them, in their own order, that stands somewhere in a text.
    pub(crate) fn first(&self, text: &str) -> Option<&'static str> {
        self.all(text).next()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phrases_are_found_as_a_search_for_each_would() {
        const EACH: [&str; 6] = ["is closed", "closed now", "see", "see you", "éa", " nlu "];
        static PHRASES: Phrases = Phrases::new(&EACH);
        for text in ["it is closed now", "seesee", "", "caféa", "our nlu ", "se", "close", "i see you are closed"] {
            let each: Vec<&str> = EACH.into_iter().filter(|phrase| text.contains(phrase)).collect();
            assert_eq!(PHRASES.all(text).collect::<Vec<_>>(), each, "{text}");
            assert_eq!(PHRASES.first(text), each.first().copied(), "{text}");
        }
    }
}

//! Names as a platform allows them, and the way back.
//!
//! What must stay true: a name depends on the flow's name alone, never on where it stands; a name that is legal as it is
//! keeps itself; only those that would become the same get a number, in document order. Titles are no part of a name.

use std::collections::{BTreeMap, BTreeSet};

use flow_model::tree::Json;
use indexmap::IndexMap;

/// Bytes of a name at the most: a file system takes 255, and a file's name has more words and an ending.
const BYTES: usize = 240;

/// What a platform allows in a name.
#[derive(Clone, Copy, Debug)]
pub struct Legal {
    /// The characters that may stand in it.
    pub allows: fn(char) -> bool,
    /// What stands for any other.
    pub instead: char,
    /// The characters that it may begin with.
    pub begins: fn(char) -> bool,
    /// What is put in front of a name that begins otherwise or has nothing in it.
    pub lead: &'static str,
    /// Characters at the most, no fewer than 16; a longer name is cut, and ends in a sum of the whole.
    pub longest: usize,
    /// Bytes of a character where a file is named so; those of a whole name are 240 at the most.
    pub bytes: fn(char) -> usize,
    /// Whether names that differ in upper and lower case alone are the same to the platform.
    pub folds: bool,
    /// Whether `_` and `-` must stand alone and not at the end.
    pub single: bool,
    /// Names that are not free.
    pub taken: &'static [&'static str],
}

impl Legal {
    /// The name as it would be, alone.
    #[must_use]
    pub fn shape(&self, text: &str) -> String {
        let mut name = String::with_capacity(text.len());
        for c in text.chars() {
            let c = if (self.allows)(c) { c } else { self.instead };
            if !(self.single && separates(c) && name.ends_with(separates)) {
                name.push(c);
            }
        }
        if self.single {
            name.truncate(name.trim_end_matches(separates).len());
        }
        if !name.starts_with(self.begins) {
            let rest = if self.single && self.lead.ends_with(separates) {
                name.trim_start_matches(separates)
            } else {
                name.as_str()
            };
            name = format!("{}{rest}", self.lead);
            if self.single {
                name.truncate(name.trim_end_matches(separates).len());
            }
        }
        if self.fits(&name) { name } else { self.with(&name, &format!("{:08x}", sum(text.as_bytes()))) }
    }

    fn fits(&self, name: &str) -> bool {
        name.chars().count() <= self.longest && self.size(name) <= BYTES
    }

    fn size(&self, name: &str) -> usize {
        name.chars().map(self.bytes).sum()
    }

    /// A name with an end, cut so that it is not too long; between the two what the platform lets stand there.
    fn with(&self, name: &str, end: &str) -> String {
        let end = format!("{}{end}", if (self.allows)('_') { '_' } else { 'x' });
        let room = self.longest.saturating_sub(end.chars().count());
        let mut cut: String = name.chars().take(room).collect();
        while self.size(&cut) + self.size(&end) > BYTES {
            cut.pop();
        }
        let cut = if self.single { cut.trim_end_matches(separates) } else { cut.as_str() };
        format!("{cut}{end}")
    }

    /// Whether a name is one that the platform allows.
    #[must_use]
    pub fn admits(&self, name: &str) -> bool {
        let alone = |(a, b): (char, char)| !(separates(a) && separates(b));
        let single = !self.single || (name.chars().zip(name.chars().skip(1)).all(alone) && !name.ends_with(separates));
        single && !name.is_empty() && self.fits(name) && name.starts_with(self.begins) && name.chars().all(self.allows)
    }

    fn key(&self, name: &str) -> String {
        if self.folds { name.to_lowercase() } else { name.to_owned() }
    }
}

fn separates(c: char) -> bool {
    c == '_' || c == '-'
}

/// FNV-1a: the same on every machine.
pub fn sum(bytes: &[u8]) -> u32 {
    bytes.iter().fold(0x811c_9dc5, |sum, byte| (sum ^ u32::from(*byte)).wrapping_mul(0x0100_0193))
}

/// The flow's names and the platform's.
#[derive(Clone, Debug, Default)]
pub struct Names {
    there: IndexMap<String, String>,
}

impl Names {
    /// Names for these, in document order; the same name again is the same.
    pub fn of<'a>(names: impl IntoIterator<Item = &'a str>, legal: &Legal) -> Self {
        Self::wanted(names.into_iter().map(|name| (name, name)), legal)
    }

    /// Names for keys, made from what each wants to be called, in document order; the same key again is the same.
    pub fn wanted<'a>(names: impl IntoIterator<Item = (&'a str, &'a str)>, legal: &Legal) -> Self {
        let wanted: IndexMap<&str, (&str, String)> =
            names.into_iter().map(|(key, name)| (key, (name, legal.shape(name)))).collect();
        let taken: BTreeSet<String> = legal.taken.iter().map(|name| legal.key(name)).collect();
        let mut used = taken.clone();
        // A name that is legal as it stands keeps itself, whatever stands before it.
        let mut own = BTreeSet::new();
        for (key, (name, shape)) in &wanted {
            if *name == shape && used.insert(legal.key(shape)) {
                own.insert(*key);
            }
        }
        let mut made = Self::default();
        let mut next: BTreeMap<String, u32> = BTreeMap::new();
        for (name, (_, shape)) in &wanted {
            let mut chosen = shape.clone();
            if !own.contains(name) {
                while !used.insert(legal.key(&chosen)) {
                    let count = next.entry(legal.key(shape)).or_insert(1);
                    *count += 1;
                    chosen = legal.with(shape, &count.to_string());
                }
            }
            made.there.insert((*name).to_owned(), chosen);
        }
        made
    }

    /// The platform's name.
    #[must_use]
    pub fn get(&self, name: &str) -> Option<&str> {
        self.there.get(name).map(String::as_str)
    }

    /// Both, in document order: the flow's, the platform's.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.there.iter().map(|(name, legal)| (name.as_str(), legal.as_str()))
    }

    /// Whether every name is one that the platform allows, and no two are the same to it.
    #[must_use]
    pub fn hold(&self, legal: &Legal) -> bool {
        let taken = legal.taken.iter().map(|name| legal.key(name));
        let mut used: BTreeSet<String> = taken.collect();
        self.there.values().all(|name| legal.admits(name) && used.insert(legal.key(name)))
    }

    /// How many there are.
    #[must_use]
    pub fn len(&self) -> usize {
        self.there.len()
    }

    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.there.is_empty()
    }
}

/// `names.json`: of each kind of name the platform's and the flow's.
#[must_use]
pub fn json(kinds: &[(&str, &Names)]) -> String {
    let one =
        |names: &Names| Json::Map(names.iter().map(|(name, legal)| (legal.to_owned(), Json::text(name))).collect());
    let map = Json::Map(kinds.iter().map(|(kind, names)| ((*kind).to_owned(), one(names))).collect());
    flow_model::tree::canonical(&map)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::prelude::*;

    use super::{Legal, Names};

    const PLAIN: Legal = Legal {
        allows: |c| c.is_ascii_alphanumeric() || c == '_',
        instead: '_',
        begins: |c| c.is_ascii_alphabetic() || c == '_',
        lead: "_",
        longest: 20,
        bytes: char::len_utf8,
        folds: false,
        single: false,
        taken: &["restart"],
    };
    const STRICT: Legal = Legal {
        allows: |c| c.is_ascii_alphanumeric() || c == '_' || c == '-',
        begins: |c| c.is_ascii_alphanumeric(),
        lead: "x",
        folds: true,
        single: true,
        ..PLAIN
    };

    fn names<'a>(legal: &Legal, of: &[&'a str]) -> Vec<(&'a str, String)> {
        let made = Names::of(of.iter().copied(), legal);
        of.iter().map(|name| (*name, made.get(name).unwrap().to_owned())).collect()
    }

    #[test]
    fn names_are_legal_and_different() {
        let made = names(&PLAIN, &["fee-dispute", "fee dispute", "restart", "2nd", "", "日本", "fee-dispute"]);
        let made: Vec<&str> = made.iter().map(|(_, legal)| legal.as_str()).collect();
        assert_eq!(made, ["fee_dispute", "fee_dispute_2", "restart_2", "_2nd", "_", "__", "fee_dispute"]);
    }

    #[test]
    fn a_legal_name_keeps_itself_and_numbers_give_way() {
        assert_eq!(names(&PLAIN, &["a b", "a_b", "a-b", "a_b_2"])[0].1, "a_b_3");
        assert_eq!(names(&PLAIN, &["a b", "a_b", "a-b", "a_b_2"])[1].1, "a_b");
        assert_eq!(names(&PLAIN, &["a b", "a_b", "a-b", "a_b_2"])[2].1, "a_b_4");
        assert_eq!(names(&PLAIN, &["a b", "a_b", "a-b", "a_b_2"])[3].1, "a_b_2");
    }

    #[test]
    fn cases_fold_and_separators_stand_alone() {
        let made = names(&STRICT, &["Fee", "fee", "_a__b-", "--", "a-_b"]);
        let made: Vec<&str> = made.iter().map(|(_, legal)| legal.as_str()).collect();
        assert_eq!(made, ["Fee", "fee_2", "x_a_b", "x", "a-b"]);
    }

    #[test]
    fn a_platform_without_underlines_gets_none() {
        let bare = Legal {
            allows: |c| c.is_ascii_alphanumeric(),
            instead: 'x',
            begins: |c| c.is_ascii_alphabetic(),
            lead: "x",
            ..PLAIN
        };
        let long = "customer account reference number";
        for (name, legal) in names(&bare, &["tier1", "tier-1", "tier 1", long]) {
            assert!(legal.chars().all(bare.allows) && legal.len() <= bare.longest, "{name}: {legal}");
        }
    }

    #[test]
    fn names_of_many_bytes_are_cut_by_them_and_stay_apart() {
        let spelled = Legal { allows: |c| !c.is_control(), bytes: |c| 10 * c.len_utf8(), ..PLAIN };
        let made = names(&spelled, &["日本語日本語日本", "_日本語日本語日本", "_日本語日本語日語", "_plain"]);
        let made: Vec<&str> = made.iter().map(|(_, legal)| legal.as_str()).collect();
        assert!(made[..3].iter().all(|legal| legal.starts_with("_日本語日_") && legal.len() == 22), "{made:?}");
        assert_eq!((made.iter().collect::<BTreeSet<_>>().len(), made[3]), (4, "_plain"));
    }

    proptest! {
        #[test]
        fn every_name_is_legal_and_its_own(of in proptest::collection::vec("\\PC{0,30}|[a_-]{0,40}", 0..12)) {
            let bare = Legal { allows: |c| c.is_ascii_alphanumeric(), instead: 'x', lead: "x", ..PLAIN };
            let spelled = Legal { allows: |c| !c.is_control(), bytes: |c| 9 * c.len_utf8(), ..PLAIN };
            for legal in [PLAIN, STRICT, Legal { begins: |c| c.is_ascii_alphabetic(), ..bare }, spelled] {
                let made = Names::of(of.iter().map(String::as_str), &legal);
                prop_assert!(made.hold(&legal), "{made:?}");
            }
        }
    }

    #[test]
    fn long_names_are_cut_and_stay_apart() {
        let long = ["a_very_long_name_indeed", "a_very_long_name_too_x", "a_very_long_name_indeed!"];
        let made = Names::of(long, &PLAIN);
        for name in long {
            let legal = made.get(name).unwrap();
            assert!(legal.len() <= 20 && legal.starts_with("a_very_long"), "{legal}");
            assert_eq!(made.iter().filter(|(_, known)| *known == legal).count(), 1, "{name}");
        }
        assert_eq!(made.get(long[0]), Names::of([long[0]], &PLAIN).get(long[0]), "it depends on itself alone");
    }
}

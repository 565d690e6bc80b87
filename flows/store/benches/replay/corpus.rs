//! A corpus of any size from a small one: lines repeated, each with an id of its own and other confidences.

/// A generator that gives the same numbers everywhere (splitmix64).
struct Random(u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }
}

/// `count` lines drawn from `text` with a seed.
pub fn repeated(text: &str, count: usize, seed: u64) -> Vec<String> {
    let lines: Vec<&str> = text.lines().filter(|line| !line.trim().is_empty()).collect();
    let mut random = Random(seed);
    (0..count)
        .map(|i| {
            let line = lines[usize::try_from(random.next() % lines.len() as u64).unwrap()];
            let line = line.replacen("\"id\": \"", &format!("\"id\": \"{i}-"), 1);
            perturbed(&line, &mut random)
        })
        .collect()
}

/// The line with another confidence in each turn that has one.
fn perturbed(line: &str, random: &mut Random) -> String {
    let key = "\"confidence\": ";
    let mut out = String::with_capacity(line.len());
    let mut rest = line;
    while let Some(at) = rest.find(key) {
        let (before, after) = rest.split_at(at + key.len());
        out.push_str(before);
        let end = after.find([',', '}']).unwrap_or(after.len());
        match &after[..end] {
            "null" => out.push_str("null"),
            _ => out.push_str(&format!("0.{:04}", random.next() % 10_000)),
        }
        rest = &after[end..];
    }
    out + rest
}

/// The line without what was understood of its turns and how they sound: a replay has to work it out.
pub fn bare(line: &str) -> String {
    let mut conversation: serde_json::Value = serde_json::from_str(line).unwrap();
    for turn in conversation["turns"].as_array_mut().unwrap() {
        if let Some(turn) = turn.as_object_mut() {
            for key in ["intent", "confidence", "sentiment"] {
                turn.remove(key);
            }
        }
    }
    conversation.to_string()
}

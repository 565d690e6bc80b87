//! What blocks compare.

use super::{Reader, slot_of};
use crate::conditions::{self, Said};

impl Reader<'_, '_> {
    /// One condition of a block that compares a value.
    pub(super) fn compared(&mut self, value: &str, operator: &str, operand: &str) -> Said {
        let slot = slot_of(self.draft, value);
        let name = match (value, &slot) {
            ("$.Channel", _) => "channel".to_owned(),
            ("$.Lex.IntentName", _) => {
                self.draft.intent(operand);
                "intent".to_owned()
            }
            (_, Some(slot)) => format!("slots.{slot}"),
            _ => return Err(format!("the value {value}")),
        };
        let mut wants = |kind| slot.iter().for_each(|slot| self.draft.wants(slot, kind));
        let text = conditions::text(operand);
        let number = || conditions::number(operand).ok_or_else(|| format!("the number {operand}"));
        Ok(match operator {
            "Equals" => {
                wants("text");
                format!("{name} == {text}")
            }
            "TextStartsWith" => format!("{name}.startsWith({text})"),
            "TextEndsWith" => format!("{name}.endsWith({text})"),
            "TextContains" => format!("{name}.contains({text})"),
            "NumberLessThan" | "NumberLessOrEqualTo" | "NumberGreaterThan" | "NumberGreaterOrEqualTo" => {
                wants("number");
                let sign = match operator {
                    "NumberLessThan" => "<",
                    "NumberLessOrEqualTo" => "<=",
                    "NumberGreaterThan" => ">",
                    _ => ">=",
                };
                format!("{name} {sign} {}", number()?)
            }
            other => return Err(format!("the comparison {other}")),
        })
    }
}

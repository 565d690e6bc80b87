//! What the table of shapes cannot say: one start, values for an enum, bounds in their order, calendars that can be read.

use flow_conditions::say;
use flow_conditions::value::{Type, Value};
use flow_model::flow::{Kind, OwnCheck};
use flow_model::hours::Calendar;
use flow_model::problem::{Problem, Severity};
use flow_model::tree::{Json, escape};

use super::walk::Walk;

impl Walk<'_> {
    /// Everything beyond the shapes.
    pub(super) fn facts(&mut self) {
        self.starts();
        self.constants();
        for section in ["signals", "slots"] {
            self.typed(section);
        }
        self.bounds("scores");
        self.calendars();
        self.extensions();
        self.codes();
    }

    /// A severity for a rule that does not exist, or for one that nobody can set aside.
    fn codes(&mut self) {
        let doc = self.doc;
        let own = |section: &str, id: &str, checks: &'_ [OwnCheck]| -> Vec<(String, String)> {
            let at = format!("/{section}/{}/checks", escape(id));
            checks.iter().map(|check| (at.clone(), check.code.clone())).collect()
        };
        let mut codes: Vec<(String, String)> =
            doc.flow.checks.keys().map(|code| ("/checks".to_owned(), code.clone())).collect();
        codes.extend(doc.flow.triggers.iter().flat_map(|(id, trigger)| own("triggers", id, &trigger.checks)));
        codes.extend(doc.flow.nodes.iter().flat_map(|(id, node)| own("nodes", id, &node.checks)));
        for (at, code) in codes {
            let message = match crate::rules::explain(&code) {
                None => {
                    let codes = crate::rules::pages().map(|page| page.code);
                    let way = self.hints.did_you_mean(&code, codes).unwrap_or_else(|| say!("Remove it."));
                    say!("There is no rule \"{code}\". {way}", code, way)
                }
                Some(page) if page.severity == Severity::Error && super::PAGES.contains(&page) => {
                    say!("{code} makes a flow invalid, and is an error everywhere: remove it here.", code)
                }
                Some(_) => continue,
            };
            let path = format!("{at}/{}", escape(&code));
            self.out.push(Problem::new("unknown-key", Severity::Warning, path, message));
        }
    }

    fn starts(&mut self) {
        let doc = self.doc;
        let mut starts = doc.flow.nodes.iter().filter(|(_, n)| matches!(n.kind, Kind::Start(_))).map(|(id, _)| id);
        let Some(first) = starts.next() else {
            return self.below("nodes", |walk| {
                walk.error("no-start", say!("The flow has no start: add a card of kind start."))
            });
        };
        for other in starts {
            self.below("nodes", |walk| {
                walk.below(other, |walk| {
                    walk.error(
                        "two-starts",
                        say!("The flow starts at \"{first}\" already: keep one of the two.", first),
                    );
                });
            });
        }
    }

    fn section(&self, name: &str) -> &[(String, Json)] {
        self.doc.tree.get(name).map_or(&[], Json::entries)
    }

    fn bounds(&mut self, section: &'static str) {
        let wrong: Vec<String> = self
            .section(section)
            .iter()
            .filter(|(_, entry)| {
                let number = |key| entry.get(key).and_then(Json::as_decimal);
                number("min").zip(number("max")).is_some_and(|(min, max)| min > max)
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in wrong {
            self.below(section, |walk| {
                walk.below(&id, |walk| {
                    walk.below("min", |walk| {
                        walk.error("value-out-of-range", say!("The smallest value is above the largest: swap them."))
                    });
                });
            });
        }
    }

    fn constants(&mut self) {
        self.bounds("constants");
        let outside: Vec<String> = self
            .section("constants")
            .iter()
            .filter(|(_, entry)| {
                let number = |key| entry.get(key).and_then(Json::as_decimal);
                let value = number("value");
                value.zip(number("min")).is_some_and(|(v, min)| v < min)
                    || value.zip(number("max")).is_some_and(|(v, max)| v > max)
            })
            .map(|(id, _)| id.clone())
            .collect();
        for id in outside {
            self.below("constants", |walk| {
                walk.below(&id, |walk| {
                    walk.below("value", |walk| {
                        walk.error("value-out-of-range", say!("The value lies outside the constant's own min and max."))
                    });
                });
            });
        }
        self.mixed_lists();
    }

    fn mixed_lists(&mut self) {
        let doc = self.doc;
        for (id, constant) in &doc.flow.constants {
            let Some(Value::List(items)) = &constant.value else { continue };
            let kind = |value: &Value| std::mem::discriminant(value);
            if items.windows(2).any(|pair| kind(&pair[0]) != kind(&pair[1])) {
                self.below("constants", |walk| {
                    walk.below(id, |walk| {
                        walk.below("value", |walk| {
                            walk.error("type-mismatch", say!("The values of a list must be of one type."))
                        });
                    });
                });
            }
        }
    }

    fn typed(&mut self, section: &'static str) {
        self.bounds(section);
        let empty = |kind: &Type| matches!(kind, Type::Enum(values) if values.is_empty());
        let flow = &self.doc.flow;
        let wrong: Vec<String> = match section {
            "signals" => flow.signals.iter().filter(|(_, s)| empty(&s.r#type)).map(|(id, _)| id.clone()).collect(),
            _ => flow.slots.iter().filter(|(_, s)| empty(&s.r#type)).map(|(id, _)| id.clone()).collect(),
        };
        for id in wrong {
            self.below(section, |walk| {
                walk.below(&id, |walk| walk.error("missing-field", say!("An enum needs its values: add \"values\".")));
            });
        }
    }

    fn calendars(&mut self) {
        let doc = self.doc;
        for (id, hours) in &doc.flow.hours {
            let Err(faults) = Calendar::read(hours) else { continue };
            for (place, message) in faults {
                let code = if place == "zone" { "unknown-name" } else { "syntax" };
                self.below("hours", |walk| {
                    walk.below(id, |walk| {
                        walk.path.push('/');
                        walk.path.push_str(&place);
                        walk.error(code, message);
                    });
                });
            }
        }
    }

    /// A context that comes back to itself by `extends`.
    fn extensions(&mut self) {
        let doc = self.doc;
        let contexts = &doc.flow.contexts;
        for (id, context) in contexts {
            let mut next = context.extends.as_deref();
            let mut steps = 0;
            while let Some(up) = next {
                if up == id {
                    self.below("contexts", |walk| {
                        walk.below(id, |walk| {
                            walk.below("extends", |walk| {
                                walk.error(
                                    "type-mismatch",
                                    say!("The context would extend itself: extend another one."),
                                )
                            });
                        });
                    });
                    break;
                }
                steps += 1;
                next = if steps > contexts.len() { None } else { contexts.get(up).and_then(|c| c.extends.as_deref()) };
            }
        }
    }
}

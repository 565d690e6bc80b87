//! A mapping made ready: which column of a row or of a conversation is asked for what.

use flow_model::tree::Json;
use indexmap::IndexMap;

use super::mapping::{Kept, Mapping};
use super::role::Role;
use super::rows;

/// A column with what it means.
pub struct Wanted {
    /// The name within the row, or within the record.
    pub name: String,
    /// The name in the mapping.
    pub from: String,
    /// How its values are kept.
    pub kept: Kept,
    /// What it means.
    pub role: Role,
}

/// The columns of conversations and of rows.
pub struct Columns {
    of_record: Vec<Wanted>,
    of_row: Vec<Wanted>,
    prefix: Option<String>,
}

impl Columns {
    /// Of a mapping whose roles can be read.
    pub fn new(mapping: &Mapping) -> Self {
        let prefix = mapping.rows.as_ref().map(|rows| format!("{rows}[]."));
        let (mut of_record, mut of_row) = (Vec::new(), Vec::new());
        for column in &mapping.columns {
            let Some(role) = Role::parse(&column.to) else { continue };
            let inner = prefix.as_ref().and_then(|prefix| column.from.strip_prefix(prefix.as_str()));
            let name = inner.unwrap_or(&column.from).to_owned();
            let wanted = Wanted { name, from: column.from.clone(), kept: column.kept, role };
            if inner.is_some() || prefix.is_none() { of_row.push(wanted) } else { of_record.push(wanted) }
        }
        Self { of_record, of_row, prefix }
    }

    /// Those of the record around the rows.
    pub fn of_record(&self) -> &[Wanted] {
        &self.of_record
    }

    /// Those of a row.
    pub fn of_row(&self) -> &[Wanted] {
        &self.of_row
    }

    /// The name of a row's key in the mapping.
    pub fn full(&self, name: &str) -> String {
        format!("{}{name}", self.prefix.as_deref().unwrap_or(""))
    }

    /// Counts the keys with a value that the mapping does not speak of.
    pub fn count_unused(&self, json: &Json, is_row: bool, unused: &mut IndexMap<String, u64>) {
        let wanted = if is_row { &self.of_row } else { &self.of_record };
        for (key, value) in json.entries() {
            let rows = self.prefix.as_ref().is_some_and(|prefix| !is_row && prefix.strip_suffix("[].") == Some(key));
            if rows {
                continue;
            }
            self.unused_at(key, value, wanted, is_row, unused);
        }
    }

    fn unused_at(&self, path: &str, value: &Json, wanted: &[Wanted], is_row: bool, unused: &mut IndexMap<String, u64>) {
        if rows::is_blank(value) || wanted.iter().any(|w| w.name == path) {
            return;
        }
        let deeper = |w: &Wanted| w.name.strip_prefix(path).is_some_and(|rest| rest.starts_with('.'));
        if let (Json::Map(map), true) = (value, wanted.iter().any(deeper)) {
            for (key, value) in map {
                self.unused_at(&format!("{path}.{key}"), value, wanted, is_row, unused);
            }
            return;
        }
        if wanted.iter().any(deeper) {
            return;
        }
        let name = if is_row { self.full(path) } else { path.to_owned() };
        // A source whose keys are names of people would have no end of columns.
        if unused.len() < 500 || unused.contains_key(&name) {
            *unused.entry(name).or_default() += 1;
        }
    }
}

/// The values of a row by role.
pub struct Cells<'r> {
    columns: &'r [Wanted],
    row: &'r Json,
}

impl<'r> Cells<'r> {
    /// The values of a row.
    pub fn new(columns: &'r [Wanted], row: &'r Json) -> Self {
        Self { columns, row }
    }

    /// Every column with a value, in the order of the mapping.
    pub fn filled(&self) -> impl Iterator<Item = (&'r Wanted, &'r Json)> + use<'r> {
        let (columns, row) = (self.columns, self.row);
        columns.iter().filter_map(move |wanted| {
            let value = rows::find(row, &wanted.name)?;
            // `null` as an intent says that there was none; elsewhere it says nothing.
            let null = matches!(value, Json::Null) && matches!(wanted.role, Role::Turn(_));
            (null || !rows::is_blank(value)).then_some((wanted, value))
        })
    }

    /// The first value of a role.
    pub fn get(&self, role: &Role) -> Option<(&'r Wanted, &'r Json)> {
        self.filled().find(|(wanted, _)| wanted.role == *role)
    }

    /// The first value of a role as text.
    pub fn text(&self, role: &Role) -> Option<String> {
        self.get(role).map(|(_, value)| rows::shown(value))
    }
}

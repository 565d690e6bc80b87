//! A constant moved over its range.

use std::str::FromStr;

use flow_check::Checked;
use flow_conditions::decimal::Decimal;
use flow_conditions::value::Value;
use flow_model::Flow;
use flow_model::diff::Op;
use flow_model::tree::{Json, Number};
use flow_predict::Matcher;
use flow_run::program::Program;
use flow_run::replay::Fill;
use flow_run::replay::sweep::{Curve, Point, Sweep};

use super::{How, Input, Ran, Waiting, filling, run, seconds};
use crate::error::Error;

/// Points that are shown at the most where nothing else is asked for.
const STEPS: usize = 101;

/// What is moved, and how far.
#[derive(Clone, Debug, Default)]
pub struct SweepWanted {
    /// The constant, with or without `const.`.
    pub constant: String,
    /// The smallest value; that of the constant without.
    pub from: Option<String>,
    /// The largest value; that of the constant without.
    pub to: Option<String>,
    /// How many points at the most.
    pub steps: Option<usize>,
}

/// A constant that was moved.
#[derive(Clone, Debug)]
pub struct Swept {
    /// The curve.
    pub json: Json,
    /// What every replay gives.
    pub ran: Ran,
}

fn decimal(text: &str) -> Result<Decimal, Error> {
    Decimal::from_str(text).map_err(|_| Error::bad(format!("{text} is no number such as 0.75")))
}

/// The constant's id, its value and its range.
fn range(flow: &Flow, wanted: &SweepWanted) -> Result<(String, Decimal, Decimal, Decimal), Error> {
    let id = wanted.constant.strip_prefix("const.").unwrap_or(&wanted.constant);
    let Some(constant) = flow.constants.get(id) else {
        let known: Vec<String> = flow.constants.keys().map(|id| format!("const.{id}")).collect();
        return Err(Error::bad(format!("the flow has no constant {id}; there is {}", known.join(", "))));
    };
    let Some(Value::Number(now)) = constant.value else {
        return Err(Error::bad(format!("const.{id} is no number, so it cannot be moved")));
    };
    let bound = |given: &Option<String>, own: Option<Decimal>, key: &str| match given {
        Some(text) => decimal(text),
        None => own.ok_or_else(|| {
            Error::bad(format!(
                "const.{id} has no \"{key}\": write one into the flow, or name the range (--from, --to)"
            ))
        }),
    };
    let from = bound(&wanted.from, constant.min, "min")?;
    let to = bound(&wanted.to, constant.max, "max")?;
    if from > to {
        return Err(Error::bad(format!("the range from {from} to {to} is empty")));
    }
    Ok((id.to_owned(), now, from, to))
}

/// Moves a constant over its range.
///
/// # Errors
/// A constant that is not there or has no range, a file that cannot be read, or it is stopped.
pub fn sweep(
    checked: &Checked,
    inputs: Vec<Input>,
    how: How<'_>,
    wanted: &SweepWanted,
    waiting: &mut Waiting<'_>,
) -> Result<Swept, Error> {
    let (id, now, from, to) = range(checked.flow(), wanted)?;
    let Some(program) = Program::moving(checked, &id) else {
        return Err(Error::bad(format!("const.{id} is no number, so it cannot be moved")));
    };
    let matcher = Matcher::new(checked.flow());
    let fill = filling(&matcher);
    let fill: Option<&Fill<'_>> = if how.fill { Some(&fill) } else { None };
    let job = Sweep { program: &program, fill, from, to, steps: wanted.steps.unwrap_or(STEPS) };
    let (summed, ran) = run(&job, inputs, how, waiting, &mut |_, _, (), _| true)?;
    let curve = summed.curve(&job);
    let points = curve.thinned(&job, now);
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    let best = curve.best().map(|at| point(&curve.points[at]));
    let json = Json::Map(vec![
        entry("constant", Json::text(format!("const.{id}"))),
        entry("value", number(now)),
        entry("from", number(from)),
        entry("to", number(to)),
        entry("exact", Json::Bool(program.moves_exactly)),
        entry("changes", changes(&curve)),
        entry("conversations", Json::int(curve.conversations)),
        entry("labelled", Json::int(curve.labelled)),
        entry("points", Json::List(points.iter().map(point).collect())),
        entry("best", best.unwrap_or(Json::Null)),
        entry("seconds", seconds(ran.seconds)),
    ]);
    Ok(Swept { json, ran })
}

/// How many values there are at which something changes.
fn changes(curve: &Curve) -> Json {
    let changes = curve.points.windows(2).filter(|pair| pair[0].counted != pair[1].counted).count();
    Json::int(i64::try_from(changes).unwrap_or(i64::MAX))
}

fn number(value: Decimal) -> Json {
    Json::Number(Number::from_text(&value.to_string()))
}

fn point(point: &Point) -> Json {
    let entry = |key: &str, value: Json| (key.to_owned(), value);
    Json::Map(vec![
        entry("value", number(point.value)),
        entry("from", number(point.from)),
        entry("at_from", Json::Bool(point.at_from)),
        entry("handoffs", Json::int(point.counted.handoffs)),
        entry("missed", Json::int(point.counted.missed)),
        entry("needless", Json::int(point.counted.needless)),
    ])
}

/// The change that writes a value of a constant into the flow.
///
/// # Errors
/// A constant that is not there, or a value that is none or outside its range.
pub fn picked(flow: &Flow, constant: &str, value: &str) -> Result<Vec<Op>, Error> {
    let wanted = SweepWanted { constant: constant.to_owned(), ..SweepWanted::default() };
    let id = constant.strip_prefix("const.").unwrap_or(constant);
    let value = decimal(value)?;
    match range(flow, &wanted) {
        Ok((_, _, from, to)) if value < from || value > to => {
            return Err(Error::bad(format!("const.{id} goes from {from} to {to}, so it cannot be {value}")));
        }
        Err(why) if flow.constants.get(id).is_none_or(|c| !matches!(c.value, Some(Value::Number(_)))) => {
            return Err(why);
        }
        _ => {}
    }
    let path = vec!["constants".to_owned(), id.to_owned(), "value".to_owned()];
    Ok(vec![Op::Set { path, value: number(value), at: None }])
}

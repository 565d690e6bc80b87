//! What a flow uses, gathered by how an export carries it: a row for what is carried alike, with its places.

use flow_check::Checked;
use flow_export::{Bundle, CarriedUse, How, Loss};
use indexmap::{IndexMap, IndexSet};

use crate::error::Error;

/// What is carried alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// How.
    pub how: How,
    /// What it is, in a few words.
    pub about: String,
    /// What is written for it.
    pub written: String,
    /// Why it is not carried natively; empty where it is.
    pub why: String,
    /// Where the flow uses it.
    pub places: Vec<Place>,
}

/// Where something is used.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Place {
    /// The node; those of a called flow as `flow/node`.
    pub node: Option<String>,
    /// JSON pointer into the document, where it stands in the flow itself.
    pub path: Option<String>,
    /// What the flow means.
    pub meant: String,
}

/// What a flow uses, by how its export to a platform carries it: natively first, what is lost last.
///
/// # Errors
/// A platform that does not exist.
pub fn groups(checked: &Checked, platform: &str, bundle: &Bundle) -> Result<Vec<Group>, Error> {
    let platform = flow_export::platform(platform).map_err(|e| Error::bad(e.to_string()))?;
    let mut all: IndexMap<(How, String, String, String), IndexSet<Place>> = IndexMap::new();
    let mut told: Vec<Told> = Vec::new();
    for used in platform.carries(checked) {
        let CarriedUse { feature, node, path, meant, carried } = used;
        if matches!(carried.how, How::Hand | How::Lost) {
            told.push((meant.clone(), carried.written.to_owned(), carried.why.to_owned()));
        }
        let key = (carried.how, feature.about().to_owned(), carried.written.to_owned(), carried.why.to_owned());
        all.entry(key).or_default().insert(Place { node, path, meant });
    }
    for loss in of_the_whole(bundle, &told) {
        let place = Place { node: loss.node.clone(), path: None, meant: loss.meant.clone() };
        let key = (How::Lost, "the export as a whole".to_owned(), loss.written.clone(), loss.why.clone());
        all.entry(key).or_default().insert(place);
    }
    let mut groups: Vec<Group> = all
        .into_iter()
        .map(|((how, about, written, why), places)| {
            let places = places.into_iter().collect();
            Group { how, about, written, why, places }
        })
        .collect();
    groups.sort_by_key(|group| group.how);
    Ok(groups)
}

/// A loss as its feature tells it: what was meant, what was written and why.
type Told = (String, String, String);

/// The losses that belong to no single feature.
fn of_the_whole<'b>(bundle: &'b Bundle, told: &[Told]) -> impl Iterator<Item = &'b Loss> {
    let known: std::collections::BTreeSet<(&str, &str, &str)> =
        told.iter().map(|(meant, written, why)| (meant.as_str(), written.as_str(), why.as_str())).collect();
    let of_a_feature: Vec<bool> = bundle
        .losses
        .iter()
        .map(|loss| known.contains(&(loss.meant.as_str(), loss.written.as_str(), loss.why.as_str())))
        .collect();
    bundle.losses.iter().zip(of_a_feature).filter(|(_, of_a_feature)| !of_a_feature).map(|(loss, _)| loss)
}

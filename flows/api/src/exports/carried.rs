//! What a flow uses, gathered by how an export carries it: a row for what is carried alike, with its places.

use flow_check::Checked;
use flow_conditions::phrase;
use flow_conditions::said::Said;
use flow_export::{Bundle, CarriedUse, How, Loss};
use indexmap::{IndexMap, IndexSet};

use crate::error::Error;

/// What is carried alike.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    /// How.
    pub how: How,
    /// What it is, in a few words.
    pub about: Said,
    /// What is written for it.
    pub written: Said,
    /// Why it is not carried natively; empty where it is.
    pub why: Said,
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
    pub meant: Said,
}

/// What a flow uses, by how its export to a platform carries it: natively first, what is lost last.
///
/// # Errors
/// A platform that does not exist.
pub fn groups(checked: &Checked, platform: &str, bundle: &Bundle) -> Result<Vec<Group>, Error> {
    let platform = flow_export::platform(platform).map_err(|e| Error::bad(e.to_string()))?;
    let mut all: IndexMap<(How, Said, Said, Said), IndexSet<Place>> = IndexMap::new();
    let mut told: Vec<Told> = Vec::new();
    for used in platform.carries(checked) {
        let CarriedUse { feature, node, path, meant, carried } = used;
        let (written, why) = (Said::phrase(carried.written), Said::phrase(carried.why));
        if matches!(carried.how, How::Hand | How::Lost) {
            told.push((meant.clone(), written.clone(), why.clone()));
        }
        let key = (carried.how, Said::phrase(feature.about()), written, why);
        all.entry(key).or_default().insert(Place { node, path, meant });
    }
    for loss in of_the_whole(bundle, &told) {
        let place = Place { node: loss.node.clone(), path: None, meant: loss.meant.clone() };
        let key = (How::Lost, Said::phrase(phrase!("the export as a whole")), loss.written.clone(), loss.why.clone());
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
type Told = (Said, Said, Said);

/// The losses that belong to no single feature.
fn of_the_whole<'b>(bundle: &'b Bundle, told: &[Told]) -> impl Iterator<Item = &'b Loss> {
    let known: std::collections::BTreeSet<(&Said, &Said, &Said)> =
        told.iter().map(|(meant, written, why)| (meant, written, why)).collect();
    let of_a_feature: Vec<bool> =
        bundle.losses.iter().map(|loss| known.contains(&(&loss.meant, &loss.written, &loss.why))).collect();
    bundle.losses.iter().zip(of_a_feature).filter(|(_, of_a_feature)| !of_a_feature).map(|(loss, _)| loss)
}

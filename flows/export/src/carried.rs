//! How each thing that a flow uses is carried by an export, as the plan of that very export decides it.
//!
//! What must stay true: where a table of capabilities says native or code for a feature as such, the plan says which of
//! the two it is for this card and this condition; what is left to people or lost is so for everybody.

use flow_conditions::said::Said;
use flow_model::flow::Flow;

use crate::capabilities::{Capabilities, Carried, Feature, How};
use crate::uses::{Use, shared_between, uses};

/// Something that a flow uses, and how an export carries it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CarriedUse {
    /// What it is.
    pub feature: Feature,
    /// The node, where it is about one; those of a called flow as `flow/node`.
    pub node: Option<String>,
    /// JSON pointer into the document; none for what stands in a called flow.
    pub path: Option<String>,
    /// What the flow means, in words.
    pub meant: Said,
    /// How it is carried.
    pub carried: Carried,
}

/// Everything that these flows use, the first of them being the one that is exported. `decided` is asked for what the
/// plan knows better than the table.
pub(crate) fn of(
    flows: &[(&str, &Flow)],
    platform: &Capabilities,
    decided: &dyn Fn(&str, &Use) -> Option<Carried>,
) -> Vec<CarriedUse> {
    let (mut found, between) = (Vec::new(), shared_between(flows));
    for (i, (id, flow)) in flows.iter().enumerate() {
        let also = between.iter().filter(|(of, _)| *of == i).map(|(_, used)| used.clone());
        for used in uses(flow).into_iter().chain(also) {
            let usual = (platform.carries)(used.feature);
            let carried = match usual.how {
                How::Native | How::Code => decided(id, &used).unwrap_or(usual),
                How::Hand | How::Lost => usual,
            };
            let named = |node: String| if i == 0 { node } else { format!("{id}/{node}") };
            found.push(CarriedUse {
                feature: used.feature,
                node: used.node.map(named),
                path: (i == 0).then_some(used.path),
                meant: used.meant,
                carried,
            });
        }
    }
    found
}

//! Pages of the manual that the window shows too.

use flow_export::{Capabilities, FEATURES, How, PLATFORMS};

/// The page of a platform, as Markdown: what is written for it, what it can carry, and what holds its exports.
#[must_use]
pub fn platform(platform: &Capabilities) -> String {
    let (title, id) = (platform.title, platform.id);
    let built = PLATFORMS.iter().find(|built| built.id() == id);
    let mut text = format!("# {title}\n\n");
    match built {
        Some(built) => {
            text.push_str(&format!("{}\n\n`handoff export FLOW --to {id} --out DIR`\n\n", built.about()));
        }
        None => text.push_str("No export is built yet; what stands here is what it will write.\n\n"),
    }
    text.push_str(&format!(
        "`handoff check FLOW --for {id}` says of a flow what {title} does not say natively: what becomes code \
         (`not-native`), what is left to you (`by-hand`), and what is not carried as meant (`lost-on-platform`).\n\n"
    ));
    text.push_str(&format!("Source: {}. As of {}.\n\n", platform.source, platform.date));
    if let Some(built) = built {
        text.push_str("## What holds it\n\nEvery build of the studio holds exports against:\n\n");
        for held in built.held() {
            text.push_str(&format!("- {held}\n"));
        }
        text.push('\n');
    }
    text.push_str("## What it can carry\n\n");
    let hows = [How::Native, How::Code, How::Hand, How::Lost];
    let counts = hows.map(|how| {
        let times = FEATURES.iter().filter(|feature| (platform.carries)(**feature).how == how).count();
        format!("{times} {}", how.words())
    });
    text.push_str(&format!("Of {} features {}.", FEATURES.len(), counts.join(", ")));
    if built.is_some() {
        text.push_str(" An export decides for each card and each condition whether it is native or in code.");
    }
    text.push_str("\n\n| of the flow | carried | written | why not natively |\n| --- | --- | --- | --- |\n");
    for feature in FEATURES {
        let carried = (platform.carries)(*feature);
        let (how, written, why) = (carried.how.words(), cell(carried.written), cell(carried.why));
        text.push_str(&format!("| {} | {how} | {written} | {why} |\n", cell(feature.about())));
    }
    text
}

/// A text within a cell of a table.
#[must_use]
pub fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('\n', " ")
}

//! Exports: the platforms, what is asked for and what comes of it.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use serde_json::Value;
use ts_rs::TS;

use super::{Sentence, wire};

wire! {
    /// A platform.
    struct ExportPlatform {
        /// Its name on the command line.
        pub id: String,
        /// What people read.
        pub title: String,
        /// What is made.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub description: Option<String>,
        /// What every build of the studio holds its exports against.
        pub held: Vec<String>,
    }

    /// What is remembered of a flow's exports.
    struct ExportKnown {
        /// The platform that was chosen last.
        pub platform: Option<String>,
        /// Each platform that was ever chosen.
        pub platforms: Vec<ExportOfPlatform>,
    }

    /// What is remembered of a flow's exports to one platform.
    struct ExportOfPlatform {
        /// The platform.
        pub platform: String,
        /// Whether it goes into a zip file.
        pub zip: bool,
        /// Whether nothing is written as long as something is lost.
        pub strict: bool,
        /// The conversations that become the platform's own tests: none where it is empty, the flow's own without.
        pub tests: Option<String>,
        /// Where the last one was written to.
        pub out: Option<String>,
        /// Seconds since 1970 at which it was written.
        pub at: Option<u32>,
    }

    /// What is to be remembered of a flow's exports to one platform, which is then the one that is chosen.
    struct ExportRemember {
        /// The document.
        pub doc: u32,
        /// The platform.
        pub platform: String,
        /// Whether it goes into a zip file.
        pub zip: bool,
        /// Whether nothing is written as long as something is lost.
        pub strict: bool,
        /// The conversations that become the platform's own tests: none where it is empty, the flow's own without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub tests: Option<String>,
    }

    /// An export that is wanted.
    struct ExportRun {
        /// The document.
        pub doc: u32,
        /// The platform.
        pub platform: String,
        /// A folder to write it to, or a file that ends in `.zip`; without one it is only shown.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub out: Option<String>,
        /// Whether files in the way are replaced.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub force: bool,
        /// Whether nothing is written as long as something is lost.
        #[serde(default)]
        #[ts(optional, as = "Option<bool>")]
        pub strict: bool,
        /// A file of conversations beside the flow, for the platform's own tests; none of them where it is empty, the
        /// flow's own without.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub tests: Option<String>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// An export or a certificate that is not wanted any more.
    struct ExportStop {
        /// The number it was asked for with.
        pub ticket: u32,
    }

    /// What a platform cannot carry.
    struct Loss {
        /// The card.
        pub node: Option<String>,
        /// What the flow means.
        pub meant: String,
        /// What was written instead.
        pub written: String,
        /// Why.
        pub why: String,
    }

    /// What a file of an export is beside the last one.
    #[serde(rename_all = "kebab-case")]
    enum ExportChange {
        /// The same.
        Same,
        /// New.
        Added,
        /// Another content.
        Changed,
        /// Only in the last one.
        Removed,
    }

    /// A file of an export, or of the last one alone.
    struct ExportedFile {
        /// Its path, with `/` between folders.
        pub path: String,
        /// Its length; that of the last one where this one does not have it.
        pub bytes: u32,
        /// What it is beside the last export; nothing where there is no last one.
        pub change: Option<ExportChange>,
        /// Whether somebody changed it since the last export.
        pub edited: bool,
        /// Whether a file that no export wrote stands in its place.
        pub foreign: bool,
    }

    /// Where the last export of a flow was found.
    #[serde(rename_all = "kebab-case")]
    enum ExportSource {
        /// In the folder that was written.
        Folder,
        /// In the zip file that was written.
        Zip,
        /// In the studio's own memory: what was written is gone.
        Memory,
    }

    /// The last export of a flow to a platform.
    struct ExportLast {
        /// Where it was written to.
        pub out: String,
        /// Seconds since 1970 at which it was written.
        pub at: u32,
        /// Where its files were found.
        pub source: ExportSource,
    }

    /// How something is carried.
    #[serde(rename_all = "kebab-case")]
    enum ExportHow {
        /// In the platform's own words.
        Native,
        /// In code that the export writes.
        Code,
        /// Prepared, and finished by people.
        Hand,
        /// Not, or otherwise than meant.
        Lost,
    }

    /// What a flow uses and an export carries alike.
    struct ExportCarried {
        /// How.
        pub how: ExportHow,
        /// What it is, in a few words.
        pub about: String,
        /// What is written for it.
        pub written: String,
        /// Why it is not carried natively; empty where it is.
        pub why: String,
        /// These three as sentences with their parts.
        pub said: ExportCarriedSaid,
        /// In how many places.
        pub count: u32,
        /// The first of these places; `export.places` has the others.
        pub places: Vec<ExportPlace>,
    }

    /// What is said of what is carried alike, as sentences with their parts.
    struct ExportCarriedSaid {
        /// What it is.
        pub about: Sentence,
        /// What is written for it.
        pub written: Sentence,
        /// Why it is not carried natively.
        pub why: Sentence,
    }

    /// A place of a flow.
    struct ExportPlace {
        /// The card; those of a called flow as `flow/card`.
        pub node: Option<String>,
        /// JSON pointer into the document, where it stands in this flow.
        pub path: Option<String>,
        /// What the flow means.
        pub meant: String,
        /// The same as a sentence with its parts.
        pub said: Sentence,
    }

    /// More places of something that is carried alike.
    struct ExportPlaces {
        /// The document.
        pub doc: u32,
        /// Which of those that are carried alike.
        pub group: u32,
        /// The first place.
        pub from: u32,
        /// How many.
        pub most: u32,
    }

    /// An export.
    struct Exported {
        /// The files, with those that only the last export had.
        pub files: Vec<ExportedFile>,
        /// What the platform cannot carry, or leaves to people.
        pub losses: Vec<Loss>,
        /// How each thing that the flow uses is carried: natively first, what is lost last.
        pub carried: Vec<ExportCarried>,
        /// What was made sure of while it was written.
        pub checked: Vec<String>,
        /// The same as sentences with their parts.
        pub checked_said: Vec<Sentence>,
        /// What it is compared with.
        pub last: Option<ExportLast>,
        /// Where it was written to.
        pub written: Option<String>,
    }

    /// A file of the export that was made last.
    struct ExportFile {
        /// The document.
        pub doc: u32,
        /// Its path.
        pub path: String,
    }

    /// The content of a file of an export.
    struct ExportFileText {
        /// Its text; none where it is no text, too long to be shown, or not in this export.
        pub text: Option<String>,
        /// The text that stands in its place now.
        pub before: Option<String>,
        /// Whether it is a file of this export.
        pub there: bool,
    }

    /// Whose page is wanted.
    struct ExportManual {
        /// The platform.
        pub platform: String,
    }

    /// A certificate that is wanted.
    struct ExportCertify {
        /// The document.
        pub doc: u32,
        /// The platform.
        pub platform: String,
        /// At most so many conversations at the edges of the flow's conditions.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub edges: Option<u32>,
        /// A file to write it to.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub out: Option<String>,
        /// A number of the caller's, by which it can be stopped.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub ticket: Option<u32>,
    }

    /// A certificate: what an export was held against, and what came of it.
    struct ExportCertificate {
        /// The form of certificates.
        pub certificate: String,
        /// The flow.
        pub flow: String,
        /// Its revision.
        pub revision: String,
        /// The platform.
        pub platform: String,
        /// `alike`, `different` or `not compared`.
        pub result: String,
        /// The conversations.
        pub cases: ExportCases,
        /// What was compared.
        pub compared: Vec<ExportCompared>,
        /// What was not, and why.
        pub not_compared: Vec<ExportNotCompared>,
        /// Where the two sides part, the shortest conversation first.
        pub differences: Vec<ExportDifference>,
        /// What the platform cannot carry.
        pub losses: Vec<CertifiedLoss>,
    }

    /// A loss in a certificate.
    struct CertifiedLoss {
        /// The card, where it is about one.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub node: Option<String>,
        /// What the flow means.
        pub meant: String,
        /// What was written instead.
        pub written: String,
        /// Why.
        pub why: String,
    }

    /// The conversations of a certificate.
    struct ExportCases {
        /// All of them.
        pub total: u32,
        /// Those at the edges of conditions, by kind.
        #[ts(type = "{ readonly [kind: string]: number }")]
        pub edges: BTreeMap<String, u32>,
        /// Real ones.
        pub conversations: u32,
        /// Those whose calendar was left out, because no platform knows it.
        pub without_calendar: u32,
        /// Those that ask for a person.
        pub ask_a_person: u32,
    }

    /// A comparison.
    struct ExportCompared {
        /// Of what.
        pub what: String,
        /// What ran it.
        pub by: String,
        /// On what.
        pub on: String,
        /// Conversations.
        pub cases: u32,
        /// Those that came out alike.
        pub alike: u32,
        /// Those that are alike up to something that the export declares a loss; none where nothing is excused.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        #[ts(optional)]
        pub up_to_a_loss: Option<u32>,
        /// Those that did not.
        pub different: u32,
    }

    /// A comparison that was not made.
    struct ExportNotCompared {
        /// Of what.
        pub what: String,
        /// Why.
        pub why: String,
    }

    /// Where the two sides part.
    struct ExportDifference {
        /// In what.
        pub what: String,
        /// What the studio says.
        #[ts(type = "Plain")]
        pub expected: Value,
        /// What the export says.
        #[ts(type = "Plain")]
        pub got: Value,
        /// The conversation that shows it.
        #[ts(type = "{ readonly [key: string]: Plain }")]
        pub conversation: Value,
    }
}

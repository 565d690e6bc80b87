//! The pages of what a check for a platform finds. The findings are made where the platforms are known.

use flow_model::problem::Severity;

use crate::rules::Page;

/// The pages of the codes that a check for a platform gives.
pub const PAGES: &[Page] = &[
    Page {
        code: "not-native",
        severity: Severity::Info,
        text: r"## What it finds
Something that the platform has no words of its own for, and that the export writes as code: a webhook, a function, an
action, an expression.
## Why it matters
It does what it is meant to, but somebody has to run the code, and in the platform's own editor it cannot be read.
## Instead
Nothing has to be done. Where it should stand in the platform's editor, say it with what the platform has.
## Example
`confidence < 0.8` for Amazon Lex: its conditions do not see the confidence, so a Lambda function decides.
",
    },
    Page {
        code: "by-hand",
        severity: Severity::Info,
        text: r"## What it finds
Something that the export can only prepare: an address, a connector or a setting that is yours.
## Why it matters
Until it is filled in, the exported project does not do it.
## Instead
Plan who fills it in. The project's README names the place.
## Example
The call `charges.explain` for Rasa becomes an empty function in `actions/calls.py`.
",
    },
    Page {
        code: "lost-on-platform",
        severity: Severity::Warning,
        text: r"## What it finds
Something that the platform cannot carry as it is meant: it is left out, or does something less.
## Why it matters
Customers will meet another flow there than the one that was drawn, previewed and approved.
## Instead
Draw it in a way that the platform has, or agree on what is written instead.
## Example
`keep_place` for Dialogflow CX: it has no queue, so the customer's place is given back.
",
    },
];

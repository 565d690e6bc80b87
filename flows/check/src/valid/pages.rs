//! The manual pages of validity, and of what its walk notices beside it.

use flow_model::problem::Severity;

use crate::rules::Page;

/// The pages, in the order of `docs/format.md` section 4.
pub const PAGES: &[Page] = &[
    Page {
        code: "not-json",
        severity: Severity::Error,
        text: r#"## What it finds
A file that is not JSON: a missing quote or comma, text after the end, an empty file, values nested too deep.
## Why it matters
Nothing of it can be read.
## Instead
Go to the line and column and mend what stands there.
## Example
`{ "id": "a" "title": "b" }` lacks a comma.
"#,
    },
    Page {
        code: "duplicate-key",
        severity: Severity::Error,
        text: r#"## What it finds
An object with the same key twice.
## Why it matters
Only the first would count, and nobody could say which one was meant.
## Instead
Remove or rename one of the two.
## Example
Two nodes called `main`.
"#,
    },
    Page {
        code: "wrong-format",
        severity: Severity::Error,
        text: r#"## What it finds
A document whose `format` is not `handoff-flow/1`, or that is no JSON object.
## Why it matters
It is another kind of file.
## Instead
Write `"format": "handoff-flow/1"`, or open the right file.
## Example
`"format": "handoff-folw/1"`.
"#,
    },
    Page {
        code: "too-new",
        severity: Severity::Error,
        text: r#"## What it finds
A document of a newer format, or one that `needs` a feature that this version does not have.
## Why it matters
What the newer version added would be misread or lost, so nothing is read and nothing is written.
## Instead
Update Handoff Studio.
## Example
`"format": "handoff-flow/2"`.
"#,
    },
    Page {
        code: "no-start",
        severity: Severity::Error,
        text: r#"## What it finds
A flow without a node of kind `start`.
## Why it matters
A run would not know where to begin.
## Instead
Add a start and lead it to the first card.
## Example
A flow of messages alone.
"#,
    },
    Page {
        code: "two-starts",
        severity: Severity::Error,
        text: r#"## What it finds
A second node of kind `start`.
## Why it matters
A run begins at exactly one card.
## Instead
Keep one start; lead it to a decision where there are two beginnings.
## Example
`start` and `start2`.
"#,
    },
    Page {
        code: "bad-id",
        severity: Severity::Error,
        text: r#"## What it finds
An id that conditions could not name: wrong characters, more than 64 of them, a word of the language, or a signal whose first part belongs to the studio's own names or to a node; a name with control characters or more than 128 characters.
## Why it matters
Conditions, steps and exports name things by their ids.
## Instead
Use letters, digits and `_`, no digit first. What people read is `title`.
## Example
`2nd-try`, `while`, a signal `queue.mood`.
"#,
    },
    Page {
        code: "unknown-kind",
        severity: Severity::Error,
        text: r#"## What it finds
A node of a kind that does not exist.
## Why it matters
It could not be executed.
## Instead
Choose one of the kinds.
## Example
`"kind": "massage"`.
"#,
    },
    Page {
        code: "missing-field",
        severity: Severity::Error,
        text: r#"## What it finds
Something that a card or an entry cannot be without: the text of a message, the slot of an ask, the tier of a handoff, `when` and `to` of a row, the values of an enum.
## Why it matters
Without it nothing can be said or done.
## Instead
Add it. Ports are never required: a card may be half drawn.
## Example
A message without `text`.
"#,
    },
    Page {
        code: "unknown-name",
        severity: Severity::Error,
        text: r#"## What it finds
A name that does not exist here: a card, slot, tier, context, target, class, call or field that is not declared, or a signal in a condition or a text.
## Why it matters
It is misspelt, or was renamed or removed elsewhere.
## Instead
Correct it, or declare it.
## Example
`confidense < 0.8`.
"#,
    },
    Page {
        code: "type-mismatch",
        severity: Severity::Error,
        text: r#"## What it finds
A value, a comparison or an assignment of the wrong type, or an edge to a card of the wrong kind.
## Why it matters
It would never hold, or never fit.
## Instead
Compare numbers with numbers and texts with texts; lead `escalated` to a handoff.
## Example
`turn == "3"`.
"#,
    },
    Page {
        code: "value-out-of-range",
        severity: Severity::Error,
        text: r#"## What it finds
A value that the other side can never have: outside a range, not one of an enum's values, a smallest above the largest, too many digits.
## Why it matters
What depends on it can never happen.
## Instead
Correct the value or the range.
## Example
`confidence > 80`, where confidence lies between 0 and 1.
"#,
    },
    Page {
        code: "syntax",
        severity: Severity::Error,
        text: r#"## What it finds
A condition, expression, text or calendar that cannot be read.
## Why it matters
It has no meaning.
## Instead
Mend it where it is underlined.
## Example
`confidence < `, a text with `{name`.
"#,
    },
    Page {
        code: "subflow-missing",
        severity: Severity::Error,
        text: r#"## What it finds
A `subflow` card whose flow is not in the folder or cannot be read.
## Why it matters
The run could not go on there.
## Instead
Create `<id>.flow.json` beside this flow, or choose another.
## Example
`"flow": "adress"`.
"#,
    },
    Page {
        code: "subflow-recursion",
        severity: Severity::Error,
        text: r#"## What it finds
A flow that calls itself, directly or through others, or calls nested more than 25 deep.
## Why it matters
The run would never come back.
## Instead
End one of the flows, and lead the edge to a card instead.
## Example
`a` calls `b`, and `b` calls `a`.
"#,
    },
    Page {
        code: "unknown-key",
        severity: Severity::Warning,
        text: r#"## What it finds
A key that the format does not have.
## Why it matters
It is kept, but does nothing: most often it is misspelt.
## Instead
Correct it, remove it, or let it begin with `x_` when it is for your own tools.
## Example
`"titel": "Main"`.
"#,
    },
    Page {
        code: "not-yet",
        severity: Severity::Info,
        text: r#"## What it finds
A key or a kind that the format reserves and that has no meaning yet.
## Why it matters
It is kept and shown, and nothing is done with it.
## Instead
Leave it, or remove it.
## Example
`choices` of a message.
"#,
    },
    Page {
        code: "not-binds-tighter",
        severity: Severity::Warning,
        text: r#"## What it finds
`!x == y`, which is read as `(!x) == y`.
## Why it matters
Most often `!(x == y)` is meant.
## Instead
Put parentheses around what is meant.
## Example
`!open == true`.
"#,
    },
    Page {
        code: "undeclared-error-code",
        severity: Severity::Warning,
        text: r#"## What it finds
An action with a way on for an error code that its call does not list.
## Why it matters
A misspelt code is never met, and the customer takes the way for all other errors.
## Instead
Add the code to the call's `errors`, or correct it.
## Example
`"errors": { "ERR_NOTFOUND": "ask_again" }` where the call lists `ERR_NOT_FOUND`.
"#,
    },
    Page {
        code: "unknown-group",
        severity: Severity::Warning,
        text: r#"## What it finds
A trigger whose `within` names a group that no card has.
## Why it matters
The entry names nothing, so the trigger acts in fewer places than meant, or is kept out of none.
## Instead
Give cards that group, or correct the name.
## Example
`"within": ["group:paymnets"]` where cards have the group `payments`.
"#,
    },
];

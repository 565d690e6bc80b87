//! The page: what passes, what is skipped and why, case by case.

use super::profile::{REASONS, Reason};
use super::{File, Verdict};

/// Verdicts counted.
#[derive(Clone, Copy, Default)]
struct Count {
    passed: usize,
    skipped: usize,
    failed: usize,
}

fn count<'a>(verdicts: impl Iterator<Item = &'a Verdict>) -> Count {
    let mut count = Count::default();
    for verdict in verdicts {
        match verdict {
            Verdict::Passed => count.passed += 1,
            Verdict::Skipped(_) => count.skipped += 1,
            Verdict::Failed(_) => count.failed += 1,
        }
    }
    count
}

fn all(files: &[File]) -> impl Iterator<Item = &Verdict> {
    files.iter().flat_map(|file| file.cases.iter().map(|(_, verdict)| verdict))
}

/// The figures in a line.
pub(super) fn summary(files: &[File]) -> String {
    let Count { passed, skipped, failed } = count(all(files));
    format!("{} cases: {passed} passed, {skipped} skipped, {failed} failed\n", passed + skipped + failed)
}

/// The whole page.
pub(super) fn text(files: &[File]) -> String {
    let mut text = format!(
        "# Conditions and CEL\n\nGenerated from a run; `.ci/run` fails when it is stale.\n\nConditions are a profile of the \
         [Common Expression Language](https://github.com/cel-expr/cel-spec). This is what the project's engine makes of \
         CEL's public conformance cases (cel-expr/cel-spec b8622f1, 2026-06-30, `tests/simple/testdata`, Apache-2.0): it \
         reads, type-checks, prints and evaluates each. A case is skipped by what it is made of, read with a grammar of \
         its own and never by its name, and only where the engine refuses it too; every other case must pass.\n\n{}\n",
        summary(files)
    );
    reasons(&mut text, files);
    text.push_str("\n| file | passed | skipped | failed |\n| --- | --- | --- | --- |\n");
    for file in files {
        let Count { passed, skipped, failed } = count(file.cases.iter().map(|(_, verdict)| verdict));
        text.push_str(&format!("| [{0}](#{0}) | {passed} | {skipped} | {failed} |\n", file.name));
    }
    for file in files {
        sections(&mut text, file);
    }
    text
}

fn reasons(text: &mut String, files: &[File]) {
    text.push_str("| reason | skipped | what it is |\n| --- | --- | --- |\n");
    for reason in REASONS {
        let times = all(files).filter(|verdict| **verdict == Verdict::Skipped(reason)).count();
        text.push_str(&format!("| `{}` | {times} | {} |\n", reason.id(), reason.words().replace('|', "\\|")));
    }
}

fn sections(text: &mut String, file: &File) {
    text.push_str(&format!("\n## {}\n", file.name));
    let mut from = 0;
    while let Some((first, _)) = file.cases.get(from) {
        let rest = file.cases.get(from..).unwrap_or_default();
        let length = rest.iter().take_while(|(case, _)| case.section == first.section).count();
        let section = rest.get(..length).unwrap_or_default();
        text.push_str(&format!("\n**{}**\n\n", first.section));
        let mut list = |what: &str, wanted: &dyn Fn(&Verdict) -> bool| {
            let names: Vec<&str> =
                section.iter().filter(|(_, verdict)| wanted(verdict)).map(|(case, _)| case.name.as_str()).collect();
            if !names.is_empty() {
                text.push_str(&format!("- {what} ({}): {}\n", names.len(), names.join(", ")));
            }
        };
        list("passed", &|verdict| *verdict == Verdict::Passed);
        for reason in REASONS {
            list(&skipped(reason), &|verdict| *verdict == Verdict::Skipped(reason));
        }
        list("FAILED", &|verdict| matches!(verdict, Verdict::Failed(_)));
        from += length;
    }
}

fn skipped(reason: Reason) -> String {
    format!("skipped, `{}`", reason.id())
}

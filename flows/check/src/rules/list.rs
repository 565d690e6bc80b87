//! Every rule, listed once.

use super::Rule;

/// The rules.
pub const RULES: &[&dyn Rule] = &[
    &super::always_true::AlwaysTrue,
    &super::branch_gap::BranchGap,
    &super::branch_impossible::BranchImpossible,
    &super::branch_overlap::BranchOverlap,
    &super::branch_shadowed::BranchShadowed,
    &super::context_incomplete::ContextIncomplete,
    &super::dead_end::DeadEnd,
    &super::duplicate_example::DuplicateExample,
    &super::duplicate_guard::DuplicateGuard,
    &super::else_unreachable::ElseUnreachable,
    &super::empty_text::EmptyText,
    &super::endless_loop::EndlessLoop,
    &super::handoff_without_closed::HandoffWithoutClosed,
    &super::handoff_without_failed::HandoffWithoutFailed,
    &super::handoff_without_timeout::HandoffWithoutTimeout,
    &super::id_not_filename::IdNotFilename,
    &super::intent_without_examples::IntentWithoutExamples,
    &super::no_way_to_a_person::NoWayToAPerson,
    &super::node_unreachable::NodeUnreachable,
    &super::not_analysed::NotAnalysed,
    &super::path_infeasible::PathInfeasible,
    &super::ping_pong::PingPong,
    &super::placeholder_unset::PlaceholderUnset,
    &super::signal_without_source::SignalWithoutSource,
    &super::too_long_a_step::TooLongAStep,
    &super::trigger_impossible::TriggerImpossible,
    &super::trigger_shadowed::TriggerShadowed,
];

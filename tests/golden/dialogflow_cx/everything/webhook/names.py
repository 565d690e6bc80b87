"""What the agent calls the flow's names."""

# The tiers that have a queue.
TIERS = ["tier1", "tier2"]

# Session parameters by the slots that they hold.
SLOTS = {"charge": "slot_charge", "phone": "slot_phone", "tries": "slot_tries"}

# Entities of free text: at a question, all that is said and matches no intent.
FREE = ["charge"]

# By the signals that your client sets.
SIGNALS = {"customer.tier": "customer_tier", "customer.id": "customer_id"}

# By the outputs of each action.
OUTPUTS = {
    "everything.look_up": {"explanation": "output_everything_look_up_explanation"},
    "everything.slow_look_up": {"explanation": "output_everything_slow_look_up_explanation"},
    "everything.last_look_up": {"explanation": "output_everything_last_look_up_explanation"},
}

# By what is known of the call that failed last.
ERRORS = {"code": "error_code", "action": "error_action", "message": "error_message"}

# By the triggers that act once.
SPENT = {"everything.uncertain": "spent_everything_uncertain", "everything.lawyer": "spent_everything_lawyer"}

# By the conditions that the platform has no words for.
HOLDS = {
    "trigger_uncertain_when": "holds_trigger_uncertain_when",
    "trigger_uncertain_because_tired": "holds_trigger_uncertain_because_tired",
    "trigger_lawyer_when": "holds_trigger_lawyer_when",
    "main_branch_4": "holds_main_branch_4",
    "choose_branch_0": "holds_choose_branch_0",
    "choose_branch_1": "holds_choose_branch_1",
}

# Which of them a card asks for: its triggers and its branches.
ASKED = {
    "everything.main": [
        "trigger_uncertain_when",
        "trigger_uncertain_because_tired",
        "trigger_lawyer_when",
        "main_branch_4",
    ],
    "everything.choose": ["choose_branch_0", "choose_branch_1"],
    "everything.ask_charge": ["trigger_lawyer_when"],
}

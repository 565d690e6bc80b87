"""What the agent calls the flow's names."""

# The tiers that have a queue.
TIERS = ["desk"]

# Session parameters by the slots that they hold.
SLOTS = {"kind": "slot_kind"}

# Entities of free text: at a question, all that is said and matches no intent.
FREE = []

# By the signals that your client sets.
SIGNALS = {"customer.id": "customer_id"}

# By the outputs of each action.
OUTPUTS = {}

# By what is known of the call that failed last.
ERRORS = {"code": "error_code", "action": "error_action", "message": "error_message"}

# By the triggers that act once.
SPENT = {}

# By the conditions that the platform has no words for.
HOLDS = {"choose_branch_0": "holds_choose_branch_0"}

# Which of them a card asks for: its triggers and its branches.
ASKED = {"plain.choose": ["choose_branch_0"]}

"""What the function knows of the bot: Lex's names and the flow's, and who carries out which card."""

# The customer's intents: Lex's name, the flow's.
INTENTS = {"person": "person", "dispute": "dispute"}

# Slots: Lex's name, the entity.
SLOTS = {"kind": "kind"}

# What an entity's values are.
KINDS = {"kind": "text"}

# Attributes that signals are told in.
SIGNALS = {}

# The words for triggers.
TRIGGERS = {"plain.asked": "trigger_asked"}

# Attributes that hold values, by flow.
VALUES = {
    "plain": {
        "handoff_v_intent": "intent",
        "handoff_v_slots_kind": "slots.kind",
        "handoff_v_confidence": "confidence",
    },
}

# Attributes that are there when a name has a value, by flow.
PRESENT = {"plain": {"handoff_has_slots_kind": "slots.kind"}}

# Fields of a payload that grow with the conversation: where they come from, and how many entries they want.
SOURCES = {}

# Where nothing could be decided, this tier is asked.
FIRST_TIER = "desk"

# What is said then.
SORRY = "A colleague can help you better with this: I am connecting you."

# The cards, by their intent.
CARDS = {
    "card_start": {"flow": "plain", "card": "start", "by": "lex"},
    "card_main": {"flow": "plain", "card": "main", "by": "lex"},
    "card_ask_kind": {"flow": "plain", "card": "ask_kind", "by": "lex"},
    "card_choose": {"flow": "plain", "card": "choose", "by": "lex"},
    "card_card": {"flow": "plain", "card": "card", "by": "lex"},
    "card_person": {"flow": "plain", "card": "person", "by": "function"},
    "card_sorry": {"flow": "plain", "card": "sorry", "by": "lex"},
    "card_over": {"flow": "plain", "card": "over", "by": "lex"},
}

# Intents that are an answer alone, and its entity.
ANSWERS = {"answer_kind": "kind"}

# Entities whose values are words of any kind.
OPEN = []

# Tiers, by what stands for them in the names of attributes.
TIERS = {"Desk": "desk"}

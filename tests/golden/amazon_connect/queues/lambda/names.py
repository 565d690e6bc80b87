"""What the function knows of the bot: Lex's names and the flow's, and who carries out which card."""

# The customer's intents: Lex's name, the flow's.
INTENTS = {"person": "person", "call_me": "call_me"}

# Slots: Lex's name, the entity.
SLOTS = {"phone": "phone", "order": "order"}

# What an entity's values are.
KINDS = {"phone": "text", "order": "text"}

# Attributes that signals are told in.
SIGNALS = {"signal_customer_level": "customer.level"}

# The words for triggers.
TRIGGERS = {}

# Attributes that hold values, by flow.
VALUES = {"queues": {"handoff_v_intent": "intent"}}

# Attributes that are there when a name has a value, by flow.
PRESENT = {
    "queues": {"handoff_has_slots_phone": "slots.phone"},
    "queues_order": {"handoff_has_queues_order_slots_order": "slots.order"},
}

# Fields of a payload that grow with the conversation: where they come from, and how many entries they want.
SOURCES = {}

# Where nothing could be decided, this tier is asked.
FIRST_TIER = "desk"

# What is said then.
SORRY = "A colleague can help you better with this: I am connecting you."

# The cards, by their intent.
CARDS = {
    "card_start": {"flow": "queues", "card": "start", "by": "lex"},
    "card_main": {"flow": "queues", "card": "main", "by": "lex"},
    "card_which": {"flow": "queues", "card": "which", "by": "function"},
    "card_person": {
        "flow": "queues",
        "card": "person",
        "by": "function",
        "words": {"overflow[0]": "overflow-0"},
    },
    "card_noted": {"flow": "queues", "card": "noted", "by": "function"},
    "card_ticket": {"flow": "queues", "card": "ticket", "by": "function"},
    "card_ask_phone": {"flow": "queues", "card": "ask_phone", "by": "lex"},
    "card_callback": {"flow": "queues", "card": "callback", "by": "function"},
    "card_called": {"flow": "queues", "card": "called", "by": "lex"},
    "card_sorry": {"flow": "queues", "card": "sorry", "by": "lex"},
    "card_over": {"flow": "queues", "card": "over", "by": "lex"},
    "card_queues_order_start": {"flow": "queues_order", "card": "start", "by": "lex"},
    "card_queues_order_ask_order": {
        "flow": "queues_order",
        "card": "ask_order",
        "by": "lex",
        "says_again": True,
    },
    "card_queues_order_known": {"flow": "queues_order", "card": "known", "by": "function"},
    "card_queues_order_unknown": {"flow": "queues_order", "card": "unknown", "by": "function"},
}

# Intents that are an answer alone, and its entity.
ANSWERS = {"answer_phone": "phone", "answer_order": "order"}

# Entities whose values are words of any kind.
OPEN = ["phone", "order"]

# Tiers, by what stands for them in the names of attributes.
TIERS = {"Desk": "desk", "Vip": "vip"}

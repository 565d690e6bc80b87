"""Rasa's names and the flow's. Rasa allows fewer characters in a name than a flow does."""

INTENTS = {"fee_dispute": "fee_dispute", "request_human": "request_human", "cancel": "cancel"}
ENTITIES = {"transaction_id": "transaction_id", "phone": "phone"}

# Entities whose values are numbers.
NUMBERS = []

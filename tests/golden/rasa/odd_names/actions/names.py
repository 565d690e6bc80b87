"""Rasa's names and the flow's. Rasa allows fewer characters in a name than a flow does."""

INTENTS = {
    "fee_dispute": "fee-dispute",
    "fee_dispute_2": "fee dispute",
    "restart_2": "restart",
    "__": "日本",
    "a_b_c_": "a@b{c}",
}
ENTITIES = {"the_amount": "the amount", "the_color_2": "the-color", "the_color": "the_color"}

# Entities whose values are numbers.
NUMBERS = ["the_amount", "the_color"]

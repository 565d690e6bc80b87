"""Your systems: the flow's calls, what the contact centre says of its queues, and where tickets and callbacks go.

Fill these in; everything else is generated and need not be touched. Until then a call counts as done without a result,
every queue as open, and a request as sent.
"""


CALLS = {}


def call(name, inputs):
    """One call: {"status": "ok", "data": {..}}, {"status": "error", "code": .., "message": ..} or {"status": "timeout"}."""
    return CALLS[name](inputs) if name in CALLS else {"status": "ok"}


def check_queue(tiers):
    """What is known of the queues: {tier: {"open": True, "wait": 120, "available": 2, "position": 4}}; keys may be left
    out. Asked on every turn and before every handoff, so let it be quick. An empty answer leaves what was known."""
    return {}


def request(envelope):
    """A ticket or a callback. {"handoff": "sent", "ref": ..} or {"handoff": "failed"}; None counts as sent."""
    return None

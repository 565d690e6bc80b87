"""Calls to your systems, and what your contact centre knows: fill in these functions. They may block for as long as the
function's timeout allows; the flow's time limits are kept around the calls.

A call returns {"status": "ok", "data": {..}}, {"status": "error", "code": "..", "message": ".."}, or None while it is
not written: it then counts as done, without a result, as in the studio's preview.
"""
import logging
from concurrent.futures import ThreadPoolExecutor, TimeoutError

log = logging.getLogger(__name__)
workers = ThreadPoolExecutor(max_workers=8)


def call_crm_note(inputs):
    "crm.note. Inputs: none; outputs: none; errors: none."
    return None


def queues(session):
    """What the contact centre says of its queues now: {"tier": {"open": True, "wait": 120, "available": 2, "position": 4}}.

    Asked on every turn. Without an answer the attribute `handoff_queue` counts, and a queue of which nothing is known
    is open and has no wait.
    """
    return None


def request(envelope):
    """Sends a ticket or a callback. {"handoff": "sent", "ref": ".."} or {"handoff": "failed"}; None leaves it to whoever
    reads the attribute `handoff_requests`, and it counts as sent.
    """
    return None


CALLS = {"crm.note": call_crm_note}

# Seconds, by flow and card.
LIMITS = {"queues.noted": 7}


def call(card, name, inputs):
    """Where the flow makes a call. An exception counts as an error without a code."""
    try:
        result = workers.submit(CALLS[name], inputs).result(LIMITS.get(card))
    except TimeoutError:
        return {"status": "timeout"}
    except Exception as error:
        log.exception("%s failed", name)
        return {"status": "error", "message": str(error)}
    if result is None:
        log.warning("%s is not written yet (calls.py): taken as done, without a result", name)
    return result


call.request = request

"""Calls to your systems: fill in one function for each. It may block; the flow's time limits are kept around it.

Return {"status": "ok", "data": {..}}, {"status": "error", "code": "..", "message": ".."}, or None while it is not
written: the call then counts as done, without a result, as in the studio's preview.
"""
import logging
from concurrent.futures import ThreadPoolExecutor, TimeoutError

log = logging.getLogger(__name__)
workers = ThreadPoolExecutor(max_workers=8)


def call_charges_explain(inputs):
    "charges.explain. Inputs: id; outputs: explanation, confidence; errors: ERR_NOT_FOUND."
    return None


CALLS = {"charges.explain": call_charges_explain}

# Seconds, by flow and card.
LIMITS = {"banking_fee_dispute.look_up": 5}


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
        log.warning("%s is not written yet (actions/calls.py): taken as done, without a result", name)
    return result


def request(handoff):
    """A ticket or a callback, as it is sent: {"handoff": "sent", "ref": ..} or {"handoff": "failed"}. None counts as
    sent. Where it is made here, let your connector pass over messages with this mode."""
    return None


def requested(handoff):
    """Where the flow sends one. An exception counts as failed."""
    try:
        return request(handoff)
    except Exception:
        log.exception("the request of %s failed", handoff["node"])
        return {"handoff": "failed"}


call.request = requested

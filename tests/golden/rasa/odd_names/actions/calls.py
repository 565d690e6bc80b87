"""Calls to your systems: fill in one function for each. It may block; the flow's time limits are kept around it.

Return {"status": "ok", "data": {..}}, {"status": "error", "code": "..", "message": ".."}, or None while it is not
written: the call then counts as done, without a result, as in the studio's preview.
"""
import logging
from concurrent.futures import ThreadPoolExecutor, TimeoutError

log = logging.getLogger(__name__)
workers = ThreadPoolExecutor(max_workers=8)


def call_do_it_(inputs):
    'do it!. Inputs: a_b; outputs: x; errors: E"1.'
    return None


CALLS = {"do it!": call_do_it_}

# Seconds, by flow and card.
LIMITS = {"odd_names.a": 2}


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

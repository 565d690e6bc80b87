"""What the flow "@TITLE@" decides: when the bot goes on, when a person takes over, and why.

Plain Python, standard library only: no Rasa in here, nothing is read from outside and nothing is kept. The way in is
`take(state, event)` at the end. First comes what is this flow's own, then the machine that every export has.
Written by Handoff Studio; change the flow and export again rather than this file.
"""
import hashlib
import hmac
import json
import os
import re
from decimal import ROUND_CEILING, Context, Decimal

FLOW = @FLOW@
REVISION = @REVISION@


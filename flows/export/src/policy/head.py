"""What the flow "@TITLE@" decides: when the bot goes on, when a person takes over, and why.

Plain Python, standard library only: no platform in here, nothing is read from outside and nothing is kept. The way in
is at the end: `take(state, event)` for a platform that leaves everything to it, and for one that walks the cards itself
`hear`, `fires`, `turn`, `enter`, `told` and `holds`. First comes what is this flow's own, then the machine that every
export has.
Written by Handoff Studio; change the flow and export again rather than this file.
"""
import calendar
import hashlib
import hmac
import json
import os
import re
from bisect import bisect_right
from datetime import date, datetime, timedelta, timezone
from decimal import ROUND_CEILING, ROUND_FLOOR, Context, Decimal
from urllib.parse import quote

FLOW = @FLOW@
REVISION = @REVISION@
# So many lines of what was said can this flow send; None is all of them.
LINES = @LINES@


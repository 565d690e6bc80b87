"""Making a differing case smaller: fewer turns, fewer keys, fewer nodes, plainer conditions, while it still differs."""

import copy
import time

from document import targets_of


def shrink(flows, conversation, differs, stop):
    """The smallest (flows, conversation) found before `stop`. `differs(flows, conversation)` says what to keep."""
    flows, conversation = copy.deepcopy(list(flows)), copy.deepcopy(conversation)

    def attempt(new_flows, new_conversation):
        return time.time() < stop and differs(new_flows, new_conversation)

    if not attempt(flows, conversation):
        return flows, conversation
    changed = True
    while changed and time.time() < stop:
        changed = False
        turns = fewer(conversation["turns"], lambda rest: attempt(flows, dict(conversation, turns=rest)))
        if len(turns) < len(conversation["turns"]):
            conversation, changed = dict(conversation, turns=turns), True
        for step in (_turn_keys, _flow_parts, _bypass, _plain_conditions):
            flows, conversation, smaller = step(flows, conversation, attempt)
            changed = changed or smaller
    return flows, conversation


def fewer(items, works):
    """Leave out ever smaller stretches of a list."""
    items = list(items)
    size = max(1, len(items) // 2)
    while size >= 1:
        place = 0
        while place < len(items):
            rest = items[:place] + items[place + size :]
            if works(rest):
                items = rest
            else:
                place += size
        size //= 2
    return items


def _inner(value, path):
    for key in path:
        value = value[key]
    return value


def _paths(value, path=()):
    """The path of every entry inside, outermost first."""
    if isinstance(value, dict):
        entries = list(value.items())
    elif isinstance(value, list):
        entries = list(enumerate(value))
    else:
        return []
    found = [path + (key,) for key, _ in entries]
    for key, one in entries:
        found += _paths(one, path + (key,))
    return found


def _drop_entries(value, works):
    """Leave out every entry, however deep, that is not needed. (value, whether it got smaller)."""
    smaller = False
    for path in reversed(_paths(value)) if not isinstance(value, dict) else _by_depth(value):
        trial = copy.deepcopy(value)
        try:
            holder = _inner(trial, path[:-1])
            del holder[path[-1]]
        except (KeyError, IndexError, TypeError):
            continue
        if works(trial):
            value, smaller = trial, True
    return value, smaller


def _by_depth(value):
    # The largest parts first; in a list from its end, so that the indexes before it stay.
    paths = _paths(value)
    return sorted(paths, key=lambda path: (len(path), [-key if isinstance(key, int) else 0 for key in path]))


def _turn_keys(flows, conversation, attempt):
    def works(trial):
        return "turns" in trial and "id" in trial and attempt(flows, trial)

    conversation, smaller = _drop_entries(conversation, works)
    return flows, conversation, smaller


def _flow_parts(flows, conversation, attempt):
    smaller = False
    for index in range(len(flows)):

        def works(trial, index=index):
            if not all(key in trial for key in ("format", "id", "nodes")):
                return False
            return attempt(flows[:index] + [trial] + flows[index + 1 :], conversation)

        flow, got_smaller = _drop_entries(flows[index], works)
        flows = flows[:index] + [flow] + flows[index + 1 :]
        smaller = smaller or got_smaller
    for index in range(len(flows) - 1, 0, -1):
        rest = flows[:index] + flows[index + 1 :]
        if attempt(rest, conversation):
            flows, smaller = rest, True
    return flows, conversation, smaller


def _rename(value, old, new):
    """Every `to` or port that names `old` names `new`."""
    if isinstance(value, dict):
        return {key: new if one == old and key not in ("kind", "when", "outcome") else _rename(one, old, new) for key, one in value.items()}
    if isinstance(value, list):
        return [_rename(one, old, new) for one in value]
    return value


def _bypass(flows, conversation, attempt):
    """Take a node out and lead its edges to where it leads."""
    smaller = False
    for index, flow in enumerate(flows):
        for name in list(flow["nodes"]):
            node = flow["nodes"].get(name)
            if node is None or node["kind"] == "start":
                continue
            for target in dict.fromkeys(targets_of(node)):
                if target == name:
                    continue
                trial = copy.deepcopy(flow)
                del trial["nodes"][name]
                trial["nodes"] = _rename(trial["nodes"], name, target)
                trial["triggers"] = _rename(trial.get("triggers", {}), name, target)
                if attempt(flows[:index] + [trial] + flows[index + 1 :], conversation):
                    flows = flows[:index] + [trial] + flows[index + 1 :]
                    flow, smaller = trial, True
                    break
    return flows, conversation, smaller


def _plain_conditions(flows, conversation, attempt):
    """Conditions that may as well be `true` or `false`, or one side of what they are."""
    smaller = False
    for index in range(len(flows)):
        for path in _paths(flows[index]):
            if path[-1] != "when":
                continue
            old = _inner(flows[index], path)
            for new in _plainer(old):
                trial = copy.deepcopy(flows[index])
                _inner(trial, path[:-1])["when"] = new
                if attempt(flows[:index] + [trial] + flows[index + 1 :], conversation):
                    flows = flows[:index] + [trial] + flows[index + 1 :]
                    smaller = True
                    break
    return flows, conversation, smaller


def _plainer(text):
    if text in ("true", "false"):
        return []
    options = ["true", "false"]
    for sign in (" || ", ") && ("):
        if sign in text:
            options += text.split(sign, 1)
    if text.startswith("!(") and text.endswith(")"):
        options.append(text[2:-1])
    return [one for one in options if len(one) < len(text)]

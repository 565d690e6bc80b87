PLACEHOLDER = re.compile(r"\{\{|\}\}|\{([^}]*)\}")


# One of them and several, in English and in German.
UNITS = {
    "minutes": (("minute", "minutes"), ("Minute", "Minuten")),
    "seconds": (("second", "seconds"), ("Sekunde", "Sekunden")),
}


def in_form(value, form, german=False):
    """A value as a text shows it; "" when unset."""
    if value is None:
        return ""
    if form in UNITS and isinstance(value, Decimal):
        seconds = value / 60 if form == "minutes" else value
        count = in_words(seconds.to_integral_value(ROUND_CEILING))
        return "%s %s" % (count, UNITS[form][german][count != "1"])
    if form == "date" and isinstance(value, str):
        return re.split("[T ]", value)[0]
    words = in_words(value)
    return words.upper() if form == "upper" else words


FAILED = "<REDACTION_FAILED>"
# Bytes of a key; with a shorter one, which somebody could guess, nothing is hashed.
KEY_AT_LEAST = 16


def masked(text):
    """Four asterisks, and the last four characters of a long text."""
    return "****" + (text[-4:] if len(text) > 8 else "")


def scalars(value, change):
    """The value with each text, number or bool in it changed."""
    if isinstance(value, dict):
        return {key: scalars(entry, change) for key, entry in value.items()}
    if isinstance(value, list):
        return [scalars(entry, change) for entry in value]
    return None if value is None else change(in_words(value))


def redacted(value, how):
    """Classified data as the person may see it; what cannot be done as told is not sent at all."""
    if value is None or how == "none":
        return value
    if how == "mask":
        return scalars(value, masked)
    if how in ("drop", "block"):
        return None
    key = os.fsencode(os.environ.get("HANDOFF_HASH_KEY", ""))
    if how != "hash" or len(key) < KEY_AT_LEAST:
        return FAILED
    text = value if isinstance(value, str) else json.dumps(value, separators=(",", ":"), ensure_ascii=False)
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()


def secrets_in(value, how):
    """The texts that may stand nowhere else in what goes out, and what stands in their place."""
    found = []

    def note(text):
        if len(text) >= 4:
            instead = {"mask": masked(text), "drop": "[left out]", "block": "[blocked]"}
            found.append((text, instead.get(how, FAILED)))
        return text

    if how != "none":
        scalars(value, note)
    return found


# What may stand between the characters of a number, and what nobody sees.
SIGN = "[\\s.,/_\\u00b7\\-\\u2010-\\u2015\\u2043\\u2212\\ufe58\\ufe63\\uff0d\\u00ad\\u200b-\\u200f\\u2060-\\u206f\\ufeff]"
# Characters from which on a value with digits is found however it is parted.
PARTED = 6


def mention(text):
    """A secret where it stands as a word of its own, in large or small letters; one with digits however it is parted."""
    whole = re.sub(SIGN, "", text)
    parts = whole if len(whole) >= PARTED and re.search("[0-9]", whole) else [text]
    body = (SIGN + "{0,3}").join(re.escape(part) for part in parts)
    before, after = ("" if re.match(r"[\W_]", end) else r"[^\W_]" for end in (parts[0][0], parts[-1][-1]))
    return re.compile((before and "(?<!%s)" % before) + body + (after and "(?!%s)" % after), re.IGNORECASE)


def hidden(text, secrets, before="", only_cards=False):
    """A text without the secrets and without the numbers of cards and accounts. What is declared comes first; a number that
    is more than that has the whole."""
    longest = sorted(secrets, key=lambda secret: -len(secret[0]))
    every = [(*one.span(), instead) for secret, instead in longest for one in mention(secret).finditer(text)]
    declared = []
    for one in sorted(every, key=lambda one: (one[0], -one[1])):
        if not declared or one[0] >= declared[-1][1]:
            declared.append(one)
    changes = [
        (start, end, masked(text[start:end]))
        for start, end, is_card in numbers_in(text, before)
        if (is_card or not only_cards) and not any(one[0] <= start and end <= one[1] for one in declared)
    ]
    changes += [one for one in declared if not any(one[0] < end and start < one[1] for start, end, _ in changes)]
    for start, end, instead in sorted(changes, reverse=True):
        text = text[:start] + instead + text[end:]
    return text


# Digits from which on a number could be a card.
CARD_AT_LEAST = 13


def scrubbed(value, secrets, before="", only_cards=False):
    """Texts without what is kept back, wherever it is mentioned. `before` is what a value is called, or the line before."""
    if isinstance(value, dict):
        called = next((value[key] for key in ("name", "key", "field", "id", "label") if isinstance(value.get(key), str)), None)
        names = {key: called if key == "value" and called is not None else key for key in value}
        return {key: scrubbed(entry, secrets, label(names[key]), only_cards) for key, entry in value.items()}
    if isinstance(value, list):
        return lines_scrubbed(value, secrets, before, only_cards)
    if isinstance(value, (int, float)) and not isinstance(value, bool):
        text = in_words(Decimal(value)) if isinstance(value, int) else in_words(value)
        clean = hidden(text, (), before, only_cards) if len(text) >= CARD_AT_LEAST else text
        return next((instead for secret, instead in secrets if secret == text), value if clean == text else clean)
    return hidden(value, secrets, before, only_cards) if isinstance(value, str) else value


def lines_scrubbed(items, secrets, before, only_cards):
    """The items of a list; what was said in one is what stands before the next."""
    clean, said = [], before
    for item in items:
        if isinstance(item, dict) and "who" in item and isinstance(item.get("text"), str):
            own = {key: scrubbed(entry, secrets, said if key == "text" else "", only_cards) for key, entry in item.items()}
            clean.append(own)
            said = item["text"]
        else:
            clean.append(scrubbed(item, secrets, before, only_cards))
    return clean


def encoded(words, clean):
    """A value as a part of an address; what stands for a secret can be read in it."""
    return quote(clean, safe="" if clean == words else "*[]").replace("~", "%7E")


class Words:
    """What is said to the customer and to the person."""

    def say(self, template, names=None):
        line = self.text(template, names or self.names())
        self.said.append(line)
        self.transcript.append({"who": "bot", "text": line})

    def text(self, template, names, inside=(), change=str):
        """A text with its values, each with what `change` makes of it; `{{` and `}}` are braces. `inside` are the texts
        that may not name themselves."""
        german = FLOWS[names.flow].get("german", False)

        def put(found):
            if found.group(0) in ("{{", "}}"):
                return found.group(0)[0]
            head, _, fallback = found.group(1).partition("|")
            name, _, form = head.partition(":")
            name = name.strip()
            if inside and name in ("summary", "told"):
                return ""
            return change(in_form(self.named(name, names), form.strip(), german)) or fallback

        return PLACEHOLDER.sub(put, template or "")

    def named(self, name, names):
        if name == "intent.title":
            intent = names["intent"]
            return FLOWS[FLOW]["intents"].get(intent)
        if name == "reasons":
            titles = FLOWS[names.flow]["titles"]
            return ", ".join(titles.get(reason, reason.replace("_", " ")) for reason in self.state["reasons"])
        if name in ("summary", "told"):
            return self.of_context(name, names)
        return names[name]

    def of_context(self, name, names):
        """A text of the context in question: this handoff's, else that of the flow's last request."""
        here = self.node().get("context") or self.state["contexts"].get(names.flow)
        context = FLOWS[names.flow]["contexts"].get(here, {})
        return self.text(context.get(name), names, inside=(name,))

    def payload_function(self, names, function, arguments):
        state = self.state
        if function == "transcript.last":
            count = int(arguments[0])
            return self.transcript[-count:] if count > 0 else []
        if function == "transcript.all":
            return self.transcript
        if function == "summary":
            return self.of_context("summary", names)
        if function == "entities":
            return {slot: value for slot, value in state["slots"].items() if value is not None}
        if function == "actions":
            return state["tried"]
        if function == "path":
            return state["path"]
        if function == "people":
            return [state["agent"]["name"]] if state["agent"].get("name") else []
        # What only a platform with these figures could give: alternatives() and now().
        return None

# Characters of an account by country (SWIFT's registry of IBANs, release 99, 2024).
IBANS = {pair[:2].encode(): int(pair[2:]) for pair in """
AD24 AE23 AL28 AT20 AZ28 BA20 BE16 BG22 BH22 BI27 BR29 BY28 CH21 CR22 CY28 CZ24 DE22 DJ27 DK18 DO28 EE20 EG29 ES24 FI18
FK18 FO18 FR27 GB22 GE22 GI23 GL18 GR27 GT28 HN28 HR21 HU28 IE22 IL23 IQ23 IS26 IT27 JO30 KW30 KZ20 LB28 LC32 LI21 LT20
LU20 LV21 LY25 MC27 MD24 ME22 MK19 MN20 MR27 MT31 MU30 NI28 NL18 NO15 OM23 PK24 PL28 PS29 PT25 QA29 RO24 RS22 RU33 SA24
SC31 SD18 SE24 SI19 SK24 SM27 SO23 ST25 SV28 TL23 TN24 TR26 UA29 VA22 VG24 XK20 YE30""".split()}
CARD_WORDS = ("card", "visa", "mastercard", "amex", "karte", "kreditkarte", "pan", "credit", "debit")
# Bytes within which such a word says that a number is one of a card.
NEAR_CARD = 40
CARD_MOST = 19
# Bytes of the line before that are looked at.
LINE_BEFORE = 160
CARD_SIGNS = frozenset(b" \t\n\r\f-./_,|\\:;*+")
IBAN_SIGNS = frozenset(b" \t\n\r-./_,")
FIRST_DIGITS = (0xFF10, 0x660, 0x6F0, 0x966)
UNSEEN = re.compile("[\\u00ad\\u200b-\\u200f\\u202a-\\u202e\\u2060-\\u206f\\ufeff\\ufe00-\\ufe0f\\u20e3]")
DASH = re.compile("[\\u2010-\\u2015\\u2043\\u2212\\ufe58\\ufe63\\uff0d]")


def as_plain(sign):
    """A sign as numbers are read: digits of any script as those of ASCII, spaces and dashes as the plain ones; "" for
    one that nobody sees."""
    if sign < "\x80":
        return sign
    if UNSEEN.match(sign):
        return ""
    if DASH.match(sign):
        return "-"
    if sign.isspace():
        return " "
    code = ord(sign)
    if 0x1D7CE <= code <= 0x1D7FF:
        return str((code - 0x1D7CE) % 10)
    return next((str(code - first) for first in FIRST_DIGITS if 0 <= code - first < 10), sign)


def is_digit(byte):
    return byte is not None and 48 <= byte <= 57


def is_letter(byte):
    return byte is not None and (65 <= byte <= 90 or 97 <= byte <= 122)


def of_brand(digits):
    """Whether the digits are of a brand's range and length (ranges as the brands publish them, 2026-11-22)."""
    two, three, four, six = (int("".join(map(str, digits[:count]))) for count in (2, 3, 4, 6))
    length = len(digits)
    return (
        digits[0] == 4 and length in (13, 16, 19)
        or length == 16 and (51 <= two <= 55 or 2221 <= four <= 2720)
        or length == 15 and two in (34, 37)
        or length == 14 and (300 <= three <= 305 or three == 309 or two in (36, 38, 39))
        or 16 <= length <= 19 and two == 36
        or length >= 16 and (four == 6011 or 644 <= three <= 649 or two == 65 or 622126 <= six <= 622925)
        or length >= 16 and (3528 <= four <= 3589 or two == 62)
        or length >= 13 and (four in (5018, 5020, 5038, 5893, 6304, 6759) or 6761 <= four <= 6763)
    )


def luhn(digits):
    """Whether the last digit is the check digit of a card."""
    doubled = (digit * 2 if place % 2 else digit for place, digit in enumerate(reversed(digits)))
    return sum(value - 9 if value > 9 else value for value in doubled) % 10 == 0


class Numbers:
    """The numbers of cards and accounts (IBAN) in a text, as the studio finds them."""

    def __init__(self, text):
        self.data, self.places, self.signs = bytearray(), [], []
        for at, sign in enumerate(text):
            plain_sign = as_plain(sign)
            piece = plain_sign.encode("utf-8", "replace")
            self.data += piece
            self.places += [at] * len(piece)
            self.signs += [plain_sign] * len(piece)
        plain_text = self.data.decode("utf-8", "replace")
        words_said = (found for found in re.finditer(r"[^\W_]+", plain_text) if found.group().lower() in CARD_WORDS)
        self.said = [len(plain_text[: found.end()].encode("utf-8", "replace")) for found in words_said]

    def byte(self, at):
        return self.data[at] if 0 <= at < len(self.data) else None

    def holds(self, at):
        """Whether what stands there keeps a number beside it from being one of its own."""
        byte = self.byte(at)
        if byte is None or byte < 0x80:
            return byte is not None and (is_digit(byte) or is_letter(byte) or byte == 95)
        return self.signs[at].isalnum() and self.signs[at] < "\u2e80"

    def is_point(self, at):
        return self.byte(at) in (44, 46)

    def closes_number(self, at):
        return not self.holds(at) and not (self.is_point(at) and is_digit(self.byte(at + 1)))

    def near_card(self, at):
        last = max((end for end in self.said if end <= at), default=None)
        return last is not None and at - last <= NEAR_CARD

    def begins_card(self, at):
        """Not within a longer number, and not behind the letters of a reference such as `TX-`, unless a word says so."""
        if self.holds(at - 1) or self.byte(at - 1) == 43 or self.is_point(at - 1) and is_digit(self.byte(at - 2)):
            return False
        return not (self.byte(at - 1) in (35, 45) and is_letter(self.byte(at - 2))) or self.near_card(at)

    def end_of(self, at, most, fits):
        last = min(at + most, len(self.data))
        while at < last and fits(self.data[at]):
            at += 1
        return at

    def card(self, start):
        """Where the longest card that begins here ends."""
        digits, groups, even, listed, best, at = [], [], True, False, None, start
        said = self.near_card(start)
        while True:
            end = self.end_of(at, CARD_MOST + 1, is_digit)
            if end == at or len(digits) + end - at > CARD_MOST:
                return best
            groups.append(end - at)
            digits += [byte - 48 for byte in self.data[at:end]]
            # Nobody has sums with a fraction of so many digits in groups of four.
            apart = not self.holds(end) if len(groups) >= 3 else self.closes_number(end)
            if len(digits) >= 13 and apart and of_brand(digits) and luhn(digits) and (said or usual(groups, even, listed)):
                best = end
            at = self.end_of(end, 4, CARD_SIGNS.__contains__)
            between = bytes(self.data[end:at])
            even = even and between in (b" ", b"-")
            listed = listed or bool(between.strip(b" \t\r\n"))
            if not between:
                return best

    def iban(self, start):
        """Where the account that begins here ends."""
        head = bytes(self.data[start : start + 4])
        length = IBANS.get(head[:2].upper()) if len(head) == 4 and head[2:].isdigit() else None
        if length is None:
            return None
        found, signs, at = [], 0, start
        while len(found) < length:
            byte = self.byte(at)
            if is_digit(byte) or is_letter(byte):
                found.append(chr(byte).upper())
                signs = 0
            elif byte in IBAN_SIGNS and signs < 3:
                signs += 1
            else:
                return None
            at += 1
        value = int("".join(str(int(sign, 36)) for sign in found[4:] + found[:4]))
        return at if value % 97 == 1 and not self.holds(at) else None

    def found(self):
        """First and last place of each, in order and apart, and whether it is a card."""
        all_found, past = [], 0
        for at, byte in enumerate(self.data):
            if at >= past and is_digit(byte) and not is_digit(self.byte(at - 1)) and self.begins_card(at):
                past = self.card(at) or past
                if past > at:
                    all_found.append((at, past, True))
        past = 0
        for at, byte in enumerate(self.data):
            if at >= past and is_letter(byte) and not self.holds(at - 1):
                past = self.iban(at) or past
                if past > at:
                    all_found.append((at, past, False))
        apart = []
        for start, end, is_card in sorted(all_found, key=lambda one: (one[0], not one[2])):
            if apart and start < apart[-1][1]:
                start, end, is_card = apart[-1][0], max(end, apart[-1][1]), is_card or apart[-1][2]
                apart.pop()
            apart.append((start, end, is_card))
        return [(self.places[start], self.places[end - 1] + 1, is_card) for start, end, is_card in apart]


def usual(groups, even, listed):
    """Whether cards are written in such groups."""
    last, before = groups[-1], groups[:-1]

    def of(size):
        return last <= size and all(group == size for group in before)

    parted = even and groups[0] >= 4 and min(groups) >= 2
    printed = groups in ([4, 6, 4], [4, 6, 5])
    single = of(1) and not listed and sum(groups) >= 15
    return len(groups) == 1 or parted or of(4) or of(8) or printed or single


def numbers_in(text, before=""):
    """The numbers of cards and accounts in a text; `before` is the line before it, or what it is called."""
    if not re.search(r"\d", text):
        return []
    # No character is cut.
    line = before.encode("utf-8", "replace")[-LINE_BEFORE:].decode("utf-8", "ignore") + "\n" if before else ""
    every = [(start - len(line), end - len(line), is_card) for start, end, is_card in Numbers(line + text).found()]
    # A card that begins in the line before ends here.
    return [(max(start, 0), end, is_card) for start, end, is_card in every if end > 0 and (start >= 0 or is_card)]


def label(name):
    """A name as the words that stand before its value."""
    spelt = re.sub(r"(?<=[^\W_])(?=[A-Z])(?<=[a-z0-9])|(?<=[A-Z])(?=[A-Z][a-z])", " ", name)
    found = [re.sub(r"(?<=.)[0-9]+$", "", word) if not word.isdigit() else word for word in re.findall(r"[^\W_]+", spelt)]
    return " ".join(found) + ":" if found else ""

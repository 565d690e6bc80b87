"""Conversations with numbers of cards and accounts, right ones and nearly right ones, in every way in which people write them.

usage: draw_numbers.py CONVERSATIONS [SEED]
"""
import json
import pathlib
import random
import sys

BRANDS = (("4", 16), ("4", 13), ("4", 19), ("51", 16), ("2221", 16), ("34", 15), ("37", 15), ("300", 14), ("36", 14), ("36", 16),
          ("6011", 16), ("65", 19), ("622126", 16), ("3528", 16), ("62", 17), ("5018", 13), ("6763", 12), ("99", 16))
COUNTRIES = (("DE", 22, "d"), ("GB", 22, "a"), ("NO", 15, "d"), ("MT", 31, "a"), ("FR", 27, "a"), ("BE", 16, "d"), ("XX", 20, "d"), ("AT", 20, "d"))
BEFORE = ("", "my card ", "Karte: ", "order ", "TX-", "card TX-", "#", "+", "x", "1.", "(", "visa\n", "IBAN ", "é", "東", "_", "paid 12,50 with ",
          "it is ", "credit: ", "on 2026-11-22 ", "pan ")
AFTER = ("", ".", " thanks", "x", ",5", ", 7", ")", "é", "東", " 12/27", "-", "_", "\u200b", "?", " and ")
SIGNS = (" ", "-", ".", "/", ", ", "\u2011", "\u00a0", "\u200b", "  ", " - ", "_", "|", "\n", "     ")
GROUPS = ((4, 4, 4, 4, 4), (4, 6, 5), (4, 6, 4), (8, 8), (1,) * 19, (5, 5, 5, 5), (3, 4, 4, 4, 4), (4, 2, 5, 8), (4, 4, 8, 3), (2,) * 10, (6, 13))
SCRIPTS = (0x30, 0x30, 0x30, 0x30, 0xFF10, 0x660, 0x966, 0x1D7CE)


def card(draw):
    lead, length = draw.choice(BRANDS)
    digits = [int(digit) for digit in lead] + [draw.randrange(10) for _ in range(length - len(lead) - 1)]
    doubled = (digit * 2 if place % 2 == 0 else digit for place, digit in enumerate(reversed(digits)))
    check = -sum(value - 9 if value > 9 else value for value in doubled) % 10
    return "".join(map(str, digits + [check if draw.random() < 0.8 else draw.randrange(10)]))


def account(draw):
    country, length, sort = draw.choice(COUNTRIES)
    signs = "0123456789" + ("ABCXYZ" if sort == "a" else "")
    own = "".join(draw.choice(signs) for _ in range(length - 4))
    check = 98 - int("".join(str(int(sign, 36)) for sign in own + country + "00")) % 97
    made = "%s%02d%s" % (country, check if draw.random() < 0.8 else draw.randrange(100), own)
    return made.lower() if draw.random() < 0.3 else made


def parted(draw, number):
    if draw.random() < 0.35:
        return number
    sizes, pieces, sign, at = draw.choice(GROUPS), [], draw.choice(SIGNS), 0
    for size in sizes:
        pieces.append(number[at : at + size])
        at += size
    pieces = [piece for piece in pieces + [number[at:]] if piece]
    mixed = draw.random() < 0.15
    return "".join(piece + (draw.choice(SIGNS) if mixed else sign) for piece in pieces[:-1]) + pieces[-1]


def in_script(draw, number):
    first = draw.choice(SCRIPTS)
    return "".join(chr(first + int(sign)) if sign in "0123456789" else sign for sign in number)


def line(draw):
    kinds = [card] * 3 + [account] * 2
    parts = []
    for _ in range(draw.choice((1, 1, 1, 2))):
        parts.append(draw.choice(BEFORE) + in_script(draw, parted(draw, draw.choice(kinds)(draw))) + draw.choice(AFTER))
    return "".join(parts)


def conversation(draw, name):
    turns, rest = [], ""
    for _ in range(50):
        text = rest + line(draw)
        rest = ""
        if draw.random() < 0.1 and len(text) > 12:
            # What is said in two messages.
            text, rest = text[:-8], text[-8:]
        turns.append({"who": "user", "text": text})
    number = card(draw)
    known = {"contract": "C-%06d" % draw.randrange(10**6), "paid_with": int(number[:15]), "card": draw.choice((number, line(draw)))}
    turns[3]["entities"] = known
    turns[7]["text"] += " " + known["contract"].lower()
    turns.append({"who": "user", "text": line(draw) + " " + known["contract"], "intent": "person"})
    return {"id": name, "turns": turns}


def main():
    draw = random.Random(int(sys.argv[2]) if len(sys.argv) > 2 else 1)
    told = (json.dumps(conversation(draw, "drawn-%d" % at), ensure_ascii=False) for at in range(20))
    pathlib.Path(sys.argv[1]).write_text("\n".join(told) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()

"""Drives `handoff keys` and `handoff preview` against a GNOME Keyring on a session bus of its own; see run.sh."""

import json
import os
import re
import socket
import subprocess
import sys
import time

HANDOFF = sys.argv[1]
FLOW = os.path.join(os.environ["HOME"], "hashed.flow.json")
SAID = os.path.join(os.environ["HOME"], "hashed.conversations.jsonl")
NAMES = ["redaction", "resume"]
# Seconds that a person waits for an answer which asks nobody: three for the keyring, and what the program takes.
PATIENCE = 8
checks = 0


def check(what, holds, shown=""):
    global checks
    checks += 1
    if not holds:
        sys.exit(f"FAILED: {what}\n{shown}")


def run(*arguments, code=0, **env):
    began = time.monotonic()
    done = subprocess.run([HANDOFF, *arguments], capture_output=True, text=True, timeout=100, env={**os.environ, **env})
    done.seconds = time.monotonic() - began
    check(f"{arguments} exits {code}", done.returncode == code, f"{done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def keys(*arguments, code=0, **env):
    done = run("keys", *arguments, "--json", code=code, **env)
    return {key["name"]: key for key in json.loads(done.stdout)["keys"]}


def preview(**env):
    done = run("preview", FLOW, "--conversation", SAID, "--json", **env)
    [handoff] = json.loads(done.stdout)["handoffs"]
    return handoff["envelope"]["payload"]["member"], handoff["envelope"]["resume"]["token"], done


def daemon(*arguments, password=None):
    return subprocess.run(["gnome-keyring-daemon", *arguments], input=password, capture_output=True, text=True, timeout=20)


def prepare():
    """A flow with one field that is hashed."""
    flow = {
        "format": "handoff-flow/1",
        "id": "hashed",
        "title": "Hashed",
        "slots": {"member": {"type": "text", "entity": "member"}},
        "tiers": {"people": {"title": "People"}},
        "contexts": {"all": {"fields": {"member": {"from": "slots.member", "redact": "hash"}}}},
        "nodes": {
            "begin": {"kind": "start", "next": "wait"},
            "wait": {"kind": "listen", "else": "person"},
            "person": {"kind": "handoff", "tier": "people", "context": "all", "mode": "ticket"},
        },
    }
    with open(FLOW, "w") as file:
        json.dump(flow, file)
    turn = {"who": "user", "text": "hello", "entities": {"member": "M-1234567"}}
    with open(SAID, "w") as file:
        file.write(json.dumps({"id": "c", "turns": [turn]}) + "\n")


def without_a_keyring():
    home = os.environ["HOME"]
    silent = socket.socket(socket.AF_UNIX)
    silent.bind(f"{home}/silent")
    silent.listen()
    bus = bare_bus(home)
    address = bus.stdout.readline().strip()
    try:
        for what, address in {
            "no bus": "disabled:",
            "a bus that is gone": f"unix:path={home}/gone",
            "a bus that never answers": f"unix:path={home}/silent",
            "a bus on which nobody keeps secrets": address,
        }.items():
            nobody_answers(what, {"DBUS_SESSION_BUS_ADDRESS": address})
    finally:
        bus.terminate()
        bus.wait()


def bare_bus(home):
    """A bus that can start nobody."""
    with open(f"{home}/bus.conf", "w") as file:
        file.write(
            f'<busconfig><type>session</type><listen>unix:path={home}/bare</listen><auth>EXTERNAL</auth><policy context="default">'
            '<allow send_destination="*" eavesdrop="true"/><allow eavesdrop="true"/><allow own="*"/></policy></busconfig>'
        )
    call = ["dbus-daemon", f"--config-file={home}/bus.conf", "--nofork", "--print-address"]
    return subprocess.Popen(call, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)


def nobody_answers(what, env):
    member, token, done = preview(**env)
    check(f"{what}: it fails closed", (member, token) == ("<REDACTION_FAILED>", None), (member, token))
    check(f"{what}: it says so", "held back" in done.stderr, done.stderr)
    check(f"{what}: it takes no longer than {PATIENCE} s", done.seconds < PATIENCE, done.seconds)
    listed = run("keys", "list", code=2, **env)
    ways_out = ["HANDOFF_KEYS_FILE", "HANDOFF_HASH_KEY"]
    check(f"{what}: it names the way out", all(way in listed.stderr for way in ways_out), listed.stderr)
    check(f"{what}: it takes no longer than {PATIENCE} s", listed.seconds < PATIENCE, listed.seconds)
    for verb in (["make"], ["remove", "redaction"]):
        done = run("keys", *verb, code=2, **env)
        check(f"{what}: {verb} names the way out", all(way in done.stderr for way in ways_out), done.stderr)
        check(f"{what}: {verb} takes no longer than {PATIENCE} s", done.seconds < PATIENCE, done.seconds)


def secrets():
    """What an independent client reads: the daemon's own tool where it is there, else the bus by hand."""
    found = {}
    for name in NAMES:
        done = subprocess.run(
            ["secret-tool", "lookup", "service", "handoff-studio", "username", name], capture_output=True, text=True
        )
        found[name] = done.stdout
    return found


def independent():
    return subprocess.run(["sh", "-c", "command -v secret-tool"], capture_output=True).returncode == 0


def in_the_keyring():
    before = keys("list")
    check("nothing is there at first", not any(key["present"] or key["fault"] for key in before.values()), before)
    made = keys("make")
    check("both are made", all(key["made"] and key["kind"] == "keyring" for key in made.values()), made)
    again = keys("make")
    check("what is there stays", all(not key["made"] for key in again.values()), again)
    prints = {name: key["fingerprint"] for name, key in made.items()}
    check("fingerprints stay", prints == {name: key["fingerprint"] for name, key in keys("list").items()}, prints)
    check("each has a key of its own", prints["redaction"] != prints["resume"], prints)
    member, token, done = preview()
    check("the field is hashed", re.fullmatch("[0-9a-f]{64}", member), member)
    check("there is a resume token", token and token.startswith("r1."), token)
    check("a second preview says the same", preview()[:2] == (member, token))
    if independent():
        kept = secrets()
        check("a key is 64 digits", all(re.fullmatch("[0-9a-f]{64}", kept[name]) for name in NAMES))
        given = {"HANDOFF_HASH_KEY": kept["redaction"], "HANDOFF_RESUME_KEY": kept["resume"]}
        check("a variable with the same text does the same", preview(**given)[:2] == (member, token))
        told = "".join(run("keys", verb, *rest).stdout for verb, *rest in (["list"], ["make"]))
        told += done.stdout + done.stderr + run("preview", FLOW, "--conversation", SAID).stdout
        check("no key is ever printed", not any(kept[name] in told for name in NAMES))
    else:
        print("secret-tool is missing (libsecret-tools): no independent client reads what was kept")
    env = {"HANDOFF_HASH_KEY": "another key of the environment"}
    check("a variable goes before the keyring", preview(**env)[0] != member)
    check("and is told", keys("list", **env)["redaction"]["kind"] == "variable")
    check("and is not taken away", "unset" in run("keys", "remove", "redaction", code=2, **env).stderr)
    return member


def locked(member):
    """Restarted, the keyring is locked: without a screen nobody can unlock it."""
    daemon("--replace", "--daemonize", "--components=secrets")
    time.sleep(1)
    found, token, done = preview()
    check("a locked keyring fails closed", (found, token) == ("<REDACTION_FAILED>", None), (found, token))
    check("and asks nobody", "locked" in done.stderr and done.seconds < PATIENCE, (done.stderr, done.seconds))
    listed = keys("list", code=2)
    check("the list says so", all(key["fault"]["code"] == "locked" for key in listed.values()), listed)
    done = run("keys", "make", code=2)
    check("nobody can be asked", "HANDOFF_KEYS_FILE" in done.stderr, done.stderr)
    unlock()
    check("unlocked, the same key hashes", preview()[0] == member)


def unlock():
    done = daemon("--replace", "--unlock", "--daemonize", "--components=secrets", password="password")
    check("the keyring starts", done.returncode == 0, done.stderr)
    time.sleep(1)


def taken_away():
    gone = keys("remove", *NAMES)
    check("both are taken away", all(key["removed"] and not key["present"] for key in gone.values()), gone)
    run("keys", "remove", "redaction", code=1)
    check("nothing is left", preview()[:2] == ("<REDACTION_FAILED>", None))
    check("a key made anew is another", keys("make", "redaction")["redaction"]["made"])


prepare()
without_a_keyring()
unlock()
hashed = in_the_keyring()
locked(hashed)
taken_away()
print(f"keys in the keyring: {checks} checks hold")

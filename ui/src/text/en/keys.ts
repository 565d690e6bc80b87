/** Words about the keys of hashes and resume tokens. */
type Words = { readonly [code: string]: string };

export const keys = {
  keyring: {
    title: "Keys",
    open: "Keys…",
    about: "Hashes and resume tokens are made with secret keys. A key stays on this computer: no flow, no file that is exported and no page holds it.",
    names: { redaction: "Redaction key", resume: "Resume key" },
    whatFor: { redaction: "makes the hashes of data that is redacted by “hash”", resume: "signs the token by which a handoff comes back" },
    lacks: { redaction: "what should be hashed is held back", resume: "there is no resume token" },
    looking: "Asking the keyring…",
    none: "No key yet",
    notHad: "The key cannot be had",
    make: "Make one",
    making: "Waiting for the keyring…",
    unlock: "Unlock the keyring",
    fingerprint: "Fingerprint",
    places: {
      keyring: (name: string) => `in the keyring of this computer (${name})`,
      file: (path: string) => `in the file ${path}`,
      variable: (name: string) => `given by the variable ${name}`,
      nowhere: () => "keys are switched off",
    } as { readonly [kind: string]: (name: string) => string },
    faults: {
      "no-keyring": "No keyring answers on this computer. Start one (GNOME Keyring, KWallet, KeePassXC), or start the studio with HANDOFF_KEYS_FILE naming a file of your own.",
      locked: "The keyring of this computer is locked.",
      "not-unlocked": "The keyring of this computer was not unlocked. Try again and give its password.",
      "no-answer": "The keyring of this computer does not answer. See whether it asks for its password, then try again.",
      "switched-off": "Keys are switched off: the variable HANDOFF_KEYS_FILE is empty. Start the studio without it, or let it name a file.",
    } as Words,
  },
};

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
    failed: "The keys could not be asked for.",
    remove: {
      open: "Take away…",
      yes: "Take the key away",
      title: { redaction: "Take the redaction key away?", resume: "Take the resume key away?" },
      words: {
        redaction: "Nothing brings it back. Hashes made from now on will differ from those already sent, so the same customer or card can no longer be matched across them, and a server that holds this key will no longer agree with this computer. Until another key is made, fields redacted by “hash” are held back.",
        resume: "Nothing brings it back. Handoffs that are still with a person can no longer be taken up by the AI: this computer will not know their resume tokens as genuine. Until another key is made, a handoff leaves without a token.",
      },
    },
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
      damaged: "What is kept under this name is no key. Take it away, then make another one.",
      "open-to-others": "Others on this computer may read the file of keys. Make it readable for you alone (chmod 600), then try again.",
      file: "The file of keys cannot be used. See that you may read and write it and that it is one of keys, or let HANDOFF_KEYS_FILE name another, then try again.",
      "not-kept": "The keyring took the key and did not keep it. See whether it may be written, then try again.",
      short: "What a variable gives is shorter than 16 characters, which somebody could guess. Start the studio with a longer one, or without it.",
      "switched-off": "Keys are switched off: the variable HANDOFF_KEYS_FILE is empty. Start the studio without it, or let it name a file.",
    } as Words,
  },
};

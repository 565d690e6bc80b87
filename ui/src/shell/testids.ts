/**
 * The names by which tests of the real window find things. They are part of what the window
 * promises: a change here changes `tests/e2e` too. A name with `…` goes on with an id.
 */
export const TEST_IDS = {
  topbar: ["topbar", "flow-title", "file-name", "save-state", "undo", "redo", "open-palette", "open-talk", "open-export", "theme"],
  /** `menu-…` goes on with the id of an action: `menu-file.save`, `menu-file.save-as`, `menu-file.new`, `menu-file.open`, `menu-file.close`. */
  fileMenu: ["file-menu", "menu-…", "menu-recent"],
  /** `go-…` and `place-…` go on with `design register test routing export audit history`. */
  places: ["rail", "go-…", "place-…", "later-…"],
  welcome: ["welcome", "welcome-open", "welcome-import-file", "welcome-import-folder", "welcome-known", "template-…", "template-empty", "recent", "not-open-open", "not-open-start"],
  /** `new-…` goes on with the id of a template. */
  /* `answer-…` goes on with `save discard remove`. */
  dialogs: ["templates", "new-…", "new-empty", "shortcuts", "shortcuts-close", "question", "answer-cancel", "answer-…"],
  /** `key-…`, `key-make-…` and `key-remove-…` go on with `redaction resume`. */
  keys: ["keys", "key-…", "key-make-…", "key-remove-…", "key-fingerprint", "key-fault", "keys-close", "keys-note", "keys-note-fault", "keys-note-make", "keys-error", "keys-again"],
  messages: ["banner", "banner-dismiss", "banner-save-as", "banner-overwrite", "banner-reload", "toast", "toast-action", "live", "busy"],
  palette: ["palette", "palette-input", "palette-item"],
  design: ["canvas", "triggers", "add-trigger", "toggle-vocabulary", "toggle-outline", "toggle-lanes", "tidy", "fit", "canvas-state", "add-start"],
  /** `tab-…` goes on with `problems preview talk`. */
  drawer: ["drawer", "tab-…", "drawer-tall", "drawer-close", "count-error", "count-warning"],
  inspector: ["inspector", "node-form", "trigger-form", "many-form", "flow-form", "inspector-title", "inspector-kind", "inspector-id", "incoming", "node-duplicate", "node-delete", "trigger-delete"],
  /**
   * `field-…` goes on with the path inside the entry joined by `-`: `field-text`, `field-branches-0-when`,
   * `field-waiting-turns-0-to`. Lists have `-add`, `-0`, `-0-up`, `-0-down`, `-0-remove`; maps have `-add` and
   * `-KEY`, `-KEY-key`, `-KEY-remove`; a picker has `-go` and `-clear`, and `option-ID` in its list.
   * A condition is `[data-testid="field-…"]` on the editable text itself, with `-fault`, `-words`, `-witness`
   * and `-canonical` below it. `[data-path="/nodes/main/branches/0/when"]` is the whole field.
   */
  fields: ["field-…", "option-…", "field-problem", "field-fix", "field-apply"],
  /** `vocabulary-…` goes on with a section: `vocabulary-constants`. */
  vocabulary: ["vocabulary", "vocabulary-…", "vocabulary-close", "vocabulary-filter", "vocabulary-add", "vocabulary-add-name", "entry-…", "entry-…-open", "entry-form", "entry-rename", "entry-remove", "where-used"],
  /**
   * A problem has `data-code` and `data-path`, a line of a fix `data-path`, a group and what is switched off `data-code`;
   * `problems-…` goes on with `error warning info for platform more`.
   */
  problems: [
    "problems", "problems-…", "problem", "problem-go", "problem-group", "problem-witness", "problem-way", "way-talk", "way-keep", "problem-conversation", "no-conversation", "problem-fix", "fix-preview",
    "fix-change", "problem-apply", "problem-off", "switch-off", "switch-off-here", "switch-off-whole", "switch-off-why", "switch-off-do", "switched-off",
    "switched-off-one", "switch-on", "problem-explain", "explanation",
  ],
  /** `signal-…` and `reset-…` go on with a field of a line: `confidence`, `entities.amount`, `signals.customer.ltv`. A step has `data-at` (its card) and `data-by` (its port); `said-…` goes on with `customer ai agent event hint`. */
  preview: [
    "preview", "preview-pick", "preview-found", "preview-option", "preview-find-error", "preview-step", "preview-first", "preview-previous", "preview-next", "preview-last", "preview-back", "preview-keep", "preview-vcon", "preview-error", "preview-unreadable",
    "chat", "said-…", "change-signals", "change-customer", "signals-form", "signal-…", "reset-…", "outcome", "expectation",
    "steps", "step", "steps-part", "assumed", "no-handoff", "handoff-previous", "handoff-next", "handoff-at", "target-…", "view-agent", "view-request", "view-setup", "view-postman", "why-not", "why-not-ask", "why-not-none", "why-not-change", "why-not-apply", "ways",
    "target-files", "target-file", "target-files-write", "target-file-text", "request-blocked",
    "zendesk-card", "card-…", "agent-card", "payload-…", "payload-changed", "internal-note", "withheld", "required-unset",
    "request", "request-size", "request-cut", "request-missing", "request-body",
  ],
  /**
   * `world-…` goes on with `accept decline request-fails resume resume-OUTCOME resolve escalate queue-long-TIER
   * queue-closed-TIER queue-open-TIER call-CODE call-fails call-timeout ticket-fails minute quarter left`;
   * `expect-…` with `right stay tier-TIER`.
   */
  talk: [
    "talk", "talk-input", "talk-send", "talk-intent", "talk-confidence", "talk-sentiment", "talk-entity-…", "talk-who", "talk-agent-input", "talk-waits",
    "talk-back", "talk-restart", "talk-save", "talk-error", "compose", "world", "world-…", "save-form", "save-id", "save-replaces", "expect-…", "save-conversation",
  ],
  /**
   * `test-tab-…` goes on with `replay whatif sweep read audit`, `set-…` and `odd-…` with the name of a file, `unreached-…` with `nodes branches triggers because`,
   * `move-…` with a way in which outcomes differ, `label-…` with `right none any off tier-TIER`. A failed one and a changed one have `data-id`.
   */
  test: [
    "test", "test-replay", "test-unreadable", "test-empty", "test-import", "test-tab-…", "test-sets", "set-…", "test-search", "test-find-error", "test-found", "test-list", "test-conversation",
    "test-progress", "test-stop", "test-error", "test-stopped", "test-once-more", "test-begin", "test-summary", "test-outcomes", "test-by-tier", "test-by-trigger", "test-by-node", "test-expect",
    "test-failed", "test-failed-all", "test-open", "test-shrink", "test-coverage", "test-paint", "test-unpaint", "test-problems", "test-unreached", "unreached-…", "test-reach",
    "test-reach-pick", "test-reached", "coverage-off", "whatif-other", "whatif-compare", "whatif-begin", "whatif-summary", "move-…", "whatif-change", "whatif-both",
    "both", "both-close", "sweep-none", "sweep-constant", "sweep-from", "sweep-to", "sweep-run", "sweep-begin", "sweep-curve", "sweep-point", "sweep-best", "sweep-write",
    "odd-…", "audit-by", "audit-summary", "audit-none", "audit-counts", "audit-both", "audit-needless", "audit-missed", "audit-neither", "audit-shares", "audit-agreement",
    "audit-list-…", "audit-wrong", "audit-one", "audit-read", "audit-open", "audit-all", "audit-right",
    "read-begin", "read-error", "read-again", "read-previous", "read-next", "read-open", "read-label", "read-now", "read-tags", "read-tag", "label-…",
  ],
  /**
   * A row has `data-node` and `data-way`; `register-sort-…`, `register-cell-…` and `register-edit-…` go on with
   * `card why to hears fields fallback promise behind tests`, `cell-…` with the path of a field joined by `-`.
   */
  register: [
    "register", "register-error", "register-again", "register-empty", "register-search", "register-count", "register-table", "register-row", "register-sort-…", "register-cell-…",
    "register-edit-…", "register-card", "register-from", "register-whole", "register-done", "cell-…", "register-csv", "register-html", "register-deck-out", "register-deck-in",
    "register-publish", "register-with", "deck", "deck-change", "deck-take", "deck-apply", "deck-cancel",
  ],
  /** What an import of another tool's project says; a note has `data-code`. */
  imported: ["imported", "imported-stuck", "imported-ways", "imported-notes", "imported-known", "imported-note", "imported-show"],
  /** `import-to-…` goes on with a column, `import-means-…` with a value of the file, `import-tab-…` with `talk notes`. */
  import: [
    "import", "import-file", "import-reason", "import-kind", "import-error", "import-again", "import-columns", "import-to-…", "import-kept-…", "import-who", "import-calls", "import-means-…",
    "import-counts", "import-unused", "import-tab-…", "import-notes", "import-previous", "import-next", "import-id", "import-keep-mapping",
    "import-saved-mapping", "import-choose", "import-close", "import-save",
  ],
  /**
   * `file-…` goes on with the path of an exported file, that of a folder ends in `/`; such a row has `data-change` and
   * `data-edited`. `platform-…` goes on with a platform, `how-…` with `native code hand lost`, `export-tab-…` with
   * `carried checked`, `export-form-…` with `folder zip`, `file-view-…` with `text diff`.
   */
  export: [
    "export", "export-platform", "export-empty", "platform-…", "export-options", "export-form-…", "export-strict", "export-tests", "export-write", "export-last", "export-there", "export-again",
    "export-error", "export-problem", "export-problems", "export-show-lost", "export-anyway", "export-other", "export-retry", "export-in-the-way", "export-replace", "export-progress", "export-stop",
    "export-count", "export-changes", "export-filter", "export-only-changes", "export-tree", "export-written", "file-…", "file-path", "file-view-…", "file-find", "file-note", "file-binary", "file-text",
    "export-tab-…", "how-…", "losses", "loss", "carried", "carried-place", "carried-more",
    "export-checked", "certificate-run", "certificate-progress", "certificate-stop", "certificate-save", "certificate-error", "certificate-result", "certificate-open", "export-held", "export-manual",
  ],
} as const;

/**
 * The text editor of a condition: CodeMirror with the core behind it. Faults come from the
 * core, under the very characters; undo is the document's, so the editor keeps none.
 */
import { autocompletion, completionKeymap, type CompletionContext, type CompletionResult } from "@codemirror/autocomplete";
import { defaultKeymap } from "@codemirror/commands";
import { HighlightStyle, StreamLanguage, syntaxHighlighting } from "@codemirror/language";
import { setDiagnostics, type Diagnostic } from "@codemirror/lint";
import { Annotation, Compartment, EditorState, Prec, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, keymap, placeholder } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import type { Completion, Fault } from "../../platform";
import { told } from "../../text/core";
import { marked, wordStart } from "./word";

export interface Hooks {
  readonly label: string;
  readonly testid: string;
  readonly placeholder: string;
  readonly nonce: string | undefined;
  changed(text: string): void;
  left(): void;
  complete(text: string, offset: number): Promise<readonly Completion[]>;
}

const External = Annotation.define<boolean>();

const language = StreamLanguage.define({
  name: "condition",
  token(stream) {
    if (stream.eatSpace()) return null;
    if (stream.match(/^("(?:[^"\\]|\\.)*"?|'(?:[^'\\]|\\.)*'?)/)) return "string";
    if (stream.match(/^[0-9]+(\.[0-9]+)?/)) return "number";
    if (stream.match(/^(true|false|null)\b/)) return "atom";
    if (stream.match(/^(in|has|startsWith|endsWith|contains)\b/)) return "keyword";
    if (stream.match(/^[A-Za-z_][A-Za-z0-9_.]*/)) return "variableName";
    if (stream.match(/^(&&|\|\||[=!<>]=?|[-+*!])/)) return "operator";
    stream.next();
    return null;
  },
});

/** Classes, not styles: what they look like stands in the component. */
const colours = HighlightStyle.define([
  { tag: tags.string, class: "cond-string" },
  { tag: tags.number, class: "cond-number" },
  { tag: tags.atom, class: "cond-number" },
  { tag: tags.keyword, class: "cond-word" },
  { tag: tags.variableName, class: "cond-name" },
  { tag: tags.operator, class: "cond-sign" },
]);

export class ConditionEditor {
  private readonly view: EditorView;
  private readonly labels = new Compartment();

  constructor(parent: HTMLElement, text: string, hooks: Hooks) {
    this.view = new EditorView({
      parent,
      state: EditorState.create({ doc: text, extensions: this.extensions(hooks) }),
    });
  }

  get text(): string {
    return this.view.state.doc.toString();
  }

  get focused(): boolean {
    return this.view.hasFocus;
  }

  /** Text that changed elsewhere, by undo or by a fix. */
  show(text: string): void {
    if (text === this.text) return;
    this.view.dispatch({
      changes: { from: 0, to: this.view.state.doc.length, insert: text },
      annotations: External.of(true),
    });
  }

  faults(faults: readonly Fault[]): void {
    const diagnostics = faults.map(({ start, end, severity, ...fault }): Diagnostic => {
      const [from, to] = marked(this.text, start, end);
      return { from, to, severity, message: told(fault) };
    });
    this.view.dispatch(setDiagnostics(this.view.state, diagnostics));
  }

  focus(span: readonly [number, number] | null): void {
    const length = this.view.state.doc.length;
    this.view.focus();
    if (span) this.view.dispatch({ selection: { anchor: Math.min(span[0], length), head: Math.min(span[1], length) } });
  }

  relabel(label: string): void {
    this.view.dispatch({ effects: this.labels.reconfigure(EditorView.contentAttributes.of({ "aria-label": label })) });
  }

  destroy(): void {
    this.view.destroy();
  }

  private extensions(hooks: Hooks): Extension[] {
    return [
      ...(hooks.nonce === undefined ? [] : [EditorView.cspNonce.of(hooks.nonce)]),
      language,
      syntaxHighlighting(colours),
      drawSelection({ cursorBlinkRate: 0 }),
      EditorView.lineWrapping,
      placeholder(hooks.placeholder),
      this.labels.of(EditorView.contentAttributes.of({ "aria-label": hooks.label })),
      EditorView.contentAttributes.of({ "data-testid": hooks.testid, spellcheck: "false", autocapitalize: "off", role: "textbox", "aria-multiline": "false" }),
      autocompletion({ override: [(context) => complete(context, hooks)], icons: false, activateOnTyping: true }),
      Prec.high(keymap.of([...completionKeymap, { key: "Enter", run: () => true }, { key: "Tab", run: () => false }])),
      keymap.of(defaultKeymap.filter(({ key }) => key !== "Enter" && key !== "Mod-Enter" && key !== "Ctrl-k" && key !== "Mod-[" && key !== "Mod-]")),
      EditorView.updateListener.of((update) => {
        if (update.docChanged && !update.transactions.some((one) => one.annotation(External))) hooks.changed(update.state.doc.toString());
        if (update.focusChanged && !update.view.hasFocus) hooks.left();
      }),
    ];
  }
}

async function complete(context: CompletionContext, hooks: Hooks): Promise<CompletionResult | null> {
  const text = context.state.doc.toString();
  const from = wordStart(text, context.pos);
  if (from === context.pos && !context.explicit) return null;
  const found = await hooks.complete(text, context.pos).catch(() => []);
  if (found.length === 0 || context.aborted) return null;
  return {
    from,
    options: found.map(({ label, detail, insert }) => ({
      label,
      ...(detail ? { detail } : {}),
      apply: insert ?? label,
    })),
    validFor: /^("[^"]*|[A-Za-z_][A-Za-z0-9_.]*)$/,
  };
}

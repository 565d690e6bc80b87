/**
 * The text of a file, highlighted and with its line numbers, or what changed in it. Nothing can be typed; the text is
 * data and becomes text nodes alone. It comes with the first file that is read, not with the window.
 */
import { defaultKeymap } from "@codemirror/commands";
import { jsonLanguage } from "@codemirror/lang-json";
import { pythonLanguage } from "@codemirror/lang-python";
import { yamlLanguage } from "@codemirror/lang-yaml";
import { defineLanguageFacet, foldGutter, foldKeymap, Language, syntaxHighlighting } from "@codemirror/language";
import { unifiedMergeView } from "@codemirror/merge";
import { closeSearchPanel, openSearchPanel, search, searchKeymap } from "@codemirror/search";
import { EditorState, type Extension } from "@codemirror/state";
import { drawSelection, EditorView, highlightActiveLine, highlightActiveLineGutter, keymap, lineNumbers } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";
import { parser as markdown } from "@lezer/markdown";
import { styleNonce } from "../../platform";
import { t } from "../../text";
import { kindOf, type Kind } from "./kind";

export interface Shown {
  readonly path: string;
  readonly text: string;
  /** What it is compared with. */
  readonly before?: string;
}

/** A diff that is not found soon is shown coarser. */
const DIFF_MS = 400;

const languages: { readonly [kind in Kind]: Language | null } = {
  json: jsonLanguage,
  python: pythonLanguage,
  yaml: yamlLanguage,
  markdown: new Language(defineLanguageFacet(), markdown, [], "markdown"),
  plain: null,
};

export class Viewer {
  private readonly view: EditorView;

  constructor(parent: HTMLElement, shown: Shown) {
    this.view = new EditorView({ parent, state: stateOf(shown) });
  }

  show(shown: Shown): void {
    this.view.setState(stateOf(shown));
    this.view.scrollDOM.scrollTop = 0;
  }

  find(): void {
    openSearchPanel(this.view);
  }

  destroy(): void {
    closeSearchPanel(this.view);
    this.view.destroy();
  }
}

function stateOf({ path, text, before }: Shown): EditorState {
  const kind = kindOf(path);
  const language = languages[kind];
  const nonce = styleNonce();
  const extensions: Extension[] = [
    ...(nonce === undefined ? [] : [EditorView.cspNonce.of(nonce)]),
    EditorState.readOnly.of(true),
    EditorState.phrases.of(t.export.editor),
    EditorView.contentAttributes.of({ "aria-label": path, "aria-readonly": "true", spellcheck: "false", dir: "ltr" }),
    lineNumbers(),
    ...(before === undefined ? [foldGutter()] : []),
    ...(kind === "markdown" ? [EditorView.lineWrapping] : []),
    highlightActiveLine(),
    highlightActiveLineGutter(),
    drawSelection({ cursorBlinkRate: 0 }),
    ...(language ? [language] : []),
    syntaxHighlighting(classHighlighter),
    search({ top: true }),
    keymap.of([...searchKeymap, ...foldKeymap, ...defaultKeymap.filter(({ key }) => key !== "Mod-[" && key !== "Mod-]" && key !== "Ctrl-k")]),
    ...(before === undefined
      ? []
      : [
          unifiedMergeView({
            original: before,
            mergeControls: false,
            gutter: true,
            collapseUnchanged: { margin: 3, minSize: 6 },
            diffConfig: { scanLimit: 5000, timeout: DIFF_MS },
          }),
        ]),
  ];
  return EditorState.create({ doc: text, extensions });
}

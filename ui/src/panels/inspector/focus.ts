/** Brings the field of a path into view and gives it the focus. */
import { pointer, type Path } from "../../document/tree";

const FIELD = 'input:not(:disabled), textarea:not(:disabled), select:not(:disabled), [contenteditable="true"]';
const BUTTON = "button:not(:disabled)";

/** The field itself, or the nearest one above it that is shown. */
export function focusField(path: Path, span: readonly [number, number] | null, root: ParentNode = document): boolean {
  for (let length = path.length; length >= 2; length -= 1) {
    const found = root.querySelector<HTMLElement>(`[data-path="${CSS.escape(pointer(path.slice(0, length)))}"]`);
    if (!found) continue;
    for (let details = found.closest("details"); details; details = details.parentElement?.closest("details") ?? null) details.open = true;
    found.scrollIntoView({ block: "nearest" });
    const host = found.querySelector<HTMLElement>(`[data-condition="${CSS.escape(pointer(path))}"]`) ?? (span ? found.querySelector<HTMLElement>("[data-condition]") : null);
    if (host) host.dispatchEvent(new CustomEvent("focusspan", { detail: span }));
    else (found.querySelector<HTMLElement>(FIELD) ?? found.querySelector<HTMLElement>(BUTTON))?.focus();
    return true;
  }
  return false;
}

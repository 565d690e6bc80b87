/** Keys as people write them: `Mod+K` is Ctrl+K, or ⌘K on a Mac. */
import { platformName } from "../platform";

const MAC = platformName() === "mac";

const SHOWN: { readonly [key: string]: string } = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  Delete: "Del",
  Escape: "Esc",
};

export function keyLabel(keys: string): string {
  return keys
    .split("+")
    .map((part) => {
      if (part === "Mod") return MAC ? "⌘" : "Ctrl";
      if (part === "Shift") return MAC ? "⇧" : "Shift";
      return SHOWN[part] ?? part;
    })
    .join(MAC ? "" : "+");
}

/** `aria-keyshortcuts` has words of its own. */
export function ariaKeys(keys: string): string {
  return keys.replace("Mod", MAC ? "Meta" : "Control");
}

export function matches(event: KeyboardEvent, keys: string): boolean {
  const parts = keys.split("+");
  const key = parts[parts.length - 1] ?? "";
  const mod = MAC ? event.metaKey : event.ctrlKey;
  const other = MAC ? event.ctrlKey : event.metaKey;
  if (parts.includes("Mod") !== mod || other || parts.includes("Alt") !== event.altKey) return false;
  // A sign that needs Shift on some keyboards, like `?` or `+`, is told by the sign alone.
  const shifted = /^[A-Za-z0-9]$|^.{2,}$/.test(key);
  if (shifted && parts.includes("Shift") !== event.shiftKey) return false;
  return event.key.toLowerCase() === key.toLowerCase() || event.code === `Digit${key}`;
}

/** Whether typing goes into a text there. */
export function isEditable(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable || target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement) return true;
  return target instanceof HTMLInputElement && !["checkbox", "radio", "button", "range"].includes(target.type);
}

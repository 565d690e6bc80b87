/** Where a list opens beside the field that it belongs to: below it, or above where there is more room. */

export interface PopupSize {
  /** At least so wide. */
  readonly wide: number;
  /** At most so tall. */
  readonly tall: number;
  /** With less room than this below, the side with more of it counts. */
  readonly room: number;
}

const EDGE = 8;
const GAP = 2;

/** Puts a popup, which is fixed in the window, beside its field. */
export function placePopup(popup: HTMLElement, field: HTMLElement, { wide, tall, room }: PopupSize): void {
  const box = field.getBoundingClientRect();
  const inline = Math.min(Math.max(box.width, wide), window.innerWidth - 2 * EDGE);
  const below = window.innerHeight - box.bottom;
  const above = below < room && box.top > below;
  popup.style.setProperty("inline-size", `${inline}px`);
  popup.style.setProperty("left", `${Math.max(EDGE, Math.min(box.left, window.innerWidth - inline - EDGE))}px`);
  popup.style.setProperty(above ? "bottom" : "top", `${(above ? window.innerHeight - box.top : box.bottom) + GAP}px`);
  popup.style.setProperty("max-block-size", `${Math.min((above ? box.top : below) - EDGE, tall)}px`);
}

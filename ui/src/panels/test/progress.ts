/** How far a long piece of work is, how fast it goes and how long it will take. */
import { duration, integer } from "../common/format";
import { t } from "../../text";

export interface Far {
  readonly conversations: number;
  /** From 0 to 1; null where nobody knows. */
  readonly share: number | null;
  /** Seconds until it is over; null where nobody knows yet. */
  readonly left: number | null;
}

export const BEGUN: Far = { conversations: 0, share: null, left: null };

/** Less is no measure of how fast it goes. */
const SOON = 0.3;

function number(told: object, key: string): number | null {
  const value = (told as { readonly [name: string]: unknown })[key];
  return typeof value === "number" ? value : null;
}

/** What the core tells: conversations done, and how many bytes of all were read. `seconds` have passed. */
export function farOf(told: unknown, seconds: number): Far {
  if (typeof told !== "object" || told === null) return BEGUN;
  const conversations = number(told, "conversations") ?? number(told, "done") ?? 0;
  const done = number(told, "bytes") ?? number(told, "read") ?? number(told, "done");
  const of = number(told, "of") ?? number(told, "total");
  const share = done !== null && of !== null && of > 0 ? Math.min(1, done / of) : null;
  const own = number(told, "left");
  const left = own ?? (share === null || share <= 0 || seconds < SOON ? null : (seconds * (1 - share)) / share);
  return { conversations, share, left };
}

export function farWords({ conversations, share, left }: Far): string {
  const parts = [t.test.done(integer(conversations))];
  if (share !== null) parts.push(`${Math.floor(100 * share)} %`);
  if (left !== null) parts.push(t.test.left(duration(left < 10 ? Math.round(left * 10) / 10 : Math.round(left))));
  return parts.join(" · ");
}

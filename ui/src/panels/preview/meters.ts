/** How much of each limit a request uses, and what the target says of itself beside the request. */
import type { Request } from "../../platform";

/** A limit with what is used of it; the whole body has no name, and may have no limit. */
export interface Meter {
  readonly what: string;
  readonly unit: string;
  readonly used: number;
  readonly most: number | null;
  /** The field that is measured, where it is one alone. */
  readonly field: string | null;
}

/** The whole body first, then each limit that is named; the tightest of these first. */
export function metersOf(request: Request): readonly Meter[] {
  const limit = request.limited ? request.limit : null;
  const whole: Meter = { what: "", unit: "bytes", used: request.bytes, most: limit, field: null };
  const rest = request.meters.filter((one) => !(one.unit === "bytes" && one.used === request.bytes && one.most === limit && one.field === null));
  return [whole, ...[...rest].sort((a, b) => share(b) - share(a))];
}

/** 1 is full; more is too much. */
export function share({ used, most }: Meter): number {
  return most === null ? 0 : used / Math.max(1, most);
}

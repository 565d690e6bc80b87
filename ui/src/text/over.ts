/** One language laid over another: what the upper one lacks is taken from the lower one. */
export type Part<T> = T extends string
  ? string
  : T extends (...args: never[]) => unknown
    ? T
    : T extends readonly unknown[]
      ? T
      : { readonly [key in keyof T]?: Part<T[key]> };

export function over<T>(base: T, upper: Part<T> | undefined): T {
  if (upper === undefined) return base;
  if (typeof base !== "object" || base === null || Array.isArray(base)) return upper as T;
  const from = upper as { readonly [key: string]: unknown };
  return Object.fromEntries(Object.entries(base).map(([key, value]) => [key, over(value, from[key] as Part<typeof value> | undefined)])) as T;
}

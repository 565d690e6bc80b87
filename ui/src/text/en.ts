/** English, the text of record. Another language has the same keys. */
import { document } from "./en/document";

export const en = { ...document };

type Widen<T> = T extends string ? string : T extends (...args: never[]) => unknown ? T : { readonly [key in keyof T]: Widen<T[key]> };

export type Text = Widen<typeof en>;

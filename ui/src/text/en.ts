/** English, the text of record. Another language has the same keys. */
import { canvas } from "./en/canvas";
import { cards } from "./en/cards";
import { core } from "./en/core";
import { document } from "./en/document";
import { exporting } from "./en/exporting";
import { faults } from "./en/faults";
import { imports } from "./en/imports";
import { keys } from "./en/keys";
import { panels } from "./en/panels";
import { register } from "./en/register";
import { shell } from "./en/shell";
import { spoken } from "./en/spoken";
import { test } from "./en/test";

export const en = { ...canvas, ...cards, ...core, ...document, ...exporting, ...faults, ...imports, ...keys, ...panels, ...register, ...shell, ...spoken, ...test };

type Widen<T> = T extends string
  ? string
  : T extends (...args: never[]) => unknown
    ? T
    : { readonly [key in keyof T]: Widen<T[key]> };

export type Text = Widen<typeof en>;

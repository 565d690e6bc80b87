/** German. Each part has the same keys as the English one; a test tells of words that are missing. */
import type { Text } from "./en";
import type { Part } from "./over";
import { canvas } from "./de/canvas";
import { cards } from "./de/cards";
import { core } from "./de/core";
import { document } from "./de/document";
import { exporting } from "./de/exporting";
import { faults } from "./de/faults";
import { imports } from "./de/imports";
import { keys } from "./de/keys";
import { panels } from "./de/panels";
import { preview } from "./de/preview";
import { register } from "./de/register";
import { shell } from "./de/shell";
import { spoken } from "./de/spoken";
import { test } from "./de/test";

export const de: Part<Text> = { ...canvas, ...cards, ...core, ...document, ...exporting, ...faults, ...imports, ...keys, ...panels, ...preview, ...register, ...shell, ...spoken, ...test };

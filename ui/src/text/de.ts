/** German. Each file has the same keys as the English one of its name. */
import type { Text } from "./en";
import type { Part } from "./over";
import { cards } from "./de/cards";
import { shell } from "./de/shell";
import { test } from "./de/test";

export const de: Part<Text> = { ...cards, ...shell, ...test };

/** Two texts word by word: what stays, what goes and what comes. */

export interface Piece {
  readonly text: string;
  readonly is: "same" | "gone" | "new";
}

/** Longer texts are shown whole: comparing them word by word would take long and help nobody. */
const MOST = 400;

/** The pieces of both texts in their order; those that stay belong to both. */
export function compared(before: string, after: string): Piece[] {
  const [from, to] = [split(before), split(after)];
  if (from.length > MOST || to.length > MOST) return [...piece(before, "gone"), ...piece(after, "new")];
  const common = lengths(from, to);
  const pieces: Piece[] = [];
  let [i, j] = [0, 0];
  while (i < from.length || j < to.length) {
    if (i < from.length && j < to.length && from[i] === to[j]) {
      add(pieces, from[i] ?? "", "same");
      i += 1;
      j += 1;
    } else if (j >= to.length || (i < from.length && at(common, i + 1, j) >= at(common, i, j + 1))) {
      add(pieces, from[i] ?? "", "gone");
      i += 1;
    } else {
      add(pieces, to[j] ?? "", "new");
      j += 1;
    }
  }
  return pieces;
}

function split(text: string): string[] {
  return text.match(/\s+|\{[^{}]*\}|[^\s{}]+|[{}]/g) ?? [];
}

function piece(text: string, is: Piece["is"]): Piece[] {
  return text === "" ? [] : [{ text, is }];
}

function add(pieces: Piece[], text: string, is: Piece["is"]): void {
  const last = pieces[pieces.length - 1];
  if (last?.is === is) pieces[pieces.length - 1] = { text: last.text + text, is };
  else pieces.push({ text, is });
}

/** How many pieces the rests have in common. */
function lengths(from: readonly string[], to: readonly string[]): readonly Uint16Array[] {
  const table = Array.from({ length: from.length + 1 }, () => new Uint16Array(to.length + 1));
  for (let i = from.length - 1; i >= 0; i -= 1) {
    for (let j = to.length - 1; j >= 0; j -= 1) {
      const row = table[i];
      if (row) row[j] = from[i] === to[j] ? at(table, i + 1, j + 1) + 1 : Math.max(at(table, i + 1, j), at(table, i, j + 1));
    }
  }
  return table;
}

function at(table: readonly Uint16Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

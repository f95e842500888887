/** A text from the clipboard as rows of cells, as spreadsheets put it there: tabs, line ends, quotes around both. */
export function cells(text: string): string[][] {
  const rows: string[][] = [[]];
  let cell = "";
  let at = 0;
  const endCell = () => {
    rows.at(-1)?.push(cell.replace(/\s+/g, " ").trim());
    cell = "";
  };
  while (at < text.length) {
    const char = text[at];
    const quoted = char === '"' && cell === "" ? quotedCell(text, at) : null;
    if (quoted) {
      cell = quoted.cell;
      at = quoted.end;
    } else if (char === "\t") {
      endCell();
      at += 1;
    } else if (char === "\n" || char === "\r") {
      endCell();
      at += char === "\r" && text[at + 1] === "\n" ? 2 : 1;
      if (at < text.length) rows.push([]);
    } else {
      cell += char;
      at += 1;
    }
  }
  if (!/[\r\n]$/.test(text)) endCell();
  return rows;
}

/** A cell in quotes, which may hold tabs and line ends; null where the quote is just part of a title. */
function quotedCell(text: string, from: number): { cell: string; end: number } | null {
  let cell = "";
  let at = from + 1;
  while (at < text.length) {
    if (text[at] !== '"') cell += text[at++];
    else if (text[at + 1] === '"') {
      cell += '"';
      at += 2;
    } else {
      const next = text[at + 1];
      return next === undefined || next === "\t" || next === "\n" || next === "\r" ? { cell, end: at + 1 } : null;
    }
  }
  return null;
}

/** A text for a field of a track. */
export interface Filled {
  track: string;
  field: string;
  text: string;
}

/**
 * Puts what was pasted into the table, from a cell on downwards and to the right. One text goes into every chosen
 * track; columns that hold no text are passed over, and what has no place falls off the end.
 *
 * `columns` are the fields from the cell's own to the right; null is a column that cannot be written.
 */
export function fill(
  pasted: readonly (readonly string[])[],
  tracks: readonly string[],
  from: string,
  chosen: readonly string[],
  columns: readonly (string | null)[],
): Filled[] {
  const only = pasted.length === 1 && pasted[0]?.length === 1 ? pasted[0][0] : undefined;
  const field = columns[0];
  if (only !== undefined && chosen.length > 1 && chosen.includes(from)) {
    return field ? chosen.map((track) => ({ track, field, text: only })) : [];
  }
  const start = tracks.indexOf(from);
  if (start < 0) return [];
  return pasted.flatMap((row, down) => {
    const track = tracks[start + down];
    if (track === undefined) return [];
    return row.flatMap((text, right) => {
      const field = columns[right];
      return field ? [{ track, field, text }] : [];
    });
  });
}

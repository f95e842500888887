import type { Editing, Visit } from "./editing.svelte";
import type { Column, ColumnId } from "./columns";

/** A cell that is being written in. */
export interface OpenCell {
  track: string;
  column: ColumnId;
  field: string;
  visit: Visit;
  /** Where the caret stands at first: the whole text is chosen, or it stands behind it. */
  caret: "all" | "end";
}

/** Which column keys move from, and which cell is being written in. The row is the selection's lead. */
export class Cells {
  column = $state<ColumnId>("title");
  open = $state.raw<OpenCell | null>(null);

  #editing: () => Editing | null;

  constructor(editing: () => Editing | null) {
    this.#editing = editing;
  }

  /** Begins to write in a cell; `typed` takes the place of what is there. False where the column is measured. */
  begin(track: string, column: Column, typed?: string): boolean {
    const editing = this.#editing();
    if (column.field === null || !editing) return false;
    this.leave();
    const visit = editing.visit([{ track, field: column.field }]);
    if (typed !== undefined) visit.type(typed);
    this.column = column.id;
    this.open = { track, column: column.id, field: column.field, visit, caret: typed === undefined ? "all" : "end" };
    return true;
  }

  /** Leaves the cell that is open, with what was typed. */
  leave(): void {
    const open = this.open;
    this.open = null;
    open?.visit.end();
  }

  /** Leaves it as it was before. */
  takeBack(): void {
    this.open?.visit.takeBack();
    this.leave();
  }

  isOpen(track: string, column: ColumnId): boolean {
    return this.open !== null && this.open.track === track && this.open.column === column;
  }
}

/** The next cell that can be written in, to the right or left and from row to row; null at either end. */
export function nextCell(
  tracks: readonly string[],
  columns: readonly Column[],
  from: { track: string; column: ColumnId },
  by: 1 | -1,
): { track: string; column: Column } | null {
  const writable = columns.filter((column) => column.field !== null);
  const row = tracks.indexOf(from.track);
  const at = writable.findIndex((column) => column.id === from.column);
  if (row < 0 || at < 0) return null;
  const place = row * writable.length + at + by;
  const track = tracks[Math.floor(place / writable.length)];
  const column = writable[((place % writable.length) + writable.length) % writable.length];
  return track !== undefined && column ? { track, column } : null;
}

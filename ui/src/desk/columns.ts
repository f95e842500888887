/** The track table's columns, and which of them there is room for. */

export type ColumnId =
  | "number"
  | "title"
  | "version"
  | "artist"
  | "featured_artist"
  | "isrc"
  | "advisory"
  | "length"
  | "loudness"
  | "true_peak"
  | "format"
  | "problem";

export interface Column {
  id: ColumnId;
  /** The heading, and what it means where the heading is short. */
  heading: string;
  explained: string;
  /** The field behind it; null where it is measured. */
  field: string | null;
  /** The least width in pixels, and the share of what is left over. */
  width: number;
  share: number;
  isNumeric: boolean;
  /** Columns of a lower rank go first where there is no room; the inspector has them still. */
  rank: number;
}

const column = (
  id: ColumnId,
  heading: string,
  width: number,
  rank: number,
  more: Partial<Omit<Column, "id" | "heading" | "width" | "rank">> = {},
): Column => ({ id, heading, explained: heading, field: null, width, share: 0, isNumeric: false, rank, ...more });

export const COLUMNS: Column[] = [
  column("number", "#", 36, 100, { explained: "Number", isNumeric: true }),
  column("title", "Title", 130, 100, { field: "title", share: 5 }),
  column("version", "Version", 68, 90, { field: "version", share: 1.5 }),
  column("artist", "Artist", 80, 60, { field: "artist", share: 2 }),
  column("featured_artist", "Featuring", 96, 20, { field: "featured_artist", share: 2, explained: "Featured artist" }),
  column("isrc", "ISRC", 124, 80, { field: "isrc" }),
  column("advisory", "E", 30, 40, { field: "advisory", explained: "Parental advisory" }),
  column("length", "Time", 50, 75, { isNumeric: true, explained: "Length" }),
  column("loudness", "LUFS", 54, 70, { isNumeric: true, explained: "Loudness in LUFS" }),
  column("true_peak", "dBTP", 54, 65, { isNumeric: true, explained: "True peak in dBTP" }),
  column("format", "Format", 156, 10, { explained: "Format of the master" }),
  column("problem", "", 28, 100, { explained: "Problems" }),
];

/** The columns that a width in pixels has room for, in their order. */
export function fitting(width: number): Column[] {
  const byRank = [...COLUMNS].sort((one, other) => other.rank - one.rank);
  const chosen = new Set<Column>();
  let taken = 0;
  for (const column of byRank) {
    if (taken + column.width > width && column.rank < 100) break;
    chosen.add(column);
    taken += column.width;
  }
  return COLUMNS.filter((column) => chosen.has(column));
}

/** The columns as CSS lays them out in a grid. */
export function template(columns: readonly Column[]): string {
  return columns
    .map((column) => (column.share > 0 ? `minmax(${column.width}px, ${column.share}fr)` : `${column.width}px`))
    .join(" ");
}

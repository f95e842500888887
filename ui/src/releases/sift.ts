import type { ReleaseRow } from "../bindings";

/** Where a release stands, as far as a person who looks for it cares. */
export type Standing = "you" | "way" | "date" | "live" | "over";

/** Which of them are shown. */
export type Filter = Standing | "all";

/** A line of the list: a head, or a release. */
export type Line =
  | { readonly kind: "head"; readonly standing: Standing; readonly words: string; readonly count: number }
  | { readonly kind: "release"; readonly row: ReleaseRow };

/** In the order of the screen: what waits for the person comes first. */
export const standings: readonly (readonly [Standing, string])[] = [
  ["you", "Waits for you"],
  ["way", "On the way"],
  ["date", "Waits for its date"],
  ["live", "Live"],
  ["over", "Not going on"],
];

export function standing(row: ReleaseRow): Standing {
  if (row.needsYou) return "you";
  switch (row.state) {
    case "queued":
    case "sending":
    case "received":
    case "transcoding":
    case "in-review":
      return "way";
    case "ready":
      return "date";
    case "live":
      return "live";
    case "failed":
    case "rejected":
    case "withdrawn":
      return "over";
  }
}

/** How many there are of each. */
export function counts(rows: readonly ReleaseRow[]): Record<Filter, number> {
  const counts: Record<Filter, number> = { all: rows.length, you: 0, way: 0, date: 0, live: 0, over: 0 };
  for (const row of rows) counts[standing(row)] += 1;
  return counts;
}

/** What is shown of the releases. Within a standing they keep their order; those with a date stand by it. */
export function sift(rows: readonly ReleaseRow[], filter: Filter, search: string): Line[] {
  const wanted = words(search);
  const groups = new Map<Standing, ReleaseRow[]>(standings.map(([one]) => [one, []]));
  for (const row of rows) {
    const its = standing(row);
    if ((filter === "all" || filter === its) && matches(row, wanted)) groups.get(its)?.push(row);
  }
  groups.get("date")?.sort((a, b) => compare(a.due ?? "", b.due ?? ""));
  const filled = standings.filter(([one]) => groups.get(one)?.length);
  return filled.flatMap(([standing, words]) => {
    const found = groups.get(standing) ?? [];
    const head: Line = { kind: "head", standing, words, count: found.length };
    return [head, ...found.map((row): Line => ({ kind: "release", row }))];
  });
}

/** Every word must be somewhere in the title or the artist's name. */
function matches(row: ReleaseRow, wanted: readonly string[]): boolean {
  if (wanted.length === 0) return true;
  const text = folded(`${row.title} ${row.artist}`);
  return wanted.every((word) => text.includes(word));
}

/** The words that are looked for. */
export function words(search: string): string[] {
  return folded(search).split(/\s+/u).filter(Boolean);
}

/** Text as it is compared: without case and accents. */
export function folded(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
}

/** Instants of one form compare as text. */
function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

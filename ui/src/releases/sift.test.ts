import { describe, expect, test } from "vitest";

import type { ReleaseRow } from "../bindings";
import { counts, sift, type Line } from "./sift";

function row(id: string, given: Partial<ReleaseRow> = {}): ReleaseRow {
  return {
    id,
    revision: 1,
    title: id,
    artist: "Ann Ash",
    artwork: null,
    state: "live",
    since: null,
    due: null,
    tracks: 1,
    progress: null,
    waitsFor: null,
    needsYou: false,
    ...given,
  };
}

const shown = (lines: Line[]) => lines.map((line) => (line.kind === "head" ? `# ${line.words} ${line.count}` : line.row.id));

describe("the list of releases", () => {
  const rows = [
    row("sending", { state: "sending" }),
    row("later", { state: "ready", due: "2026-12-01T00:00:00Z" }),
    row("sooner", { state: "ready", due: "2026-11-27T00:00:00Z" }),
    row("Ænima – Été", { artist: "Zoë Ångström" }),
    row("failed", { state: "failed", needsYou: true }),
    row("in review elsewhere", { state: "in-review" }),
    row("to decide", { state: "in-review", needsYou: true }),
    row("withdrawn", { state: "withdrawn" }),
  ];

  test("shows what waits for the person first, and dates in their order", () => {
    expect(shown(sift(rows, "all", ""))).toEqual([
      "# Waits for you 2",
      "failed",
      "to decide",
      "# On the way 2",
      "sending",
      "in review elsewhere",
      "# Waits for its date 2",
      "sooner",
      "later",
      "# Live 1",
      "Ænima – Été",
      "# Not going on 1",
      "withdrawn",
    ]);
  });

  test("finds words in any order, without case and accents", () => {
    expect(shown(sift(rows, "all", "ANGSTROM ete"))).toEqual(["# Live 1", "Ænima – Été"]);
    expect(sift(rows, "all", "ann  nowhere")).toEqual([]);
    expect(sift(rows, "all", "   ")).toHaveLength(13);
  });

  test("keeps to what is chosen", () => {
    expect(shown(sift(rows, "date", ""))).toEqual(["# Waits for its date 2", "sooner", "later"]);
    expect(sift(rows, "live", "sending")).toEqual([]);
  });

  test("counts every release once", () => {
    const found = counts(rows);
    expect(found).toEqual({ all: 8, you: 2, way: 2, date: 2, live: 1, over: 1 });
  });
});

import { expect, test } from "vitest";

import { destination, lines, staysPut, step, type Placed } from "./order";

const album: Placed[] = [
  { id: "a", disc: 1 },
  { id: "b", disc: 1 },
  { id: "c", disc: 1 },
  { id: "d", disc: 2 },
  { id: "e", disc: 2 },
];

test("discs have headings where there are several", () => {
  expect(lines(album).map((line) => line.track?.id ?? `disc ${line.disc}`)).toEqual([
    "disc 1",
    "a",
    "b",
    "c",
    "disc 2",
    "d",
    "e",
  ]);
  expect(lines(album.slice(0, 3)).map((line) => line.track?.id)).toEqual(["a", "b", "c"]);
  expect(lines([])).toEqual([]);
});

test("what is let go goes above the line below it, or behind the one above it", () => {
  const all = lines(album);
  expect([0, 1, 3, 4, 5, 7].map((gap) => destination(all, gap))).toEqual([
    { disc: 1, before: "a" },
    { disc: 1, before: "a" },
    { disc: 1, before: "c" },
    { disc: 1, before: null },
    { disc: 2, before: "d" },
    { disc: 2, before: null },
  ]);
  expect(destination([], 0)).toBeNull();
});

test("a step up or down goes over the next track, and from disc to disc", () => {
  const cases: [string[], 1 | -1, ReturnType<typeof step>][] = [
    [["a"], -1, null],
    [["b"], -1, { disc: 1, before: "a" }],
    [["d"], -1, { disc: 1, before: null }],
    [["b", "c"], -1, { disc: 1, before: "a" }],
    [["a"], 1, { disc: 1, before: "c" }],
    [["b"], 1, { disc: 1, before: null }],
    [["c"], 1, { disc: 2, before: "d" }],
    [["d"], 1, { disc: 2, before: null }],
    [["e"], 1, null],
    [["a", "b", "c", "d", "e"], 1, null],
    [[], 1, null],
  ];
  for (const [chosen, by, expected] of cases) {
    expect(step(album, chosen, by), `${chosen.join()} ${by}`).toEqual(expected);
  }
});

test("what would not move is known", () => {
  expect(staysPut(album, ["b"], { disc: 1, before: "b" })).toBe(true);
  expect(staysPut(album, ["b"], { disc: 1, before: "c" })).toBe(true);
  expect(staysPut(album, ["b"], { disc: 1, before: "a" })).toBe(false);
  expect(staysPut(album, ["c"], { disc: 1, before: null })).toBe(true);
  expect(staysPut(album, ["c"], { disc: 2, before: "d" })).toBe(false);
  expect(staysPut(album, ["a", "c"], { disc: 1, before: "b" })).toBe(false);
  expect(staysPut(album, ["d", "e"], { disc: 2, before: null })).toBe(true);
});

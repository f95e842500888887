import { expect, test } from "vitest";

import { cells, fill } from "./paste";

test("a column, a row and a block are read as spreadsheets put them", () => {
  expect(cells("One\nTwo\r\nThree\n")).toEqual([["One"], ["Two"], ["Three"]]);
  expect(cells("One\tTwo")).toEqual([["One", "Two"]]);
  expect(cells("One\t1\nTwo\t2")).toEqual([
    ["One", "1"],
    ["Two", "2"],
  ]);
});

test("an empty cell stays, in the middle and at the end", () => {
  expect(cells("One\n\nThree")).toEqual([["One"], [""], ["Three"]]);
  expect(cells("One\t\n\t2")).toEqual([
    ["One", ""],
    ["", "2"],
  ]);
  expect(cells("")).toEqual([[""]]);
});

test("quotes hold tabs and line ends, and are part of a title otherwise", () => {
  expect(cells('"Night\nBus"\tx')).toEqual([["Night Bus", "x"]]);
  expect(cells('"Say ""no"""')).toEqual([['Say "no"']]);
  expect(cells('"Heroes" (Live)')).toEqual([['"Heroes" (Live)']]);
  expect(cells('12" Mix')).toEqual([['12" Mix']]);
  expect(cells('"')).toEqual([['"']]);
});

const tracks = ["a", "b", "c", "d"];

test("a column fills down from its cell, and what has no place falls off", () => {
  expect(fill(cells("1\n2\n3"), tracks, "c", ["c"], ["isrc", null])).toEqual([
    { track: "c", field: "isrc", text: "1" },
    { track: "d", field: "isrc", text: "2" },
  ]);
});

test("a block fills to the right and passes over what cannot be written", () => {
  expect(fill(cells("One\tx\t3:04\tAnn"), tracks, "a", ["a"], ["title", "version", null, "artist"])).toEqual([
    { track: "a", field: "title", text: "One" },
    { track: "a", field: "version", text: "x" },
    { track: "a", field: "artist", text: "Ann" },
  ]);
});

test("one text goes into every chosen track", () => {
  expect(fill(cells("Ann"), tracks, "b", ["b", "d"], ["artist"]).map((edit) => edit.track)).toEqual(["b", "d"]);
  expect(fill(cells("Ann"), tracks, "a", ["b", "d"], ["artist"]).map((edit) => edit.track)).toEqual(["a"]);
  expect(fill(cells("Ann"), tracks, "b", ["b", "d"], [null])).toEqual([]);
});

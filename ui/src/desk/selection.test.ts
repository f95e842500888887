import { beforeEach, expect, test } from "vitest";

import { TrackSelection } from "./selection.svelte";

let order: string[];
let selection: TrackSelection;

beforeEach(() => {
  order = ["a", "b", "c", "d", "e"];
  selection = new TrackSelection(() => order);
});

test("the first track is chosen until another is", () => {
  expect(selection.tracks).toEqual(["a"]);
  expect(selection.lead).toBe("a");
  selection.choose("c");
  expect(selection.tracks).toEqual(["c"]);
});

test("Shift draws a range from where it began, either way", () => {
  selection.choose("c");
  selection.choose("e", "range");
  expect(selection.tracks).toEqual(["c", "d", "e"]);
  selection.choose("a", "range");
  expect(selection.tracks).toEqual(["a", "b", "c"]);
  expect(selection.lead).toBe("a");
});

test("Ctrl adds one or takes one away, and a range begins there", () => {
  selection.choose("a");
  selection.choose("c", "toggle");
  expect(selection.tracks).toEqual(["a", "c"]);
  selection.choose("e", "range");
  expect(selection.tracks).toEqual(["a", "c", "d", "e"]);
  selection.choose("a", "toggle");
  expect(selection.tracks).toEqual(["c", "d", "e"]);
});

test("keys move within the list, and Shift draws along", () => {
  selection.choose("d");
  selection.move(1);
  selection.move(1);
  expect(selection.tracks).toEqual(["e"]);
  selection.move(-2, true);
  expect(selection.tracks).toEqual(["c", "d", "e"]);
  selection.move(1, true);
  expect(selection.tracks).toEqual(["d", "e"]);
  selection.move(-100);
  expect(selection.tracks).toEqual(["a"]);
});

test("all of them", () => {
  selection.choose("b");
  selection.all();
  expect(selection.tracks).toEqual(order);
  expect(selection.lead).toBe("b");
});

test("what is chosen follows tracks that move, and lets go of those that are gone", () => {
  selection.set(["b", "c"]);
  order = ["c", "a", "b"];
  expect(new TrackSelection(() => order).tracks).toEqual(["c"]);
  const moved = new TrackSelection(() => order);
  moved.set(["b", "c", "gone"]);
  expect(moved.tracks).toEqual(["c", "b"]);
});

test("after a removal the next one is chosen, or the last", () => {
  selection.set(["b", "c"]);
  expect(selection.after()).toBe("d");
  selection.set(["d", "e"]);
  expect(selection.after()).toBe("c");
  selection.all();
  expect(selection.after()).toBeNull();
});

test("an album without tracks has none to choose", () => {
  order = [];
  const none = new TrackSelection(() => order);
  expect(none.tracks).toEqual([]);
  expect(none.lead).toBeNull();
  none.move(1);
  none.all();
  expect(none.tracks).toEqual([]);
});

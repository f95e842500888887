// @vitest-environment node

import { expect, test } from "vitest";

import { count, fileName, length, level, resolution, size, state } from "./words";

test.each([
  [0, "0 bytes"],
  [999, "999 bytes"],
  [1_000, "1.0 kB"],
  [999_499, "999 kB"],
  [999_500, "1.0 MB"],
  [3_140_000, "3.1 MB"],
  [412_000_000, "412 MB"],
  [5_000_000_000_000, "5.0 TB"],
])("%d bytes are %s", (bytes, words) => expect(size(bytes)).toBe(words));

test.each([
  [0, "0:00"],
  [59.99, "0:59"],
  [83.5, "1:23"],
  [3723, "1:02:03"],
  [-1, "0:00"],
])("%d seconds are %s", (seconds, words) => expect(length(seconds)).toBe(words));

test("levels have a real minus, and nothing is minus zero", () => {
  expect(level(-14.23)).toBe("−14.2");
  expect(level(-0.04)).toBe("0.0");
  expect(level(null)).toBe("silent");
});

test("rates, counts and states are short", () => {
  expect(resolution(44_100, null)).toBe("44.1 kHz");
  expect(resolution(96_000, 24)).toBe("96 kHz 24 bit");
  expect(count(1, "track")).toBe("1 track");
  expect(count(3, "track")).toBe("3 tracks");
  expect(state("in-review")).toBe("in review");
});

test("a file is told by the start of its name and its extension", () => {
  expect(fileName("/music/renditions/a.flac")).toBe("a.flac");
  expect(fileName(`/music/renditions/${"d345d57ec35efac6".repeat(4)}.flac`)).toBe("d345d57ec35efac6….flac");
});

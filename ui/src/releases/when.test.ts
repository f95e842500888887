import { expect, test } from "vitest";

import { ahead, due, moment, short } from "./when";

const now = Date.parse("2026-06-14T18:00:00Z");

test.each([
  ["2026-06-14T18:00:20Z", "in 1 minute"],
  ["2026-06-14T18:59:00Z", "in 59 minutes"],
  ["2026-06-14T21:10:00Z", "in 3 hours"],
  ["2026-06-15T20:00:00Z", "tomorrow"],
  ["2026-06-19T18:00:00Z", "in 5 days"],
  ["2026-12-14T18:00:00Z", "in 6 months"],
  ["2026-06-14T17:00:00Z", null],
  ["nonsense", null],
])("%s is %s", (iso, words) => expect(ahead(iso, now)).toBe(words));

test("what is no date is shown as it is", () => expect(short("soon")).toBe("soon"));

test("a release date is said where the label is", () => {
  const berlin = due("2026-12-03T23:00:00Z", "Europe/Berlin");
  expect(berlin).toMatch(/4/);
  expect(berlin).toMatch(/ in Berlin$/);
  expect(due("2026-12-03T23:00:00Z", "America/New_York")).toMatch(/ in New York$/);
  expect(due("2026-12-03T23:00:00Z", "UTC")).toMatch(/ UTC$/);
  expect(due("2026-12-03T23:00:00Z", "Nowhere/At_All")).toBe(moment("2026-12-03T23:00:00Z"));
  expect(due("2026-12-03T23:00:00Z", null)).toBe(moment("2026-12-03T23:00:00Z"));
});

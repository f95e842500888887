import { expect, test } from "vitest";

import { ahead, short } from "./when";

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

import { describe, expect, test } from "vitest";

import type { Delivery } from "../bindings";
import { follow, fraction, nothing } from "./batch";

function delivery(id: string, state: Delivery["state"], bytesDone: number, bytes = 100): Delivery {
  return {
    id,
    release: `release-${id}`,
    title: id,
    artist: "",
    artwork: null,
    state,
    waitsFor: null,
    trouble: null,
    triesAgain: null,
    bytes,
    bytesDone,
    bytesPerSecond: null,
    secondsLeft: null,
    assets: [],
  };
}

describe("a batch", () => {
  test("is nothing while nothing is on its way", () => {
    expect(follow(nothing, [])).toBe(nothing);
    expect(follow(nothing, [delivery("a", "sent", 100)])).toBe(nothing);
  });

  test("counts what was sent since it began, and nothing that was sent before", () => {
    let batch = follow(nothing, [delivery("a", "sending", 60), delivery("b", "waiting", 0), delivery("old", "sent", 100)]);
    expect(batch).toMatchObject({ bytes: 200, bytesDone: 60, fraction: 0.3 });
    batch = follow(batch, [delivery("b", "sending", 0), delivery("a", "sent", 100), delivery("old", "sent", 100)]);
    expect(batch).toMatchObject({ bytes: 200, bytesDone: 100, fraction: 0.5 });
    expect(follow(batch, [delivery("b", "sent", 100), delivery("a", "sent", 100)])).toBe(nothing);
  });

  test("never falls back while the work is the same", () => {
    let batch = nothing;
    let highest = 0;
    for (const done of [0, 40, 35, 80, 0, 90]) {
      batch = follow(batch, [delivery("a", done === 0 ? "offline" : "sending", done), delivery("b", "waiting", 0)]);
      expect(batch.fraction).toBeGreaterThanOrEqual(highest);
      highest = batch.fraction;
    }
    expect(fraction(batch, delivery("a", "sending", 90))).toBe(0.9);
  });

  test("begins anew when work is added or taken away", () => {
    let batch = follow(nothing, [delivery("a", "sending", 90)]);
    batch = follow(batch, [delivery("a", "sending", 90), delivery("b", "waiting", 0)]);
    expect(batch).toMatchObject({ fraction: 0.45, work: 2 });
    batch = follow(batch, [delivery("b", "sending", 10), delivery("a", "cancelled", 90)]);
    expect(batch).toMatchObject({ fraction: 0.1, work: 3 });
    expect(follow(batch, [delivery("b", "sending", 20)]).work).toBe(3);
  });

  test("tells the truth about one that failed and is tried again", () => {
    let batch = follow(nothing, [delivery("a", "sending", 90)]);
    batch = follow(batch, [delivery("a", "failed", 90)]);
    batch = follow(batch, [delivery("a", "waiting", 20)]);
    expect(fraction(batch, delivery("a", "waiting", 20))).toBe(0.2);
  });

  test("divides nothing by nothing", () => {
    expect(follow(nothing, [delivery("a", "waiting", 0, 0)]).fraction).toBe(0);
    expect(fraction(nothing, delivery("a", "waiting", 0, 0))).toBe(0);
  });
});

import { describe, expect, test } from "vitest";

import type { Delivery, Queue } from "../bindings";
import { follow, nothing } from "./batch";
import { overall, standing, until } from "./words";

const now = Date.parse("2026-06-14T18:00:00Z");

function delivery(given: Partial<Delivery>): Delivery {
  return {
    id: "d",
    release: "r",
    title: "Night Bus",
    artist: "Ann Ash",
    artwork: null,
    state: "waiting",
    waitsFor: null,
    trouble: null,
    triesAgain: null,
    bytes: 400_000_000,
    bytesDone: 100_000_000,
    bytesPerSecond: null,
    secondsLeft: null,
    assets: [],
    ...given,
  };
}

describe("words of the queue", () => {
  test.each([
    ["2026-06-14T18:00:40Z", "in 40 seconds"],
    ["2026-06-14T18:03:10Z", "in 3 minutes"],
    ["2026-06-14T20:10:00Z", "in 2 hours"],
    ["2026-06-14T17:59:59Z", "now"],
    ["nonsense", "now"],
  ])("until %s is %s", (instant, words) => expect(until(instant, now)).toBe(words));

  test.each<[Partial<Delivery>, boolean, string]>([
    [{ state: "sending", bytesPerSecond: 4_200_000, secondsLeft: 180 }, false, "100 MB of 400 MB · 4.2 MB/s · about 3 minutes left"],
    [{ state: "sending" }, false, "100 MB of 400 MB"],
    [{ state: "sending", bytesPerSecond: 4_200_000 }, true, "100 MB of 400 MB · stops, as the queue is paused"],
    [{ state: "waiting", waitsFor: "“Tides” to be sent" }, false, "400 MB · waits for “Tides” to be sent"],
    [{ state: "waiting" }, false, "400 MB · waits for its turn"],
    [{ state: "waiting" }, true, "400 MB · waits until the queue goes on"],
    [{ state: "offline", triesAgain: "2026-06-14T18:00:08Z" }, false, "Tries again in 8 seconds."],
    [{ state: "offline" }, true, "The queue is paused."],
    [{ state: "paused" }, false, "100 MB of 400 MB · held back; what was sent stays"],
    [{ state: "paused", bytesDone: 0 }, false, "400 MB · held back"],
  ])("%j, paused %s: %s", (given, isPaused, words) => expect(standing(delivery(given), isPaused, now)).toBe(words));

  test("all of it is one line, without a speed while it is paused", () => {
    const deliveries = [delivery({ state: "sending" }), delivery({ id: "e" })];
    const batch = follow(nothing, deliveries);
    const queue: Queue = { isPaused: false, deliveries, bytes: 0, bytesDone: 0, bytesPerSecond: 2_000_000, secondsLeft: 300 };
    expect(overall(2, batch, queue)).toBe("2 releases · 200 MB of 800 MB · 2.0 MB/s · about 5 minutes left");
    expect(overall(1, batch, { ...queue, isPaused: true })).toBe("1 release · 200 MB of 800 MB");
  });
});

// @vitest-environment node

import { expect, test } from "vitest";

import { columns, lengthOf } from "./wave";

/** Four bins of a second each. */
const wave = {
  millisecondsPerBin: 1_000,
  bins: [-32_768, 16_384, 8_192, 0, 0, 0, -8_192, 32_767, 16_384, -100, 100, 50],
  clips: [],
  silenceBeforeMs: 0,
  silenceAfterMs: 0,
};

test("a column shows the extremes and the loudest of the bins in it", () => {
  const [left, right] = columns(wave, 2, 4_000);
  expect(left).toEqual({ low: -1, high: 0.5, loud: 0.25 });
  expect(right?.high).toBeCloseTo(1, 3);
  expect(right?.low).toBe(-0.25);
});

test("with more columns than bins each bin fills several", () => {
  const all = columns(wave, 8, 4_000);
  expect(all).toHaveLength(8);
  expect(all[0]).toEqual(all[1]);
  expect(all[2]).toEqual({ low: 0, high: 0, loud: 0 });
});

test("what lies beyond the last bin is quiet, and nothing is drawn of nothing", () => {
  expect(columns(wave, 4, 8_000).at(-1)?.high).toBeCloseTo(100 / 32_768, 5);
  expect(columns({ ...wave, bins: [] }, 2, 4_000)).toEqual([
    { low: 0, high: 0, loud: 0 },
    { low: 0, high: 0, loud: 0 },
  ]);
  expect(lengthOf(wave)).toBe(4_000);
});

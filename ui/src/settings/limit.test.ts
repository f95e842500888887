// @vitest-environment node

import { expect, test } from "vitest";

import { bytesPerSecond, megabits } from "./limit";

test.each([
  ["20", 2_500_000],
  [" 0.5 ", 62_500],
  ["0,5", 62_500],
  ["10000", 1_250_000_000],
])("%s Mbit/s", (text, bytes) => expect(bytesPerSecond(text)).toBe(bytes));

test.each(["", "0", "0.05", "10001", "fast", "-4", "1e3", "1.2.3"])("“%s” is no speed", (text) => expect(bytesPerSecond(text)).toBeNull());

test("a speed that was kept is typed back as it was", () => {
  expect(megabits(2_500_000)).toBe("20");
  expect(bytesPerSecond(megabits(62_500))).toBe(62_500);
});

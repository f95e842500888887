import { describe, expect, test } from "vitest";

import { before, moved, placeAt } from "./order";

describe("an order", () => {
  test("moves one to every place and keeps the others as they are", () => {
    const order = ["a", "b", "c", "d"];
    expect(moved(order, "b", 0)).toEqual(["b", "a", "c", "d"]);
    expect(moved(order, "b", 2)).toEqual(["a", "c", "b", "d"]);
    expect(moved(order, "a", 99)).toEqual(["b", "c", "d", "a"]);
    expect(moved(order, "d", -1)).toEqual(["d", "a", "b", "c"]);
    for (const item of order) {
      for (let to = 0; to < order.length; to += 1) {
        expect([...moved(order, item, to)].sort()).toEqual(order);
        expect(moved(order, item, to).indexOf(item)).toBe(to);
      }
    }
  });

  test("is the same where nothing moves", () => {
    const order = ["a", "b"];
    expect(moved(order, "a", 0)).toBe(order);
    expect(moved(order, "a", -4)).toBe(order);
    expect(moved(order, "unknown", 1)).toBe(order);
  });

  test("says what one stands before", () => {
    expect(before(["a", "b"], "a")).toBe("b");
    expect(before(["a", "b"], "b")).toBeNull();
  });

  test("takes a place when its middle is passed", () => {
    const middles = [20, 60, 100];
    expect(placeAt(middles, 0, 59)).toBe(0);
    expect(placeAt(middles, 0, 61)).toBe(1);
    expect(placeAt(middles, 0, 500)).toBe(2);
    expect(placeAt(middles, 2, 19)).toBe(0);
    expect(placeAt([], 0, 10)).toBe(0);
  });
});

import { flushSync } from "svelte";
import { expect, test } from "vitest";

import { kept } from "./kept.svelte";
import { Doubled, within } from "./kept.sample.svelte";
import { Lacquer } from "./lacquer.svelte";

test("what a room made goes on when the room is left", () => {
  const of = kept(() => new Doubled());
  const lacquer = new Lacquer();
  const leave = within(() => of(lacquer));
  const doubled = of(lacquer);
  expect(doubled.value).toBe(2);
  leave();
  doubled.number = 4;
  flushSync();
  expect(doubled.value).toBe(8);
  expect(of(lacquer)).toBe(doubled);
});

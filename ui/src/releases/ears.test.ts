import { expect, test } from "vitest";

import type { Player } from "../bindings";
import { Ears } from "./ears.svelte";

const at = (positionMs: number, state: Player["state"] = "playing", track = "t") =>
  ({ state, positionMs, source: { kind: "master", release: "r", track } }) as unknown as Player;

test("what was played counts, and jumps do not", () => {
  const ears = new Ears();
  for (const ms of [0, 500, 1_000]) ears.hear("d", "r", at(ms));
  ears.hear("d", "r", at(90_000));
  ears.hear("d", "r", at(90_500));
  ears.hear("d", "r", at(90_000));
  ears.hear("d", "r", at(91_000, "paused"));
  ears.hear("d", "r", at(92_000));
  expect(ears.heardMs("d", "t")).toBe(1_500);
});

test("another delivery, track or release was not heard", () => {
  const ears = new Ears();
  for (const ms of [0, 1_000]) ears.hear("d", "r", at(ms));
  for (const ms of [0, 1_000]) ears.hear("d", "other", at(ms, "playing", "u"));
  expect(ears.heardMs("e", "t")).toBe(0);
  expect(ears.heardMs("d", "u")).toBe(0);
  expect(ears.heardMs(null, "t")).toBe(0);
});

test("what plays on while a newer delivery arrives was the earlier one", () => {
  const ears = new Ears();
  for (const ms of [0, 1_000]) ears.hear("d", "r", at(ms));
  ears.hear(null, "r", at(2_000));
  ears.hear("e", "r", at(3_000));
  ears.hear("e", "r", at(3_000, "paused"));
  ears.hear("e", "r", at(4_000));
  ears.hear("e", "r", at(5_000));
  expect(ears.heardMs("d", "t")).toBe(4_000);
  expect(ears.heardMs("e", "t")).toBe(0);
  ears.hear("e", "r", { state: "stopped", source: null } as unknown as Player);
  for (const ms of [0, 1_000]) ears.hear("e", "r", at(ms));
  expect(ears.heardMs("e", "t")).toBe(1_000);
});

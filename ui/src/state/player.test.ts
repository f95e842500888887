import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Listen, Player, Source } from "../bindings";
import { PlayerState } from "./player.svelte";

const master: Source = { kind: "master", release: "r", track: "t1" };
const mp3 = (track: string): Source => ({ kind: "rendition", release: "r", track, profile: "mp3-320" });

const player = (changed: Partial<Player>): Player => ({
  state: "playing",
  trouble: null,
  source: master,
  title: "Undertow",
  index: 0,
  pieces: 1,
  positionMs: 0,
  lengthMs: 60_000,
  volume: 1,
  wait: null,
  chosenDevice: null,
  devices: [],
  skipped: [],
  ...changed,
});

let told: Listen[] = [];
const made = () => new PlayerState((listen) => Promise.resolve(told.push(listen)));

beforeEach(() => {
  told = [];
  vi.useFakeTimers({ toFake: ["performance", "requestAnimationFrame", "cancelAnimationFrame"] });
});
afterEach(() => {
  vi.useRealTimers();
  vi.unstubAllGlobals();
});

test("between two events the position runs on by the clock, and no further than the end", () => {
  const state = made();
  state.hear(player({ positionMs: 10_000 }));
  vi.advanceTimersByTime(500);
  expect(state.positionMs).toBeGreaterThan(10_400);
  expect(state.positionMs).toBeLessThanOrEqual(10_500);
  vi.advanceTimersByTime(120_000);
  expect(state.positionMs).toBe(60_000);
  state.stop();
});

test("it stands still while it is paused", () => {
  const state = made();
  state.hear(player({ positionMs: 10_000 }));
  state.hear(player({ state: "paused", positionMs: 10_050 }));
  vi.advanceTimersByTime(2_000);
  expect(state.positionMs).toBe(10_050);
  expect(state.isPlaying).toBe(false);
});

test("a seek is shown at once, and events from before it do not pull it back", () => {
  const state = made();
  state.hear(player({ positionMs: 10_000 }));
  void state.seek(40_000.4);
  expect(told).toEqual([{ kind: "seek", positionMs: 40_000 }]);
  state.hear(player({ positionMs: 10_050 }));
  vi.advanceTimersByTime(100);
  expect(state.positionMs).toBe(40_000);
  state.hear(player({ positionMs: 40_020 }));
  vi.advanceTimersByTime(100);
  expect(state.positionMs).toBeGreaterThan(40_020);
  state.stop();
});

test("a seek that never happened is forgotten after a second", () => {
  const state = made();
  state.hear(player({ positionMs: 10_000 }));
  void state.seek(40_000);
  vi.advanceTimersByTime(1_100);
  state.hear(player({ positionMs: 11_100 }));
  expect(state.positionMs).toBe(11_100);
  state.stop();
});

test("a seek stays within the piece", () => {
  const state = made();
  state.hear(player({ state: "paused" }));
  void state.seek(-5);
  void state.seek(70_000);
  expect(told).toEqual([
    { kind: "seek", positionMs: 0 },
    { kind: "seek", positionMs: 60_000 },
  ]);
});

test("a rendition is compared with its master at the same place, with the rest of the list, and back", async () => {
  const state = made();
  void state.play([mp3("t1"), mp3("t2")], 0);
  state.hear(player({ state: "paused", source: mp3("t1"), pieces: 2, positionMs: 12_000 }));
  await state.compare();
  expect(told.slice(1)).toEqual([
    { kind: "list", sources: [master, { ...master, track: "t2" }], startAt: 0, positionMs: 12_000 },
    { kind: "pause" },
  ]);
  state.hear(player({ state: "playing", source: { ...master, track: "t2" }, index: 1, pieces: 2, positionMs: 3_000 }));
  await state.compare();
  expect(told.at(-1)).toEqual({ kind: "list", sources: [mp3("t1"), mp3("t2")], startAt: 1, positionMs: 3_000 });
  state.stop();
});

test("a preview and a draft's file are compared with nothing", () => {
  const state = made();
  state.hear(player({ state: "paused", source: { ...mp3("t1"), profile: "preview" } as Source }));
  expect(state.other).toBeNull();
  state.hear(player({ state: "paused", source: { kind: "draftMaster", draft: "d", track: "t" } }));
  expect(state.other).toBeNull();
});

test("with reduced motion the playhead goes from second to second", () => {
  vi.stubGlobal("matchMedia", () => ({ matches: true }));
  const state = made();
  state.hear(player({ positionMs: 10_900 }));
  vi.advanceTimersByTime(300);
  expect(state.positionMs).toBe(11_000);
  state.stop();
});

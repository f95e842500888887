// @vitest-environment node

import { expect, test } from "vitest";

import type { Source, Waveform } from "../bindings";
import { Waves } from "./waves.svelte";

const wave: Waveform = { millisecondsPerBin: 100, bins: [], clips: [], silenceBeforeMs: 0, silenceAfterMs: 0 };
const master = (track: number | string): Source => ({ kind: "master", release: "r", track: String(track) });
const settled = () => new Promise((resolve) => setTimeout(resolve));

test("of what scrolled past, what is in sight is asked for first and what is not, never", async () => {
  const asked: string[] = [];
  const answers: (() => void)[] = [];
  const waves = new Waves((source) => {
    asked.push(source.track);
    return new Promise((resolve) => answers.push(() => resolve(wave)));
  });
  const leave = [0, 1, 2, 3, 4, 5].map((track) => waves.want(master(track)));
  expect(asked).toEqual(["0", "1", "2"]);
  leave[3]?.();
  answers[0]?.();
  answers[1]?.();
  answers[2]?.();
  await settled();
  expect(asked).toEqual(["0", "1", "2", "5", "4"]);
  expect(waves.get(master(0))).toEqual(wave);
  expect(waves.get(master(5))).toBeNull();
});

test("a rendition looks as its master, which is asked for once", async () => {
  const asked: Source[] = [];
  const waves = new Waves(async (source) => {
    asked.push(source);
    return wave;
  });
  waves.want(master("t"));
  await settled();
  const mp3: Source = { kind: "rendition", release: "r", track: "t", profile: "mp3-320" };
  waves.want(mp3);
  expect(waves.get(mp3)).toEqual(wave);
  expect(asked).toHaveLength(1);
});

test("where there is none, it is asked for once and nothing is shown", async () => {
  let asked = 0;
  const waves = new Waves(() => {
    asked++;
    return Promise.reject(new Error("gone"));
  });
  waves.want(master("t"));
  await settled();
  waves.want(master("t"));
  expect([waves.get(master("t")), asked]).toEqual([null, 1]);
});

test("no more than two hundred are kept, the latest", async () => {
  const waves = new Waves(async () => wave);
  for (let track = 0; track < 210; track++) {
    waves.want(master(track));
    await settled();
  }
  expect(waves.get(master(0))).toBeNull();
  expect(waves.get(master(209))).toEqual(wave);
});

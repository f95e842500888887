import type { Sound, Waveform } from "../src/bindings";

/** Numbers that look drawn by chance and are always the same. */
export function chance(seed: string): () => number {
  let state = 0x9e3779b9;
  for (const letter of seed) state = Math.imul(state ^ letter.charCodeAt(0), 0x85ebca6b) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

/** How a song looks: an intro, verses and choruses, a fade, a little silence around it. */
export function wave(seed: string, milliseconds: number): Waveform {
  const next = chance(seed);
  const bins = 2048;
  const before = 300 + next() * 900;
  const after = 600 + next() * 2400;
  const parts = Array.from({ length: 9 }, () => 0.35 + next() * 0.6);
  const beat = 6 + Math.floor(next() * 10);
  const all: number[] = [];
  for (let bin = 0; bin < bins; bin++) {
    const at = (bin / bins) * milliseconds;
    const place = (bin / bins) * parts.length;
    const part = parts[Math.min(parts.length - 1, Math.floor(place))] ?? 0.5;
    const isSilent = at < before || at > milliseconds - after;
    const fade = Math.min(1, (at - before) / 4_000, (milliseconds - after - at) / 9_000);
    const hit = bin % beat < 2 ? 1 : 0.72 + next() * 0.2;
    const level = isSilent ? 0.0004 : Math.max(0, part * fade * hit);
    const loud = level * (0.38 + next() * 0.12);
    const peak = Math.min(1, level * (0.9 + next() * 0.15));
    all.push(-Math.round(peak * 32_000 * (0.85 + next() * 0.15)), Math.round(peak * 32_000), Math.round(loud * 32_000));
  }
  const clips = parts.some((part) => part > 0.93) ? [milliseconds * 0.42, milliseconds * 0.42 + 12] : [];
  return {
    millisecondsPerBin: milliseconds / bins,
    bins: all,
    clips,
    silenceBeforeMs: before,
    silenceAfterMs: after,
  };
}

export function sound(seed: string, milliseconds: number, format = "WAV"): Sound {
  const next = chance(`${seed} loud`);
  return {
    format,
    sampleRate: next() > 0.7 ? 96_000 : next() > 0.5 ? 48_000 : 44_100,
    bitDepth: format === "MP3" ? null : 24,
    channels: 2,
    milliseconds,
    loudness: -18 + next() * 9,
    truePeak: -3 + next() * 3.4,
  };
}

import { describe, expect, test } from "vitest";

import type { Release, ReleaseTrack, Sound } from "../bindings";
import { heard, offered, placeIn, playList, source, version, versions } from "./versions";

const sound = (milliseconds: number): Sound => ({
  format: "FLAC",
  sampleRate: 48_000,
  bitDepth: 24,
  channels: 2,
  milliseconds,
  loudness: -14,
  truePeak: -1,
});

function track(id: string, made: Record<string, number | null>, master: Sound | null = sound(200_000)): ReleaseTrack {
  const renditions = Object.entries(made).map(([profile, milliseconds]) => ({
    profile,
    words: profile.toUpperCase(),
    made: milliseconds === null ? null : { bytes: 1_000, path: `/renditions/${id}.${profile}`, sound: sound(milliseconds) },
  }));
  return {
    id,
    disc: 1,
    number: 1,
    title: id,
    artist: "Ann Ash",
    milliseconds: 200_000,
    previewStartMs: 60_000,
    master,
    transcoding: null,
    failure: null,
    renditions,
  };
}

function release(...tracks: ReleaseTrack[]): Release {
  return { row: { id: "r" }, tracks } as unknown as Release;
}

describe("versions of a track", () => {
  test("are the master and its renditions, with what is in them", () => {
    const found = versions(track("a", { flac: 200_000, mp3: null }));
    expect(found.map((one) => [one.name, one.words, one.sound?.milliseconds])).toEqual([
      ["master", "Master", 200_000],
      ["flac", "FLAC", 200_000],
      ["mp3", "MP3", undefined],
    ]);
  });

  test("are offered for a release when one track has them", () => {
    const found = offered(release(track("a", { flac: null }, null), track("b", { flac: 200_000, mp3: null })));
    expect(found.map((one) => [one.name, one.sound !== null])).toEqual([
      ["master", true],
      ["flac", true],
      ["mp3", false],
    ]);
  });

  test("are known again by what the player plays", () => {
    expect(heard("r", source("r", "a", "master"))).toEqual({ track: "a", version: "master" });
    expect(heard("r", source("r", "a", "flac"))).toEqual({ track: "a", version: "flac" });
    expect(heard("r", source("other", "a", "flac"))).toBeNull();
    expect(heard("r", { kind: "draftMaster", draft: "r", track: "a" })).toBeNull();
    expect(heard("r", null)).toBeNull();
  });
});

describe("a list to be played", () => {
  const all = release(track("a", { flac: 1 }), track("b", { flac: null }), track("c", { flac: 1 }));

  test("is the release from a track on, in one version", () => {
    expect(playList(all, "b", "master")).toEqual({
      sources: ["a", "b", "c"].map((id) => ({ kind: "master", release: "r", track: id })),
      startAt: 1,
    });
  });

  test("leaves out what is not made", () => {
    expect(playList(all, "c", "flac")).toEqual({ sources: [source("r", "a", "flac"), source("r", "c", "flac")], startAt: 1 });
    expect(playList(all, "b", "flac")).toBeNull();
    expect(playList(all, "gone", "master")).toBeNull();
  });
});

describe("the same moment in another version", () => {
  const one = track("a", { flac: 200_000, preview: 30_000, mp3: null });
  const [master, flac, mp3] = ["master", "flac", "mp3"].map((name) => version(one, name));
  const preview = version(one, "preview")!;

  test("is the same where both have it", () => expect(placeIn(flac!, master, 61_234.4)).toBe(61_234));

  test("is counted from where an excerpt begins", () => {
    expect(placeIn(preview, master, 61_000)).toBe(1_000);
    expect(placeIn(master!, preview, 1_000)).toBe(61_000);
  });

  test("is the beginning where there is no such moment", () => {
    expect(placeIn(preview, master, 10_000)).toBe(0);
    expect(placeIn(preview, master, 95_000)).toBe(0);
    expect(placeIn(mp3!, master, 10_000)).toBe(0);
    expect(placeIn(flac!, undefined, 10_000)).toBe(0);
  });
});

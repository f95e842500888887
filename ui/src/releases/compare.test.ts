import { beforeEach, describe, expect, test, vi } from "vitest";

import { release as makeRelease } from "../../fake/releases";
import type { Listen, Player, Source } from "../bindings";
import { PlayerState } from "../state/player.svelte";
import { Compare } from "./compare.svelte";
import { MASTER, source } from "./versions";

const release = makeRelease({ number: 1, state: "live", tracks: 3 });
const [first, second] = [release.tracks[0]!, release.tracks[1]!];
const id = release.row.id;

let told: Listen[] = [];
let player: PlayerState;
let compare: Compare;

beforeEach(() => {
  told = [];
  player = new PlayerState(async (listen) => told.push(listen));
  compare = new Compare(player);
});

function plays(source: Source, state: Player["state"] = "paused", positionMs = 0): void {
  const player_: Partial<Player> = { state, source, positionMs, lengthMs: 200_000, index: 0, pieces: 3 };
  player.hear(player_ as Player);
}

describe("comparing", () => {
  test("a track's button plays the release from it on, in the chosen version", () => {
    compare.play(release, second);
    compare.choose(release, "flac");
    compare.play(release, first);
    expect(told).toEqual([
      { kind: "list", sources: release.tracks.map((one) => source(id, one.id, MASTER)), startAt: 1, positionMs: 0 },
      { kind: "list", sources: release.tracks.map((one) => source(id, one.id, "flac")), startAt: 0, positionMs: 0 },
    ]);
  });

  test("the button of the track that is heard pauses and goes on", () => {
    plays(source(id, first.id, "flac"));
    compare.play(release, first);
    expect(told).toEqual([{ kind: "playOrPause" }]);
  });

  test("another version goes on at the same moment", () => {
    plays(source(id, second.id, MASTER), "stopped", 61_500);
    compare.choose(release, "mp3-320");
    expect(told).toEqual([
      { kind: "list", sources: release.tracks.map((one) => source(id, one.id, "mp3-320")), startAt: 1, positionMs: 61_500 },
    ]);
  });

  test("what is paused stays so when a key changes the version, and plays when its line is pressed", async () => {
    plays(source(id, first.id, MASTER), "paused", 5_000);
    compare.choose(release, "flac");
    await vi.waitFor(() => expect(told.map((one) => one.kind)).toEqual(["list", "pause"]), { timeout: 30_000 });
    compare.hear(release, first, "wav-16-44");
    await vi.waitFor(() => expect(told.map((one) => one.kind)).toEqual(["list", "pause", "list"]), { timeout: 30_000 });
  });

  test("a version that is chosen while something else is heard waits for its turn", () => {
    plays({ kind: "draftMaster", draft: "d", track: "t" });
    compare.choose(release, "flac");
    expect(told).toEqual([]);
    expect(compare.chosen).toBe("flac");
  });

  test("a version that is not made changes nothing", () => {
    const making = makeRelease({ number: 2, state: "transcoding", tracks: 2 });
    plays(source(making.row.id, making.tracks[1]!.id, MASTER), "paused", 5_000);
    compare.choose(making, "flac");
    expect(told).toEqual([]);
    compare.play(making, making.tracks[1]!);
    expect(told).toEqual([{ kind: "playOrPause" }]);
  });

  test("a click in the waveform goes there, or plays from there", () => {
    compare.seek(release, first, MASTER, 30_000.4);
    plays(source(id, first.id, MASTER));
    compare.seek(release, first, MASTER, 40_000);
    expect(told).toEqual([
      { kind: "list", sources: release.tracks.map((one) => source(id, one.id, MASTER)), startAt: 0, positionMs: 30_000 },
      { kind: "seek", positionMs: 40_000 },
    ]);
  });
});

import type { Release, ReleaseTrack } from "../bindings";
import type { PlayerState } from "../state/player.svelte";
import { heard, MASTER, placeIn, playList, version } from "./versions";

/** Hearing a release in one of its versions, and changing between them at the same moment of the music. */
export class Compare {
  /** What is heard when a track is played. */
  chosen = $state(MASTER);

  readonly #player: PlayerState;

  constructor(player: PlayerState) {
    this.#player = player;
  }

  /** What of a release is in the player. */
  heard(release: string): { track: string; version: string } | null {
    return heard(release, this.#player.now?.source ?? null);
  }

  /** The play button of a track: plays it from its beginning; pauses or goes on while it is in the player. */
  play(release: Release, track: ReleaseTrack): void {
    if (this.heard(release.row.id)?.track === track.id && this.#player.now?.state !== "failed") {
      void this.#player.playOrPause();
      return;
    }
    const name = version(track, this.chosen)?.sound ? this.chosen : this.#first(track);
    if (name === null) return;
    void this.#list(release, track.id, name, 0);
  }

  /** Chooses a version. What is heard of the release goes on in it at the same moment; what is paused stays so. */
  choose(release: Release, name: string): void {
    this.chosen = name;
    const now = this.heard(release.row.id);
    const track = release.tracks.find((one) => one.id === now?.track);
    if (now && track && now.version !== name) void this.#change(release, track, now.version, name, this.#player.now?.state === "paused");
  }

  /** Plays a version of a track: at the same moment where another version of it is heard, else from the beginning. */
  hear(release: Release, track: ReleaseTrack, name: string): void {
    this.chosen = name;
    const now = this.heard(release.row.id);
    if (now?.track !== track.id) void this.#list(release, track.id, name, 0);
    else if (now.version === name) void this.#player.playOrPause();
    else void this.#change(release, track, now.version, name, false);
  }

  /** Goes to a moment of a version of a track, and begins to play it where it is not heard. */
  seek(release: Release, track: ReleaseTrack, name: string, positionMs: number): void {
    const now = this.heard(release.row.id);
    if (now?.track === track.id && now.version === name) void this.#player.seek(positionMs);
    else void this.#list(release, track.id, name, positionMs);
  }

  async #change(release: Release, track: ReleaseTrack, from: string, to: string, staysPaused: boolean): Promise<void> {
    const next = version(track, to);
    if (!next?.sound) return;
    await this.#list(release, track.id, to, placeIn(next, version(track, from), this.#player.positionMs));
    if (staysPaused) await this.#player.tell({ kind: "pause" });
  }

  async #list(release: Release, track: string, name: string, positionMs: number): Promise<void> {
    const list = playList(release, track, name);
    if (list) await this.#player.play(list.sources, list.startAt, Math.max(0, Math.round(positionMs)));
  }

  #first(track: ReleaseTrack): string | null {
    const names = [MASTER, ...track.renditions.map((one) => one.profile)];
    return names.find((name) => version(track, name)?.sound) ?? null;
  }
}

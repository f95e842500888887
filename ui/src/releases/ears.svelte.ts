import type { Player } from "../bindings";

/** Which tracks somebody has heard a good part of since the window was opened. Kept with a release's delivery: another one sounds different. */
export class Ears {
  #heard = $state.raw<ReadonlyMap<string, number>>(new Map());
  #last: { key: string; positionMs: number } | null = null;
  /** What is in the player, and of which delivery: that of when it was put there, whatever arrives while it plays on. */
  #loaded: { source: string; delivery: string } | null = null;

  /** What the room does with every state of the player, for the release that is open. */
  hear(delivery: string | null, release: string, player: Player | null): void {
    const source = player?.source;
    if (!player || !source || source.kind === "draftMaster" || source.release !== release) {
      this.#last = null;
      this.#loaded = null;
      return;
    }
    const name = JSON.stringify(source);
    if (this.#loaded?.source !== name) this.#loaded = delivery ? { source: name, delivery } : null;
    if (player.state !== "playing" || !this.#loaded) {
      this.#last = null;
      return;
    }
    const key = `${this.#loaded.delivery} ${source.track}`;
    const went = this.#last?.key === key ? player.positionMs - this.#last.positionMs : 0;
    this.#last = { key, positionMs: player.positionMs };
    // A step back or far ahead is a jump, and not heard.
    if (went <= 0 || went > 2_000) return;
    this.#heard = new Map(this.#heard).set(key, (this.#heard.get(key) ?? 0) + went);
  }

  /** How long a track of a delivery was heard, in milliseconds. */
  heardMs(delivery: string | null, track: string): number {
    return this.#heard.get(`${delivery} ${track}`) ?? 0;
  }
}

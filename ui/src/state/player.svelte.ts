import { commands, events, type Listen, type Player, type Source } from "../bindings";

/**
 * What is heard. Between two events the position moves on by the clock, so that the playhead runs smoothly; a seek is
 * shown where it goes to before the player says so.
 */
export class PlayerState {
  now = $state.raw<Player | null>(null);
  /** In milliseconds, as it is to be drawn. */
  positionMs = $state(0);

  /** Something is in the player, whether it sounds or not. */
  readonly isLoaded = $derived(this.now?.source != null);
  readonly isPlaying = $derived(this.now?.state === "playing");

  /** The profile that was heard last: what the master is compared with. */
  compared = $state<string | null>(null);
  /** What the player can go to from what is heard, at the same place: the master, or the rendition that was heard. */
  readonly other = $derived.by((): Source | null => otherOf(this.now?.source ?? null, this.compared));

  /** What was told to be played, one after the other. */
  #list: Source[] = [];
  #stop: (() => void) | null = null;
  #isStopped = false;
  #frame = 0;
  #saidAt = 0;
  /** Where a seek goes to, until the player is there. */
  #goal: { positionMs: number; since: number } | null = null;
  #tell: (listen: Listen) => Promise<unknown>;

  constructor(tell: (listen: Listen) => Promise<unknown> = (listen) => commands.listen(listen)) {
    this.#tell = tell;
  }

  async start(): Promise<void> {
    const unlisten = await events.player.listen(({ payload }) => this.hear(payload));
    if (this.#isStopped) return unlisten();
    this.#stop = unlisten;
    const first = await commands.player().catch(() => null);
    if (first && !this.now) this.hear(first);
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop?.();
    cancelAnimationFrame(this.#frame);
    this.#frame = 0;
  }

  /** The player has said how it is. */
  hear(player: Player): void {
    const isOther = !sameSource(this.now?.source ?? null, player.source);
    this.now = player;
    if (player.source?.kind === "rendition") this.compared = player.source.profile;
    if (isOther || (this.#goal && hasArrived(player.positionMs, this.#goal))) this.#goal = null;
    this.#saidAt = performance.now();
    if (!this.#goal) this.#show(player.positionMs);
    if (player.state === "playing") this.#run();
  }

  tell(listen: Listen): Promise<unknown> {
    return this.#tell(listen);
  }

  /** Plays these, one after the other. */
  play(sources: Source[], startAt = 0, positionMs = 0): Promise<unknown> {
    this.#list = sources;
    return this.tell({ kind: "list", sources, startAt, positionMs });
  }

  /** Begins what did not come once more, at the same place. */
  again(): Promise<unknown> {
    const { now } = this;
    if (!now?.source) return this.#list.length > 0 ? this.play(this.#list) : Promise.resolve();
    const isKnown = this.#list.length === now.pieces && sameSource(this.#list[now.index] ?? null, now.source);
    return this.play(isKnown ? this.#list : [now.source], isKnown ? now.index : 0, Math.round(this.positionMs));
  }

  playOrPause(): Promise<unknown> {
    return this.tell({ kind: "playOrPause" });
  }

  seek(positionMs: number): Promise<unknown> {
    const to = Math.round(Math.max(0, Math.min(positionMs, this.now?.lengthMs ?? positionMs)));
    this.#goal = { positionMs: to, since: performance.now() };
    this.positionMs = to;
    return this.tell({ kind: "seek", positionMs: to });
  }

  /** Goes from the rendition to its master, or back, at the same place; the rest of the list goes along. */
  async compare(): Promise<void> {
    const { now, other } = this;
    if (!now?.source || !other) return;
    const isKnown = this.#list.length === now.pieces && sameSource(this.#list[now.index] ?? null, now.source);
    const list = isKnown ? this.#list.map((one) => otherOf(one, this.compared) ?? one) : [other];
    const wasPlaying = now.state === "playing";
    await this.play(list, isKnown ? now.index : 0, Math.round(this.positionMs));
    if (!wasPlaying) await this.tell({ kind: "pause" });
  }

  /** Whether this is what is in the player. */
  holds(source: Source | null): boolean {
    return source !== null && sameSource(this.now?.source ?? null, source);
  }

  #run(): void {
    if (this.#frame) return;
    const step = () => {
      this.#frame = 0;
      if (this.now?.state !== "playing") return;
      if (this.#goal && performance.now() - this.#goal.since > SEEK_AT_MOST_MS) this.#goal = null;
      // What waits for the network stands still.
      const isHeld = this.now.wait !== null;
      if (!this.#goal) this.#show(this.now.positionMs + (isHeld ? 0 : performance.now() - this.#saidAt));
      this.#frame = requestAnimationFrame(step);
    };
    this.#frame = requestAnimationFrame(step);
  }

  /** Where motion is to be reduced, the playhead goes from second to second. */
  #show(positionMs: number): void {
    const isStepped = this.now?.state === "playing" && wantsLessMotion();
    const at = isStepped ? Math.floor(positionMs / 1000) * 1000 : positionMs;
    this.positionMs = Math.min(at, this.now?.lengthMs ?? at);
  }
}

function wantsLessMotion(): boolean {
  return window.matchMedia?.("(prefers-reduced-motion: reduce)").matches ?? false;
}

/** A preview is another stretch of time, and is compared with nothing. */
function otherOf(source: Source | null, compared: string | null): Source | null {
  if (source?.kind === "rendition" && source.profile !== "preview") {
    return { kind: "master", release: source.release, track: source.track };
  }
  if (source?.kind === "master" && compared !== null && compared !== "preview") {
    return { kind: "rendition", release: source.release, track: source.track, profile: compared };
  }
  return null;
}

/** A seek that was not heard of after this long did not happen. */
const SEEK_AT_MOST_MS = 1_000;

function hasArrived(positionMs: number, goal: { positionMs: number; since: number }): boolean {
  return (
    Math.abs(positionMs - goal.positionMs) < 400 || performance.now() - goal.since > SEEK_AT_MOST_MS
  );
}

export function sameSource(one: Source | null, other: Source | null): boolean {
  if (one === null || other === null) return one === other;
  return sourceKey(one) === sourceKey(other);
}

/** Tells sources apart. */
export function sourceKey(source: Source): string {
  switch (source.kind) {
    case "draftMaster":
      return `draft ${source.draft} ${source.track}`;
    case "master":
      return `master ${source.release} ${source.track}`;
    case "rendition":
      return `rendition ${source.release} ${source.track} ${source.profile}`;
  }
}

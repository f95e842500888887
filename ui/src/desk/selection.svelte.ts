/** How a choice is made: alone, one more or fewer, or all up to there. */
export type Choice = "only" | "toggle" | "range";

/** Which tracks are chosen, one of them the one that keys move from. */
export class TrackSelection {
  #order: () => string[];
  #chosen = $state<ReadonlySet<string>>(new Set());
  #lead = $state<string | null>(null);
  #anchor: string | null = null;
  /** What was chosen before a range was drawn from the anchor. */
  #base: ReadonlySet<string> = new Set();
  #all = $derived.by(() => {
    const order = this.#order();
    const chosen = order.filter((track) => this.#chosen.has(track));
    // Tracks that are gone are chosen no longer; there is always one, where there are tracks.
    return chosen.length > 0 || order.length === 0 ? chosen : order.slice(0, 1);
  });
  #set = $derived(new Set(this.#all));

  /** `order` gives the tracks as they stand on the screen. */
  constructor(order: () => string[]) {
    this.#order = order;
  }

  /** Those that are chosen, in their order. */
  get tracks(): string[] {
    return this.#all;
  }

  /** The one that keys move from; null where there are no tracks. */
  get lead(): string | null {
    return this.#lead !== null && this.#set.has(this.#lead) ? this.#lead : (this.#all[0] ?? null);
  }

  has(track: string): boolean {
    return this.#set.has(track);
  }

  choose(track: string, choice: Choice = "only"): void {
    if (choice === "range") {
      this.#anchor ??= this.lead;
      this.#chosen = new Set([...this.#base, ...this.#between(this.#anchor ?? track, track)]);
    } else if (choice === "toggle") {
      const chosen = new Set(this.#all);
      if (!chosen.delete(track)) chosen.add(track);
      this.#chosen = chosen;
      this.#base = new Set(chosen);
      this.#anchor = track;
      if (!chosen.has(track)) return;
    } else {
      this.#chosen = new Set([track]);
      this.#base = new Set();
      this.#anchor = track;
    }
    this.#lead = track;
  }

  /** Moves the lead, and the choice with it; `range` draws it along. */
  move(by: number, range = false): void {
    const order = this.#order();
    const at = this.lead === null ? 0 : order.indexOf(this.lead);
    const to = order[Math.min(Math.max(at + by, 0), order.length - 1)];
    if (to !== undefined) this.choose(to, range ? "range" : "only");
  }

  all(): void {
    this.#chosen = new Set(this.#order());
    this.#base = new Set();
  }

  /** Chooses these, such as those that were just moved. */
  set(tracks: string[]): void {
    this.#chosen = new Set(tracks);
    this.#base = new Set();
    this.#lead = tracks[0] ?? null;
    this.#anchor = this.#lead;
  }

  /** What takes the lead when those that are chosen are taken out: the next that stays, or the last. */
  after(): string | null {
    const order = this.#order();
    const last = order.findLastIndex((track) => this.#set.has(track));
    return order[last + 1] ?? order.findLast((track) => !this.#set.has(track)) ?? null;
  }

  #between(one: string, other: string): string[] {
    const order = this.#order();
    const [from, to] = [order.indexOf(one), order.indexOf(other)].sort((a, b) => a - b);
    return from === undefined || to === undefined || from < 0 ? [other] : order.slice(from, to + 1);
  }
}

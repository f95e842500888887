import { SvelteMap } from "svelte/reactivity";

import { commands, type Release, type ReleaseRow, type Seen } from "../bindings";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { OpenRelease } from "../state/opened.svelte";
import { Compare } from "./compare.svelte";
import { Ears } from "./ears.svelte";
import { counts, sift, type Filter, type Line } from "./sift";

/** The releases as the room shows them: what is looked for, what is open, and what is heard of it. */
export class Shelf {
  search = $state("");
  filter = $state<Filter>("all");
  readonly open = new OpenRelease();
  readonly compare: Compare;
  readonly ears: Ears;
  /** Why deliveries are being turned down, as far as it is written: a look into another room loses none of it. */
  readonly reasons = new SvelteMap<string, string>();

  readonly #lacquer: Lacquer;

  constructor(lacquer: Lacquer) {
    this.#lacquer = lacquer;
    this.compare = new Compare(lacquer.player);
    this.ears = new Ears();
  }

  readonly rows: readonly ReleaseRow[] = $derived.by(() => this.#lacquer.workspace.shown?.releases ?? []);
  readonly counts = $derived.by(() => counts(this.rows));
  readonly lines: Line[] = $derived.by(() => sift(this.rows, this.filter, this.search));

  /** What is open: what was selected, or else what comes first. Null where that is gone, or there is nothing. */
  readonly current: ReleaseRow | null = $derived.by(() => {
    const selected = this.#lacquer.navigation.selected.release;
    if (selected !== null) return this.rows.find((row) => row.id === selected) ?? null;
    const first = this.lines.find((line) => line.kind === "release");
    return first?.kind === "release" ? first.row : null;
  });

  select(id: string): void {
    this.#lacquer.navigation.selected.release = id;
  }

  /** Turns from a delivery to a newer one: what plays of the earlier one stops, and what was written goes along. */
  turnTo(release: Release, newest: Seen, before: Seen): void {
    const reason = this.reasons.get(before.delivery);
    if (reason !== undefined && before.delivery !== newest.delivery) {
      this.reasons.delete(before.delivery);
      this.reasons.set(newest.delivery, reason);
    }
    if (this.compare.heard(release.row.id)) void this.#lacquer.player.tell({ kind: "stop" });
  }

  /** Approves just what was seen. */
  approve(release: Release, seen: Seen): Promise<boolean> {
    return this.#do(() => commands.approve(release.row.id, seen));
  }

  /** Turns it down, for a reason. */
  reject(release: Release, seen: Seen, reason: string): Promise<boolean> {
    return this.#do(() => commands.reject(release.row.id, seen, reason));
  }

  withdraw(release: Release, reason: string): Promise<boolean> {
    return this.#do(() => commands.withdraw(release.row.id, reason));
  }

  tryAgain(release: Release): Promise<boolean> {
    return this.#do(() => commands.tryAgain(release.row.id));
  }

  /** Whether it was done; why not is a toast. */
  async #do(run: () => Promise<unknown>): Promise<boolean> {
    const done = await this.#lacquer.act(async () => {
      await run();
      return true;
    });
    return done ?? false;
  }
}

/** The one of a window: what was looked for is there again when somebody returns. */
export const shelf = kept((lacquer) => new Shelf(lacquer));

import { commands, type Artist, type Artists, type Mail, type Subscription } from "../bindings";
import { folded, words } from "../releases/sift";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { isSame, wrong } from "./address";

/** The artists as the room shows them: who is looked for, who is open, and the address that is being entered. */
export class Roll {
  search = $state("");
  /** An artist who is in nothing yet is being entered. */
  isAdding = $state(false);

  readonly #lacquer: Lacquer;

  constructor(lacquer: Lacquer) {
    this.#lacquer = lacquer;
  }

  readonly all: Artists = $derived.by(() => this.#lacquer.workspace.shown?.artists ?? { artists: [], mails: [] });

  readonly found: readonly Artist[] = $derived.by(() => {
    const wanted = words(this.search);
    if (wanted.length === 0) return this.all.artists;
    return this.all.artists.filter((artist) => {
      const text = folded([artist.name, ...artist.subscriptions.map((one) => one.email)].join(" "));
      return wanted.every((word) => text.includes(word));
    });
  });

  /**
   * Who is open: who was selected, or else who comes first. Somebody who was selected and is not in the list, as an
   * artist of a release that has no draft here, is nobody's follower yet, and can be.
   */
  readonly current: Artist | null = $derived.by(() => {
    const selected = this.#lacquer.navigation.selected.artist;
    if (selected === null) return this.found[0] ?? null;
    return this.#named(selected) ?? { name: selected, releases: [], subscriptions: [] };
  });

  select(name: string): void {
    this.isAdding = false;
    this.#lacquer.navigation.selected.artist = name;
  }

  /** Two spellings of a name are one artist. */
  #named(name: string): Artist | undefined {
    const wanted = folded(name);
    return this.all.artists.find((artist) => artist.name === name) ?? this.all.artists.find((artist) => folded(artist.name) === wanted);
  }

  /** What was sent for an artist, the latest first. */
  mailsOf(artist: Artist): Mail[] {
    return this.all.mails.filter((mail) => mail.artist === artist.name);
  }

  /** Why an address cannot be entered for an artist; null where it can. */
  problem(artist: string, email: string): string | null {
    const known = this.#named(artist)?.subscriptions ?? [];
    return wrong(email) ?? (known.some((one) => isSame(one.email, email)) ? "This address is told already." : null);
  }

  /** Whether it was done; why not is a toast. */
  async subscribe(artist: string, email: string): Promise<boolean> {
    const isNew = await this.#lacquer.act(() => commands.subscribe(artist, email.trim()));
    if (isNew === undefined) return false;
    const words = isNew ? `${email.trim()} is told when music of ${artist} is live.` : `${email.trim()} is told already.`;
    this.#lacquer.toasts.say(words, isNew ? () => void this.#unsubscribe(artist, email.trim()) : undefined);
    return true;
  }

  async unsubscribe(artist: string, subscription: Subscription): Promise<void> {
    if (!(await this.#unsubscribe(artist, subscription.email))) return;
    this.#lacquer.toasts.say(`${subscription.email} is told no longer about ${artist}.`, () => {
      void this.#lacquer.act(() => commands.subscribe(artist, subscription.email));
    });
  }

  async #unsubscribe(artist: string, email: string): Promise<boolean> {
    const was = await this.#lacquer.act(() => commands.unsubscribe(artist, email));
    return was !== undefined;
  }
}

/** The one of a window: who was looked for is there again when somebody returns. */
export const roll = kept((lacquer) => new Roll(lacquer));

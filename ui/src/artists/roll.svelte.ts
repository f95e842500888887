import { accounts } from "../account/account.svelte";
import { commands, type Artist, type ArtistAccount, type Artists, type Mail, type Subscription, type Trouble } from "../bindings";
import { folded, words } from "../releases/sift";
import { kept } from "../state/kept.svelte";
import type { Lacquer } from "../state/lacquer.svelte";
import { troubleOf } from "../state/trouble";
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

  /** Who is entered is asked by e-mail first, and told once they agreed. */
  readonly asks: boolean = $derived.by(() => accounts(this.#lacquer).cloud !== null);

  /** Why nothing can be changed now; null where it can. */
  readonly cannot: string | null = $derived.by(() => accounts(this.#lacquer).cannot);

  /** Which artists' accounts see whom; null until it was asked for. */
  seers = $state.raw<ArtistAccount[] | null>(null);
  /** Why that is not known. */
  seersTrouble = $state.raw<Trouble | null>(null);

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
    return this.all.mails.filter((mail) => this.isSameArtist(mail.artist, artist.name));
  }

  isSameArtist(one: string, other: string): boolean {
    return folded(one) === folded(other);
  }

  /** Asks which artists' accounts see whom. */
  async askForSeers(): Promise<void> {
    try {
      this.seers = await commands.artistAccounts();
      this.seersTrouble = null;
    } catch (error) {
      this.seersTrouble = troubleOf(error);
    }
  }

  /** The accounts that see an artist. */
  seersOf(artist: string): ArtistAccount[] {
    return (this.seers ?? []).filter((account) => account.artists.some((name) => this.isSameArtist(name, artist)));
  }

  /** Why an address cannot see an artist from now on; null where it can. */
  seerProblem(artist: string, email: string): string | null {
    return wrong(email) ?? (this.seersOf(artist).some((one) => isSame(one.email, email)) ? "This account sees it already." : null);
  }

  async letSee(artist: string, email: string): Promise<boolean> {
    const known = (this.seers ?? []).find((one) => isSame(one.email, email)) ?? { email: email.trim(), artists: [] };
    return this.#maySee(known.email, [...known.artists, artist], `${known.email} sees releases of ${artist} now.`, known.artists);
  }

  async letSeeNoMore(artist: string, { email, artists }: ArtistAccount): Promise<void> {
    const left = artists.filter((name) => !this.isSameArtist(name, artist));
    await this.#maySee(email, left, `${email} sees ${artist} no longer.`, artists);
  }

  async #maySee(email: string, artists: string[], words: string, before: string[]): Promise<boolean> {
    const set = async (all: string[]) => {
      const done = await this.#lacquer.act(() => commands.mapArtists(email, all));
      if (done !== undefined) await this.askForSeers();
      return done;
    };
    if ((await set(artists)) === undefined) return false;
    this.#lacquer.toasts.say(words, () => void set(before));
    return true;
  }

  /** Null where it was confirmed; else why not. */
  async confirm(artist: string, email: string, pasted: string): Promise<Trouble | null> {
    try {
      await commands.confirmSubscription(artist, email, pasted.trim());
    } catch (error) {
      return troubleOf(error);
    }
    this.#lacquer.toasts.say(`${email} is told when music of ${artist} is live.`);
    return null;
  }

  /** Null where it was sent; else why not. */
  async resend(artist: string, email: string): Promise<Trouble | null> {
    try {
      await commands.resendConfirmation(artist, email);
      return null;
    } catch (error) {
      return troubleOf(error);
    }
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
    const asked = `${email.trim()} is asked by e-mail first, and told of music of ${artist} once that is confirmed.`;
    const words = isNew && this.asks ? asked : isNew ? `${email.trim()} is told when music of ${artist} is live.` : `${email.trim()} is told already.`;
    this.#lacquer.toasts.say(words, isNew ? () => void this.#unsubscribe(artist, email.trim()) : undefined);
    return true;
  }

  async unsubscribe(artist: string, subscription: Subscription): Promise<void> {
    if (!(await this.#unsubscribe(artist, subscription.email))) return;
    const words = `${subscription.email} is told no longer about ${artist}.`;
    const again = () => void this.#lacquer.act(() => commands.subscribe(artist, subscription.email));
    // In a cloud another e-mail goes out: nothing that a stray Ctrl+Z should do.
    if (this.asks) this.#lacquer.toasts.lead(words, "Subscribe again", again);
    else this.#lacquer.toasts.say(words, again);
  }

  async #unsubscribe(artist: string, email: string): Promise<boolean> {
    const was = await this.#lacquer.act(() => commands.unsubscribe(artist, email));
    return was !== undefined;
  }
}

/** The one of a window: who was looked for is there again when somebody returns. */
export const roll = kept((lacquer) => new Roll(lacquer));

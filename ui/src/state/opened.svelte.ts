import { commands, type Draft, type Release, type Trouble } from "../bindings";
import { troubleOf } from "./trouble";

/**
 * Something from inside, asked for when it is opened and again when its row's revision grew. One question is under way
 * at a time, and what is asked meanwhile is asked once more afterwards: no older answer comes after a newer one, and
 * typing does not pile questions up.
 */
export class Opened<T> {
  /** Null until it is there; what was there stays while it is asked for again. */
  value = $state.raw<T | null>(null);
  /** There is none of that id any more. */
  isGone = $state(false);
  trouble = $state.raw<Trouble | null>(null);
  id = $state<string | null>(null);

  /** Nothing is there yet, and it is being asked for. */
  readonly isLoading = $derived(this.id !== null && this.value === null && !this.isGone && this.trouble === null);

  #ask: (id: string) => Promise<T | null>;
  #revisionOf: ((value: T) => number) | null;
  #revision: number | null = null;
  #asking: Promise<void> | null = null;
  #isStale = false;

  /** `revisionOf` reads what its row says as well, where it has one. */
  constructor(ask: (id: string) => Promise<T | null>, revisionOf: ((value: T) => number) | null = null) {
    this.#ask = ask;
    this.#revisionOf = revisionOf;
  }

  /** What the room calls in an effect, with the row that is open. */
  show(id: string | null, revision: number | null): void {
    // What was asked for again may be what the row tells of only now.
    const isShown = this.value !== null && this.#revisionOf !== null && revision === this.#revisionOf(this.value);
    const isKnown = revision === this.#revision || isShown;
    if (id === this.id && isKnown) return;
    if (id !== this.id) {
      this.value = null;
      this.isGone = false;
      this.trouble = null;
    }
    this.id = id;
    this.#revision = revision;
    this.#isStale = id !== null;
    void this.#catchUp();
  }

  /** Asks again, as after a trouble; done when what was so by now is shown. */
  again(): Promise<void> {
    this.#isStale = this.id !== null;
    return this.#catchUp();
  }

  #catchUp(): Promise<void> {
    if (this.#asking === null && this.#isStale) this.#asking = this.#askWhileStale();
    return this.#asking ?? Promise.resolve();
  }

  async #askWhileStale(): Promise<void> {
    while (this.#isStale && this.id !== null) {
      this.#isStale = false;
      const id = this.id;
      try {
        const value = await this.#ask(id);
        if (id === this.id) {
          if (value !== null) this.value = value;
          this.isGone = value === null;
          this.trouble = null;
        }
      } catch (error) {
        if (id === this.id) this.trouble = troubleOf(error);
      }
    }
    this.#asking = null;
  }
}

export class OpenDraft extends Opened<Draft> {
  constructor() {
    super(commands.draft, (draft) => draft.revision);
  }
}

export class OpenRelease extends Opened<Release> {
  constructor() {
    super(commands.release, (release) => release.row.revision);
  }
}

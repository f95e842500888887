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
  #revision: number | null = null;
  #isAsking = false;
  #isStale = false;

  constructor(ask: (id: string) => Promise<T | null>) {
    this.#ask = ask;
  }

  /** What the room calls in an effect, with the row that is open. */
  show(id: string | null, revision: number | null): void {
    if (id === this.id && revision === this.#revision) return;
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

  /** Asks again, as after a trouble. */
  again(): void {
    this.#isStale = this.id !== null;
    void this.#catchUp();
  }

  async #catchUp(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
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
    this.#isAsking = false;
  }
}

export class OpenDraft extends Opened<Draft> {
  constructor() {
    super(commands.draft);
  }
}

export class OpenRelease extends Opened<Release> {
  constructor() {
    super(commands.release);
  }
}

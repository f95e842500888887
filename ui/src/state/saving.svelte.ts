import type { Trouble } from "../bindings";
import { troubleOf } from "./trouble";

/** How long something that is typed may wait, from the first key on: no more of it is lost when the power fails. */
const WAIT_MS = 200;
const SAID_MS = 2_000;

/**
 * Saves something as it is edited: a moment after the first key, or at once. One save is under way at a time and the last value
 * wins. What went wrong stays beside the field until a later save goes well.
 */
export class Saving<T> {
  trouble = $state.raw<Trouble | null>(null);
  /** It was saved just now. */
  isSaved = $state(false);

  #save: (value: T) => Promise<unknown>;
  #merge: (earlier: T, later: T) => T;
  #waiting: { value: T } | null = null;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #said: ReturnType<typeof setTimeout> | undefined;
  #isSaving = false;

  /** `merge` puts a later value over one that still waits; without it, the later one is all. */
  constructor(save: (value: T) => Promise<unknown>, merge: (earlier: T, later: T) => T = (_, later) => later) {
    this.#save = save;
    this.#merge = merge;
  }

  /** Something is typed: saved in a moment, also where it goes on without a pause. */
  soon(value: T): void {
    this.#wait(value);
    this.#timer ??= setTimeout(() => void this.flush(), WAIT_MS);
  }

  /** Something was chosen, or a field is left. */
  now(value: T): void {
    this.#wait(value);
    void this.flush();
  }

  /** Saves at once what waits, if something does. */
  async flush(): Promise<void> {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    await this.#run();
  }

  #wait(value: T): void {
    this.#waiting = { value: this.#waiting ? this.#merge(this.#waiting.value, value) : value };
  }

  async #run(): Promise<void> {
    if (this.#isSaving) return;
    this.#isSaving = true;
    while (this.#waiting) {
      const { value } = this.#waiting;
      this.#waiting = null;
      try {
        await this.#save(value);
        this.trouble = null;
        this.#say();
      } catch (error) {
        this.trouble = troubleOf(error);
        this.isSaved = false;
      }
    }
    this.#isSaving = false;
  }

  #say(): void {
    this.isSaved = true;
    clearTimeout(this.#said);
    this.#said = setTimeout(() => (this.isSaved = false), SAID_MS);
  }
}

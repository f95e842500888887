import { SvelteMap } from "svelte/reactivity";

import type { Edit, Trouble } from "../bindings";

/** A field of the release, or of a track. */
export interface Place {
  track: string | null;
  field: string;
}

/** What texts are written to. */
export interface Page {
  /** What the draft that was asked for last says. */
  shown(place: Place): string;
  /** Puts texts into fields; done when they are on disk. Rejects with a `Trouble`. */
  edit(edits: Edit[], gesture: string | null): Promise<unknown>;
  /** Asks for the draft; done when what it says now is shown. */
  refresh(): Promise<unknown>;
  /** Somebody is about to type. */
  begun?(): void;
}

/** How long text that is being typed may wait until it is sent, in milliseconds from the first key on. */
export const LATENCY = 150;

interface Typed {
  place: Place;
  text: string;
  gesture: string;
  /** Grows with every key, so that an answer is known to be about an older text. */
  edition: number;
  sent: "no" | "under-way" | "yes";
  trouble: Trouble | null;
  /** What was shown once the text had arrived; null until then. Something else later was not typed here. */
  echo: string | null;
}

/**
 * The texts that are being typed into a draft. They are shown as typed, whatever the draft that comes back says, until
 * it says them too and the field was left: an older answer never takes their place, and what is trimmed or put into a
 * form (an ISRC) does not fight the caret.
 */
export class Editing {
  #page: Page;
  #typed = new SvelteMap<string, Typed>();
  #visits = new Map<string, number>();
  #edition = 0;
  #timer: ReturnType<typeof setTimeout> | undefined;
  #line: Promise<unknown> = Promise.resolve();
  /** Tells the gestures of this page from those of one that was loaded before. */
  #session = `${Date.now().toString(36)}${Math.random().toString(36).slice(2)}`;
  #gestures = 0;

  constructor(page: Page) {
    this.#page = page;
  }

  /** What a field shows. */
  text(place: Place): string {
    const typed = this.#typed.get(key(place));
    const shown = this.#page.shown(place);
    if (!typed) return shown;
    return typed.echo !== null && typed.echo !== shown ? shown : typed.text;
  }

  /** Why what was typed could not be kept. */
  trouble(place: Place): Trouble | null {
    return this.#typed.get(key(place))?.trouble ?? null;
  }

  /** Where something was typed that could not be kept; null where all was. */
  get troubled(): Place | null {
    for (const typed of this.#typed.values()) if (typed.trouble) return typed.place;
    return null;
  }

  /** Something was typed that the draft may not say yet. */
  get isUnsettled(): boolean {
    return this.#typed.size > 0;
  }

  /** Begins a visit to a field, or to the same field of several tracks: what is typed meanwhile is one step of undo. */
  visit(places: Place[]): Visit {
    this.#page.begun?.();
    this.#gestures += 1;
    for (const place of places) this.#visits.set(key(place), (this.#visits.get(key(place)) ?? 0) + 1);
    return new Visit(this, places, `${this.#session}:${this.#gestures}`);
  }

  /** Sends what was typed, after what is being sent already. False where some of it could not be kept. */
  async flush(): Promise<boolean> {
    const letters = this.#collect();
    this.#line = this.#line.then(() => this.#send(letters));
    await this.#line;
    return this.troubled === null;
  }

  /** Sends what was typed without waiting for anything: the page is going away. */
  flushAtOnce(): void {
    void this.#send(this.#collect());
  }

  /** Shows what the draft says, before a step of it is undone or done again. */
  forget(): void {
    this.#typed.clear();
  }

  /** Takes back what was typed last of what could not be kept: it is no step of the draft's. */
  takeBackTroubled(): void {
    const troubled = [...this.#typed.values()].filter((typed) => typed.trouble);
    const last = troubled.reduce<Typed | null>((latest, typed) => (latest && latest.edition > typed.edition ? latest : typed), null);
    for (const typed of troubled) if (typed.gesture === last?.gesture) this.#typed.delete(key(typed.place));
  }

  /** Texts put into fields at once, as one step: what was pasted or chosen. */
  async put(edits: Edit[]): Promise<void> {
    if (edits.length === 0) return;
    this.#gestures += 1;
    const gesture = `${this.#session}:${this.#gestures}`;
    for (const edit of edits) this.take(edit, edit.text, gesture);
    await this.flush();
  }

  /** For visits. */
  take(place: Place, text: string, gesture: string): void {
    const before = this.#typed.get(key(place));
    // What another visit left behind is a step of its own.
    if (before?.sent === "no" && before.gesture !== gesture) void this.flush();
    this.#edition += 1;
    this.#typed.set(key(place), {
      place: { track: place.track, field: place.field },
      text,
      gesture,
      edition: this.#edition,
      sent: "no",
      trouble: null,
      echo: null,
    });
    // From the first key on, not from the last: somebody who types without a pause loses no more than others.
    this.#timer ??= setTimeout(() => void this.flush(), LATENCY);
  }

  /** For visits. */
  leave(places: Place[]): void {
    for (const place of places) {
      const left = (this.#visits.get(key(place)) ?? 1) - 1;
      if (left > 0) this.#visits.set(key(place), left);
      else this.#visits.delete(key(place));
    }
    void this.flush().then(() => this.#settle());
  }

  /** What was not sent yet, a letter a gesture. */
  #collect(): Typed[][] {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const gestures = new Map<string, Typed[]>();
    for (const typed of this.#typed.values()) {
      if (typed.sent !== "no") continue;
      gestures.set(typed.gesture, [...(gestures.get(typed.gesture) ?? []), typed]);
      this.#change(typed, { sent: "under-way" });
    }
    return [...gestures.values()];
  }

  async #send(letters: Typed[][]): Promise<void> {
    for (const letter of letters) {
      const edits = letter.map((typed) => ({ ...typed.place, text: typed.text }));
      try {
        await this.#page.edit(edits, letter[0]?.gesture ?? null);
        for (const typed of letter) this.#change(typed, { sent: "yes", trouble: null });
      } catch (trouble) {
        // Sent again when the field is left, or before it is queued: a disk that was full may have room by then.
        for (const typed of letter) this.#change(typed, { sent: "no", trouble: asTrouble(trouble) });
      }
    }
    if (letters.length > 0) void this.#echo();
  }

  /** Waits for a draft that was asked for after the texts had arrived. */
  async #echo(): Promise<void> {
    const arrived = [...this.#typed.values()].filter((typed) => typed.sent === "yes" && typed.echo === null);
    if (arrived.length === 0) return;
    try {
      await this.#page.refresh();
    } catch {
      // Then the next one that comes says it; until then what was typed is shown.
      return;
    }
    for (const typed of arrived) this.#change(typed, { echo: this.#page.shown(typed.place) });
    this.#settle();
  }

  /** Lets go of what the draft says as well, where nobody is in the field. */
  #settle(): void {
    for (const [name, typed] of this.#typed) {
      if (typed.sent === "yes" && typed.echo !== null && !this.#visits.has(name)) this.#typed.delete(name);
    }
  }

  /** Unless something else was typed meanwhile. */
  #change(typed: Typed, change: Partial<Typed>): void {
    const now = this.#typed.get(key(typed.place));
    if (now?.edition === typed.edition) this.#typed.set(key(typed.place), { ...now, ...change });
  }
}

/** Somebody is in a field. */
export class Visit {
  #editing: Editing;
  #places: Place[];
  #gesture: string;
  #before: string[];
  #typed = false;
  #over = false;

  constructor(editing: Editing, places: Place[], gesture: string) {
    this.#editing = editing;
    this.#places = places;
    this.#gesture = gesture;
    this.#before = places.map((place) => editing.text(place));
  }

  /** The text is this by now, in every place. */
  type(text: string): void {
    this.#typed = true;
    for (const place of this.#places) this.#editing.take(place, text, this.#gesture);
  }

  /** Puts back what was there before. */
  takeBack(): void {
    if (!this.#typed) return;
    this.#places.forEach((place, at) => this.#editing.take(place, this.#before[at] ?? "", this.#gesture));
    this.#typed = false;
  }

  /** The field is left. */
  end(): void {
    if (this.#over) return;
    this.#over = true;
    this.#editing.leave(this.#places);
  }
}

function key(place: Place): string {
  return `${place.track ?? ""} ${place.field}`;
}

function asTrouble(error: unknown): Trouble {
  if (typeof error === "object" && error !== null && "message" in error) {
    const help = "help" in error ? String(error.help) : "";
    return { message: String(error.message), help };
  }
  return { message: String(error), help: "" };
}

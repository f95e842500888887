import { tick } from "svelte";

export const ROOMS = ["desk", "queue", "releases", "artists", "settings"] as const;
export type Room = (typeof ROOMS)[number];

/** What is selected in each room. */
export interface Selection {
  draft: string | null;
  delivery: string | null;
  release: string | null;
  artist: string | null;
}

/** Which room is open, and what is selected in each; on return, the focus is where it was. */
export class Navigation {
  room = $state<Room>("desk");
  selected = $state<Selection>({ draft: null, delivery: null, release: null, artist: null });

  /** Grows with whatever is done to what is open: nobody who is at work is taken somewhere else. */
  touched = 0;

  #focused = new Map<Room, string>();
  #scrolled = new Map<string, number>();

  go(room: Room): void {
    if (room === this.room) return;
    const key = keyOf(document.activeElement);
    if (key) this.#focused.set(this.room, key);
    else this.#focused.delete(this.room);
    this.room = room;
    void tick().then(() => this.#restoreFocus(room));
  }

  /** Something was done to what is open. */
  touch(): void {
    this.touched += 1;
  }

  openDraft(id: string): void {
    this.selected.draft = id;
    this.go("desk");
  }

  openDelivery(id: string): void {
    this.selected.delivery = id;
    this.go("queue");
  }

  openRelease(id: string): void {
    this.selected.release = id;
    this.go("releases");
  }

  openArtist(name: string): void {
    this.selected.artist = name;
    this.go("artists");
  }

  /** An action for what scrolls: `use:navigation.keepScroll={"desk.list"}` finds it where it was left. */
  readonly keepScroll = (node: HTMLElement, key: string): { destroy: () => void } => {
    const before = this.#scrolled.get(key);
    if (before !== undefined) void tick().then(() => (node.scrollTop = before));
    const remember = () => this.#scrolled.set(key, node.scrollTop);
    node.addEventListener("scroll", remember, { passive: true });
    return { destroy: () => node.removeEventListener("scroll", remember) };
  };

  #restoreFocus(room: Room): void {
    const key = this.#focused.get(room);
    const main = document.querySelector<HTMLElement>("main");
    const element = key ? find(key) : null;
    (element ?? main)?.focus({ preventScroll: element === null });
  }
}

/** An element of a room is found again by its `data-focus`, or its id. The rail is no place to return to: it never goes. */
function keyOf(element: Element | null): string | null {
  if (!(element instanceof HTMLElement) || !element.closest("main")) return null;
  return element.dataset.focus ? `focus:${element.dataset.focus}` : element.id ? `id:${element.id}` : null;
}

function find(key: string): HTMLElement | null {
  const name = key.slice(key.indexOf(":") + 1);
  if (key.startsWith("id:")) return document.getElementById(name);
  return [...document.querySelectorAll<HTMLElement>("main [data-focus]")].find((one) => one.dataset["focus"] === name) ?? null;
}

import { placeAt } from "./order";

interface Drag {
  list: () => HTMLElement | undefined;
  /** The place of what is held, as the list is shown now. */
  from: () => number;
  /** It is over another place. */
  to: (place: number) => void;
  /** It was let go; not moved where somebody thought better of it. */
  end: (isMoved: boolean) => void;
}

const EDGE = 48;
const SCROLL_STEP = 12;

/** Follows the pointer while an item of a list is held, scrolls at the edges of what scrolls, and lets go on Escape. */
export class Dragged {
  readonly #drag: Drag;
  #y = 0;
  #stop: AbortController | null = null;
  #frame = 0;

  constructor(drag: Drag) {
    this.#drag = drag;
  }

  start(event: PointerEvent): void {
    if (event.button !== 0 || this.#stop) return;
    event.preventDefault();
    const stop = new AbortController();
    this.#stop = stop;
    this.#y = event.clientY;
    const { signal } = stop;
    window.addEventListener("pointermove", (move) => this.#follow(move.clientY), { signal });
    window.addEventListener("pointerup", () => this.#end(true), { signal });
    window.addEventListener("pointercancel", () => this.#end(false), { signal });
    window.addEventListener("blur", () => this.#end(false), { signal });
    window.addEventListener(
      "keydown",
      (key) => {
        if (key.key !== "Escape") return;
        key.preventDefault();
        key.stopPropagation();
        this.#end(false);
      },
      { signal, capture: true },
    );
    this.#frame = requestAnimationFrame(this.#scroll);
  }

  #follow(y: number): void {
    this.#y = y;
    const items = [...(this.#drag.list()?.children ?? [])];
    const middles = items.map((item) => {
      const box = item.getBoundingClientRect();
      return box.top + box.height / 2;
    });
    const from = this.#drag.from();
    const to = placeAt(middles, from, y);
    if (from >= 0 && to !== from) this.#drag.to(to);
  }

  readonly #scroll = (): void => {
    if (!this.#stop) return;
    const scrolled = this.#drag.list()?.closest("[data-scroll]");
    if (scrolled) {
      const box = scrolled.getBoundingClientRect();
      const by = this.#y < box.top + EDGE ? -SCROLL_STEP : this.#y > box.bottom - EDGE ? SCROLL_STEP : 0;
      const before = scrolled.scrollTop;
      scrolled.scrollTop += by;
      if (scrolled.scrollTop !== before) this.#follow(this.#y);
    }
    this.#frame = requestAnimationFrame(this.#scroll);
  };

  #end(isMoved: boolean): void {
    this.#stop?.abort();
    this.#stop = null;
    cancelAnimationFrame(this.#frame);
    this.#drag.end(isMoved);
  }
}

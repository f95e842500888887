import { destination, staysPut, type Destination, type Line, type Placed } from "./order";

/** The table in which tracks are dragged. */
export interface DragTable {
  /** The height of a line, in pixels. */
  row: number;
  scroller: () => HTMLElement | undefined;
  /** What holds the lines, from the first one's top on. */
  body: () => HTMLElement | undefined;
  lines: () => readonly Line[];
  tracks: () => readonly Placed[];
  chosen: () => string[];
  drop: (tracks: string[], to: Destination) => void;
}

/** A pointer that went this far is dragging, in pixels. */
const DRAGS_FROM = 5;
/** So near to an edge of the page it scrolls along, in pixels. */
const EDGE = 48;

/**
 * Tracks that are dragged by the pointer, and between which lines they would go. The web view has no HTML drag and drop
 * while the window takes files, so pointer events do it.
 */
export class TrackDrag {
  /** What is held; its gap is the line that it would go above, null where it would stay. */
  held = $state.raw<{ tracks: string[]; gap: number | null } | null>(null);

  #table: DragTable;

  constructor(table: DragTable) {
    this.#table = table;
  }

  /** The pointer went down on a handle; `clicked` is called when it goes up without having dragged. */
  begin(event: PointerEvent, clicked: () => void): void {
    const handle = event.currentTarget as HTMLElement;
    const from = event.clientY;
    let last = from;
    let scrolling = 0;
    const move = ({ clientY }: PointerEvent) => {
      last = clientY;
      if (!this.held && Math.abs(clientY - from) < DRAGS_FROM) return;
      if (!scrolling) scrolling = requestAnimationFrame(scroll);
      this.#aim(last);
    };
    const scroll = () => {
      const page = this.#table.scroller();
      if (!page) return;
      const { top, bottom } = page.getBoundingClientRect();
      const by = last < top + EDGE ? last - top - EDGE : last > bottom - EDGE ? last - bottom + EDGE : 0;
      if (by !== 0) {
        page.scrollTop += by / 4;
        this.#aim(last);
      }
      scrolling = requestAnimationFrame(scroll);
    };
    const stop = () => {
      cancelAnimationFrame(scrolling);
      handle.removeEventListener("pointermove", move);
      handle.removeEventListener("pointerup", drop);
      handle.removeEventListener("pointercancel", stop);
      window.removeEventListener("keydown", escape, true);
      this.held = null;
    };
    const drop = () => {
      const { held } = this;
      stop();
      const to = held?.gap == null ? null : destination(this.#table.lines(), held.gap);
      if (held && to) this.#table.drop(held.tracks, to);
      else if (!held) clicked();
    };
    const escape = (key: KeyboardEvent) => {
      if (key.key !== "Escape") return;
      key.preventDefault();
      key.stopPropagation();
      stop();
    };
    // At once: a quick pointer is out of the cell before it has gone far enough.
    handle.setPointerCapture?.(event.pointerId);
    handle.addEventListener("pointermove", move);
    handle.addEventListener("pointerup", drop);
    handle.addEventListener("pointercancel", stop);
    window.addEventListener("keydown", escape, true);
  }

  #aim(y: number): void {
    const body = this.#table.body();
    if (!body) return;
    const lines = this.#table.lines();
    const line = Math.round((y - body.getBoundingClientRect().top) / this.#table.row);
    const gap = Math.min(Math.max(line, 0), lines.length);
    const tracks = this.#table.chosen();
    const to = destination(lines, gap);
    this.held = { tracks, gap: to && !staysPut(this.#table.tracks(), tracks, to) ? gap : null };
  }
}

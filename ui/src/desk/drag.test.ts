import { beforeEach, expect, test, vi } from "vitest";

import { TrackDrag } from "./drag.svelte";
import { lines, type Placed } from "./order";

const album: Placed[] = ["a", "b", "c"].map((id) => ({ id, disc: 1 }));

let handle: HTMLElement;
let drag: TrackDrag;
const drop = vi.fn();
const clicked = vi.fn();

beforeEach(() => {
  vi.clearAllMocks();
  handle = document.createElement("div");
  const body = document.createElement("div");
  drag = new TrackDrag({
    row: 32,
    scroller: () => undefined,
    body: () => body,
    lines: () => lines(album),
    tracks: () => album,
    chosen: () => ["a"],
    drop,
  });
  handle.addEventListener("pointerdown", (event) => drag.begin(event as PointerEvent, clicked), { once: true });
});

const pointer = (type: string, clientY: number) => handle.dispatchEvent(new MouseEvent(type, { clientY, button: 0 }));

test("tracks go between the lines where they are let go", () => {
  pointer("pointerdown", 10);
  pointer("pointermove", 70);
  expect(drag.held).toEqual({ tracks: ["a"], gap: 2 });
  pointer("pointerup", 70);
  expect(drop).toHaveBeenCalledWith(["a"], { disc: 1, before: "c" });
  expect(drag.held).toBeNull();
});

test("a pointer that hardly moves has clicked", () => {
  pointer("pointerdown", 10);
  pointer("pointermove", 12);
  pointer("pointerup", 12);
  expect(drop).not.toHaveBeenCalled();
  expect(clicked).toHaveBeenCalledOnce();
});

test("where they would stay they stay, and below the last line is the end", () => {
  pointer("pointerdown", 10);
  pointer("pointermove", 30);
  expect(drag.held?.gap).toBeNull();
  pointer("pointermove", 900);
  expect(drag.held?.gap).toBe(3);
  pointer("pointermove", 20);
  pointer("pointerup", 20);
  expect(drop).not.toHaveBeenCalled();
  expect(clicked).not.toHaveBeenCalled();
});

test("Escape lets go of them", () => {
  pointer("pointerdown", 10);
  pointer("pointermove", 70);
  window.dispatchEvent(new KeyboardEvent("keydown", { key: "Escape" }));
  expect(drag.held).toBeNull();
  pointer("pointerup", 70);
  expect(drop).not.toHaveBeenCalled();
});

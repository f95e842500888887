import { afterEach, beforeEach, expect, test } from "vitest";

import { start, stop } from "../../fake/backend";
import type { FakeShell } from "../../fake/shell";
import { Dragging, logical } from "./dragging.svelte";

let shell: FakeShell;
beforeEach(() => (shell = start("busy")));
afterEach(stop);

const settled = () => new Promise((resolve) => setTimeout(resolve));

/** An element that lies at a place of the page. */
function box(left: number, top: number, width: number, height: number): HTMLElement {
  const element = document.createElement("div");
  element.getBoundingClientRect = () => new DOMRect(left, top, width, height);
  return element;
}

test("what is held is looked at, and what was held before is forgotten", async () => {
  const dragging = new Dragging();
  await dragging.start();
  await shell.drag("enter", ["/music/Night Bus"], 10, 10);
  await settled();
  expect(dragging.survey).toMatchObject({ names: ["Night Bus"], soundFiles: 8, pictures: 1 });
  await shell.drag("leave");
  expect([dragging.paths, dragging.survey]).toEqual([null, null]);
  dragging.stop();
});

test("an answer that comes after the files are gone is not shown", async () => {
  const dragging = new Dragging();
  dragging.enter(["/music/Night Bus"], { x: 0, y: 0 });
  dragging.leave();
  await settled();
  expect(dragging.survey).toBeNull();
});

test("a place takes what is dropped on it, and the window takes the rest", async () => {
  const dragging = new Dragging();
  const dropped: string[] = [];
  dragging.fallback = (paths) => dropped.push(`window ${paths.join()}`);
  const leave = dragging.accepts({
    says: (survey) => (survey === null || survey.pictures > 0 ? "Becomes the artwork" : null),
    drop: (paths) => dropped.push(`artwork ${paths.join()}`),
  })(box(100, 100, 50, 50));
  dragging.enter(["/cover.jpg"], { x: 120, y: 120 });
  expect(dragging.target?.says(null)).toBe("Becomes the artwork");
  dragging.drop(["/cover.jpg"], { x: 120, y: 120 });
  dragging.enter(["/cover.jpg"], { x: 150, y: 120 });
  expect(dragging.target).toBeNull();
  dragging.drop(["/cover.jpg"], { x: 150, y: 120 });
  leave();
  dragging.drop(["/cover.jpg"], { x: 120, y: 120 });
  expect(dropped).toEqual(["artwork /cover.jpg", "window /cover.jpg", "window /cover.jpg"]);
  expect(dragging.paths).toBeNull();
});

test("a place that cannot take this is no target", async () => {
  const dragging = new Dragging();
  dragging.accepts({ says: (survey) => (survey && survey.pictures === 0 ? null : "Becomes the artwork"), drop: () => undefined })(
    box(0, 0, 50, 50),
  );
  dragging.enter(["/one.wav"], { x: 10, y: 10 });
  await settled();
  dragging.over({ x: 11, y: 11 });
  expect(dragging.target).toBeNull();
});

test("a place finds out by itself, and in time, that it can take what is held still over it", async () => {
  const dragging = new Dragging();
  const dropped: string[] = [];
  dragging.fallback = (paths) => dropped.push(`window ${paths.join()}`);
  dragging.accepts({
    says: (survey) => (survey && survey.pictures > 0 ? "Becomes the artwork" : null),
    drop: (paths) => dropped.push(`artwork ${paths.join()}`),
  })(box(0, 0, 50, 50));
  dragging.enter(["/cover.jpg"], { x: 10, y: 10 });
  expect(dragging.target).toBeNull();
  await settled();
  expect(dragging.target).not.toBeNull();
  dragging.leave();
  // Dropped before it was looked at.
  dragging.enter(["/cover.jpg"], { x: 10, y: 10 });
  dragging.drop(["/cover.jpg"], { x: 10, y: 10 });
  await settled();
  expect(dropped).toEqual(["artwork /cover.jpg"]);
});

test("the screen's pixels are more than the page's where the system counts them", () => {
  expect(logical({ x: 300, y: 150 }, 1.5)).toEqual({ x: 200, y: 100 });
  expect(logical({ x: 300, y: 150 })).toEqual({ x: 300, y: 150 });
});

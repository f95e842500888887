import { cleanup, fireEvent, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test, vi } from "vitest";

import Progress from "./Progress.svelte";
import Waveform from "./Waveform.svelte";

afterEach(cleanup);

const now = () => screen.getByRole("progressbar").getAttribute("aria-valuenow");

test("progress never jumps back, but another piece of work starts at its beginning", async () => {
  const { rerender } = render(Progress, { value: 0.4, label: "Sending", of: "a" });
  await rerender({ value: 0.3, label: "Sending", of: "a" });
  expect(now()).toBe("40");
  await rerender({ value: 0.9, label: "Sending", of: "a" });
  expect(now()).toBe("90");
  await rerender({ value: 0.1, label: "Sending", of: "b" });
  expect(now()).toBe("10");
  await rerender({ value: null, label: "Sending", of: "b" });
  expect(now()).toBeNull();
});

const wave = { millisecondsPerBin: 1_000, bins: Array.from({ length: 180 }, () => 0), clips: [], silenceBeforeMs: 0, silenceAfterMs: 0 };

test("a waveform is a slider that keys, a click and a drag move", async () => {
  const seek = vi.fn();
  render(Waveform, { wave, label: "Position in Undertow", lengthMs: 60_000, positionMs: 12_000, seek });
  const slider = screen.getByRole("slider", { name: "Position in Undertow" });
  expect(slider.getAttribute("aria-valuetext")).toBe("0:12 of 1:00");
  for (const key of ["ArrowRight", "ArrowLeft", "PageUp", "Home", "End", "PageDown"]) await fireEvent.keyDown(slider, { key });
  expect(seek.mock.calls.flat()).toEqual([17_000, 7_000, 42_000, 0, 60_000, 0]);
  seek.mockClear();
  const canvas = slider.querySelector("canvas");
  if (!canvas) throw new Error("a waveform is drawn on a canvas");
  canvas.getBoundingClientRect = () => new DOMRect(100, 0, 200, 40);
  await fireEvent.pointerDown(slider, { button: 0, clientX: 150 });
  await fireEvent.pointerMove(slider, { clientX: 400 });
  await fireEvent.pointerUp(slider);
  await fireEvent.pointerMove(slider, { clientX: 200 });
  expect(seek.mock.calls.flat()).toEqual([15_000, 60_000]);
});

test("keys that it does not know are left to the window", async () => {
  render(Waveform, { wave, label: "Position", lengthMs: 60_000, positionMs: 0, seek: vi.fn() });
  const event = new KeyboardEvent("keydown", { key: "j", bubbles: true, cancelable: true });
  await fireEvent(screen.getByRole("slider"), event);
  expect(event.defaultPrevented).toBe(false);
});

test("one that leads nowhere is a picture with a name", () => {
  render(Waveform, { wave, label: "Waveform of Undertow", lengthMs: 60_000 });
  expect(screen.getByRole("img", { name: "Waveform of Undertow" })).toBeTruthy();
  expect(screen.queryByRole("slider")).toBeNull();
});

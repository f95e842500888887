// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Toasts } from "./toasts.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

const messages = (toasts: Toasts) => toasts.shown.map((toast) => toast.message);

test("a toast goes by itself, and a trouble stays longer", () => {
  const toasts = new Toasts();
  toasts.say("Removed “Night Bus”");
  toasts.trouble({ message: "The disk is full.", help: "Make room." });
  vi.advanceTimersByTime(6_000);
  expect(messages(toasts)).toEqual(["The disk is full."]);
  vi.advanceTimersByTime(6_000);
  expect(messages(toasts)).toEqual([]);
});

test("nothing goes while the pointer or the focus is on it", () => {
  const toasts = new Toasts();
  toasts.say("Removed");
  vi.advanceTimersByTime(5_900);
  toasts.hold();
  vi.advanceTimersByTime(60_000);
  toasts.say("Removed another");
  vi.advanceTimersByTime(60_000);
  expect(messages(toasts)).toEqual(["Removed", "Removed another"]);
  toasts.release();
  vi.advanceTimersByTime(6_000);
  expect(messages(toasts)).toEqual([]);
});

test("its button does what it says, once, and the toast goes", () => {
  const toasts = new Toasts();
  const undo = vi.fn();
  toasts.say("Removed", undo);
  const id = toasts.shown[0]?.id ?? 0;
  expect(toasts.shown[0]?.action?.words).toBe("Undo");
  toasts.act(id);
  toasts.act(id);
  expect(undo).toHaveBeenCalledTimes(1);
  expect(messages(toasts)).toEqual([]);
});

test("the same words are said once, and no more than four stand at a time", () => {
  const toasts = new Toasts();
  for (const message of ["a", "b", "b", "c", "d", "e"]) toasts.say(message);
  expect(messages(toasts)).toEqual(["b", "c", "d", "e"]);
});

test("what leads somewhere is not undone", () => {
  const toasts = new Toasts();
  toasts.lead("It is in the queue.", "Show the queue", () => undefined);
  expect(toasts.undoable).toBe(null);
  toasts.say("Removed", () => undefined);
  toasts.lead("A draft was made.", "Open", () => undefined);
  expect(toasts.undoable?.message).toBe("Removed");
});

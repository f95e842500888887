// @vitest-environment node

import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Saving } from "./saving.svelte";

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

test("typing is saved a moment after its first key, without waiting for a pause, and said for a moment", async () => {
  const saved: string[] = [];
  const saving = new Saving<string>(async (value) => saved.push(value));
  for (const text of ["N", "Ni", "Nig", "Nigh"]) {
    saving.soon(text);
    await vi.advanceTimersByTimeAsync(66);
  }
  expect(saved).toEqual(["Nigh"]);
  expect(saving.isSaved).toBe(true);
  await vi.advanceTimersByTimeAsync(2_000);
  expect(saving.isSaved).toBe(false);
});

test("what is chosen is saved at once, and what is typed when its field is left", async () => {
  const saved: string[] = [];
  const saving = new Saving<string>(async (value) => saved.push(value));
  saving.now("dark");
  await vi.advanceTimersByTimeAsync(0);
  saving.soon("typed");
  await saving.flush();
  expect(saved).toEqual(["dark", "typed"]);
  await saving.flush();
  expect(saved).toHaveLength(2);
});

test("while one save is under way the last value waits, and the ones between are left out", async () => {
  const saved: string[] = [];
  const answers: (() => void)[] = [];
  const saving = new Saving<string>((value) => {
    saved.push(value);
    return new Promise<void>((resolve) => answers.push(resolve));
  });
  saving.now("a");
  saving.now("b");
  saving.now("c");
  answers[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(saved).toEqual(["a", "c"]);
});

test("what went wrong stays until a save goes well", async () => {
  let fails = true;
  const saving = new Saving<string>(() => (fails ? Promise.reject({ message: "The label needs a name.", help: "" }) : Promise.resolve()));
  saving.now("");
  await vi.advanceTimersByTimeAsync(0);
  expect([saving.trouble?.message, saving.isSaved]).toEqual(["The label needs a name.", false]);
  fails = false;
  saving.now("Night Records");
  await vi.advanceTimersByTimeAsync(0);
  expect([saving.trouble, saving.isSaved]).toEqual([null, true]);
});

test("changes of different things that wait are saved together", async () => {
  const saved: object[] = [];
  const saving = new Saving<{ parts?: number; limit?: number }>(async (value) => saved.push(value), (earlier, later) => ({ ...earlier, ...later }));
  saving.soon({ limit: 1 });
  saving.soon({ limit: 12 });
  saving.now({ parts: 4 });
  await vi.advanceTimersByTimeAsync(1_000);
  expect(saved).toEqual([{ limit: 12, parts: 4 }]);
});

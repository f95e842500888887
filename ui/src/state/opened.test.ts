// @vitest-environment node

import { expect, test } from "vitest";

import { Opened } from "./opened.svelte";

interface Thing {
  revision: number;
}

/** Answers when told, with what holds by then. */
class Shell {
  revision = 1;
  asked = 0;
  #waiting: (() => void)[] = [];

  ask = async (): Promise<Thing> => {
    this.asked += 1;
    await new Promise<void>((go) => this.#waiting.push(go));
    return { revision: this.revision };
  };

  async answer(): Promise<void> {
    this.#waiting.shift()?.();
    for (let turn = 0; turn < 5; turn++) await Promise.resolve();
  }
}

const open = (shell: Shell) => new Opened<Thing>(shell.ask, (thing) => thing.revision);

test("it is asked for when it is opened, and again when its row changed", async () => {
  const shell = new Shell();
  const opened = open(shell);
  opened.show("a", 1);
  opened.show("a", 1);
  await shell.answer();
  expect([shell.asked, opened.value?.revision]).toEqual([1, 1]);
  shell.revision = 2;
  opened.show("a", 2);
  await shell.answer();
  expect([shell.asked, opened.value?.revision]).toEqual([2, 2]);
});

test("who asks again waits for an answer to that, though one is under way", async () => {
  const shell = new Shell();
  const opened = open(shell);
  opened.show("a", 1);
  let isDone = false;
  void opened.again().then(() => (isDone = true));
  await shell.answer();
  expect(isDone).toBe(false);
  shell.revision = 2;
  await shell.answer();
  expect([isDone, shell.asked, opened.value?.revision]).toEqual([true, 2, 2]);
});

test("what was asked for again is not asked for a third time when its row comes", async () => {
  const shell = new Shell();
  const opened = open(shell);
  opened.show("a", 1);
  await shell.answer();
  shell.revision = 2;
  void opened.again();
  await shell.answer();
  opened.show("a", 2);
  expect(shell.asked).toBe(2);
});

test("with nothing open there is nothing to wait for", async () => {
  await open(new Shell()).again();
});

/** Answers when it is told to. */
function asked() {
  const questions: { id: string; answer: (value: string | null) => void; fail: (error: unknown) => void }[] = [];
  const opened = new Opened<string>((id) => new Promise((answer, fail) => questions.push({ id, answer, fail })));
  return { opened, questions };
}

const settled = () => new Promise((resolve) => setTimeout(resolve));

test("it loads, then shows, and asks again when the revision grew", async () => {
  const { opened, questions } = asked();
  opened.show("a", 1);
  expect(opened.isLoading).toBe(true);
  questions[0]?.answer("first");
  await settled();
  expect([opened.value, opened.isLoading]).toEqual(["first", false]);
  opened.show("a", 1);
  expect(questions).toHaveLength(1);
  opened.show("a", 2);
  expect(opened.value).toBe("first");
  questions[1]?.answer("second");
  await settled();
  expect(opened.value).toBe("second");
});

test("revisions that come while it asks are one more question, and the last answer counts", async () => {
  const { opened, questions } = asked();
  opened.show("a", 1);
  for (const revision of [2, 3, 4, 5]) opened.show("a", revision);
  expect(questions).toHaveLength(1);
  questions[0]?.answer("old");
  await settled();
  expect(questions).toHaveLength(2);
  questions[1]?.answer("new");
  await settled();
  expect(opened.value).toBe("new");
  expect(questions).toHaveLength(2);
});

test("an answer about what was open before is not shown", async () => {
  const { opened, questions } = asked();
  opened.show("a", 1);
  opened.show("b", 1);
  questions[0]?.answer("of a");
  await settled();
  expect([opened.value, opened.isLoading]).toEqual([null, true]);
  questions[1]?.answer("of b");
  await settled();
  expect(opened.value).toBe("of b");
});

test("what is gone is gone, and a trouble is said until an answer comes", async () => {
  const { opened, questions } = asked();
  opened.show("a", 1);
  questions[0]?.fail({ message: "The disk is away.", help: "" });
  await settled();
  expect(opened.trouble?.message).toBe("The disk is away.");
  opened.again();
  questions[1]?.answer(null);
  await settled();
  expect([opened.isGone, opened.trouble]).toEqual([true, null]);
  opened.show(null, null);
  expect([opened.isGone, opened.isLoading, opened.value]).toEqual([false, false, null]);
});

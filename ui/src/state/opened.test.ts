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

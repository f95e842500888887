import { afterEach, expect, test } from "vitest";

import { start, stop } from "../../fake/backend";
import { commands } from "../bindings";
import { Lacquer } from "./lacquer.svelte";

afterEach(stop);

test("what the shell will not do is said with its remedy, and answered with nothing", async () => {
  start("errors");
  const lacquer = new Lacquer();
  expect(await lacquer.act(() => commands.pauseQueue(true))).toBeUndefined();
  expect(lacquer.toasts.shown[0]).toMatchObject({ message: "The disk of the workspace is full.", help: "Make room, and try again.", isTrouble: true });
});

test("what it does is answered", async () => {
  start("busy");
  const lacquer = new Lacquer();
  expect(await lacquer.act(() => commands.subscribe("Ann Ash", "new@example.com"))).toBe(true);
  expect(await lacquer.act(() => commands.pauseQueue(true))).toBeNull();
  expect(lacquer.toasts.shown).toEqual([]);
});

test("a draft that was made is opened at the desk", async () => {
  const shell = start("busy");
  const lacquer = new Lacquer();
  lacquer.navigation.go("queue");
  await lacquer.makeDraft(["/music/Slow Weather"]);
  expect(lacquer.navigation.room).toBe("desk");
  expect(lacquer.navigation.selected.draft).toBe(shell.scene.drafts[0]?.id);
});

test("but not over what somebody has opened meanwhile", async () => {
  const shell = start("busy");
  const lacquer = new Lacquer();
  const making = lacquer.makeDraft(["/music/Slow Weather"]);
  lacquer.navigation.openDraft("another");
  await making;
  expect(lacquer.navigation.selected.draft).toBe("another");
  const [toast] = lacquer.toasts.shown;
  expect(toast?.action?.words).toBe("Open");
  lacquer.toasts.act(toast?.id ?? 0);
  expect(lacquer.navigation.selected.draft).toBe(shell.scene.drafts[0]?.id);
});

test("pasted files make a draft, unless the room takes them", async () => {
  const shell = start("busy");
  const before = shell.scene.drafts.length;
  const lacquer = new Lacquer();
  await lacquer.paste();
  shell.pasted = ["/music/cover.png"];
  lacquer.takesPaste = (paths) => paths.every((path) => path.endsWith(".png"));
  await lacquer.paste();
  expect(shell.scene.drafts).toHaveLength(before);
  shell.pasted = ["/music/Slow Weather"];
  await lacquer.paste();
  expect(shell.scene.drafts).toHaveLength(before + 1);
});

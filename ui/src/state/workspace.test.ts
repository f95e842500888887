import { emit } from "@tauri-apps/api/event";
import { afterEach, expect, test } from "vitest";

import { start, stop } from "../../fake/backend";
import type { Changed } from "../bindings";
import { Workspace } from "./workspace.svelte";

afterEach(stop);

const changed = (number: number, parts: Partial<Changed>): Changed => ({
  number,
  desk: null,
  queue: null,
  releases: null,
  artists: null,
  settings: null,
  notices: null,
  ...parts,
});
const notice = (message: string) => ({ code: "x", message, help: "" });

test("parts that changed take the place of the old, and the others stay the very same", async () => {
  const shell = start("busy");
  const workspace = new Workspace();
  await workspace.start();
  const before = workspace.shown;
  shell.scene.notices = [notice("The disk is full.")];
  shell.push("notices");
  expect(workspace.shown?.notices[0]?.message).toBe("The disk is full.");
  expect(workspace.shown?.desk).toBe(before?.desk);
  expect(workspace.shown?.queue).toBe(before?.queue);
  workspace.stop();
});

test("what is pushed before the first view arrives is not lost, and what is in the view is not put over it", async () => {
  const shell = start("busy");
  const view = shell.shown;
  shell.answer = (command) => {
    if (command !== "view") return Promise.resolve(null);
    void emit("changed", changed(4, { notices: [notice("older than the view")] }));
    void emit("changed", changed(6, { notices: [notice("newer than the view")] }));
    return Promise.resolve({ ...view, number: 5, notices: [] });
  };
  const workspace = new Workspace();
  await workspace.start();
  expect(workspace.shown?.notices.map(({ message }) => message)).toEqual(["newer than the view"]);
  await emit("changed", changed(6, { notices: [] }));
  expect(workspace.shown?.notices).toHaveLength(1);
  workspace.stop();
});

test("a workspace that cannot be opened is a trouble with its remedy", async () => {
  start("in-use");
  const workspace = new Workspace();
  await workspace.start();
  expect(workspace.trouble).toEqual({
    message: "This workspace is in use by another Lacquer (process 42).",
    help: "Close that one first.",
  });
});

test("once it is stopped it hears nothing more", async () => {
  const shell = start("busy");
  const workspace = new Workspace();
  await workspace.start();
  workspace.stop();
  shell.scene.notices = [notice("unheard")];
  shell.push("notices");
  expect(workspace.shown?.notices).toEqual([]);
});

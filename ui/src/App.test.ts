import { cleanup, render, screen } from "@testing-library/svelte";
import { afterEach, expect, test } from "vitest";

import { start, stop } from "../fake/backend";
import App from "./App.svelte";

afterEach(() => {
  cleanup();
  stop();
});

test("the five rooms are in the rail", async () => {
  start("busy");
  render(App);
  const rooms = await screen.findByRole("navigation", { name: "Rooms" });
  expect([...rooms.querySelectorAll("button")].map((room) => room.textContent?.match(/[A-Z][a-z]+/)?.[0])).toEqual([
    "Desk",
    "Queue",
    "Releases",
    "Artists",
    "Settings",
  ]);
});

test("a workspace that cannot be opened says why", async () => {
  start("in-use");
  render(App);
  expect((await screen.findByRole("alert")).textContent).toContain("process 42");
});

test("a view that is pushed takes the place of the first", async () => {
  const shell = start("busy");
  render(App);
  await screen.findByRole("navigation", { name: "Rooms" });
  shell.scene.notices = [{ code: "disk", message: "The disk is full.", help: "Make room." }];
  shell.push("notices");
  expect(await screen.findByText(/The disk is full./)).toBeTruthy();
});

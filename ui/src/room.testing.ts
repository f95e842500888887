import { cleanup, render, screen, within } from "@testing-library/svelte";
import { afterEach, beforeEach, vi } from "vitest";

import { start, stop } from "../fake/backend";
import type { Scenario } from "../fake/scenarios";
import type { FakeShell } from "../fake/shell";
import App from "./App.svelte";

/** For tests of a room in its window. jsdom lays nothing out: lists are given a height, or they draw no row. */
export function inWindow(): void {
  beforeEach(() => {
    globalThis.CSS = { ...globalThis.CSS, escape: (text: string) => text.replace(/[^\w-]/g, "\\$&") };
    HTMLElement.prototype.getAnimations = () => [];
    vi.spyOn(Element.prototype, "clientHeight", "get").mockReturnValue(4_000);
    vi.spyOn(Element.prototype, "clientWidth", "get").mockReturnValue(800);
    HTMLElement.prototype.scrollTo = () => undefined;
    HTMLElement.prototype.scrollIntoView = () => undefined;
    HTMLDialogElement.prototype.showModal = function (this: HTMLDialogElement) {
      this.open = true;
    };
    HTMLDialogElement.prototype.close = function (this: HTMLDialogElement) {
      this.open = false;
    };
  });
  afterEach(() => {
    cleanup();
    stop();
    vi.restoreAllMocks();
  });
}

/** Opens a room of the window in a scenario. */
export async function openRoom(room: string, scenario: Scenario, prepare?: (shell: FakeShell) => void): Promise<FakeShell> {
  const shell = start(scenario);
  prepare?.(shell);
  render(App);
  const rail = await screen.findByRole("navigation", { name: "Rooms" });
  within(rail).getByRole("button", { name: new RegExp(room) }).click();
  await screen.findByRole("heading", { level: 1, name: room });
  return shell;
}

/** What the window told the shell, by its command. */
export function given(shell: FakeShell, command: string): unknown[] {
  return shell.given.filter((one) => one.command === command).map((one) => one.args);
}

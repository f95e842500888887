import { mockIPC, mockWindows } from "@tauri-apps/api/mocks";

import { SCENARIOS, type Scenario } from "./scenarios";
import { FakeShell } from "./shell";

declare global {
  interface Window {
    /** The shell that stands behind the page: Playwright's tests push and ask by it. */
    fakeShell?: FakeShell;
  }
}

/** Puts a fake shell behind the window, as it is in a scenario. To be called before the page is mounted. */
export function start(scenario: Scenario): FakeShell {
  window.fakeShell?.end();
  mockWindows("main");
  const shell = new FakeShell(scenario);
  mockIPC((command, args) => shell.answer(command, args ?? {}), { shouldMockEvents: true });
  window.fakeShell = shell;
  return shell;
}

/** Nothing moves any more. What still asks is still answered. */
export function stop(): void {
  window.fakeShell?.end();
}

/** `?scenario=busy&theme=dark`; an unknown one is `busy`. */
export function startFromAddress(address: string): FakeShell {
  const wish = new URL(address).searchParams;
  const scenario = wish.get("scenario") ?? "busy";
  const shell = start(scenario in SCENARIOS ? (scenario as Scenario) : "busy");
  const theme = wish.get("theme");
  if (theme === "dark" || theme === "light") shell.scene.desk.theme = theme;
  return shell;
}

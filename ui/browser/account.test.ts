import { mkdirSync } from "node:fs";

import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import type { Scenario } from "../fake/scenarios";
import { start } from "./chromium";
import { Opened, SIZES, THEMES } from "./opened";

/** Where photographs are kept, if anywhere. */
const kept = process.env["LACQUER_SCREENSHOTS"];

let browser: Browser;
beforeAll(async () => {
  browser = await start();
  if (kept) mkdirSync(kept, { recursive: true });
});
afterAll(() => browser.close());

const FAILED = { message: "The browser came back without a sign-in.", help: "Try again, and sign in on the page that opens." };

const choose = async (page: Page, file = "workspace.json") => {
  await page.evaluate((path) => {
    if (window.fakeShell) window.fakeShell.joinFile = path;
  }, `/home/ann/Downloads/${file}`);
  await page.getByRole("button", { name: /^Join (your|a) label’s cloud…$/ }).click();
};
const begin = async (page: Page) => {
  await choose(page);
  await page.getByRole("button", { name: "Sign in in your browser" }).click();
  await page.locator('main[data-step="waiting"]').waitFor();
};
const listen = async (page: Page, wait: object) => {
  await page.evaluate((wait) => {
    const shell = window.fakeShell;
    const release = shell?.scene.releases.find((one) => one.row.state === "live");
    const track = release?.tracks[0];
    if (!shell || !release || !track) throw new Error("the scenario has a live release");
    const source = { kind: "rendition" as const, release: release.row.id, track: track.id, profile: "mp3-320" };
    shell.player.hear({ kind: "list", sources: [source], startAt: 0, positionMs: 12_000 });
    shell.player.setWait(wait as never);
  }, wait);
  await page.locator("footer").getByText(/network/).waitFor();
};

/** What somebody comes to that is no room. */
const STATES: Record<string, [Scenario, (page: Page) => Promise<unknown>]> = {
  asks: ["first", (page) => choose(page)],
  "refused-plain": ["first", (page) => choose(page, "plain.json")],
  "refused-damaged": ["first", (page) => choose(page, "damaged.json")],
  waits: ["first", begin],
  failed: [
    "first",
    async (page) => {
      await begin(page);
      await page.evaluate((trouble) => window.fakeShell?.comeBack(trouble), FAILED);
      await page.locator('main[data-step="failed"]').waitFor();
    },
  ],
  "signs-in-again": ["cloud-ended", (page) => page.getByRole("region", { name: "Signed out" }).getByRole("button", { name: "Sign in" }).click()],
  "failed-at-work": [
    "cloud-ended",
    async (page) => {
      await page.getByRole("region", { name: "Signed out" }).getByRole("button", { name: "Sign in" }).click();
      await page.evaluate((trouble) => window.fakeShell?.comeBack(trouble), FAILED);
      await page.getByRole("region", { name: "Signing in" }).getByRole("alert").waitFor();
    },
  ],
  joined: [
    "empty",
    async (page) => {
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await begin(page);
      await page.evaluate(() => window.fakeShell?.comeBack());
      await page.locator('main[data-step="done"]').waitFor();
    },
  ],
  "signs-out-everywhere": [
    "cloud",
    async (page) => {
      await page.getByRole("button", { name: "Settings", exact: true }).click();
      await page.getByRole("button", { name: "Sign out everywhere…" }).click();
    },
  ],
  confirms: [
    "cloud",
    async (page) => {
      await page.getByRole("button", { name: "Artists", exact: true }).click();
      await page.getByRole("option", { name: /Ann Ash/ }).click();
      await page.getByRole("button", { name: "Confirm management0@example.com" }).click();
    },
  ],
  buffers: ["cloud", (page) => listen(page, { kind: "loading" })],
  stalls: ["cloud", (page) => listen(page, { kind: "trouble", message: "The network is away." })],
};

describe.each(Object.entries(STATES))("%s", (name, [scenario, reach]) => {
  test.each(THEMES)("%s: is fit for everybody, at every size", async (theme) => {
    const opened = await Opened.at(browser, scenario, theme);
    await reach(opened.page);
    const wrong: string[] = [];
    for (const size of SIZES) {
      await opened.page.setViewportSize(size);
      await opened.settle();
      wrong.push(...(await opened.violations()).map((violation) => `${size.width}: ${violation}`));
      wrong.push(...(await opened.sticksOut()).map((element) => `${size.width}: ${element} sticks out of the window`));
      if (kept) await opened.page.screenshot({ path: `${kept}/account-${name}-${theme}-${size.width}.png` });
    }
    expect(wrong).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
});

const step = (opened: Opened, name: string) => opened.page.locator(`main[data-step="${name}"]`).waitFor();

test("somebody joins by the keyboard alone, without a browser, thinks better of it, and joins", async () => {
  const opened = await Opened.at(browser, "first", "dark");
  const { page } = opened;
  await page.evaluate(() => {
    if (window.fakeShell) Object.assign(window.fakeShell, { joinFile: "/home/ann/workspace.json", hasNoBrowser: true });
  });
  await opened.tabTo(/Join your label’s cloud/);
  await page.keyboard.press("Enter");
  await step(opened, "asks");
  await opened.tabTo(/Sign in in your browser/);
  await page.keyboard.press("Enter");
  await step(opened, "waiting");
  await page.getByText("No browser could be started.").waitFor();
  expect(await opened.violations()).toEqual([]);
  await opened.tabTo(/Copy the link/);
  expect((await opened.focus()).isSeen).toBe(true);
  await page.keyboard.press("Enter");
  await page.waitForFunction(() => (window.fakeShell?.clipboard ?? "").includes("/oauth2/authorize"));
  await opened.tabTo(/Cancel/);
  await page.keyboard.press("Enter");
  await step(opened, "asks");
  await opened.tabTo(/Sign in in your browser/);
  await page.keyboard.press("Enter");
  await step(opened, "waiting");
  await page.evaluate(() => window.fakeShell?.comeBack());
  await page.waitForFunction(() => window.fakeShell?.given.some((one) => one.command === "quit"));
  expect(opened.complaints).toEqual([]);
  await opened.close();
});

test("a sign-in that ended is mended by the keyboard alone, and read out", async () => {
  const opened = await Opened.at(browser, "cloud-ended", "light");
  const { page } = opened;
  const said = page.getByRole("status").filter({ hasText: "Signed out. Your sign-in has expired." });
  await said.first().waitFor({ state: "attached" });
  await opened.tabTo(/BUTTON Sign in$/);
  expect((await opened.focus()).isSeen).toBe(true);
  await page.keyboard.press("Enter");
  await page.getByRole("status").filter({ hasText: /^Sign in at .+ in your browser\.$/ }).first().waitFor({ state: "attached" });
  await opened.tabTo(/Cancel/);
  await page.keyboard.press("Enter");
  await page.getByRole("region", { name: "Signed out" }).waitFor();
  await opened.close();
});

describe.each(THEMES)("%s", (theme) => {
  test.each([
    ["cloud-artist", "Releases"],
    ["cloud-artist", "News"],
    ["cloud-artist", "Settings"],
    ["cloud-staff", "Releases"],
    ["cloud-ended", "Queue"],
    ["cloud", "Artists"],
    ["cloud", "Settings"],
  ] as const)("%s, %s: Tab goes round, and where it is can be seen", async (scenario, room) => {
    const opened = await Opened.at(browser, scenario, theme);
    await opened.go(room);
    const { visited, unseen } = await opened.tabRound();
    expect(unseen).toEqual([]);
    expect(visited.size).toBeGreaterThan(4);
    await opened.close();
  });
});

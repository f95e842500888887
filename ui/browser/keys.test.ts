import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { start } from "./chromium";
import { Opened, ROOMS, THEMES } from "./opened";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

test("Ctrl and a number opens a room, also while something is typed", async () => {
  const opened = await Opened.at(browser, "busy", "dark");
  for (const [at, room] of ROOMS.entries()) {
    await opened.page.keyboard.press(`Control+${at + 1}`);
    const current = opened.page.getByRole("navigation", { name: "Rooms" }).locator("[aria-current=page]");
    expect(await current.innerText()).toContain(room);
  }
  await opened.close();
});

test("a question mark lists the keys, Escape leaves the list, and the focus is where it was", async () => {
  const opened = await Opened.at(browser, "busy", "dark");
  const rail = opened.page.getByRole("navigation", { name: "Rooms" }).getByRole("button", { name: /^Queue/ });
  await rail.focus();
  await opened.page.keyboard.press("?");
  const list = opened.page.getByRole("dialog", { name: "Keys" });
  await list.waitFor();
  expect(await list.innerText()).toContain("Play or pause");
  expect(await opened.violations()).toEqual([]);
  await opened.page.keyboard.press("Escape");
  await list.waitFor({ state: "hidden" });
  expect(await rail.evaluate((element) => element === document.activeElement)).toBe(true);
  await opened.close();
});

test("the palette goes to a room by a few letters of its name, and away again by Escape", async () => {
  const opened = await Opened.at(browser, "busy", "dark");
  const rail = opened.page.getByRole("navigation", { name: "Rooms" }).getByRole("button", { name: /^Queue/ });
  await rail.focus();
  await opened.page.keyboard.press("Control+k");
  const palette = opened.page.getByRole("dialog", { name: "Go to anything" });
  await palette.waitFor();
  expect(await opened.violations()).toEqual([]);
  await opened.page.keyboard.press("Escape");
  await palette.waitFor({ state: "hidden" });
  expect(await rail.evaluate((element) => element === document.activeElement)).toBe(true);
  await opened.page.keyboard.press("Control+k");
  await opened.page.keyboard.type("settin");
  await opened.page.keyboard.press("Enter");
  await palette.waitFor({ state: "hidden" });
  await opened.page.getByRole("heading", { level: 1, name: "Settings" }).waitFor();
  await opened.close();
});

describe.each(THEMES)("%s", (theme) => {
  test.each(ROOMS)("%s: Tab goes round, and where it is can be seen", async (room) => {
    const opened = await Opened.at(browser, "one", theme);
    await opened.go(room);
    const { visited, unseen } = await opened.tabRound();
    expect(unseen).toEqual([]);
    expect(visited.size).toBeGreaterThan(ROOMS.length);
    await opened.close();
  });
});

test.each(ROOMS)("%s draws no more of hundreds than can be seen", async (room) => {
  const opened = await Opened.at(browser, "hundreds", "dark");
  await opened.go(room);
  expect(await opened.page.locator("main *").count()).toBeLessThan(5_000);
  await opened.close();
});

test.each(ROOMS)("nothing moves in %s where reduced motion is asked for", async (room) => {
  const opened = await Opened.at(browser, "busy", "dark");
  await opened.go(room);
  const moving = await opened.page.evaluate(() =>
    document.getAnimations().filter((one) => one.playState === "running" && Number(one.effect?.getComputedTiming().duration ?? 0) > 1).length,
  );
  expect(moving).toBe(0);
  await opened.close();
});

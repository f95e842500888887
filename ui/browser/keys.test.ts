import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { start } from "./chromium";
import { Opened, ROOMS, THEMES } from "./opened";

let browser: Browser;
beforeAll(async () => {
  browser = await start();
});
afterAll(() => browser.close());

/** What has the focus, in words, and whether that is to be seen. */
interface Focus {
  words: string;
  isSeen: boolean;
}

function focus(opened: Opened): Promise<Focus> {
  return opened.page.evaluate(() => {
    const element = document.activeElement as HTMLElement;
    const style = getComputedStyle(element);
    const inside = element.closest("label, [class]")?.parentElement;
    const ring = (one: CSSStyleDeclaration) => (one.outlineStyle !== "none" && one.outlineWidth !== "0px") || one.boxShadow !== "none";
    const words = element.getAttribute("aria-label") ?? element.innerText ?? element.tagName;
    return { words: `${element.tagName} ${words.trim().slice(0, 60)}`, isSeen: ring(style) || (inside !== null && inside !== undefined && ring(getComputedStyle(inside))) };
  });
}

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
    await opened.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const unseen: string[] = [];
    const visited = new Set<string>();
    // As far as Tab leads, which is no way without end: it comes back to the page's beginning.
    for (let step = 0; step < 200; step += 1) {
      await opened.page.keyboard.press("Tab");
      if (await opened.page.evaluate(() => document.activeElement === document.body)) break;
      const { words, isSeen } = await focus(opened);
      visited.add(words);
      if (!isSeen) unseen.push(words);
    }
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

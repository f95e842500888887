import { mkdirSync } from "node:fs";

import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

import { SCENARIOS, type Scenario } from "../fake/scenarios";
import { start } from "./chromium";
import { Opened, ROOMS, ROOMS_OF_ARTISTS, SIZES, THEMES } from "./opened";

/** Where photographs are kept, if anywhere. */
const kept = process.env["LACQUER_SCREENSHOTS"];
/** Here there is no window with rooms: it says why. */
const WITHOUT_ROOMS: readonly Scenario[] = ["in-use", "loading"];

let browser: Browser;
beforeAll(async () => {
  browser = await start();
  if (kept) mkdirSync(kept, { recursive: true });
});
afterAll(() => browser.close());

describe.each(Object.keys(SCENARIOS) as Scenario[])("%s", (scenario) => {
  test.each(THEMES)("%s: every room is fit for everybody, at every size", async (theme) => {
    const opened = await Opened.at(browser, scenario, theme);
    const wrong: string[] = [];
    for (const room of WITHOUT_ROOMS.includes(scenario) ? [null] : scenario === "cloud-artist" ? ROOMS_OF_ARTISTS : ROOMS) {
      if (room) await opened.go(room);
      for (const size of SIZES) {
        const where = `${room ?? "Window"} ${size.width}×${size.height}`;
        await opened.page.setViewportSize(size);
        await opened.settle();
        wrong.push(...(await opened.violations()).map((violation) => `${where}: ${violation}`));
        wrong.push(...(await opened.sticksOut()).map((element) => `${where}: ${element} sticks out of the window`));
        if (kept) await opened.page.screenshot({ path: `${kept}/${scenario}-${(room ?? "window").toLowerCase()}-${theme}-${size.width}.png` });
      }
    }
    expect(wrong).toEqual([]);
    expect(opened.complaints).toEqual([]);
    await opened.close();
  });
});

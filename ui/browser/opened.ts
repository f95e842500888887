import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

import type { AxeResults } from "axe-core";
import type { Browser, Page } from "playwright-core";
import { inject } from "vitest";

import type { Scenario } from "../fake/scenarios";

const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export const ROOMS = ["Desk", "Queue", "Releases", "Artists", "Settings"] as const;
export const THEMES = ["dark", "light"] as const;
/** The window as it opens, and as small as it gets. */
export const SIZES = [
  { width: 1280, height: 800 },
  { width: 960, height: 600 },
] as const;

/** An artist's account has fewer. */
export const ROOMS_OF_ARTISTS = ["Releases", "News", "Settings"] as const;

export type Room = (typeof ROOMS)[number] | (typeof ROOMS_OF_ARTISTS)[number];
export type Theme = (typeof THEMES)[number];

interface Focus {
  words: string;
  isSeen: boolean;
}

/** The pages in one scenario of the fake shell. */
export class Opened {
  /** What the browser complained of: errors, and content that the app's rules forbid. */
  readonly complaints: string[] = [];

  private constructor(readonly page: Page) {
    page.on("console", (message) => {
      // The browser asks for a sign for its tab, which a window has none of.
      const isSign = message.location().url.endsWith("/favicon.ico");
      if (message.type() === "error" && !isSign) this.complaints.push(message.text());
    });
    page.on("pageerror", (error) => this.complaints.push(String(error)));
  }

  static async at(browser: Browser, scenario: Scenario, theme: Theme): Promise<Opened> {
    const context = await browser.newContext({
      viewport: SIZES[0],
      colorScheme: theme,
      locale: "en-GB",
      timezoneId: "Europe/Berlin",
      reducedMotion: "reduce",
    });
    // A busy machine is no failure.
    context.setDefaultTimeout(120_000);
    const opened = new Opened(await context.newPage());
    await opened.page.addInitScript(axe);
    await opened.page.goto(`${inject("address")}?scenario=${scenario}&theme=${theme}`);
    await opened.page.locator("main, [role=alert], [role=status]").first().waitFor();
    return opened;
  }

  async go(room: Room): Promise<void> {
    await this.page.getByRole("navigation", { name: "Rooms" }).getByRole("button", { name: new RegExp(`^${room}`) }).click();
    // A pointer that rests on a button is told of it after a while.
    await this.page.mouse.move(-10, -10);
    await this.settle();
  }

  /** Waits until what was asked for is drawn in its own colours, and pictures are there. */
  async settle(): Promise<void> {
    await this.page.evaluate(async () => {
      const frame = () => new Promise((done) => requestAnimationFrame(done));
      await frame();
      // Where less motion is asked for, what moves ends at once; but no sooner than the browser comes to it.
      await Promise.all(document.getAnimations().map((one) => one.finished.catch(() => undefined)));
      await Promise.all([...document.images].map((image) => image.decode().catch(() => undefined)));
      await document.fonts.ready;
      await frame();
    });
  }

  /** What axe finds wrong, a line each; nothing is excused. */
  async violations(): Promise<string[]> {
    return this.page.evaluate(async () => {
      const { axe } = globalThis as unknown as { axe: { run: (options: object) => Promise<AxeResults> } };
      const { violations } = await axe.run({ resultTypes: ["violations"] });
      return violations.flatMap(({ id, help, nodes }) => nodes.map((node) => `${id}: ${help}: ${node.html} (${node.failureSummary})`));
    });
  }

  /** What has the focus, in words, and whether that is to be seen. */
  focus(): Promise<Focus> {
    return this.page.evaluate(() => {
      const element = document.activeElement as HTMLElement;
      const style = getComputedStyle(element);
      const inside = element.closest("label, [class]")?.parentElement;
      const ring = (one: CSSStyleDeclaration) => (one.outlineStyle !== "none" && one.outlineWidth !== "0px") || one.boxShadow !== "none";
      const words = element.getAttribute("aria-label") ?? element.innerText ?? element.tagName;
      return { words: `${element.tagName} ${words.trim().slice(0, 60)}`, isSeen: ring(style) || (inside !== null && inside !== undefined && ring(getComputedStyle(inside))) };
    });
  }

  /** Everything that Tab leads to, from the page's beginning until it comes back there; and where it cannot be seen. */
  async tabRound(): Promise<{ visited: Set<string>; unseen: string[] }> {
    await this.page.evaluate(() => (document.activeElement as HTMLElement).blur());
    const unseen: string[] = [];
    const visited = new Set<string>();
    for (let step = 0; step < 200; step += 1) {
      await this.page.keyboard.press("Tab");
      if (await this.page.evaluate(() => document.activeElement === document.body)) break;
      const { words, isSeen } = await this.focus();
      visited.add(words);
      if (!isSeen) unseen.push(words);
    }
    return { visited, unseen };
  }

  /** Presses Tab until something of a name has the focus. */
  async tabTo(name: RegExp): Promise<void> {
    for (let step = 0; step < 60; step += 1) {
      if (name.test((await this.focus()).words)) return;
      await this.page.keyboard.press("Tab");
    }
    throw new Error(`Tab does not lead to ${name.source}`);
  }

  /** What is wider than the window, or sticks out of it to the right. */
  sticksOut(): Promise<string[]> {
    return this.page.evaluate(() => {
      const { scrollWidth, clientWidth, scrollHeight, clientHeight } = document.documentElement;
      const page = scrollWidth > clientWidth || scrollHeight > clientHeight ? ["the page"] : [];
      // What is cut off in both directions is so on purpose; what can be scrolled one way only is not.
      const isCutOff = (element: HTMLElement | null): boolean =>
        element !== null && (getComputedStyle(element).overflow === "hidden" || isCutOff(element.parentElement));
      const outside = [...document.querySelectorAll<HTMLElement>("main *")].filter(
        (element) => element.checkVisibility() && element.getBoundingClientRect().right > innerWidth + 1 && !isCutOff(element),
      );
      return [...page, ...outside.map((element) => `${element.tagName} ${element.innerText.trim().slice(0, 40)}`)];
    });
  }

  close(): Promise<void> {
    return this.page.context().close();
  }
}

import { existsSync } from "node:fs";

import { type Browser, chromium } from "playwright-core";

/** The system's own Chromium: nothing is downloaded. */
export function start(): Promise<Browser> {
  const executablePath = process.env["CHROMIUM"] ?? "/usr/bin/chromium";
  if (!existsSync(executablePath)) throw new Error(`${executablePath} is not there: run \`make setup-test\`, or name another in CHROMIUM`);
  return chromium.launch({ executablePath, args: ["--no-sandbox", "--force-color-profile=srgb"] });
}

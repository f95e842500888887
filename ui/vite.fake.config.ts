import { readFileSync } from "node:fs";

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vite";

/** The app's own rules on what a page may load and run, but for the calls to a shell that is not there. */
const { app } = JSON.parse(readFileSync(new URL("../tauri.conf.json", import.meta.url), "utf8"));

/** The pages with a fake shell: `npm run fake` to work on them, `npm run build:fake` for tests in a browser. */
export default defineConfig({
  root: new URL("./fake", import.meta.url).pathname,
  plugins: [svelte({ configFile: "../svelte.config.js" })],
  build: { target: "safari16.4", outDir: "../dist-fake", emptyOutDir: true },
  server: { host: "127.0.0.1", port: 5174 },
  preview: {
    host: "127.0.0.1",
    port: 5175,
    headers: { "Content-Security-Policy": app.security.csp },
  },
});

import { svelte } from "@sveltejs/vite-plugin-svelte";
import { defineConfig } from "vitest/config";

export default defineConfig({
  plugins: [svelte()],
  // Tests run the browser's build of Svelte, as the window does.
  resolve: process.env.VITEST ? { conditions: ["browser"] } : {},
  build: { target: "safari16", modulePreload: { polyfill: false } },
  server: { host: "127.0.0.1", port: 5173, strictPort: true },
  test: { environment: "jsdom", include: ["src/**/*.test.ts"], setupFiles: ["fake/jsdom.ts"], testTimeout: 120_000 },
});

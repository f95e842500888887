import { defineConfig } from "vitest/config";

/** The pages in a real browser, with a fake shell: `npm run browser`. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    environment: "node",
    include: ["browser/**/*.test.ts"],
    globalSetup: "browser/serve.ts",
    testTimeout: 120_000,
    hookTimeout: 120_000,
    // A browser each is as much as two cores carry.
    maxWorkers: 2,
  },
});

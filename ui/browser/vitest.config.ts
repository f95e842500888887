import { BaseSequencer, type TestSpecification } from "vitest/node";
import { defineConfig } from "vitest/config";

/** Half of all the time: begun last, it would run alone in the end. */
const LONGEST = "rooms.test.ts";

class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    return sorted.toSorted((one, other) => Number(other.moduleId.endsWith(LONGEST)) - Number(one.moduleId.endsWith(LONGEST)));
  }
}

/** The pages in a real browser, with a fake shell: `npm run browser`. */
export default defineConfig({
  root: new URL("..", import.meta.url).pathname,
  test: {
    environment: "node",
    include: ["browser/**/*.test.ts"],
    globalSetup: "browser/serve.ts",
    sequence: { sequencer: LongestFirst },
    // How long anything may take on a busy machine before it is given up.
    testTimeout: 300_000,
    hookTimeout: 300_000,
    // A browser each is as much as two cores carry.
    maxWorkers: 2,
  },
});

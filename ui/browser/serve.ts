import { preview } from "vite";
import type { TestProject } from "vitest/node";

declare module "vitest" {
  export interface ProvidedContext {
    /** Where the pages with their fake shell are served. */
    address: string;
  }
}

/** Serves `dist-fake`, which `npm run build:fake` builds, under the rules on content that the app has. */
export default async function serve(project: TestProject): Promise<() => Promise<void>> {
  const config = new URL("../vite.fake.config.ts", import.meta.url).pathname;
  const server = await preview({ configFile: config, logLevel: "error", preview: { port: 0 } });
  const address = server.resolvedUrls?.local[0];
  if (!address) throw new Error("the pages are not served: run `npm run build:fake`");
  project.provide("address", address);
  return () => server.close();
}

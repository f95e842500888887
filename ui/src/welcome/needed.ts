import type { Shown } from "../bindings";

/** The welcome is for the first start of an empty workspace. Once it was seen, or something is there, it never comes. */
export function needsWelcome({ settings, desk, releases, queue }: Shown): boolean {
  const isEmpty = desk.drafts.length === 0 && desk.imports.length === 0 && releases.length === 0 && queue.deliveries.length === 0;
  return !settings.desk.welcomed && isEmpty;
}

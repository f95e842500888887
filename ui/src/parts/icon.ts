import type { LucideIcon } from "@lucide/svelte";

/** A drawing of `@lucide/svelte/icons/…`. */
export type Icon = LucideIcon;

import type { Lacquer } from "./lacquer.svelte";

/**
 * The one of its kind that a window has, made when it is first asked for. It outlives the room that asked: state that is
 * derived within a component stands still from when that component goes.
 */
export function kept<T>(make: (lacquer: Lacquer) => T): (lacquer: Lacquer) => T {
  const all = new WeakMap<Lacquer, { one: T }>();
  return (lacquer) => {
    const there = all.get(lacquer);
    if (there) return there.one;
    let made!: { one: T };
    $effect.root(() => {
      made = { one: make(lacquer) };
    });
    all.set(lacquer, made);
    return made.one;
  };
}

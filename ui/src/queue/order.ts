/** Where things go when they are moved in a list. */

/** The list with one item at another place; the same list where that changes nothing. */
export function moved(order: readonly string[], item: string, to: number): readonly string[] {
  const from = order.indexOf(item);
  const place = Math.max(0, Math.min(order.length - 1, to));
  if (from < 0 || from === place) return order;
  const next = order.filter((one) => one !== item);
  next.splice(place, 0, item);
  return next;
}

/** What an item stands before; null at the end. */
export function before(order: readonly string[], item: string): string | null {
  return order[order.indexOf(item) + 1] ?? null;
}

/**
 * The place of what is held at a height: it takes another's place when it has passed that one's middle. Middles are
 * those of the list as it is shown, in its order.
 */
export function placeAt(middles: readonly number[], from: number, y: number): number {
  let place = from;
  while (place > 0 && y < (middles[place - 1] ?? -Infinity)) place -= 1;
  while (place < middles.length - 1 && y > (middles[place + 1] ?? Infinity)) place += 1;
  return place;
}

/** Where a key leads from a row of a list: its place, which may lie before the first or after the last; null of a key that leads nowhere. */
export function placeAfter(event: KeyboardEvent, at: number, count: number, visibleRows: number): number | null {
  if (event.ctrlKey || event.metaKey || event.altKey) return null;
  const page = Math.max(1, visibleRows - 1);
  switch (event.key) {
    case "ArrowDown":
      return at + 1;
    case "ArrowUp":
      return Math.max(0, at - 1);
    case "PageDown":
      return at + page;
    case "PageUp":
      return at - page;
    case "Home":
      return 0;
    case "End":
      return count - 1;
    default:
      return null;
  }
}

/** Keys in the search above a list: down into it, and Escape takes the words away. */
export function pressInSearch(event: KeyboardEvent, search: string, into: () => void, clear: () => void): void {
  if (event.key === "ArrowDown" || event.key === "Enter") into();
  else if (event.key === "Escape" && search !== "") clear();
  else return;
  event.preventDefault();
}

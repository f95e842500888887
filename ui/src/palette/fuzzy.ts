/**
 * How well a text fits what was typed: higher is better, null where it does not. The letters must come in their order;
 * starts of words and letters in a row count more, and a short text more than a long one.
 */
export function fit(typed: string, text: string): number | null {
  const wanted = plain(typed);
  if (wanted === "") return 0;
  const there = plain(text);
  const whole = there.indexOf(wanted);
  if (whole >= 0) return 200 + (isStart(there, whole) ? 50 : 0) - whole - there.length / 100;
  let score = 0;
  let from = 0;
  let last = -2;
  for (const letter of wanted) {
    if (letter === " ") continue;
    const start = nextStart(there, letter, from);
    const next = there.indexOf(letter, from);
    if (next < 0) return null;
    const at = next === last + 1 || start < 0 || start - next > 12 ? next : start;
    score += at === last + 1 ? 6 : isStart(there, at) ? 8 : 1;
    last = at;
    from = at + 1;
  }
  return score - there.length / 100;
}

/** The items that fit, the best first; those that fit alike stay in their order. */
export function fitting<T>(typed: string, items: T[], text: (item: T) => string, atMost: number): T[] {
  return items
    .map((item) => ({ item, score: fit(typed, text(item)) }))
    .filter((one): one is { item: T; score: number } => one.score !== null)
    .sort((one, other) => other.score - one.score)
    .slice(0, atMost)
    .map(({ item }) => item);
}

function plain(text: string): string {
  return text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().trim();
}

function isStart(text: string, at: number): boolean {
  return at === 0 || /[\s\-_/(&]/.test(text[at - 1] ?? "");
}

function nextStart(text: string, letter: string, from: number): number {
  for (let at = text.indexOf(letter, from); at >= 0; at = text.indexOf(letter, at + 1)) {
    if (isStart(text, at)) return at;
  }
  return -1;
}

/** Speeds as contracts name them: megabits a second. */
const BYTES_PER_MEGABIT = 125_000;
export const LEAST = 0.1;
export const MOST = 10_000;

export function megabits(bytesPerSecond: number): string {
  return new Intl.NumberFormat(undefined, { maximumFractionDigits: 2, useGrouping: false }).format(bytesPerSecond / BYTES_PER_MEGABIT);
}

/** Bytes a second; null where the text is no speed. Both signs for tenths are understood. */
export function bytesPerSecond(text: string): number | null {
  const typed = text.trim().replace(",", ".");
  if (!/^\d+(\.\d*)?$/.test(typed)) return null;
  const wanted = Number(typed);
  return wanted >= LEAST && wanted <= MOST ? Math.round(wanted * BYTES_PER_MEGABIT) : null;
}

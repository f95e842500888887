/** Days and times of releases, in the person's own time and language. */

const DAY = 24 * 60 * 60 * 1000;

/** `Friday, 27 November 2026 at 00:00`, here or in a time zone. */
export function moment(iso: string, timeZone?: string): string {
  const style = { dateStyle: "full", timeStyle: "short" } as const;
  return valid(iso, (date) => new Intl.DateTimeFormat(undefined, { ...style, timeZone }).format(date));
}

/**
 * `Friday, 4 December 2026 at 00:00 in Berlin`: a release date is a label's own, wherever somebody reads it. A zone that
 * is not known here is left out.
 */
export function due(iso: string, timeZone: string | null): string {
  if (timeZone === null) return moment(iso);
  try {
    const place = timeZone.split("/").at(-1)?.replaceAll("_", " ") ?? timeZone;
    return place === "UTC" ? `${moment(iso, timeZone)} UTC` : `${moment(iso, timeZone)} in ${place}`;
  } catch {
    return moment(iso);
  }
}

/** `27 Nov 2026, 00:00`: for tables and lines. */
export function short(iso: string): string {
  return valid(iso, (date) => new Intl.DateTimeFormat(undefined, { dateStyle: "medium", timeStyle: "short" }).format(date));
}

/** `in 5 days`, `tomorrow`, `in 3 hours`; null for what is past. */
export function ahead(iso: string, now: number): string | null {
  const away = new Date(iso).getTime() - now;
  if (!(away > 0)) return null;
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  if (away < 60 * 60 * 1000) return words.format(Math.max(1, Math.round(away / 60_000)), "minute");
  if (away < DAY) return words.format(Math.round(away / 3_600_000), "hour");
  const days = Math.round(away / DAY);
  return days < 60 ? words.format(days, "day") : words.format(Math.round(days / 30.44), "month");
}

/** What cannot be read is shown as it is. */
function valid(iso: string, words: (date: Date) => string): string {
  const date = new Date(iso);
  return Number.isNaN(date.getTime()) ? iso : words(date);
}

/** Sizes, lengths and levels as people read them. */

import type { DeliveryState, Handed, Origin, ReleaseState, Sound, Survey } from "./bindings";

// As the words around them are: a "3.000" beside an English sentence is read as three.
const numbers = new Intl.NumberFormat("en");
const tenths = new Intl.NumberFormat("en", { minimumFractionDigits: 1, maximumFractionDigits: 1 });

/** `3,000`, with a comma at the thousands. */
export function number(value: number): string {
  return numbers.format(value);
}

/** `412 MB`, `3.1 MB`: thousands, as disks are sold. */
export function size(bytes: number): string {
  let amount = bytes;
  for (const unit of ["bytes", "kB", "MB", "GB"]) {
    if (amount < 999.5) {
      if (unit === "bytes") return `${numbers.format(bytes)} bytes`;
      return amount < 9.95 ? `${tenths.format(amount)} ${unit}` : `${numbers.format(Math.round(amount))} ${unit}`;
    }
    amount /= 1000;
  }
  return `${tenths.format(amount)} TB`;
}

/** `4.2 MB/s`. */
export function speed(bytesPerSecond: number): string {
  return `${size(Math.round(bytesPerSecond))}/s`;
}

/** `about 3 minutes left`: as exact as an estimate is. */
export function timeLeft(seconds: number): string {
  if (seconds < 10) return "a few seconds left";
  if (seconds < 55) return `about ${Math.round(seconds / 10) * 10} seconds left`;
  const minutes = Math.round(seconds / 60);
  if (minutes < 60) return `about ${count(Math.max(1, minutes), "minute")} left`;
  const hours = Math.round(minutes / 60);
  return hours < 48 ? `about ${count(hours, "hour")} left` : `about ${count(Math.round(hours / 24), "day")} left`;
}

/** `0:24`, `1:02:03`: rounded down, as players do. */
export function length(seconds: number): string {
  const all = Math.max(0, Math.floor(seconds));
  const two = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes] = [Math.floor(all / 3600), Math.floor(all / 60) % 60];
  return hours > 0 ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
}

/** `48 kHz 24 bit`. */
export function resolution(hertz: number, bits: number | null): string {
  const rate = `${numbers.format(hertz / 1000)} kHz`;
  return bits === null ? rate : `${rate} ${bits} bit`;
}

/** `−14.2`, with a minus as wide as a digit. */
export function level(decibels: number | null): string {
  if (decibels === null) return "silent";
  const rounded = Math.round(decibels * 10) / 10;
  return tenths.format(rounded === 0 ? 0 : rounded).replace("-", "−");
}

/** `d345d57ec35e….flac`: a file's own name, of which the start and the extension tell it apart. */
export function fileName(path: string): string {
  const name = path.split("/").at(-1) ?? path;
  if (name.length <= 28) return name;
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, 16)}…${name.slice(dot)}` : `${name.slice(0, 20)}…`;
}

/** `2 tracks`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return number === 1 ? `1 ${one}` : `${numbers.format(number)} ${many}`;
}

/** `14 June 2026 at 18:05`, in the person's own time and language. */
export function instant(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}

/** `14 June 2026`. */
export function day(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long" }).format(new Date(iso));
}

/** `2 hours ago`, `in 3 days`: words, in the language of the window; what is farther away is a date. */
export function ago(iso: string, now = Date.now()): string {
  const seconds = Math.round((new Date(iso).getTime() - now) / 1000);
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });
  const far = Math.abs(seconds);
  if (far < 45) return words.format(0, "second");
  if (far < 45 * 60) return words.format(Math.round(seconds / 60), "minute");
  if (far < 22 * 3600) return words.format(Math.round(seconds / 3600), "hour");
  if (far < 26 * 86_400) return words.format(Math.round(seconds / 86_400), "day");
  return new Intl.DateTimeFormat(undefined, { dateStyle: "medium" }).format(new Date(iso));
}

const STATES: Partial<Record<ReleaseState | DeliveryState | Handed, string>> = {
  "in-review": "in review",
  new: "not queued",
  changed: "changed since",
  "signed-out": "signed out",
};

/** The state as a person reads it. */
export function state(state: ReleaseState | DeliveryState | Handed): string {
  return STATES[state] ?? state;
}

/** Where a text comes from, beside its field. */
export function origin(origin: Origin): string {
  return { name: "from the file name", tags: "from tags", sheet: "from the sheet", hand: "entered" }[origin];
}

/** `WAV, 48 kHz 24 bit`. */
export function sound(sound: Sound): string {
  return `${sound.format}, ${resolution(sound.sampleRate, sound.bitDepth)}`;
}

/** `8 sound files, 1 picture`. */
export function surveyed(survey: Survey): string {
  const parts = [
    survey.folders > 0 && survey.soundFiles === 0 && count(survey.folders, "folder"),
    survey.soundFiles > 0 && count(survey.soundFiles, "sound file"),
    survey.pictures > 0 && count(survey.pictures, "picture"),
    survey.otherFiles > 0 && count(survey.otherFiles, "other file"),
    survey.unreadable > 0 && `${count(survey.unreadable, "file")} that cannot be read`,
  ];
  return new Intl.ListFormat(undefined, { type: "unit" }).format(parts.filter((part) => typeof part === "string"));
}

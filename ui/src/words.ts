/** Sizes, lengths and levels as people read them. */

import type { State } from "./view";

/** `412 MB`, `3.1 MB`: thousands, as disks are sold. */
export function size(bytes: number): string {
  let amount = bytes;
  for (const unit of ["bytes", "kB", "MB", "GB"]) {
    if (amount < 999.5) {
      if (unit === "bytes") return `${bytes} bytes`;
      return amount < 9.95 ? `${amount.toFixed(1)} ${unit}` : `${Math.round(amount)} ${unit}`;
    }
    amount /= 1000;
  }
  return `${amount.toFixed(1)} TB`;
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
  const rate = `${hertz / 1000} kHz`;
  return bits === null ? rate : `${rate} ${bits} bit`;
}

/** `−14.2`, with a minus as wide as a digit. */
export function level(decibels: number | null): string {
  if (decibels === null) return "silent";
  const text = decibels.toFixed(1);
  return text === "-0.0" ? "0.0" : text.replace("-", "−");
}

/** `d345d57ec35e….flac`: a file's own name, of which the start and the extension tell it apart. */
export function fileName(path: string): string {
  const name = path.split("/").at(-1) ?? path;
  if (name.length <= 28) return name;
  const dot = name.lastIndexOf(".");
  return dot > 0 ? `${name.slice(0, 16)}…${name.slice(dot)}` : `${name.slice(0, 20)}…`;
}

/** `2 tracks`. */
export function count(number: number, one: string): string {
  return number === 1 ? `1 ${one}` : `${number} ${one}s`;
}

/** `14 June 2026 at 18:05`, in the person's own time and language. */
export function instant(iso: string): string {
  return new Intl.DateTimeFormat(undefined, { dateStyle: "long", timeStyle: "short" }).format(new Date(iso));
}

/** The state as a person reads it. */
export function state(state: State): string {
  return state === "in-review" ? "in review" : state;
}

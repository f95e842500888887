import { chance } from "./sound";

export const ARTISTS = [
  "Ann Ash", "Copper Morning", "Les Gares", "Ida & the Wolves", "Nørre", "Tomasz Wilk", "Marisol Vega", "The Quiet Ferry",
  "Björk Hólm", "Okafor Trio", "Hanna Lindqvist", "Пётр Ветров", "松本 遥", "ليلى حداد", "Grey Heron", "Salt & Tin",
];

const FIRST = [
  "Night", "Paper", "Copper", "Slow", "Winter", "Glass", "Harbour", "Lantern", "Salt", "Velvet", "Signal", "Northern",
  "Empty", "Second", "Amber", "Quiet",
];
const LAST = [
  "Bus", "Morning", "Undertow", "Parade", "Weather", "Rooms", "Machine", "Letters", "Garden", "Terminal", "Orchard",
  "Static", "Avenue", "Ferry", "Hours", "Light",
];

/** A title that is always the same for a number. */
export function title(seed: string): string {
  const next = chance(seed);
  return `${FIRST[Math.floor(next() * FIRST.length)]} ${LAST[Math.floor(next() * LAST.length)]}`;
}

export function artist(seed: string): string {
  return ARTISTS[Math.floor(chance(`${seed} artist`)() * ARTISTS.length)] ?? "Ann Ash";
}

/** An id as the program makes them: 26 letters and digits that sort by time. */
export function id(kind: string, number: number): string {
  return `01J${kind.toUpperCase().padEnd(6, "0").slice(0, 6)}${String(number).padStart(17, "0")}`;
}

export const SLEEVES = 12;

export function sleeve(number: number): string {
  return `/artwork/sleeve-${(number % SLEEVES) + 1}.svg`;
}

/** The fields of a release and of a track as people call them, and how each is entered. */

/** What a field is entered with. */
export type Kind =
  | "text"
  | "date"
  | "time-zone"
  | "language"
  | "genre"
  | "release-type"
  | "territories"
  | "advisory"
  | "place"
  | "whole-number";

export interface FieldOfScreen {
  name: string;
  label: string;
  kind: Kind;
  /** What stands in the empty field. */
  example?: string;
  /** Wide fields take the whole line. */
  isWide?: boolean;
}

export interface Group {
  title: string;
  fields: FieldOfScreen[];
}

const text = (name: string, label: string, more: Partial<FieldOfScreen> = {}): FieldOfScreen => ({
  name,
  label,
  kind: "text",
  ...more,
});

/** What everybody looks for first; beside the artwork. */
export const FIRST: FieldOfScreen[] = [
  text("title", "Title"),
  text("version", "Version"),
  text("artist", "Artist"),
  text("featured_artist", "Featured artist"),
  { name: "release_date", label: "Release date", kind: "date", example: "At once" },
  { name: "time_zone", label: "Time zone", kind: "time-zone" },
];

/** What else the release says, in the order of the screen. */
export const FURTHER: Group[] = [
  {
    title: "Label and codes",
    fields: [
      text("label", "Label"),
      text("catalogue_number", "Catalogue number"),
      text("upc", "UPC / EAN", { example: "Assigned if left empty" }),
    ],
  },
  {
    title: "Kind of music",
    fields: [
      { name: "kind", label: "Release type", kind: "release-type" },
      { name: "genre", label: "Genre", kind: "genre" },
      { name: "language", label: "Language", kind: "language" },
    ],
  },
  {
    title: "Rights and places",
    fields: [
      text("p_line", "℗ line"),
      text("c_line", "© line"),
      { name: "territories", label: "Territories", kind: "territories" },
      { name: "original_release_date", label: "Original release date", kind: "date", example: "If it came out before" },
    ],
  },
];

/** What a track says, in the order of the inspector. */
export const TRACK: Group[] = [
  {
    title: "Title and artists",
    fields: [
      text("title", "Title", { isWide: true }),
      text("version", "Version"),
      text("isrc", "ISRC", { example: "Assigned if left empty" }),
      text("artist", "Artist", { isWide: true }),
      text("featured_artist", "Featured artist", { isWide: true }),
      text("remixer", "Remixer", { isWide: true }),
    ],
  },
  {
    title: "Credits",
    fields: [
      text("composer", "Composer", { isWide: true }),
      text("lyricist", "Lyricist", { isWide: true }),
      text("producer", "Producer", { isWide: true }),
    ],
  },
  {
    title: "Details",
    fields: [
      { name: "advisory", label: "Parental advisory", kind: "advisory" },
      { name: "language", label: "Language", kind: "language", example: "As the release" },
      text("p_line", "℗ line", { isWide: true, example: "As the release" }),
      { name: "preview_start", label: "Preview starts at", kind: "place", example: "0:00" },
      { name: "disc", label: "Disc", kind: "whole-number" },
      { name: "number", label: "Number", kind: "whole-number" },
    ],
  },
];

/** What a list offers, as it is written and as it is called. */
export interface Option {
  value: string;
  words: string;
}

export const RELEASE_TYPES: Option[] = [
  { value: "single", words: "Single" },
  { value: "ep", words: "EP" },
  { value: "album", words: "Album" },
];

export const ADVISORIES: Option[] = [
  { value: "", words: "Not said" },
  { value: "explicit", words: "Explicit" },
  { value: "clean", words: "Clean: an edited version" },
  { value: "none", words: "Nothing to warn of" },
];

/** What a kind of release is called. */
export function releaseType(kind: string): string {
  return RELEASE_TYPES.find((type) => type.value === kind)?.words ?? kind;
}

/** Genres that stores know; others may be written. */
export const GENRES = [
  "Alternative",
  "Ambient",
  "Blues",
  "Children's Music",
  "Christian",
  "Classical",
  "Country",
  "Dance",
  "Disco",
  "Drum & Bass",
  "Dub",
  "Easy Listening",
  "Electronic",
  "Experimental",
  "Field Recordings",
  "Folk",
  "Funk",
  "Hip-Hop",
  "House",
  "Indie",
  "Industrial",
  "Jazz",
  "Latin",
  "Metal",
  "New Age",
  "Opera",
  "Pop",
  "Punk",
  "R&B",
  "Reggae",
  "Rock",
  "Singer-Songwriter",
  "Ska",
  "Soul",
  "Soundtrack",
  "Spoken Word",
  "Techno",
  "Trance",
  "Trip-Hop",
  "World",
];

const LANGUAGES =
  "af ar bg bn bs ca cs cy da de el en es et eu fa fi fil fo fr ga gl gu he hi hr ht hu hy id is it ja ka kk km ko ku lb lt lv mk ml mn mr ms mt nb nl nn pa pl ps pt ro ru se sk sl sq sr sv sw ta te th tr uk ur uz vi xh yo zh zu zxx";

/** Languages by their tags (BCP 47), called in the person's own language. `zxx` is music without words. */
export function languages(locale?: string): Option[] {
  const names = new Intl.DisplayNames(locale, { type: "language" });
  const all = LANGUAGES.split(" ").map((tag) => ({
    value: tag,
    words: tag === "zxx" ? "No words (instrumental)" : (names.of(tag) ?? tag),
  }));
  return all.sort((one, other) => one.words.localeCompare(other.words, locale));
}

/** What a language's tag stands for; nothing where it stands for none. */
export function languageWords(tag: string, locale?: string): string {
  if (tag === "zxx") return "No words";
  try {
    const name = new Intl.DisplayNames(locale, { type: "language", fallback: "none" }).of(tag);
    return name ?? "";
  } catch {
    return "";
  }
}

/** Time zones of the IANA database. */
export function timeZones(): string[] {
  return ["UTC", ...Intl.supportedValuesOf("timeZone").filter((zone) => zone !== "UTC")];
}

/** What clocks of a time zone are off by at a moment: `GMT+2`. Nothing where it is none. */
export function zoneOffset(zone: string, at = new Date()): string {
  try {
    const format = new Intl.DateTimeFormat("en", { timeZone: zone, timeZoneName: "shortOffset" });
    return format.formatToParts(at).find((part) => part.type === "timeZoneName")?.value ?? "";
  } catch {
    return "";
  }
}

/** `Friday, 4 December 2026`; nothing where the text is no date. */
export function dateWords(text: string, locale?: string): string {
  const date = readDate(text);
  return date ? new Intl.DateTimeFormat(locale, { dateStyle: "full", timeZone: "UTC" }).format(date) : "";
}

/** The date some days later; nothing where the text is no date. */
export function shiftDate(text: string, days: number): string | null {
  const date = readDate(text);
  if (!date) return null;
  date.setUTCDate(date.getUTCDate() + days);
  return date.toISOString().slice(0, 10);
}

/** A date as year, month and day; midnight, UTC. */
export function readDate(text: string): Date | null {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text.trim());
  if (!match) return null;
  const date = new Date(`${match[0]}T00:00:00Z`);
  return Number.isNaN(date.getTime()) || date.toISOString().slice(0, 10) !== match[0] ? null : date;
}

/** `1:23.5`, as the field that holds it is written: tenths where there are some. */
export function placeText(milliseconds: number): string {
  const tenths = Math.max(0, Math.round(milliseconds / 100));
  const two = (part: number) => String(part).padStart(2, "0");
  const [hours, minutes, seconds] = [Math.floor(tenths / 36_000), Math.floor(tenths / 600) % 60, Math.floor(tenths / 10) % 60];
  const whole = hours > 0 ? `${hours}:${two(minutes)}:${two(seconds)}` : `${minutes}:${two(seconds)}`;
  return tenths % 10 === 0 ? whole : `${whole}.${tenths % 10}`;
}

/** Where a value comes from, as it is marked. */
export function originWords(origin: string | null): { short: string; long: string } | null {
  switch (origin) {
    case "tags":
      return { short: "tags", long: "From the files' tags" };
    case "name":
      return { short: "name", long: "From the names of files or folder" };
    case "sheet":
      return { short: "sheet", long: "From a sheet in the folder" };
    case "hand":
      return { short: "by hand", long: "Entered by hand; it stays when the folder is read again" };
    default:
      return null;
  }
}

import type { Shown, Source } from "../bindings";

/** What stands beside a title in the player. */
export interface About {
  artist: string;
  artwork: string | null;
  /** The title of the release or the draft. */
  release: string;
}

export function about(shown: Shown | null, source: Source | null): About | null {
  if (!shown || !source) return null;
  const row =
    source.kind === "draftMaster"
      ? shown.desk.drafts.find((draft) => draft.id === source.draft)
      : shown.releases.find((release) => release.id === source.release);
  return row ? { artist: row.artist, artwork: row.artwork, release: row.title } : null;
}

const PROFILES: Record<string, string> = {
  flac: "FLAC",
  "wav-16-44": "WAV 16 bit",
  "mp3-320": "MP3 320",
  preview: "Preview",
};

/** What is heard of a recording: `Master`, `FLAC`, `MP3 320`. */
export function kindWords(source: Source): string {
  return source.kind === "rendition" ? (PROFILES[source.profile] ?? source.profile) : "Master";
}

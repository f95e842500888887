import type { Release, ReleaseTrack, Sound, Source } from "../bindings";

/** What can be heard of a track: its master, or a rendition. */
export interface Version {
  /** `master`, or the profile's name. */
  readonly name: string;
  readonly words: string;
  /** Null while it is not made, or where it is not here. */
  readonly sound: Sound | null;
  /** Null where nobody knows. */
  readonly bytes: number | null;
  readonly path: string | null;
  /** Where in the master it begins. */
  readonly beginsAtMs: number;
}

export const MASTER = "master";
/** The profile that is an excerpt. */
export const PREVIEW = "preview";

/** The master first, then the renditions in the order of their profiles. */
export function versions(track: ReleaseTrack): Version[] {
  const renditions = track.renditions.map(({ profile, words, made }) => ({
    name: profile,
    words,
    sound: made?.sound ?? null,
    bytes: made?.bytes ?? null,
    path: made?.path ?? null,
    beginsAtMs: profile === PREVIEW ? track.previewStartMs : 0,
  }));
  const master = { name: MASTER, words: "Master", sound: track.master, bytes: null, path: null, beginsAtMs: 0 };
  return [master, ...renditions];
}

export function version(track: ReleaseTrack, name: string): Version | undefined {
  return versions(track).find((one) => one.name === name);
}

/** Every version that some track has or will have, as columns and keys name them. */
export function offered(release: Release): Version[] {
  const found = new Map<string, Version>();
  for (const track of release.tracks) {
    for (const one of versions(track)) {
      if (!found.get(one.name)?.sound) found.set(one.name, one);
    }
  }
  return [...found.values()];
}

/** The source of a version of a track. */
export function source(release: string, track: string, version: string): Source {
  if (version === MASTER) return { kind: "master", release, track };
  return { kind: "rendition", release, track, profile: version };
}

/** What of a release a source is; null for anything else. */
export function heard(release: string, source: Source | null): { track: string; version: string } | null {
  if (!source || source.kind === "draftMaster" || source.release !== release) return null;
  return { track: source.track, version: source.kind === "master" ? MASTER : source.profile };
}

/** The same moment of the music in another version; its beginning where it does not have that moment. */
export function placeIn(to: Version, from: Version | undefined, positionMs: number): number {
  if (!from || !to.sound) return 0;
  const place = Math.round(positionMs + from.beginsAtMs - to.beginsAtMs);
  return place < 0 || place >= to.sound.milliseconds ? 0 : place;
}

/** The tracks of a release in one of its versions, so that the next one follows without a gap. */
export interface PlayList {
  readonly sources: Source[];
  readonly startAt: number;
}

/** From a track on. Tracks without the version are left out; null where the track itself is one of those. */
export function playList(release: Release, track: string, name: string): PlayList | null {
  const tracks = release.tracks.filter((one) => version(one, name)?.sound);
  const startAt = tracks.findIndex((one) => one.id === track);
  if (startAt < 0) return null;
  return { sources: tracks.map((one) => source(release.row.id, one.id, name)), startAt };
}

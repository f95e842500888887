import type { Release, ReleaseTrack } from "../bindings";

/** `2-3` where there are several discs, else `3`. */
export function numberOf(release: Release, track: ReleaseTrack): string {
  return release.tracks.some((one) => one.disc > 1) ? `${track.disc}-${track.number}` : `${track.number}`;
}

/** `Track 3, “Night Bus”`. */
export function placeOf(release: Release, id: string): string {
  const track = release.tracks.find((one) => one.id === id);
  return track ? `Track ${numberOf(release, track)}, “${track.title || "Untitled"}”` : "A track";
}

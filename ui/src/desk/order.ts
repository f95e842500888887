/** Where tracks may go, and where keys and the pointer send them. */

/** What there is to know of a track's place. */
export interface Placed {
  id: string;
  disc: number;
}

/** A place for tracks, as the session is told: before a track of a disc, or behind its last. */
export interface Destination {
  disc: number;
  before: string | null;
}

/** A line of the table: the heading of a disc, or a track. */
export type Line<Track extends Placed = Placed> = { disc: number; track: null } | { disc: number; track: Track };

/** The table's lines. Discs have headings where there are several. */
export function lines<Track extends Placed>(tracks: readonly Track[]): Line<Track>[] {
  const several = tracks.some((track) => track.disc !== tracks[0]?.disc);
  const all: Line<Track>[] = [];
  tracks.forEach((track, at) => {
    if (several && track.disc !== tracks[at - 1]?.disc) all.push({ disc: track.disc, track: null });
    all.push({ disc: track.disc, track });
  });
  return all;
}

/** Where what is let go between two lines goes: above the line of this number, or at the end. */
export function destination(all: readonly Line[], gap: number): Destination | null {
  const below = all[gap];
  if (below?.track) return { disc: below.disc, before: below.track.id };
  // Above a heading is the end of the disc before it; above the first heading there is none.
  const above = all[gap - 1];
  if (above) return { disc: above.disc, before: null };
  const first = all[gap + 1];
  return first?.track ? { disc: first.disc, before: first.track.id } : null;
}

/** Where one step up or down takes what is chosen; null where it is there already. */
export function step(tracks: readonly Placed[], chosen: readonly string[], by: 1 | -1): Destination | null {
  const set = new Set(chosen);
  const places = tracks.flatMap((track, at) => (set.has(track.id) ? [at] : []));
  const [from, to] = [places[0], places.at(-1)];
  if (from === undefined || to === undefined) return null;
  if (by < 0) {
    const [above, first] = [tracks[from - 1], tracks[from]];
    if (!above || !first) return null;
    return { disc: above.disc, before: above.disc === first.disc ? above.id : null };
  }
  const [last, below, next] = [tracks[to], tracks[to + 1], tracks[to + 2]];
  if (!last || !below) return null;
  if (below.disc !== last.disc) return { disc: below.disc, before: below.id };
  return { disc: below.disc, before: next && next.disc === below.disc ? next.id : null };
}

/** Whether tracks that go there would stand as they do now. */
export function staysPut(tracks: readonly Placed[], chosen: readonly string[], to: Destination): boolean {
  const set = new Set(chosen);
  if (tracks.some((track) => set.has(track.id) && track.disc !== to.disc)) return false;
  const disc = tracks.filter((track) => track.disc === to.disc);
  const rest = disc.filter((track) => !set.has(track.id));
  const from = to.before === null ? -1 : disc.findIndex((track) => track.id === to.before);
  const next = from < 0 ? undefined : disc.slice(from).find((track) => !set.has(track.id));
  const at = next ? rest.indexOf(next) : rest.length;
  const after = [...rest.slice(0, at).map((track) => track.id), ...chosen, ...rest.slice(at).map((track) => track.id)];
  return after.every((id, place) => disc[place]?.id === id);
}

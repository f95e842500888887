import type { Problem, Severity } from "../bindings";

/** A draft's problems by the field that they are about. */
export class Problems {
  readonly all: readonly Problem[];
  #at = new Map<string, Problem[]>();
  #tracks = new Map<string, Problem[]>();

  constructor(all: readonly Problem[]) {
    this.all = all;
    for (const problem of all) {
      push(this.#at, key(problem.track, problem.field), problem);
      if (problem.track !== null) push(this.#tracks, problem.track, problem);
    }
  }

  /** Of a field, the worst first. */
  at(track: string | null, field: string): readonly Problem[] {
    return this.#at.get(key(track, field)) ?? NONE;
  }

  /** Of a track. */
  ofTrack(track: string): readonly Problem[] {
    return this.#tracks.get(track) ?? NONE;
  }

  count(severity: Severity): number {
    return this.all.filter((problem) => problem.severity === severity).length;
  }

  /** The problem after or before one in the order of the screen, round and round; the first one at first. */
  next(from: Problem | null, by: 1 | -1): Problem | null {
    const at = from === null ? -1 : this.all.findIndex((problem) => isSame(problem, from));
    if (this.all.length === 0) return null;
    const start = at < 0 && by < 0 ? 0 : at;
    return this.all[(start + by + this.all.length) % this.all.length] ?? null;
  }
}

const NONE: readonly Problem[] = [];

const BADNESS: Record<Severity, number> = { error: 2, warning: 1, hint: 0 };

/** The worst of them; null where there are none. */
export function worst(problems: readonly Problem[]): Severity | null {
  return problems.reduce<Severity | null>(
    (worst, { severity }) => (worst === null || BADNESS[severity] > BADNESS[worst] ? severity : worst),
    null,
  );
}

/** Names a problem within its draft. */
export function problemKey(problem: Problem): string {
  return `${problem.track ?? ""} ${problem.field} ${problem.code} ${problem.message}`;
}

function isSame(one: Problem, other: Problem): boolean {
  return problemKey(one) === problemKey(other);
}

function key(track: string | null, field: string): string {
  return `${track ?? ""} ${field}`;
}

function push(map: Map<string, Problem[]>, name: string, problem: Problem): void {
  const there = map.get(name);
  if (there) there.push(problem);
  else map.set(name, [problem]);
}

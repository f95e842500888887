import { getCurrentWebview } from "@tauri-apps/api/webview";

import { commands, type Survey } from "../bindings";

/** Somewhere files can be dropped. The last one that was registered and holds the point wins over the window itself. */
export interface Target {
  element: HTMLElement;
  /** What dropping here does, in words, such as "Becomes the artwork of “Night Bus”"; null where this cannot be dropped here. */
  says: (survey: Survey | null) => string | null;
  drop: (paths: string[]) => void;
}

/** Files that are held over the window, and where they would go. */
export class Dragging {
  /** The paths that are held; null while nothing is. */
  paths = $state.raw<string[] | null>(null);
  /** What they are; null until that is known. */
  survey = $state.raw<Survey | null>(null);
  /** What is under the pointer; null for the window. */
  target = $state.raw<Target | null>(null);
  /** What a drop anywhere else does. */
  fallback: ((paths: string[]) => void) | null = null;

  #targets: Target[] = [];
  #stop: (() => void) | null = null;
  #isStopped = false;
  #drag = 0;
  /** Where the pointer was seen last. */
  #point: Point = { x: 0, y: 0 };

  async start(): Promise<void> {
    const unlisten = await getCurrentWebview().onDragDropEvent(({ payload }) => {
      switch (payload.type) {
        case "enter":
          this.enter(payload.paths, logical(payload.position));
          break;
        case "over":
          this.over(logical(payload.position));
          break;
        case "drop":
          this.drop(payload.paths, logical(payload.position));
          break;
        case "leave":
          this.leave();
      }
    });
    if (this.#isStopped) return unlisten();
    this.#stop = unlisten;
  }

  stop(): void {
    this.#isStopped = true;
    this.#stop?.();
  }

  /** An attachment: `{@attach dragging.accepts({ says, drop })}` makes an element a place to drop on. */
  accepts(target: Omit<Target, "element">): (element: HTMLElement) => () => void {
    return (element) => {
      const here = { ...target, element };
      this.#targets.push(here);
      return () => {
        this.#targets = this.#targets.filter((one) => one !== here);
        if (this.target === here) this.target = null;
      };
    };
  }

  enter(paths: string[], at: Point): void {
    this.paths = paths;
    this.survey = null;
    this.over(at);
    const drag = ++this.#drag;
    void commands.survey(paths).then(
      (survey) => {
        if (drag !== this.#drag) return;
        this.survey = survey;
        // It may go elsewhere, now that it is known, though the pointer stands still.
        this.over(this.#point);
      },
      () => undefined,
    );
  }

  over(at: Point): void {
    this.#point = at;
    const found = this.#at(at, this.survey);
    if (found !== this.target) this.target = found;
  }

  drop(paths: string[], at: Point): void {
    const { survey } = this;
    this.leave();
    if (paths.length === 0) return;
    const isUnknown = survey === null && this.#at(at, null) === null && this.#under(at).length > 0;
    if (!isUnknown) return this.#give(paths, at, survey);
    // Dropped before it was looked at, where it may belong.
    void commands.survey(paths).then(
      (found) => this.#give(paths, at, found),
      () => this.#give(paths, at, null),
    );
  }

  leave(): void {
    this.#drag++;
    this.paths = null;
    this.survey = null;
    this.target = null;
  }

  #give(paths: string[], at: Point, survey: Survey | null): void {
    const target = this.#at(at, survey);
    if (target) target.drop(paths);
    else this.fallback?.(paths);
  }

  #at(at: Point, survey: Survey | null): Target | null {
    return this.#under(at).findLast(({ says }) => says(survey) !== null) ?? null;
  }

  /** What holds the point, whether it takes this or not. */
  #under({ x, y }: Point): Target[] {
    return this.#targets.filter(({ element }) => {
      const box = element.getBoundingClientRect();
      return x >= box.left && x < box.right && y >= box.top && y < box.bottom;
    });
  }
}

export interface Point {
  x: number;
  y: number;
}

const isWindows = /Windows/.test(navigator.userAgent);

/**
 * Where the pointer is on the page. The event calls it physical everywhere; wry passes on what the system says, which is
 * in the screen's pixels on Windows, and in the page's own with GTK and on a Mac.
 */
export function logical(position: Point, ratio = isWindows ? window.devicePixelRatio : 1): Point {
  return { x: position.x / ratio, y: position.y / ratio };
}

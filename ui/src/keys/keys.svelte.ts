import { untrack } from "svelte";

/** A key and what it does, while it is registered. */
export interface Key {
  /** Such as `Mod+K`, `Space`, `ArrowUp`, `Shift+Mod+Z`, `?`. `Mod` is Ctrl, and Cmd on a Mac. */
  keys: string | string[];
  /** What it does, for the list of keys and the palette: "Play or pause". */
  words: string;
  /** The heading it stands under in the list: "Player", "Desk". */
  group: string;
  run: (event: KeyboardEvent) => void;
  /** Where it holds; everywhere if left out. */
  when?: () => boolean;
  /** Holds while something is being typed too. */
  whileTyping?: boolean;
  /** A command of the palette as well. */
  inPalette?: boolean;
}

/** Who listens to which key now. What was registered last is asked first, so that a room is heard before the frame. */
export class Keys {
  registered = $state.raw<Key[]>([]);

  /** Registers keys until the returned function is called: `$effect(() => keys.register([…]))`. */
  register(keys: Key[]): () => void {
    // An effect that registers keys does not run again for those that others register.
    this.registered = [...untrack(() => this.registered), ...keys];
    return () => {
      this.registered = untrack(() => this.registered).filter((key) => !keys.includes(key));
    };
  }

  /** What `onkeydown` of the window calls. */
  readonly press = (event: KeyboardEvent): void => {
    // A dialog keeps the keys to itself: what lies behind it is not to be seen or done.
    if (event.defaultPrevented || event.isComposing || document.querySelector("dialog[open]")) return;
    const isTyping = typesText(event.target);
    for (const key of this.registered.toReversed()) {
      if (isTyping && !key.whileTyping) continue;
      if (!spellings(key.keys).some((spelling) => isPressed(spelling, event))) continue;
      if (key.when && !key.when()) continue;
      if (takesKey(event.target, event)) continue;
      event.preventDefault();
      key.run(event);
      return;
    }
  };
}

export const isMac = typeof navigator !== "undefined" && /Mac|iPhone|iPad/.test(navigator.platform);

/** `Mod+Shift+Z` as it is printed on keys: `Ctrl Shift Z`, `⌘ ⇧ Z`. */
export function printed(spelling: string, mac = isMac): string[] {
  const parts = spelling.split("+");
  const held = ["Mod", "Alt", "Shift"].filter((part) => parts.slice(0, -1).includes(part));
  return [...held, parts.at(-1) ?? ""].map((part) => {
    switch (part) {
      case "Mod":
        return mac ? "⌘" : "Ctrl";
      case "Shift":
        return mac ? "⇧" : "Shift";
      case "Alt":
        return mac ? "⌥" : "Alt";
      case "ArrowUp":
        return "↑";
      case "ArrowDown":
        return "↓";
      case "ArrowLeft":
        return "←";
      case "ArrowRight":
        return "→";
      case "Escape":
        return "Esc";
      default:
        return part;
    }
  });
}

export function spellings(keys: string | string[]): string[] {
  return typeof keys === "string" ? [keys] : keys;
}

/** Whether a key event is what `Mod+Shift+Z` spells. A sign such as `?` needs Shift on some keyboards and none on others. */
export function isPressed(spelling: string, event: KeyboardEvent, mac = isMac): boolean {
  const parts = spelling.split("+");
  const name = parts.at(-1) ?? "";
  const wants = (part: string) => parts.includes(part);
  const [mod, other] = mac ? [event.metaKey, event.ctrlKey] : [event.ctrlKey, event.metaKey];
  if (mod !== wants("Mod") || other || event.altKey !== wants("Alt")) return false;
  const isSign = name.length === 1 && !/[a-z0-9]/i.test(name);
  if (!isSign && event.shiftKey !== wants("Shift")) return false;
  if (name === "Space") return event.key === " ";
  if (/^[0-9]$/.test(name)) return event.key === name || event.code === `Digit${name}`;
  return event.key.toLowerCase() === name.toLowerCase();
}

const TEXT_INPUTS = new Set(["text", "search", "email", "url", "tel", "password", "number", "date", "time", "datetime-local"]);

export function typesText(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target instanceof HTMLInputElement) return TEXT_INPUTS.has(target.type);
  return target instanceof HTMLTextAreaElement || target.isContentEditable || target.getAttribute("role") === "textbox";
}

/** A control keeps the keys that work it: Space presses a button, arrows move a slider. */
function takesKey(target: EventTarget | null, event: KeyboardEvent): boolean {
  if (!(target instanceof HTMLElement) || event.ctrlKey || event.metaKey || event.altKey) return false;
  if (target.closest("[role=menu]")) return true;
  const role = target.getAttribute("role");
  const isButton = target instanceof HTMLButtonElement || target instanceof HTMLAnchorElement || role === "switch";
  if (event.key === " " || event.key === "Enter") {
    return isButton || target instanceof HTMLInputElement || target instanceof HTMLSelectElement;
  }
  if (event.key.startsWith("Arrow") || event.key === "Home" || event.key === "End") {
    return (
      role === "slider" || role === "listbox" || role === "combobox" || target instanceof HTMLSelectElement || target instanceof HTMLInputElement
    );
  }
  return false;
}

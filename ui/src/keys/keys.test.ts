import { afterEach, expect, test, vi } from "vitest";

import { isPressed, Keys, printed, typesText } from "./keys.svelte";

afterEach(() => document.body.replaceChildren());

const event = (key: string, more: KeyboardEventInit = {}) => new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true, ...more });

test.each<[string, string, KeyboardEventInit, boolean]>([
  ["Mod+K", "k", { ctrlKey: true }, true],
  ["Mod+K", "K", { ctrlKey: true, shiftKey: true }, false],
  ["Mod+K", "k", {}, false],
  ["Mod+Shift+Z", "Z", { ctrlKey: true, shiftKey: true }, true],
  ["Mod+Z", "Z", { ctrlKey: true, shiftKey: true }, false],
  ["Space", " ", {}, true],
  ["?", "?", { shiftKey: true }, true],
  ["?", "?", {}, true],
  ["J", "j", {}, true],
  ["J", "j", { altKey: true }, false],
  ["Shift+ArrowLeft", "ArrowLeft", { shiftKey: true }, true],
  ["ArrowLeft", "ArrowLeft", { shiftKey: true }, false],
  ["Mod+1", "&", { ctrlKey: true, code: "Digit1" }, true],
])("%s against “%s” with %j: %s", (spelling, key, more, is) => expect(isPressed(spelling, event(key, more), false)).toBe(is));

test("on a Mac it is Cmd, and Ctrl is not", () => {
  expect(isPressed("Mod+K", event("k", { metaKey: true }), true)).toBe(true);
  expect(isPressed("Mod+K", event("k", { ctrlKey: true }), true)).toBe(false);
  expect(printed("Mod+Shift+Z", true)).toEqual(["⌘", "⇧", "Z"]);
  expect(printed("Mod+ArrowUp", false)).toEqual(["Ctrl", "↑"]);
});

function press(keys: Keys, pressed: KeyboardEvent, on: HTMLElement = document.body): KeyboardEvent {
  if (on !== document.body) document.body.append(on);
  on.addEventListener("keydown", keys.press, { once: true });
  on.dispatchEvent(pressed);
  return pressed;
}

test("a room is heard before the frame, and the frame again once the room is left", () => {
  const keys = new Keys();
  const [frame, room] = [vi.fn(), vi.fn()];
  keys.register([{ keys: "Space", words: "Play", group: "Player", run: frame }]);
  const leave = keys.register([{ keys: ["Space", "Enter"], words: "Play this", group: "Desk", run: room }]);
  expect(press(keys, event(" ")).defaultPrevented).toBe(true);
  leave();
  press(keys, event(" "));
  expect([frame.mock.calls.length, room.mock.calls.length]).toEqual([1, 1]);
});

test("a key whose time is not now is left to the next, and to the page", () => {
  const keys = new Keys();
  const run = vi.fn();
  keys.register([{ keys: "J", words: "Back", group: "Player", run, when: () => false }]);
  expect(press(keys, event("j")).defaultPrevented).toBe(false);
  expect(run).not.toHaveBeenCalled();
});

test("what is typed is never taken, but for keys that hold while typing", () => {
  const keys = new Keys();
  const [letter, palette] = [vi.fn(), vi.fn()];
  keys.register([
    { keys: "J", words: "Back", group: "Player", run: letter },
    { keys: "Mod+K", words: "Go", group: "Everywhere", run: palette, whileTyping: true },
  ]);
  const input = document.createElement("input");
  expect(press(keys, event("j"), input).defaultPrevented).toBe(false);
  press(keys, event("k", { ctrlKey: true }), input);
  press(keys, event("j", { isComposing: true }));
  expect([letter.mock.calls.length, palette.mock.calls.length]).toEqual([0, 1]);
});

test("a control keeps the keys that work it", () => {
  const keys = new Keys();
  const run = vi.fn();
  keys.register([
    { keys: "Space", words: "Play", group: "Player", run },
    { keys: "ArrowRight", words: "On", group: "Player", run },
  ]);
  const button = document.createElement("button");
  press(keys, event(" "), button);
  expect(run).not.toHaveBeenCalled();
  press(keys, event("ArrowRight"), button);
  expect(run).toHaveBeenCalledTimes(1);
  const slider = document.createElement("div");
  slider.setAttribute("role", "slider");
  press(keys, event("ArrowRight"), slider);
  expect(run).toHaveBeenCalledTimes(1);
});

test("fields for text are told from other controls", () => {
  const make = (html: string, type?: string) => Object.assign(document.createElement(html), type ? { type } : {});
  expect(typesText(make("input"))).toBe(true);
  expect(typesText(make("input", "email"))).toBe(true);
  expect(typesText(make("textarea"))).toBe(true);
  expect(typesText(make("input", "range"))).toBe(false);
  expect(typesText(make("button"))).toBe(false);
  expect(typesText(null)).toBe(false);
});

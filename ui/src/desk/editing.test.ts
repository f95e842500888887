import { afterEach, beforeEach, expect, test, vi } from "vitest";

import type { Edit } from "../bindings";
import { Editing, LATENCY, type Place } from "./editing.svelte";

const title: Place = { track: null, field: "title" };
const isrc: Place = { track: "t1", field: "isrc" };

/** A session that trims, as the real one does, and answers when told. */
class Session {
  kept: Record<string, string> = {};
  drafts: Record<string, string> = {};
  calls: { edits: Edit[]; gesture: string | null }[] = [];
  held: (() => void)[] = [];
  holds = false;
  refuses = false;

  shown = (place: Place) => this.drafts[`${place.track} ${place.field}`] ?? "";
  edit = async (edits: Edit[], gesture: string | null) => {
    this.calls.push({ edits, gesture });
    if (this.holds) await new Promise<void>((go) => this.held.push(go));
    if (this.refuses) throw { message: "\"x\" is not a place.", help: "Write 1:23." };
    for (const edit of edits) this.kept[`${edit.track} ${edit.field}`] = edit.text.trim();
  };
  refresh = async () => {
    this.drafts = { ...this.kept };
  };
}

let session: Session;
let editing: Editing;

beforeEach(() => {
  vi.useFakeTimers();
  session = new Session();
  editing = new Editing(session);
});
afterEach(() => vi.useRealTimers());

const texts = () => session.calls.map((call) => call.edits.map((edit) => edit.text));

test("what is typed is shown at once and sent a moment after the first key", async () => {
  const visit = editing.visit([title]);
  visit.type("N");
  await vi.advanceTimersByTimeAsync(LATENCY - 1);
  visit.type("Ni");
  expect(editing.text(title)).toBe("Ni");
  expect(texts()).toEqual([]);
  await vi.advanceTimersByTimeAsync(1);
  expect(texts()).toEqual([["Ni"]]);
  visit.type("Night ");
  await vi.advanceTimersByTimeAsync(LATENCY);
  expect(texts()).toEqual([["Ni"], ["Night "]]);
});

test("trimming waits until the field is left", async () => {
  const visit = editing.visit([title]);
  visit.type("Night ");
  await editing.flush();
  await vi.runAllTimersAsync();
  expect(session.shown(title)).toBe("Night");
  expect(editing.text(title)).toBe("Night ");
  visit.end();
  await vi.runAllTimersAsync();
  expect(editing.text(title)).toBe("Night");
});

test("an older answer does not take the place of what was typed since", async () => {
  session.holds = true;
  const visit = editing.visit([title]);
  visit.type("Nig");
  await vi.advanceTimersByTimeAsync(LATENCY);
  visit.type("Night Bus");
  session.held.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
  await session.refresh();
  expect(session.shown(title)).toBe("Nig");
  expect(editing.text(title)).toBe("Night Bus");
  visit.end();
  await vi.advanceTimersByTimeAsync(LATENCY);
  session.held.shift()?.();
  await vi.runAllTimersAsync();
  expect(session.kept["null title"]).toBe("Night Bus");
  expect(editing.text(title)).toBe("Night Bus");
});

test("texts are sent one after the other", async () => {
  session.holds = true;
  const visit = editing.visit([title]);
  visit.type("a");
  void editing.flush();
  await vi.advanceTimersByTimeAsync(0);
  visit.type("ab");
  void editing.flush();
  await vi.advanceTimersByTimeAsync(0);
  expect(texts()).toEqual([["a"]]);
  session.held.shift()?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(texts()).toEqual([["a"], ["ab"]]);
});

test("when the page goes away nothing is waited for", async () => {
  session.holds = true;
  const visit = editing.visit([title]);
  visit.type("a");
  void editing.flush();
  await vi.advanceTimersByTimeAsync(0);
  visit.type("ab");
  editing.flushAtOnce();
  expect(texts()).toEqual([["a"], ["ab"]]);
});

test("a visit is a step, and the next visit another", async () => {
  const first = editing.visit([title]);
  first.type("a");
  await editing.flush();
  first.type("ab");
  first.end();
  const second = editing.visit([title]);
  second.type("abc");
  await editing.flush();
  const [a, ab, abc] = session.calls.map((call) => call.gesture);
  expect(a).toBe(ab);
  expect(abc).not.toBe(ab);
});

test("one text goes to the same field of several tracks at once", async () => {
  const visit = editing.visit([isrc, { track: "t2", field: "isrc" }]);
  visit.type("x");
  await editing.flush();
  expect(session.calls[0]?.edits).toEqual([
    { track: "t1", field: "isrc", text: "x" },
    { track: "t2", field: "isrc", text: "x" },
  ]);
});

test("what was typed is taken back in the same step", async () => {
  session.drafts["null title"] = "Night Bus";
  const visit = editing.visit([title]);
  visit.type("Night Bust");
  await editing.flush();
  visit.takeBack();
  visit.end();
  await vi.runAllTimersAsync();
  expect(texts()).toEqual([["Night Bust"], ["Night Bus"]]);
  expect(new Set(session.calls.map((call) => call.gesture)).size).toBe(1);
  expect(editing.text(title)).toBe("Night Bus");
});

test("leaving a field that was not touched sends nothing", async () => {
  const visit = editing.visit([title]);
  visit.takeBack();
  visit.end();
  await vi.runAllTimersAsync();
  expect(texts()).toEqual([]);
});

test("what cannot be kept stays as it was typed, says why, and is tried again", async () => {
  session.refuses = true;
  const visit = editing.visit([title]);
  visit.type("x");
  visit.end();
  await vi.runAllTimersAsync();
  expect(editing.text(title)).toBe("x");
  expect(editing.trouble(title)).toEqual({ message: "\"x\" is not a place.", help: "Write 1:23." });
  expect(await editing.flush()).toBe(false);
  session.refuses = false;
  expect(await editing.flush()).toBe(true);
  await vi.runAllTimersAsync();
  expect(editing.trouble(title)).toBeNull();
  expect(session.kept["null title"]).toBe("x");
});

test("what somebody else changed in a field that is open is shown once the own text has arrived", async () => {
  const visit = editing.visit([title]);
  visit.type("Night");
  await editing.flush();
  await vi.runAllTimersAsync();
  session.kept["null title"] = "Morning";
  await session.refresh();
  expect(editing.text(title)).toBe("Morning");
  visit.type("Mornings");
  expect(editing.text(title)).toBe("Mornings");
});

test("what was pasted is one step, and sent at once", async () => {
  await editing.put([
    { track: "t1", field: "isrc", text: "1" },
    { track: "t2", field: "isrc", text: "2" },
  ]);
  expect(texts()).toEqual([["1", "2"]]);
  await vi.runAllTimersAsync();
  expect(editing.text(isrc)).toBe("1");
});

test("before an undo what was typed is forgotten", async () => {
  session.drafts["null title"] = "old";
  const visit = editing.visit([title]);
  visit.type("new");
  await editing.flush();
  editing.forget();
  session.drafts["null title"] = "old";
  expect(editing.text(title)).toBe("old");
  visit.type("newer");
  expect(editing.text(title)).toBe("newer");
});

test("of what could not be kept the last is taken back, and the rest stays", async () => {
  session.refuses = true;
  const [one, other] = [editing.visit([title]), editing.visit([isrc])];
  one.type("x");
  other.type("y");
  await vi.runAllTimersAsync();
  editing.takeBackTroubled();
  expect([editing.text(title), editing.text(isrc)]).toEqual(["x", ""]);
  expect(editing.troubled).toMatchObject({ field: "title" });
});

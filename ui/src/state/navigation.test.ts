import { tick } from "svelte";
import { afterEach, expect, test } from "vitest";

import { Navigation } from "./navigation.svelte";

afterEach(() => document.body.replaceChildren());

function room(inside: string): void {
  document.body.replaceChildren();
  const main = document.createElement("main");
  main.tabIndex = -1;
  const button = document.createElement("button");
  button.dataset["focus"] = inside;
  main.append(button);
  document.body.append(main);
}

test("on return the focus is where it was", async () => {
  const navigation = new Navigation();
  room("draft 2");
  document.querySelector("button")?.focus();
  navigation.go("queue");
  room("delivery 1");
  await tick();
  expect(document.activeElement?.tagName).toBe("MAIN");
  navigation.go("desk");
  room("draft 2");
  await tick();
  expect((document.activeElement as HTMLElement).dataset["focus"]).toBe("draft 2");
});

test("what is gone meanwhile leaves the focus to the room", async () => {
  const navigation = new Navigation();
  room("draft 2");
  document.querySelector("button")?.focus();
  navigation.go("queue");
  navigation.go("desk");
  room("draft 3");
  await tick();
  expect(document.activeElement?.tagName).toBe("MAIN");
});

test("what is opened is selected in its room", () => {
  const navigation = new Navigation();
  navigation.openRelease("r1");
  expect([navigation.room, navigation.selected.release]).toEqual(["releases", "r1"]);
  navigation.openArtist("Ann Ash");
  expect([navigation.room, navigation.selected.artist]).toEqual(["artists", "Ann Ash"]);
  navigation.openDelivery("d1");
  navigation.openDraft("x");
  expect(navigation.selected).toEqual({ draft: "x", delivery: "d1", release: "r1", artist: "Ann Ash" });
});

test("what scrolls is where it was left", async () => {
  const navigation = new Navigation();
  const list = document.createElement("div");
  const kept = navigation.keepScroll(list, "desk.list");
  list.scrollTop = 320;
  list.dispatchEvent(new Event("scroll"));
  kept.destroy();
  const again = document.createElement("div");
  navigation.keepScroll(again, "desk.list");
  await tick();
  expect(again.scrollTop).toBe(320);
});

// @vitest-environment node

import { expect, test } from "vitest";

import { fit, fitting } from "./fuzzy";

const TITLES = ["Night Bus", "Paper Lanterns", "Nørre", "Slow Weather", "Salt & Tin", "Everything We Have", "Busker", "Björk Hólm"];
const first = (typed: string) => fitting(typed, TITLES, (title) => title, 3)[0];

test.each([
  ["nb", "Night Bus"],
  ["bus", "Busker"],
  ["night b", "Night Bus"],
  ["pl", "Paper Lanterns"],
  ["sw", "Slow Weather"],
  ["ewh", "Everything We Have"],
  ["bjork", "Björk Hólm"],
  ["st", "Salt & Tin"],
])("%s finds %s", (typed, title) => expect(first(typed)).toBe(title));

test("letters that are not there, or not in that order, do not fit", () => {
  expect(fit("xyz", "Night Bus")).toBeNull();
  expect(fit("sub", "Night Bus")).toBeNull();
});

test("nothing typed leaves all in their order", () => {
  expect(fitting("", TITLES, (title) => title, 2)).toEqual(["Night Bus", "Paper Lanterns"]);
});

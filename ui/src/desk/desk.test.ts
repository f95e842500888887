import { expect, test } from "vitest";

import type { Problem, Severity } from "../bindings";
import { COLUMNS, fitting, template } from "./columns";
import { dateWords, languageWords, languages, placeText, releaseType, shiftDate, timeZones, zoneOffset } from "./fields";
import { Problems, worst } from "./problems";
import { common } from "./several";

test("columns go by their rank, and those that name a track never", () => {
  expect(fitting(2000)).toEqual(COLUMNS);
  expect(fitting(0).map((column) => column.id)).toEqual(["number", "title", "problem"]);
  const desk = fitting(654).map((column) => column.id);
  expect(desk).toEqual([
    "number",
    "title",
    "version",
    "artist",
    "isrc",
    "advisory",
    "length",
    "loudness",
    "true_peak",
    "problem",
  ]);
  expect(fitting(540).map((column) => column.id)).not.toContain("artist");
  for (let width = 300; width < 1200; width += 7) {
    const columns = fitting(width);
    const taken = columns.reduce((sum, column) => sum + column.width, 0);
    expect(taken, `${width}`).toBeLessThanOrEqual(width);
  }
  expect(template(fitting(0))).toBe("36px minmax(130px, 5fr) 28px");
});

test("dates are said in full, and only where they are dates", () => {
  expect(dateWords("2026-12-04", "en-US")).toBe("Friday, December 4, 2026");
  expect(dateWords("2026-02-30", "en-US")).toBe("");
  expect(dateWords("soon")).toBe("");
  expect(shiftDate("2026-12-31", 1)).toBe("2027-01-01");
  expect(shiftDate("", 1)).toBeNull();
});

test("languages and time zones are called as people know them", () => {
  expect(languageWords("de", "en")).toBe("German");
  expect(languageWords("not a tag")).toBe("");
  expect(languageWords("zxx", "en")).toBe("No words");
  expect(languages("en").find((one) => one.value === "sv")?.words).toBe("Swedish");
  expect(timeZones().slice(0, 1)).toEqual(["UTC"]);
  expect(timeZones()).toContain("Europe/Berlin");
  expect(zoneOffset("Europe/Berlin", new Date("2026-07-01T12:00:00Z"))).toBe("GMT+2");
  expect(zoneOffset("Europe/Nowhere")).toBe("");
});

test("a place is written as its field takes it", () => {
  expect([0, 83_000, 83_540, 3_723_000].map(placeText)).toEqual(["0:00", "1:23", "1:23.5", "1:02:03"]);
  expect(releaseType("ep")).toBe("EP");
});

const problem = (severity: Severity, track: string | null, field: string, message = field): Problem => ({
  severity,
  track,
  field,
  message,
  place: "",
  code: "code",
  help: "",
});

test("problems are found by their field and gone through in their order", () => {
  const [one, two, three] = [problem("hint", null, "upc"), problem("error", "a", "isrc"), problem("warning", "a", "title")];
  const problems = new Problems([one, two, three] as Problem[]);
  expect(problems.at("a", "isrc")).toEqual([two]);
  expect(problems.at(null, "isrc")).toEqual([]);
  expect(problems.ofTrack("a")).toEqual([two, three]);
  expect(problems.count("error")).toBe(1);
  expect(worst(problems.ofTrack("a"))).toBe("error");
  expect(worst([])).toBeNull();
  expect(problems.next(null, 1)).toEqual(one);
  expect(problems.next(null, -1)).toEqual(three);
  expect(problems.next({ ...one } as Problem, 1)).toEqual(two);
  expect(problems.next(three as Problem, 1)).toEqual(one);
  expect(problems.next(one as Problem, -1)).toEqual(three);
  // One that was mended is no place to go on from.
  expect(problems.next(problem("error", "b", "isrc"), 1)).toEqual(one);
  expect(new Problems([]).next(null, 1)).toBeNull();
});

test("several tracks say the same or different things", () => {
  expect(common(["Ann", "Ann"])).toEqual({ text: "Ann", differs: false, kinds: 1 });
  expect(common(["Ann", ""])).toEqual({ text: "", differs: true, kinds: 2 });
  expect(common([])).toEqual({ text: "", differs: false, kinds: 0 });
});

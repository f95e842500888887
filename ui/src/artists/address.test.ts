import { describe, expect, test } from "vitest";

import { isSame, wrong } from "./address";

describe("an e-mail address", () => {
  test.each(["name@example.org", "  name@example.org\n", "first.last+tag@mail.example.org", "zoë@böhm.example", "a@b"])(
    "%s is one",
    (text) => expect(wrong(text)).toBeNull(),
  );

  test.each([
    ["", "Enter an e-mail address."],
    ["name.example.org", "The @ is missing. An address looks like name@example.org."],
    ["@example.org", "The name before the @ is missing."],
    ["name@", "The part after the @ is missing, such as example.org."],
    ["a@example.org, b@example.org", "One address at a time."],
    ["my name@example.org", "An address has no spaces or commas."],
    ["a@b@example.org", "There is more than one @ in it."],
    ["a..b@example.org", "“a..b” cannot stand before the @."],
    ["name@-example.org", "“-example.org” is not the name of a mail service."],
    ["name@example..org", "“example..org” is not the name of a mail service."],
    [`${"a".repeat(65)}@example.org`, `“${"a".repeat(65)}” cannot stand before the @.`],
  ])("%j is none: %s", (text, why) => expect(wrong(text)).toBe(why));

  test("is the same in any case", () => expect(isSame(" Ann@Example.org", "ann@example.org ")).toBe(true));
});

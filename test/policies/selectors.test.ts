/** Which pods a label selector selects, as far as it is known. */
import { describe, expect, test } from "vitest";
import { SelectorIndex, selects } from "../../policies/resources/selectors";
import { UNKNOWN, type Value } from "../../policies/resources/values";

const LABELS = { app: "web", tier: "front" };
const expression = (key: Value, operator: Value, values?: Value): Value => ({
  matchExpressions: [{ key, operator, values }],
});

describe("a selector", () => {
  test.each<[string, Value, Value, boolean | typeof UNKNOWN]>([
    ["that is not there selects nothing", undefined, LABELS, false],
    ["of null selects nothing", null, LABELS, false],
    ["that is empty selects all", {}, LABELS, true],
    ["that is not known may select", UNKNOWN, LABELS, UNKNOWN],
    ["of a label selects it", { matchLabels: { app: "web" } }, LABELS, true],
    ["of another value does not", { matchLabels: { app: "api" } }, LABELS, false],
    ["of a label that is not there does not", { matchLabels: { other: "web" } }, LABELS, false],
    ["of two labels wants both", { matchLabels: { app: "web", tier: "back" } }, LABELS, false],
    ["of labels that are not known may select", { matchLabels: UNKNOWN }, LABELS, UNKNOWN],
    [
      "of expressions that are not known may select",
      { matchExpressions: UNKNOWN },
      LABELS,
      UNKNOWN,
    ],
    [
      "of labels that do not match does not, whatever its expressions are",
      { matchLabels: { app: "api" }, matchExpressions: UNKNOWN },
      LABELS,
      false,
    ],
    ["of a value that is not known may select", { matchLabels: { app: UNKNOWN } }, LABELS, UNKNOWN],
    ["of what pods do not tell yet may select", { matchLabels: { app: "web" } }, UNKNOWN, UNKNOWN],
    ["In a list with the value selects", expression("app", "In", ["api", "web"]), LABELS, true],
    ["In a list without it does not", expression("app", "In", ["api"]), LABELS, false],
    ["In a list that is not known may", expression("app", "In", UNKNOWN), LABELS, UNKNOWN],
    [
      "In a list with something unknown may",
      expression("app", "In", ["a", UNKNOWN]),
      LABELS,
      UNKNOWN,
    ],
    ["In no list does not", expression("app", "In"), LABELS, false],
    ["NotIn a list with the value does not", expression("app", "NotIn", ["web"]), LABELS, false],
    ["NotIn a list without it selects", expression("app", "NotIn", ["api"]), LABELS, true],
    [
      "NotIn a list selects what has no such label",
      expression("x", "NotIn", ["web"]),
      LABELS,
      true,
    ],
    ["NotIn a list that is not known may", expression("app", "NotIn", UNKNOWN), LABELS, UNKNOWN],
    ["Exists selects what has the label", expression("app", "Exists"), LABELS, true],
    ["Exists does not select what has not", expression("x", "Exists"), LABELS, false],
    ["DoesNotExist selects what has not", expression("x", "DoesNotExist"), LABELS, true],
    ["DoesNotExist does not select what has", expression("app", "DoesNotExist"), LABELS, false],
    ["of a label that is not known may", expression("app", "Exists"), { app: UNKNOWN }, UNKNOWN],
    ["by an operator that is not known may", expression("app", UNKNOWN), LABELS, UNKNOWN],
    ["by an operator that nobody knows may", expression("app", "Like", ["w"]), LABELS, UNKNOWN],
    ["by a key that is not known may", expression(UNKNOWN, "Exists"), LABELS, UNKNOWN],
    ["with a key that is none may", expression(1, "Exists"), LABELS, UNKNOWN],
  ])("%s", (_what, selector, labels, selected) => {
    expect(selects(selector, labels)).toBe(selected);
  });

  test("wants all of its expressions", () => {
    const both: Value = {
      matchExpressions: [
        { key: "app", operator: "Exists" },
        { key: "x", operator: "Exists" },
      ],
    };
    expect(selects(both, LABELS)).toBe(false);
    expect(selects(both, { ...LABELS, x: "y" })).toBe(true);
  });
});

describe("of many selectors", () => {
  const index = new SelectorIndex<string>();
  index.add("web", { matchLabels: { app: "web" } });
  index.add("web front", { matchLabels: { app: "web", tier: "front" } });
  index.add("web back", { matchLabels: { tier: "back", app: "web" } });
  index.add("api", { matchLabels: { app: "api" } });
  index.add("all", {});
  index.add("none", undefined);
  index.add("any app", expression("app", "Exists"));
  index.add("unknown value", { matchLabels: { app: UNKNOWN } });

  const found = (labels: Value) =>
    Object.fromEntries(index.selecting(labels).map(({ item, certain }) => [item, certain]));

  test("those are found that select the labels, or may", () => {
    expect(found(LABELS)).toEqual({
      web: true,
      "web front": true,
      all: true,
      "any app": true,
      "unknown value": false,
    });
    expect(found({ app: "api" })).toEqual({
      api: true,
      all: true,
      "any app": true,
      "unknown value": false,
    });
    expect(found({})).toEqual({ all: true, "unknown value": false });
  });

  test("all but those that cannot are found for labels that are not known", () => {
    expect(found({ app: "web", tier: UNKNOWN })).toEqual({
      web: true,
      "web front": false,
      "web back": false,
      all: true,
      "any app": true,
      "unknown value": false,
    });
    expect(Object.values(found(UNKNOWN))).toEqual(Array.from({ length: 8 }, () => false));
  });
});

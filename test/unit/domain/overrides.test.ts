import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { mergeManifest, mergeValues, type Tree } from "../../../domain/overrides";

const tree: fc.Arbitrary<Tree> = fc.dictionary(
  fc.constantFrom("a", "b", "env", "volumes", "args"),
  fc.letrec((tie) => ({
    value: fc.oneof(
      { depthSize: "small" },
      fc.string(),
      fc.integer(),
      fc.boolean(),
      fc.uniqueArray(fc.record({ name: fc.constantFrom("x", "y", "z"), value: fc.string() }), {
        selector: ({ name }) => name,
      }),
      fc.dictionary(fc.constantFrom("a", "b", "c"), tie("value")),
    ),
  })).value,
);

describe.each([
  ["a manifest", mergeManifest],
  ["chart values", mergeValues],
])("merging %s", (_what, merge) => {
  test("with nothing changes nothing, either way", () => {
    fc.assert(
      fc.property(tree, (some) => {
        expect(merge(some, {})).toEqual(some);
        expect(merge({}, some)).toEqual(some);
      }),
    );
  });

  test("leaves its arguments as they are", () => {
    fc.assert(
      fc.property(tree, tree, (below, above) => {
        const before = JSON.stringify([below, above]);
        merge(below, above);
        expect(JSON.stringify([below, above])).toBe(before);
      }),
    );
  });

  test("keeps what is not named, and takes what is named newly", () => {
    fc.assert(
      fc.property(tree, tree, (below, above) => {
        const merged = merge(below, above);
        const expected = [
          ...Object.entries(below).filter(([name]) => !Object.hasOwn(above, name)),
          ...Object.entries(above).filter(([name]) => !Object.hasOwn(below, name)),
        ];
        expect(merged).toMatchObject(Object.fromEntries(expected));
        expect(Object.keys(merged).sort()).toEqual(
          [...new Set([...Object.keys(below), ...Object.keys(above)])].sort(),
        );
      }),
    );
  });
});

describe("merging a manifest", () => {
  test("goes item by item through lists of named things, which keep their order", () => {
    expect(
      mergeManifest(
        {
          env: [
            { name: "A", value: "1" },
            { name: "B", value: "2" },
          ],
        },
        {
          env: [
            { name: "C", value: "3" },
            { name: "A", value: "9" },
          ],
        },
      ),
    ).toEqual({
      env: [
        { name: "A", value: "9" },
        { name: "B", value: "2" },
        { name: "C", value: "3" },
      ],
    });
  });

  test("tells mounts apart by their path", () => {
    expect(
      mergeManifest(
        { volumeMounts: [{ name: "a", mountPath: "/tmp" }] },
        { volumeMounts: [{ name: "a", mountPath: "/data" }] },
      ),
    ).toEqual({
      volumeMounts: [
        { name: "a", mountPath: "/tmp" },
        { name: "a", mountPath: "/data" },
      ],
    });
  });

  test("appends to lists of nameless things", () => {
    expect(mergeManifest({ tolerations: ["a"] }, { tolerations: ["b"] })).toEqual({
      tolerations: ["a", "b"],
    });
  });

  test("naming the same things again changes nothing", () => {
    const named = fc.uniqueArray(
      fc.record({ name: fc.constantFrom("x", "y", "z"), value: fc.string() }),
      { selector: ({ name }) => name },
    );
    fc.assert(
      fc.property(named, named, (below, above) => {
        const once = mergeManifest({ env: below }, { env: above });
        expect(mergeManifest(once, { env: above })).toEqual(once);
      }),
    );
  });
});

test("merging chart values replaces lists, as Helm does", () => {
  expect(mergeValues({ a: { list: [1], kept: true } }, { a: { list: [2] } })).toEqual({
    a: { list: [2], kept: true },
  });
});

import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { placeable, type PodKind } from "../../../domain/neuron/packing";

/** Tries every way to give pods to nodes, one pod after the other. */
function bruteForce(
  kinds: readonly PodKind[],
  nodes: number,
  capacity: readonly number[],
): boolean {
  const pods = kinds.flatMap(({ requests, count }) =>
    Array.from({ length: count }, () => requests),
  );
  const place = (index: number, free: readonly (readonly number[])[]): boolean => {
    const pod = pods[index];
    return (
      pod === undefined ||
      free.some((node, which) => {
        const left = node.map((amount, dimension) => amount - (pod[dimension] ?? 0));
        return (
          left.every((amount) => amount >= 0) &&
          place(
            index + 1,
            free.map((other, at) => (at === which ? left : other)),
          )
        );
      })
    );
  };
  return place(
    0,
    Array.from({ length: nodes }, () => capacity),
  );
}

describe("pods on nodes", () => {
  test("3 pods of 4 devices fit in sum on 2 nodes of 6, and cannot be placed", () => {
    expect(placeable([{ requests: [4], count: 3 }], 2, [6])).toBe(false);
    expect(placeable([{ requests: [4], count: 3 }], 3, [6])).toBe(true);
  });

  test("the first node is filled with one of each, for two of the smaller kind would leave too little", () => {
    const kinds = [
      { requests: [3], count: 2 },
      { requests: [4], count: 2 },
    ];
    expect(placeable(kinds, 2, [7])).toBe(true);
  });

  test("CPU and memory bind as devices do", () => {
    const pods = [{ requests: [1, 20, 10], count: 4 }];
    expect(placeable(pods, 2, [6, 40, 100])).toBe(true);
    expect(placeable(pods, 2, [6, 39, 100])).toBe(false);
    expect(placeable(pods, 2, [6, 40, 19])).toBe(false);
  });

  test("the answer is that of trying everything", () => {
    const kind = fc.record({
      requests: fc.tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 0, max: 5 })),
      count: fc.integer({ min: 0, max: 3 }),
    });
    const capacity = fc.tuple(fc.integer({ min: 3, max: 6 }), fc.integer({ min: 3, max: 8 }));
    fc.assert(
      fc.property(
        fc.array(kind, { maxLength: 3 }),
        fc.integer({ min: 1, max: 3 }),
        capacity,
        (kinds, nodes, size) => {
          expect(placeable(kinds, nodes, size)).toBe(bruteForce(kinds, nodes, size));
        },
      ),
    );
  });

  test("a search without end refuses nothing", () => {
    const kinds = Array.from({ length: 12 }, (_, index) => ({
      requests: [1, 7 + index, 13 - index],
      count: 30,
    }));
    expect(placeable(kinds, 63, [16, 75, 47])).toBe(true);
  });
});

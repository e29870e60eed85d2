import { describe, expect, test } from "vitest";
import { desiredSize } from "../../../components/platform/liveSizes";

const UUID = "aaaaaaaa-bbbb-cccc-dddd-eeeeeeeeeeee";
const group = (name: string, stamp = "20261125101500000000000001") =>
  `eks-${name}-${stamp}-${UUID}`;

describe("the desired size of a node group", () => {
  test.each([
    ["a new group starts at its minimum", {}, { minSize: 2, maxSize: 5 }, 2],
    [
      "a raised maximum keeps what the autoscaler made",
      { [group("serving")]: 3 },
      { minSize: 0, maxSize: 9 },
      3,
    ],
    ["a raised minimum lifts it", { [group("serving")]: 0 }, { minSize: 1, maxSize: 4 }, 1],
    ["a lowered maximum caps it", { [group("serving")]: 6 }, { minSize: 0, maxSize: 4 }, 4],
    [
      "another group with a longer name is not ours",
      { [group("serving-2")]: 7 },
      { minSize: 0, maxSize: 9 },
      0,
    ],
    [
      "the new one of a replacement takes over the nodes of the old one",
      { [group("serving")]: 4, [group("serving", "20261125111500000000000002")]: 0 },
      { minSize: 0, maxSize: 9 },
      4,
    ],
  ])("%s", (_what, sizes, bounds, wanted) => {
    expect(desiredSize("serving", sizes, bounds)).toBe(wanted);
  });
});

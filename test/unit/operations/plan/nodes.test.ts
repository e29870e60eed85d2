import { describe, expect, test } from "vitest";
import { Nodes } from "../../../../operations/plan/nodes";

describe("nodes with room for one replica each", () => {
  test("are ordered when a replica needs one, and there after their boot", () => {
    const nodes = new Nodes({ bootSeconds: 100, headroom: 0, keepSeconds: 0 });
    expect(nodes.count(0)).toBe(0);
    expect(nodes.take(10)).toMatchObject({ orderedAt: 10, readyAt: 110 });
    expect(nodes.count(10)).toBe(1);
    expect(nodes.take(20, true)).toMatchObject({ orderedAt: 20, readyAt: 20 });
    expect(nodes.count(20)).toBe(2);
  });

  test("that are kept ready are taken first, and others are ordered in their place", () => {
    const nodes = new Nodes({ bootSeconds: 100, headroom: 2, keepSeconds: 0 });
    expect(nodes.count(0)).toBe(2);
    expect(nodes.take(10).readyAt).toBe(0);
    expect(nodes.take(20).readyAt).toBe(0);
    expect(nodes.count(20)).toBe(4);
    expect(nodes.take(30).readyAt).toBe(110);
  });

  test("that a replica has left are taken before one that boots", () => {
    const nodes = new Nodes({ bootSeconds: 100, headroom: 1, keepSeconds: 50 });
    const ready = nodes.take(0);
    nodes.release(10, ready);
    // The one that boots stands before it.
    expect(nodes.take(20)).toBe(ready);
  });

  test("go some time after their last replica, the one that is free for longest first, and cost until then", () => {
    const nodes = new Nodes({ bootSeconds: 0, headroom: 0, keepSeconds: 50 });
    const [first, second] = [nodes.take(0), nodes.take(0)];
    nodes.release(20, second);
    nodes.release(30, first);
    expect([69, 70, 79, 80].map((second) => nodes.count(second))).toEqual([2, 1, 1, 0]);
    expect(nodes.seconds(200)).toBe(70 + 80);
  });

  test("are paid for from their order on, whether a replica is on them or not", () => {
    const nodes = new Nodes({ bootSeconds: 100, headroom: 1, keepSeconds: 0 });
    nodes.take(40);
    expect(nodes.seconds(50)).toBe(50 + 10);
  });
});

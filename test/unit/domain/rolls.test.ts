import { describe, expect, test } from "vitest";
import {
  deregistrationSeconds,
  graceSeconds,
  longestAnswerSeconds,
  stepSeconds,
  workloadTimeouts,
} from "../../../domain/rolls";

describe("the longest answer", () => {
  test("waits for its first part, then streams a whole context at 40 ms a token", () => {
    expect(longestAnswerSeconds({ requestTimeoutSeconds: 120 }, [8192, 4096])).toBe(120 + 328);
  });

  test("is what the configuration says where it does", () => {
    const routing = { requestTimeoutSeconds: 120, longestAnswerSeconds: 900 };
    expect(longestAnswerSeconds(routing, [8192])).toBe(900);
  });

  test("of a stack without a model is the wait alone", () => {
    expect(longestAnswerSeconds({ requestTimeoutSeconds: 120 }, [])).toBe(120);
  });
});

describe("a pod that ends", () => {
  const times = { startSeconds: 600, drainSeconds: 180, longestAnswerSeconds: 448 };

  test("has the drain and the longest answer, which may begin at the drain's end", () => {
    expect(graceSeconds(times)).toBe(180 + 448);
  });

  test("stays a target of the load balancer as long, up to what AWS allows", () => {
    expect(deregistrationSeconds(times)).toBe(628);
    expect(deregistrationSeconds({ ...times, longestAnswerSeconds: 7200 })).toBe(3600);
  });

  test("is one step of a roll with the start and the registration of the next", () => {
    expect(stepSeconds(times)).toBe(600 + 180 + 628);
  });
});

describe("Pulumi waits", () => {
  const times = { startSeconds: 60, drainSeconds: 60, longestAnswerSeconds: 60 };

  test("for every step of a roll, rounded up to minutes", () => {
    expect(stepSeconds(times)).toBe(4 * 60);
    expect(workloadTimeouts(times, 5).update).toBe("20m");
    expect(workloadTimeouts(times, 5, 2).update).toBe("12m");
    expect(workloadTimeouts({ ...times, startSeconds: 61 }, 1).update).toBe("5m");
  });

  test("for one start at the first update, and longer than the pods may take to end at the last", () => {
    expect(workloadTimeouts(times, 5)).toMatchObject({ create: "4m", delete: "7m" });
  });
});

import { describe, expect, test } from "vitest";
import { memoryWarning } from "../../../config/rules/gateway";
import { idleReplicas } from "../../../domain/models/gatewayMemory";
import { parsedGateway } from "../../support/config";

const gateway = (memory: string, autoscaling: object = {}) =>
  parsedGateway({ gateway: { resources: { requests: { memory } }, autoscaling } });

describe("idle pods of the gateway", () => {
  test("come back to the least number with the defaults", () => {
    expect(idleReplicas(parsedGateway())).toBe(2);
    expect(memoryWarning(parsedGateway())).toBeUndefined();
  });

  test("stay, all of them, with the tutorial's 1Gi and 80 %, and a preview says so", () => {
    expect(idleReplicas(gateway("1Gi"))).toBe(10);
    expect(memoryWarning(gateway("1Gi"))).toMatch(
      /^gateway\.autoscaling\.memoryUtilization: 80 % of 1Gi is too little for the 808 MiB .*: of 10 idle pods 10 stay, and 2 would do; raise/,
    );
  });

  test.each([
    // 4 pods of 808 MiB ask for 2.4 times the target of one, which is 3; those ask for 2.
    ["1720Mi", { maxReplicas: 4 }, 2],
    // 1.98 times for 3 pods is 2; 2.01 times is 3.
    ["1530Mi", {}, 2],
    ["1510Mi", {}, 3],
    ["1Gi", { memoryUtilization: null }, 2],
    ["1Gi", { minReplicas: 10 }, 10],
  ])("of a request of %s with %j: %i stay", (memory, autoscaling, stay) => {
    expect(idleReplicas(gateway(memory, autoscaling))).toBe(stay);
  });
});

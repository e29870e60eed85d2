import { expect, test } from "vitest";
import { completeGateway } from "../../../domain/models/completeGateway";
import { parsed } from "../../support/config";

test.each([
  ["simple-shuffle, for the admission takes the emptiest replica itself", {}, "simple-shuffle"],
  ["least-busy without admission", { admission: { enabled: false } }, "least-busy"],
  ["what is written, with admission", { strategy: "least-busy" }, "least-busy"],
  [
    "what is written, without admission",
    { strategy: "latency-based-routing", admission: { enabled: false } },
    "latency-based-routing",
  ],
])("LiteLLM's strategy is %s", (_, routing, strategy) => {
  expect(completeGateway(parsed({ gateway: { routing } })).routing.strategy).toBe(strategy);
});

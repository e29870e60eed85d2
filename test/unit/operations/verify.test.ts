import { KubeConfig } from "@kubernetes/client-node";
import { describe, expect, test, vi } from "vitest";
import { GatewayClient } from "../../../operations/stack/gatewayClient";
import type { Finding } from "../../../operations/stack/checklist";
import { GATEWAY_CHECKS } from "../../../operations/verify/gatewayChecks";

interface Health {
  readonly healthy_endpoints?: readonly { readonly model_id: string }[];
  readonly unhealthy_endpoints?: readonly { readonly model_id: string }[];
}

/** The check of the replicas on a cluster with one ready pod, `m-0`, and a gateway that finds these in turn. */
async function checked(intervalSeconds: number, ...answers: readonly Health[]): Promise<Finding> {
  const config = new KubeConfig();
  const routing = {
    router_settings: { fallbacks: [] },
    general_settings: { health_check_interval: intervalSeconds },
  };
  const pod = {
    metadata: { name: "m-0" },
    status: { conditions: [{ type: "Ready", status: "True" }] },
  };
  const api = {
    readNamespacedConfigMap: () =>
      Promise.resolve({ data: { "routing.yaml": JSON.stringify(routing) } }),
    listNamespacedPod: () => Promise.resolve({ items: [pod] }),
  };
  vi.spyOn(config, "makeApiClient").mockReturnValue(api);
  const gateway = new GatewayClient("http://127.0.0.1:1023", "key");
  let asked = 0;
  vi.spyOn(gateway, "get").mockImplementation(() => {
    const answer = answers[Math.min(asked, answers.length - 1)];
    asked += 1;
    return Promise.resolve({ status: 200, text: JSON.stringify(answer), headers: new Headers() });
  });
  const check = GATEWAY_CHECKS.find(({ name }) => name.includes("every model replica"));
  if (check === undefined) {
    throw new Error("there is no check of the replicas");
  }
  return check.run({
    config,
    namespace: "litellm",
    modelNamespace: "vllm",
    gateway,
    disturb: false,
    signal: new AbortController().signal,
  });
}

const GOOD: Health = { healthy_endpoints: [{ model_id: "m-0" }], unhealthy_endpoints: [] };
const BAD: Health = { healthy_endpoints: [], unhealthy_endpoints: [{ model_id: "m-0" }] };

describe("the check of the model replicas", () => {
  test("passes when the gateway finds every ready replica healthy", async () => {
    expect(await checked(0, GOOD)).toMatchObject({ status: "pass" });
  });

  test("asks again while the gateway's last check may be older than the replica", async () => {
    expect(await checked(5, BAD, GOOD)).toMatchObject({ status: "pass" });
  });

  test("fails for a replica that stays unhealthy, and for a gateway that has checked none", async () => {
    expect((await checked(0, BAD)).seen).toBe("m-0 is ready, and the gateway's check of it fails");
    expect((await checked(0, {})).seen).toBe("the gateway has not checked any replica yet");
  });
});

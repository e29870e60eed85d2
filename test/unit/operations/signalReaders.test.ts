/** Where `verify` sends the operator to look for KEDA: what the stack's network policy lets in, whatever its configuration says. */
import { expect, test } from "vitest";
import { SIGNALS_PORT } from "../../../domain/gatewaySignals";
import { GATEWAY } from "../../../domain/names";
import { podsOf, tcp } from "../../../components/kubernetes/networkPolicy";
import { CHECKS } from "../../../operations/verify/verify";
import {
  GATEWAY_NAMESPACE,
  MODEL_NAMESPACE,
  modelPods,
  named,
  PATHS,
  podSlice,
} from "../../support/liveObjects";
import { verified, type Change } from "../../support/liveStack";
import {
  apiService,
  gatewayObject,
  modelObject,
  READY,
  SCALING_PATHS,
} from "../../support/scaledStack";
import { KEDA, put, READS, SCALES, TELLS, type Name } from "../../support/stackChecks";

const OWN = { namespace: "scaling", matchLabels: { app: "own-operator", tier: "one" } };

const PROMETHEUS = { namespace: "monitoring", matchLabels: { app: "prometheus" } };

const policies = (...ingress: readonly object[]): Change =>
  put(SCALING_PATHS.policies, [
    // Somebody's own, for Prometheus.
    {
      metadata: { name: "a", labels: {} },
      spec: { ingress: [{ from: [podsOf(PROMETHEUS)], ports: [tcp(SIGNALS_PORT)] }] },
    },
    {
      ...named(GATEWAY, "gateway"),
      spec: { ingress: [{ ports: [tcp(4000)] }, ...ingress] },
    },
  ]);
const letIn = policies({ from: [podsOf(OWN)], ports: [tcp(SIGNALS_PORT)] });

const notLookedAt = put(SCALING_PATHS.scaledObjects(MODEL_NAMESPACE), [
  { ...modelObject("a"), status: {} },
  modelObject("b"),
]);
const refused = put(SCALING_PATHS.scaledObjects(GATEWAY_NAMESPACE), [
  gatewayObject({ conditions: [{ ...READY, status: "False" }] }),
]);
const noPort = put(PATHS.slices(MODEL_NAMESPACE), [podSlice("a", 1, ...modelPods)]);

async function remedyOf(name: Name, ...changes: readonly Change[]): Promise<string> {
  const check = CHECKS.find((each) => each.name === name);
  if (check === undefined) {
    throw new Error(`there is no check ${name}`);
  }
  const { finding } = await verified(check, (stack) => {
    changes.forEach((change) => {
      change(stack);
    });
  });
  expect(finding.status).toBe("fail");
  return finding.remedy ?? "";
}

const COMMAND = "kubectl -n scaling get pods -l app=own-operator,tier=one";

test.each<[Name, Change, string]>([
  [READS, notLookedAt, COMMAND],
  [SCALES, refused, COMMAND],
  [TELLS, noPort, "the pods of scaling with app=own-operator,tier=one"],
])("%s: names the pods that the gateway's policy lets in", async (name, fault, text) => {
  expect(await remedyOf(name, fault, letIn)).toContain(text);
});

test.each<[string, Change]>([
  ["no policy opens the port", policies()],
  ["the port is open to all", policies({ ports: [tcp(SIGNALS_PORT)] })],
  ["policies cannot be read", put(SCALING_PATHS.policies, undefined)],
])("names KEDA's usual pods where %s", async (_, change) => {
  expect(await remedyOf(READS, notLookedAt, change)).toContain(
    "kubectl -n keda get pods -l app=keda-operator,",
  );
});

test("the adapter is looked for where the API server asks it", async () => {
  const down = { type: "Available", status: "False", reason: "X", message: "" };
  const elsewhere = apiService(down);
  elsewhere.spec.service.namespace = "scaling";
  expect(await remedyOf(KEDA, put(SCALING_PATHS.apiService, elsewhere))).toContain(
    "kubectl -n scaling get pods -l app=keda-operator-metrics-apiserver",
  );
});

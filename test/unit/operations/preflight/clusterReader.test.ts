/** What the preflight reads of a cluster that is there, through the real client. */
import { afterEach, expect, test } from "vitest";
import { NEURON_RESOURCE } from "../../../../domain/neuron/resource";
import { clusterReader, type ClusterReader } from "../../../../operations/preflight/clusterReader";
import { serveKubernetes, type KubernetesApi } from "../../../support/kubernetesApi";

const METRICS = "v1beta1.metrics.k8s.io";
const open: KubernetesApi[] = [];
afterEach(() => Promise.all(open.splice(0).map((api) => api.close())));

async function reading(path: string, value: unknown): Promise<ClusterReader> {
  const api = await serveKubernetes({ [path]: value });
  open.push(api);
  return clusterReader(api.config);
}

const named = (...names: readonly string[]) => names.map((name) => ({ metadata: { name } }));

test.each([
  ["36", "1.36"],
  ["36+", "1.36"],
])("minor version %s, as EKS writes it too, is read as %s", async (minor, version) => {
  expect(await (await reading("/version", { major: "1", minor })).version()).toBe(version);
});

test("drivers and classes of volumes are read by their names", async () => {
  const storage = "/apis/storage.k8s.io/v1";
  const drivers = await reading(`${storage}/csidrivers`, named("ebs.csi.aws.com"));
  expect(await drivers.csiDrivers()).toEqual(["ebs.csi.aws.com"]);
  const classes = await reading(`${storage}/storageclasses`, named("gp3", "efs"));
  expect(await classes.storageClasses()).toEqual(["gp3", "efs"]);
});

const apiService = `/apis/apiregistration.k8s.io/v1/apiservices/${METRICS}`;

test.each<[string, unknown, boolean]>([
  ["is available", { conditions: [{ type: "Available", status: "True" }] }, true],
  ["is not available", { conditions: [{ type: "Available", status: "False" }] }, false],
  ["nobody knows of", { conditions: [{ type: "Available", status: "Unknown" }] }, false],
  ["meets another condition alone", { conditions: [{ type: "Other", status: "True" }] }, false],
  ["has no state yet", {}, false],
])("an API that %s: served or not", async (_what, status, served) => {
  expect(await (await reading(apiService, { status })).servesApi(METRICS)).toBe(served);
});

test("an API that is not there is not served", async () => {
  expect(await (await reading("/elsewhere", {})).servesApi(METRICS)).toBe(false);
});

test("an API that may not be read is no API that is not there", async () => {
  const api = await serveKubernetes({}, { refusal: 403 });
  open.push(api);
  await expect(clusterReader(api.config).servesApi(METRICS)).rejects.toThrow("403");
});

test.each<[string, object, string | undefined]>([
  ["its label", { labels: { "app.kubernetes.io/version": "2.20.2" } }, "2.20.2"],
  [
    "its image, for a label without a number",
    { labels: { "app.kubernetes.io/version": "latest" }, image: "ghcr.io/kedacore/keda:2.19.0" },
    "2.19.0",
  ],
  ["its image with a digest", { image: "r:5000/keda:v2.20.1-arm@sha256:00" }, "2.20.1"],
  ["nothing, for an image by its digest", { image: "r:5000/keda@sha256:00" }, undefined],
  ["nothing, for a pod without containers", {}, undefined],
])(
  "the version of a pod is read from %s",
  async (_, { labels = {}, image }: { labels?: object; image?: string }, version) => {
    const pods = [
      {
        metadata: { labels: { app: "x", ...labels } },
        spec: {
          containers: image === undefined ? [] : [{ image: "istio/proxyv2:1.20.0" }, { image }],
        },
      },
      { metadata: { labels: { app: "other" } } },
    ];
    const reader = await reading("/api/v1/namespaces/keda/pods", pods);
    expect(await reader.kedaPods({ namespace: "keda", matchLabels: { app: "x" } })).toMatchObject([
      { version },
    ]);
  },
);

test.each<[string, object | undefined, unknown]>([
  ["all, where it is told none", undefined, undefined],
  ["all, where its chart is", { value: "" }, undefined],
  ["all, for the two quotes that KEDA takes for nothing", { value: '""' }, undefined],
  ["those that are named", { value: "vllm,litellm" }, ["vllm", "litellm"]],
  [
    "unknown, where the pod refers to something else",
    { valueFrom: { configMapKeyRef: { name: "keda", key: "namespaces" } } },
    "unknown",
  ],
])("the namespaces that KEDA watches are %s", async (_, said, watches) => {
  const other = { name: "POD_NAMESPACE", value: "keda" };
  const env = said === undefined ? [other] : [other, { name: "WATCH_NAMESPACE", ...said }];
  const pod = { metadata: { labels: { app: "x" } }, spec: { containers: [{}, { env }] } };
  const reader = await reading("/api/v1/namespaces/keda/pods", [pod]);
  const [found] = await reader.kedaPods({ namespace: "keda", matchLabels: { app: "x" } });
  expect(found?.watches).toEqual(watches);
});

test("applications are read by the label of their Deployments, in all namespaces", async () => {
  const reader = await reading("/apis/apps/v1/deployments", [
    { metadata: { labels: { "app.kubernetes.io/name": "aws-load-balancer-controller" } } },
    { metadata: { labels: {} } },
    { metadata: {} },
  ]);
  expect(await reader.deployedApplications()).toEqual(["aws-load-balancer-controller"]);
});

test("nodes count that offer a Neuron device to pods", async () => {
  const node = (type: string, allocatable: object, capacity: object = allocatable) => ({
    metadata: { labels: { "node.kubernetes.io/instance-type": type } },
    status: { allocatable, capacity },
  });
  const one = { [NEURON_RESOURCE]: "1" };
  const reader = await reading("/api/v1/nodes", [
    node("inf2.xlarge", one),
    node("inf2.24xlarge", { [NEURON_RESOURCE]: "0" }, one),
    node("m7i.large", {}),
    { metadata: {} },
  ]);
  expect(await reader.neuronNodes()).toEqual(["inf2.xlarge"]);
});

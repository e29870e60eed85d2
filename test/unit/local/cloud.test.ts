import type { V1PersistentVolumeClaim, V1Service, V1StorageClass } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import {
  isReleased,
  newLoadBalancers,
  PROVISIONER,
  volumeFor,
} from "../../../local/control-plane/cloud/reconcile";
import { simulatedNodes } from "../../../local/control-plane/nodes";

const claim: V1PersistentVolumeClaim = {
  metadata: { name: "data", namespace: "litellm", uid: "u1" },
  spec: {
    accessModes: ["ReadWriteOnce"],
    storageClassName: "block",
    resources: { requests: { storage: "8Gi" } },
  },
};
const storageClass = (volumeBindingMode: string, provisioner = PROVISIONER): V1StorageClass => ({
  metadata: { name: "block" },
  provisioner,
  volumeBindingMode,
});

describe("a claim", () => {
  test("of an immediate class gets a volume of its own size", () => {
    expect(volumeFor(claim, [storageClass("Immediate")])).toMatchObject({
      metadata: { name: "pvc-u1" },
      spec: {
        capacity: { storage: "8Gi" },
        claimRef: { name: "data", namespace: "litellm", uid: "u1" },
      },
    });
  });

  test("of a class that waits for its pod gets one when a node is chosen", () => {
    const classes = [storageClass("WaitForFirstConsumer")];
    expect(volumeFor(claim, classes)).toBeUndefined();
    const placed = {
      ...claim,
      metadata: { ...claim.metadata, annotations: { "volume.kubernetes.io/selected-node": "n" } },
    };
    expect(volumeFor(placed, classes)).toBeDefined();
  });

  test("of another provisioner, or with a volume, is left alone", () => {
    expect(volumeFor(claim, [storageClass("Immediate", "pd.csi.storage.gke.io")])).toBeUndefined();
    const bound = { ...claim, spec: { ...claim.spec, volumeName: "pv" } };
    expect(volumeFor(bound, [storageClass("Immediate")])).toBeUndefined();
  });
});

test("a volume goes when its claim has gone, if it is ours", () => {
  const volume = (by: string, phase: string) => ({
    metadata: { annotations: { "pv.kubernetes.io/provisioned-by": by } },
    spec: { persistentVolumeReclaimPolicy: "Delete" },
    status: { phase },
  });
  expect(isReleased(volume(PROVISIONER, "Released"))).toBe(true);
  expect(isReleased(volume(PROVISIONER, "Bound"))).toBe(false);
  expect(isReleased(volume("other", "Released"))).toBe(false);
});

describe("a Service", () => {
  const service = (name: string, changes: V1Service = {}): V1Service => ({
    metadata: { name, namespace: "n", ...changes.metadata },
    spec: { type: "LoadBalancer", ...changes.spec },
    status: { ...changes.status },
  });
  const at = (ip: string) => ({ status: { loadBalancer: { ingress: [{ ip }] } } });
  const addresses = (...services: V1Service[]) =>
    newLoadBalancers(services, "127.7.255.253").map(({ name, address }) => [name, address]);

  test("of type LoadBalancer gets an address of its own, and keeps it", () => {
    expect(addresses(service("a"), service("b"))).toEqual([
      ["a", "127.7.255.253"],
      ["b", "127.7.255.254"],
    ]);
    expect(addresses(service("a", at("127.7.255.253")), service("b"), service("c"))).toEqual([
      ["b", "127.7.255.254"],
      ["c", "127.7.255.1"],
    ]);
  });

  test("gets the address that another one has given back", () => {
    const changed = service("a", { spec: { type: "ClusterIP" } });
    expect(addresses(changed, service("b"))).toEqual([["b", "127.7.255.253"]]);
  });

  test("of another type, of another controller's class or on its way out gets none", () => {
    expect(
      addresses(
        service("a", { spec: { type: "ClusterIP" } }),
        service("b", { spec: { type: "LoadBalancer", loadBalancerClass: "example.com/lb" } }),
        service("c", { metadata: { deletionTimestamp: new Date() } }),
      ),
    ).toEqual([]);
    const aws = { type: "LoadBalancer", loadBalancerClass: "service.k8s.aws/nlb" };
    expect(addresses(service("d", { spec: aws }))).toHaveLength(1);
  });

  test("gets none when all have been given away", () => {
    const all = Array.from({ length: 254 }, (_, index) =>
      service(`s${index}`, at(`127.7.255.${index + 1}`)),
    );
    expect(() => addresses(...all, service("a"))).toThrow(RangeError);
  });
});

test("Neuron nodes are tainted and offer devices, general nodes neither", () => {
  for (const { metadata, spec, status } of simulatedNodes()) {
    const neuron = metadata.name.startsWith("inf2");
    expect(spec?.taints?.length, metadata.name).toBe(neuron ? 1 : 0);
    expect(status?.capacity?.["aws.amazon.com/neuron"], metadata.name).toBe(
      neuron ? "1" : undefined,
    );
  }
});

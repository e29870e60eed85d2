import type { V1PersistentVolumeClaim, V1StorageClass } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import {
  isReleased,
  needsAddress,
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

test("a load balancer without an address gets one", () => {
  expect(needsAddress({ spec: { type: "LoadBalancer" }, status: {} })).toBe(true);
  expect(needsAddress({ spec: { type: "ClusterIP" } })).toBe(false);
  expect(
    needsAddress({
      spec: { type: "LoadBalancer" },
      status: { loadBalancer: { ingress: [{ ip: "1" }] } },
    }),
  ).toBe(false);
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

import type {
  V1PersistentVolume,
  V1PersistentVolumeClaim,
  V1Service,
  V1StorageClass,
} from "@kubernetes/client-node";

/** The provisioner of the local stack. */
export const PROVISIONER = "simulated.llm-gateway.local";

/** Storage classes with one of these get their volumes here: the local stack's, and the drivers of the AWS stacks. */
const PLAYED: readonly string[] = [PROVISIONER, "ebs.csi.aws.com", "efs.csi.aws.com"];

const SELECTED_NODE = "volume.kubernetes.io/selected-node";

/** The volume that a claim waits for; undefined while it needs none, or no node has been chosen for it. */
export function volumeFor(
  claim: V1PersistentVolumeClaim,
  classes: readonly V1StorageClass[],
): V1PersistentVolume | undefined {
  const storageClass = classes.find(
    ({ metadata }) => metadata?.name === claim.spec?.storageClassName,
  );
  const { name, namespace, uid, annotations } = claim.metadata ?? {};
  if (
    storageClass === undefined ||
    !PLAYED.includes(storageClass.provisioner) ||
    claim.spec?.volumeName !== undefined ||
    name === undefined ||
    namespace === undefined ||
    uid === undefined
  ) {
    return undefined;
  }
  const node = annotations?.[SELECTED_NODE];
  if (storageClass.volumeBindingMode === "WaitForFirstConsumer" && node === undefined) {
    return undefined;
  }
  const volume = `pvc-${uid}`;
  return {
    apiVersion: "v1",
    kind: "PersistentVolume",
    metadata: { name: volume, annotations: { "pv.kubernetes.io/provisioned-by": PROVISIONER } },
    spec: {
      accessModes: claim.spec?.accessModes ?? [],
      capacity: { storage: claim.spec?.resources?.requests?.storage ?? "1Gi" },
      storageClassName: storageClass.metadata?.name ?? "",
      persistentVolumeReclaimPolicy: storageClass.reclaimPolicy ?? "Delete",
      hostPath: { path: `/simulated/${volume}` },
      claimRef: { apiVersion: "v1", kind: "PersistentVolumeClaim", name, namespace, uid },
    },
  };
}

/** Whether a volume of ours has lost its claim and may go. */
export function isReleased(volume: V1PersistentVolume): boolean {
  return (
    volume.metadata?.annotations?.["pv.kubernetes.io/provisioned-by"] === PROVISIONER &&
    volume.spec?.persistentVolumeReclaimPolicy === "Delete" &&
    // The controller marks a volume without a deleter of its own "Failed" instead of "Released".
    ["Released", "Failed"].includes(volume.status?.phase ?? "")
  );
}

/** Whether a Service waits for a load balancer. */
export function needsAddress(service: V1Service): boolean {
  return (
    service.spec?.type === "LoadBalancer" &&
    (service.status?.loadBalancer?.ingress?.length ?? 0) === 0
  );
}

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

/** The class of the AWS load balancer controller, which is played here; other classes are left to their own controllers. */
const PLAYED_CLASS = "service.k8s.aws/nlb";

/** A Service that gets a load balancer, and its address. */
export interface Balanced {
  readonly name: string;
  readonly namespace: string;
  readonly address: string;
}

/**
 * The Services that wait for a load balancer, each with an address of its own. When a Service becomes one without a load
 * balancer, the API server itself takes the address out of its status.
 *
 * @param first address that the first one gets
 * @throws RangeError when none of the 254 beside it is left
 */
export function newLoadBalancers(services: readonly V1Service[], first: string): Balanced[] {
  const used = new Set(services.flatMap(addressesOf));
  return services.filter(waits).map(({ metadata }) => {
    let address = first;
    while (used.has(address)) {
      address = after(address);
      if (address === first) {
        throw new RangeError(`every address beside ${first} has a load balancer`);
      }
    }
    used.add(address);
    return { name: metadata?.name ?? "", namespace: metadata?.namespace ?? "", address };
  });
}

function waits(service: V1Service): boolean {
  const { type, loadBalancerClass = PLAYED_CLASS } = service.spec ?? {};
  return (
    type === "LoadBalancer" &&
    loadBalancerClass === PLAYED_CLASS &&
    service.metadata?.deletionTimestamp === undefined &&
    addressesOf(service).length === 0
  );
}

function addressesOf({ status }: V1Service): string[] {
  return (status?.loadBalancer?.ingress ?? []).flatMap(({ ip }) => ip ?? []);
}

/** The next address of the same 254. */
function after(address: string): string {
  const [, network = "", last = ""] = /^(.*\.)(\d+)$/.exec(address) ?? [];
  return `${network}${(Number(last) % 254) + 1}`;
}

/**
 * The annotation that lets Cluster Autoscaler take a node away under a pod with local volumes: it names each of them, for whatever lies
 * on them is lost. A pod whose local volumes are not all named keeps its node, however little runs on it. Source: Cluster Autoscaler,
 * FAQ, "What types of pods can prevent CA from removing a node?".
 *
 * Only the gateway's pods carry it. Model servers and artifact Jobs take long to begin again, and an in-cluster store is one process:
 * their unnamed scratch volumes keep their nodes until an autoscaler or the end of the Job takes the pods.
 */
export function expendableVolumes(...names: readonly string[]): Readonly<Record<string, string>> {
  return { "cluster-autoscaler.kubernetes.io/safe-to-evict-local-volumes": names.join(",") };
}

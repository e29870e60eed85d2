import { DEFAULT_KUBERNETES_VERSION, EKS_RELEASES } from "../domain/eksReleases";
import { usableAmiReleases } from "../domain/neuron/compatibility";
import { DEFAULT_NODE_GROUPS } from "../domain/neuron/nodeGroups";
import { isMap } from "../domain/map";

/**
 * A stack's raw configuration with the versions that follow from its Kubernetes version filled in: add-ons and charts from the table of
 * EKS releases, and for each node group the first node image whose driver the vLLM images run on. What is written stays as it is, and
 * so does everything of a shape that the schema will refuse.
 */
export function withReleases(written: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const { cluster } = written;
  const version = isMap(cluster) ? (cluster.kubernetesVersion ?? DEFAULT_KUBERNETES_VERSION) : "";
  const release = typeof version === "string" ? EKS_RELEASES[version] : undefined;
  const amiRelease = typeof version === "string" ? usableAmiReleases(version)[0] : undefined;
  if (!isMap(cluster) || release === undefined || amiRelease === undefined) {
    return { ...written };
  }
  return {
    ...written,
    cluster:
      cluster.kind === "eks"
        ? {
            ...cluster,
            addonVersions: below(release.addons, cluster.addonVersions),
            chartVersions: below(release.charts, cluster.chartVersions),
            systemNodes: below({ amiRelease }, cluster.systemNodes),
          }
        : cluster,
    neuron: withNodeImages(written.neuron, version),
  };
}

/** The node image of every Neuron group that names none: the first release whose driver starts the vLLM image. */
function withNodeImages(neuron: unknown = {}, version: unknown): unknown {
  if (!isMap(neuron)) {
    return neuron;
  }
  const { nodeGroups = DEFAULT_NODE_GROUPS, image } = neuron;
  const amiRelease = usableAmiReleases(
    String(version),
    typeof image === "string" ? image : undefined,
  )[0];
  if (!isMap(nodeGroups)) {
    return neuron;
  }
  const groups = Object.entries(nodeGroups).map(([name, group]): [string, unknown] => [
    name,
    isMap(group) && group.amiId === undefined ? below({ amiRelease }, group) : group,
  ]);
  return { ...neuron, nodeGroups: Object.fromEntries(groups) };
}

/** Defaults for the keys that `above` does not have. */
function below(defaults: Readonly<Record<string, unknown>>, above: unknown): unknown {
  if (above === undefined) {
    return { ...defaults };
  }
  return isMap(above)
    ? Object.fromEntries([...Object.entries(defaults), ...Object.entries(above)])
    : above;
}

/** How a node of a custom image finds its cluster: EKS tells only nodes of its own images. */
export interface ClusterAddress {
  /** Name of the cluster. */
  readonly name: string;
  /** URL of the API server. */
  readonly endpoint: string;
  /** Certificate authority of the API server, base64. */
  readonly certificateAuthority: string;
  /** Block of the Services' addresses. */
  readonly serviceCidr: string;
}

/** What the node says of itself when it joins. */
export interface NodeIdentity {
  /** The image, ami-.... */
  readonly amiId: string;
  /** Labels of the node. */
  readonly labels: Readonly<Record<string, string>>;
  /** Taints with effect `NoSchedule`. */
  readonly taints: readonly { readonly key: string; readonly value: string }[];
}

const BOUNDARY = "llm-gateway";

/**
 * User data of a node of a custom image, base64: a MIME document with one `NodeConfig` for nodeadm.
 *
 * EKS merges nothing into the user data of a custom image, so that it says all: name, endpoint, authority and Service block of the
 * cluster (required on AL2023: Amazon EKS User Guide, "Customize managed nodes with launch templates"), and labels and taints. Whether
 * EKS sets those of the node group besides was not seen; twice they do no harm. `nodegroup-image` is one of the labels that EKS waits
 * for ("Understand each phase of node updates").
 */
export function customImageUserData(cluster: ClusterAddress, node: NodeIdentity): string {
  const labels = { "eks.amazonaws.com/nodegroup-image": node.amiId, ...node.labels };
  const nodeLabels = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  const config = [
    "apiVersion: node.eks.aws/v1alpha1",
    "kind: NodeConfig",
    "spec:",
    "  cluster:",
    `    name: ${cluster.name}`,
    `    apiServerEndpoint: ${cluster.endpoint}`,
    `    certificateAuthority: ${cluster.certificateAuthority}`,
    `    cidr: ${cluster.serviceCidr}`,
    "  kubelet:",
    "    flags:",
    `      - --node-labels=${nodeLabels.join(",")}`,
    ...(node.taints.length === 0
      ? []
      : [
          `      - --register-with-taints=${node.taints.map(({ key, value }) => `${key}=${value}:NoSchedule`).join(",")}`,
        ]),
  ];
  const document = [
    "MIME-Version: 1.0",
    `Content-Type: multipart/mixed; boundary="${BOUNDARY}"`,
    "",
    `--${BOUNDARY}`,
    "Content-Type: application/node.eks.aws",
    "",
    "---",
    ...config,
    "",
    `--${BOUNDARY}--`,
    "",
  ].join("\n");
  return Buffer.from(document, "utf8").toString("base64");
}

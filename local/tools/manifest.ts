/** Versions of the embedded control plane; the modules beside this file pin the same ones with their checksums. */
export const KUBERNETES_VERSION = "v1.34.2";
const PULUMI_VERSION = "3.259.0";
const KWOK_VERSION = "v0.7.0";

/** One Go module of this folder and the programs that are built from it. */
export interface Tool {
  /** Folder with go.mod, go.sum and the blank imports. */
  readonly module: string;
  /** Import path of each program by the name of its binary. */
  readonly programs: Readonly<Record<string, string>>;
  /** Version stamps: without them the programs report none, and their clients refuse to work. */
  readonly stamps: Readonly<Record<string, string>>;
}

export const TOOLS: readonly Tool[] = [
  {
    module: "etcd",
    programs: { etcd: "go.etcd.io/etcd/server/v3" },
    stamps: {},
  },
  {
    module: "kwok",
    programs: { kwok: "sigs.k8s.io/kwok/cmd/kwok", kwokctl: "sigs.k8s.io/kwok/cmd/kwokctl" },
    stamps: { "sigs.k8s.io/kwok/pkg/consts.Version": KWOK_VERSION },
  },
  {
    module: "metrics-server",
    programs: { "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server" },
    stamps: {},
  },
  {
    module: "pulumi",
    programs: { pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi" },
    stamps: {
      "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": PULUMI_VERSION,
    },
  },
  {
    module: "kubernetes",
    programs: {
      "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
      "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
      "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
      kubectl: "k8s.io/kubernetes/cmd/kubectl",
    },
    stamps: {
      "k8s.io/component-base/version.gitVersion": KUBERNETES_VERSION,
      "k8s.io/component-base/version.gitMajor": "1",
      "k8s.io/component-base/version.gitMinor": "34",
    },
  },
];

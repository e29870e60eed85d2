import { KEDA_VERSION } from "../../domain/keda";

/** Version of the embedded control plane; ./control-plane/go.mod pins the same one with its checksum. */
export const KUBERNETES_VERSION = "v1.36.3";
/** Of the simulated kubelets; ./control-plane/go.mod pins it, too. */
export const KWOK_VERSION = "v0.8.0";
/** Of the CLI; ./engine/go.mod pins it, too. */
const PULUMI_VERSION = "3.246.0";

/**
 * What the Kubernetes provider reports: the release that the program's SDK asks for, so that the engine accepts it, and as
 * build metadata the commit that it is really built from, which lies between the releases 4.24.0 and 4.25.0.
 */
export const KUBERNETES_PROVIDER_VERSION = "4.34.2+f47bc2d6f199";

const KUBERNETES_PROVIDER = "github.com/pulumi/pulumi-kubernetes/provider/v4";

/** A file of a module that a program of this repository embeds. */
export interface EmbeddedFile {
  /** Path of the module, one that go.mod requires. */
  readonly module: string;
  /** Path of the file within it. */
  readonly path: string;
}

/** One Go module of this folder and the programs that are built from it. */
export interface Tool {
  /** Folder with go.mod, go.sum and the blank imports. */
  readonly module: string;
  /** Package of each program by the name of its binary: an import path, or `./folder` for a main package of the module itself. */
  readonly programs: Readonly<Record<string, string>>;
  /** Version stamps: without them the programs report none, and their clients refuse to work. */
  readonly stamps: Readonly<Record<string, string>>;
  /**
   * Files of dependencies that the module's own main packages embed, by the path at which they embed them.
   *
   * @default none
   */
  readonly embeds?: Readonly<Record<string, EmbeddedFile>>;
}

/** etcd alone: its server wants other versions of its own packages than the rest. */
export const ETCD: Tool = {
  module: "etcd",
  programs: { etcd: "go.etcd.io/etcd/server/v3" },
  stamps: {},
};

/** All that shares the packages of Kubernetes 1.36. */
export const CONTROL_PLANE: Tool = {
  module: "control-plane",
  programs: {
    "kube-apiserver": "k8s.io/kubernetes/cmd/kube-apiserver",
    "kube-controller-manager": "k8s.io/kubernetes/cmd/kube-controller-manager",
    "kube-scheduler": "k8s.io/kubernetes/cmd/kube-scheduler",
    kubectl: "k8s.io/kubernetes/cmd/kubectl",
    kwok: "sigs.k8s.io/kwok/cmd/kwok",
    kwokctl: "sigs.k8s.io/kwok/cmd/kwokctl",
    "metrics-server": "sigs.k8s.io/metrics-server/cmd/metrics-server",
  },
  stamps: {
    "k8s.io/component-base/version.gitVersion": KUBERNETES_VERSION,
    "k8s.io/component-base/version.gitMajor": "1",
    "k8s.io/component-base/version.gitMinor": "36",
    "sigs.k8s.io/kwok/pkg/consts.Version": KWOK_VERSION,
  },
};

/** The engine with the one official provider that can be had as a Go module; that one compiles with Kubernetes 1.33 alone. */
export const ENGINE: Tool = {
  module: "engine",
  programs: {
    pulumi: "github.com/pulumi/pulumi/pkg/v3/cmd/pulumi",
    "pulumi-resource-kubernetes": "./pulumi-resource-kubernetes",
  },
  stamps: {
    "github.com/pulumi/pulumi/sdk/v3/go/common/version.Version": PULUMI_VERSION,
    "main.version": KUBERNETES_PROVIDER_VERSION,
  },
  embeds: {
    "pulumi-resource-kubernetes/schema.json": {
      module: KUBERNETES_PROVIDER,
      path: "cmd/pulumi-resource-kubernetes/schema.json",
    },
    "pulumi-resource-kubernetes/terraform-mapping.json": {
      module: KUBERNETES_PROVIDER,
      path: "cmd/pulumi-resource-kubernetes/terraform-mapping.json",
    },
  },
};

/**
 * KEDA's operator, and its metrics adapter by a main package of ours. It shares the packages of Kubernetes 1.36 with the control plane:
 * built after it, it compiles only what is its own.
 */
export const KEDA: Tool = {
  module: "keda",
  programs: {
    "keda-operator": "github.com/kedacore/keda/v2/cmd/operator",
    "keda-adapter": "./keda-adapter",
  },
  stamps: { "github.com/kedacore/keda/v2/version.Version": KEDA_VERSION },
};

/** What deploys a stack, and on what, in the order in which an environment needs it. {@link KEDA} comes when that runs. */
export const TOOLS: readonly Tool[] = [ETCD, CONTROL_PLANE, ENGINE];

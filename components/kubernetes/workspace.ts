import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, PROJECT } from "../../domain/labels";
import { READINESS_GATES } from "../../domain/loadBalancer";
import type { StorageClassSettings } from "../../domain/settings/storage";
import { guardedNamespace } from "./guardedNamespace";

/** The settings of a storage class, with parameters that may be known only once the platform exists. */
export type StorageClassArgs = Omit<StorageClassSettings, "parameters"> & {
  readonly parameters: Readonly<Record<string, pulumi.Input<string>>>;
};

/** Inputs of {@link Workspace}. */
export interface WorkspaceArgs {
  /** Namespace of the gateway, under the `restricted` Pod Security Standard. */
  readonly gatewayNamespace: string;
  /** Whether the gateway's pods wait until a network load balancer has taken them up, and found them healthy. */
  readonly readinessGates: boolean;
  /** Namespace of the model servers, under `baseline`: their image runs as root. */
  readonly modelNamespace: string;
  /** The classes to make. */
  readonly storage: {
    /** ReadWriteOnce volumes of the gateway's stores. */
    readonly block: StorageClassArgs;
    /** ReadWriteMany volume of the model artifacts. */
    readonly shared: StorageClassArgs;
  };
}

/** Namespaces, with deny-by-default network rules, and storage classes. */
export class Workspace extends pulumi.ComponentResource {
  public constructor(name: string, args: WorkspaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:addons:Workspace", name, {}, opts);
    const parent = { parent: this };
    const gates = args.readinessGates ? READINESS_GATES : {};
    guardedNamespace(`${name}-gateway`, args.gatewayNamespace, "restricted", gates, parent);
    guardedNamespace(`${name}-models`, args.modelNamespace, "baseline", {}, parent);
    this.storageClass(`${name}-block`, args.storage.block, "WaitForFirstConsumer");
    this.storageClass(`${name}-shared`, args.storage.shared, "Immediate");
    this.registerOutputs();
  }

  private storageClass(
    name: string,
    settings: StorageClassArgs,
    volumeBindingMode: "Immediate" | "WaitForFirstConsumer",
  ): void {
    if (!settings.create) {
      return;
    }
    new k8s.storage.v1.StorageClass(
      name,
      {
        metadata: { name: settings.name, labels: labels(PROJECT, "storage") },
        provisioner: settings.provisioner,
        parameters: { ...settings.parameters },
        volumeBindingMode,
        reclaimPolicy: settings.reclaimPolicy,
        allowVolumeExpansion: true,
      },
      {
        parent: this,
        // Kubernetes lets neither be changed. A class is a template: volumes and claims that were made from the old one stay as they are.
        replaceOnChanges: ["reclaimPolicy", "volumeBindingMode"],
        deleteBeforeReplace: true,
      },
    );
  }
}

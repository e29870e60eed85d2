import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, PROJECT } from "../../domain/labels";
import { podSecurityLabels } from "./podSecurity";

/** A storage class that the platform's volumes use. */
export interface StorageClassSettings {
  /** Name of the class: made when `create` is set, else expected in the cluster. */
  readonly name: string;
  readonly create: boolean;
  /** CSI driver. */
  readonly provisioner: string;
  readonly parameters: Readonly<Record<string, pulumi.Input<string>>>;
}

export interface WorkspaceArgs {
  /** Namespace of the gateway, under the `restricted` Pod Security Standard. */
  readonly gatewayNamespace: string;
  /** Namespace of the model servers, under `baseline`: their image runs as root. */
  readonly modelNamespace: string;
  readonly storage: {
    /** ReadWriteOnce volumes of the gateway's stores. */
    readonly block: StorageClassSettings;
    /** ReadWriteMany volume of the model artifacts. */
    readonly shared: StorageClassSettings;
  };
}

/** Namespaces, with deny-by-default network rules, and storage classes. */
export class Workspace extends pulumi.ComponentResource {
  public constructor(name: string, args: WorkspaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:addons:Workspace", name, {}, opts);
    this.namespace(`${name}-gateway`, args.gatewayNamespace, "restricted");
    this.namespace(`${name}-models`, args.modelNamespace, "baseline");
    this.storageClass(`${name}-block`, args.storage.block, "WaitForFirstConsumer");
    this.storageClass(`${name}-shared`, args.storage.shared, "Immediate");
    this.registerOutputs();
  }

  private namespace(name: string, namespace: string, level: "baseline" | "restricted"): void {
    const resource = new k8s.core.v1.Namespace(
      name,
      {
        metadata: {
          name: namespace,
          labels: { ...labels(PROJECT, "namespace"), ...podSecurityLabels(level) },
        },
      },
      { parent: this },
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-deny`,
      {
        metadata: { name: "deny-by-default", namespace, labels: labels(PROJECT, "network") },
        spec: { podSelector: {}, policyTypes: ["Ingress", "Egress"] },
      },
      { parent: this, dependsOn: [resource] },
    );
  }

  private storageClass(
    name: string,
    settings: StorageClassSettings,
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
        reclaimPolicy: "Delete",
        allowVolumeExpansion: true,
      },
      { parent: this },
    );
  }
}

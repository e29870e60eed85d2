import * as k8s from "@pulumi/kubernetes";
import { providerSettings, type Platform } from "./platform";

export interface ExistingClusterArgs {
  /** Context of the kubeconfig. */
  readonly context: string;
  /** Path of the kubeconfig; the usual files when absent. */
  readonly kubeconfig?: string | undefined;
}

/** A cluster that somebody else made. */
export function existingCluster(name: string, args: ExistingClusterArgs): Platform {
  const provider = new k8s.Provider(name, {
    context: args.context,
    ...(args.kubeconfig === undefined ? {} : { kubeconfig: args.kubeconfig }),
    ...providerSettings(args.context),
  });
  return { provider, ready: [] };
}

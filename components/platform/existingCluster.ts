import * as k8s from "@pulumi/kubernetes";
import type { ExistingClusterSettings } from "../../domain/settings/cluster";
import { providerSettings, type Platform } from "./platform";

/** A cluster that somebody else made. */
export function existingCluster(
  name: string,
  args: Pick<ExistingClusterSettings, "context" | "kubeconfig">,
): Platform {
  const provider = new k8s.Provider(name, {
    context: args.context,
    ...(args.kubeconfig === undefined ? {} : { kubeconfig: args.kubeconfig }),
    ...providerSettings(args.context),
  });
  return { provider, ready: [] };
}

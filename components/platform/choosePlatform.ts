import { createRequire } from "node:module";
import type * as eksPlatform from "./eksPlatform";
import type { ClusterSettings } from "../../domain/settings/cluster";
import { existingCluster } from "./existingCluster";
import type { Platform } from "./platform";

/** What the platform needs beside the settings of the cluster. */
type StackArgs = Pick<
  eksPlatform.EksPlatformArgs,
  "environment" | "neuronNodeGroups" | "retainArtifacts"
>;

/** The platform of a stack. Loads the AWS SDK only where it is used: it is a large part of a preview's start. */
export function choosePlatform(cluster: ClusterSettings, rest: StackArgs): Platform {
  switch (cluster.kind) {
    case "existing":
      return existingCluster("cluster", cluster);
    case "eks": {
      const { EksPlatform } = createRequire(__filename)("./eksPlatform") as typeof eksPlatform;
      return new EksPlatform("platform", { ...cluster, ...rest }, {});
    }
    default:
      return cluster satisfies never;
  }
}

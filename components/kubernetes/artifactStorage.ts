import type { Input } from "@pulumi/pulumi";
import type { StorageClassSettings } from "../../domain/settings/storage";
import type { StorageClassArgs } from "./workspace";

/**
 * The class of the artifact volume on the file system that the stack made: each claim gets an access point of its own, so
 * that nothing else on the file system is seen through it. Without one, the settings as they are.
 */
export function artifactStorage(
  settings: StorageClassSettings,
  fileSystemId: Input<string> | undefined,
): StorageClassArgs {
  return fileSystemId === undefined
    ? settings
    : {
        ...settings,
        parameters: {
          provisioningMode: "efs-ap",
          fileSystemId,
          directoryPerms: "750",
          ...settings.parameters,
        },
      };
}

import type { Input } from "@pulumi/pulumi";
import type { StorageClassSettings } from "../../domain/settings/storage";
import type { StorageClassArgs } from "./workspace";

/** The classes of a stack's volumes: those of its stores, and that of its artifacts on the file system that the stack made. */
export function storageClasses(
  storage: Readonly<Record<"block" | "shared", StorageClassSettings>>,
  fileSystemId: Input<string> | undefined,
): { readonly block: StorageClassArgs; readonly shared: StorageClassArgs } {
  return { block: storage.block, shared: artifactStorage(storage.shared, fileSystemId) };
}

/**
 * The class of the artifact volume on the file system that the stack made: each claim gets an access point of its own, so
 * that nothing else on the file system is seen through it. Without one, the settings as they are.
 */
function artifactStorage(
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

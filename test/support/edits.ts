import type { Edit } from "./edits/edit";
import { GATEWAY_EDITS } from "./edits/gateway";
import { MODEL_EDITS } from "./edits/models";
import { NODE_GROUP_EDITS } from "./edits/nodeGroups";
import { PLATFORM_EDITS } from "./edits/platform";
import { STORAGE_EDITS } from "./edits/storage";
import { WORKLOAD_EDITS } from "./edits/workloads";

/** Every edit of the table in docs/upgrade.md that the dev stack can make. */
export const EDITS: readonly Edit[] = [
  ...WORKLOAD_EDITS,
  ...GATEWAY_EDITS,
  ...MODEL_EDITS,
  ...NODE_GROUP_EDITS,
  ...PLATFORM_EDITS,
  ...STORAGE_EDITS,
];

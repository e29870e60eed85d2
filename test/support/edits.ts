import type { Edit } from "./edits/edit";
import { NODE_GROUP_EDITS } from "./edits/nodeGroups";
import { PLATFORM_EDITS } from "./edits/platform";
import { WORKLOAD_EDITS } from "./edits/workloads";

/** Every edit of the table in docs/upgrade.md. */
export const EDITS: readonly Edit[] = [...WORKLOAD_EDITS, ...NODE_GROUP_EDITS, ...PLATFORM_EDITS];

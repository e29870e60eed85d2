import { fail, pass } from "../stack/checklist";
import { accountCheck } from "./identityChecks";
import { setCommand, type EksCheck } from "./subject";

const LISTS = ["administratorRoleArns", "viewerRoleArns"] as const;

const creator = accountCheck(
  "Who makes the cluster is let in once",
  async ({ account, cluster, stack }) => {
    if ((await account.cluster(cluster.name)) !== undefined) {
      return pass("the cluster is there");
    }
    const { arn } = await account.identity();
    // EKS makes an entry of its own for the creator, and refuses another for the same role.
    const found = LISTS.flatMap((list) =>
      cluster[list].flatMap((listed, index) =>
        isSame(listed, arn) ? [{ list, index, listed }] : [],
      ),
    );
    const [first] = found;
    return first === undefined
      ? pass(`${arn} becomes its administrator`)
      : fail(
          `${first.listed} makes the cluster, and is its administrator by that: EKS refuses a second entry`,
          `${setCommand(stack, `cluster.${first.list}[${first.index}]`, "ANOTHER-ROLE")}, or take it out of the list`,
        );
  },
);

/** Whether a role or user of a list is who calls: a session names its role without the path. */
function isSame(listed: string, caller: string): boolean {
  const [, , , , account, resource = ""] = caller.split(":");
  const [kind, role] = resource.split("/");
  return kind === "assumed-role"
    ? listed.startsWith(`arn:aws:iam::${account}:role/`) && listed.endsWith(`/${role}`)
    : listed === caller;
}

export const ACCESS_CHECKS: readonly EksCheck[] = [creator];

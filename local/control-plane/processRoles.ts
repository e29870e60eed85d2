import type { V1Pod } from "@kubernetes/client-node";
import { PROJECT, PROJECT_LABEL, ROLE_LABEL, type Role } from "../../domain/labels";

/** A role, and by which labels its pods are known. */
interface RoleLabels {
  readonly name: string;
  /** {@link PROJECT_LABEL} */
  readonly partOf: string;
  /** `app.kubernetes.io/component` */
  readonly component: Role;
}

/** The roles whose pods run as processes; all other pods stay simulated. */
const PROCESS_ROLES = [
  { name: "gateway", partOf: PROJECT, component: "gateway" },
  { name: "migrations", partOf: PROJECT, component: "migrations" },
  { name: "postgresql", partOf: PROJECT, component: "postgresql" },
  { name: "redis", partOf: PROJECT, component: "redis" },
  { name: "server", partOf: PROJECT, component: "server" },
] as const satisfies readonly RoleLabels[];

export type ProcessRole = (typeof PROCESS_ROLES)[number]["name"];

/** The role of a pod that runs as a process; undefined for one that stays simulated. */
export function processRoleOf({ metadata }: V1Pod): ProcessRole | undefined {
  const { [PROJECT_LABEL]: partOf, [ROLE_LABEL]: component } = metadata?.labels ?? {};
  return PROCESS_ROLES.find((role) => role.partOf === partOf && role.component === component)?.name;
}

/** What KWOK leaves alone, as a requirement of its stages: both labels at once, for their values are one text to compare. */
export function noProcessRole() {
  return {
    key: `[.metadata.labels["${PROJECT_LABEL}"], .metadata.labels["${ROLE_LABEL}"]] | join("/")`,
    operator: "NotIn",
    values: PROCESS_ROLES.map(({ partOf, component }) => `${partOf}/${component}`),
  };
}

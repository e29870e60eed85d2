/** Days that CloudWatch Logs can keep events. Source: API reference of PutRetentionPolicy. */
export const LOG_RETENTION_DAYS = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288,
  3653,
] as const;

/** The log group that EKS writes a control plane's logs to, and makes without an end where it is not there. */
export function controlPlaneLogGroup(clusterName: string): string {
  return `/aws/eks/${clusterName}/cluster`;
}

/** The log group that RDS writes PostgreSQL's log of an instance to, and makes without an end where it is not there. */
export function databaseLogGroup(instance: string): string {
  return `/aws/rds/instance/${instance}/postgresql`;
}

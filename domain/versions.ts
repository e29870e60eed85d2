export function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}

/** Which of two versions of numbers is the older, as `sort` takes it: `2.9` comes before `2.20`, and `2.20` before `2.20.1`. */
export function compareVersions(left: string, right: string): number {
  return left.localeCompare(right, "en", { numeric: true });
}

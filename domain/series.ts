/** One series of a metric as PromQL selects it: `queue{model="a"}`, or the metric alone. */
export function seriesSelector(metric: string, labels: Readonly<Record<string, string>>): string {
  const matchers = Object.entries(labels).map(([key, value]) => `${key}="${value}"`);
  return matchers.length === 0 ? metric : `${metric}{${matchers.join(",")}}`;
}

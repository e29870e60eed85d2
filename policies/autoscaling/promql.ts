/** Operators and functions whose result is one value, when they come without `by` and `without`. */
const AGGREGATIONS = "sum|avg|min|max|count|stddev|stdvar|group|quantile|scalar|vector|absent|time";

/** Whether a PromQL query returns a series for each thing that a metric is measured of, rather than one value. */
export function isManySeries(query: string): boolean {
  const plain = query
    .replace(/#.*$/gm, "")
    .replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/g, '""')
    .replace(/\s+/g, " ")
    .trim();
  if (plain === "" || /^[\d.]+$/.test(plain) || /\{\{|\$\{/.test(plain)) {
    return false;
  }
  const grouped = new RegExp(
    `^(?:${AGGREGATIONS}) ?(?:by|without) ?\\( ?\\w|^(?:${AGGREGATIONS}) ?\\(.*\\) ?(?:by|without) ?\\( ?\\w[^()]*\\)$`,
  );
  if (grouped.test(plain)) {
    return true;
  }
  return !new RegExp(
    `\\b(?:${AGGREGATIONS}|topk|bottomk) ?\\(|\\b(?:${AGGREGATIONS}) (?:by|without)`,
  ).test(plain);
}

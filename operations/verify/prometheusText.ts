/** A line of Prometheus' text format: a name, labels in braces, a value. */
const SERIES = /^([A-Za-z_:][\w:]*)(?:\{(.*)\})?\s+\S+/;
const LABEL = /([A-Za-z_]\w*)="((?:[^"\\]|\\.)*)"/g;

/** Whether a page in Prometheus' text format has a series of that name with those labels, other labels or not. */
export function hasSeries(
  page: string,
  name: string,
  labels: Readonly<Record<string, string>>,
): boolean {
  return page.split("\n").some((line) => {
    const [, found, text = ""] = SERIES.exec(line) ?? [];
    if (found !== name) {
      return false;
    }
    const own = new Map([...text.matchAll(LABEL)].map(([, key, value]) => [key, value]));
    return Object.entries(labels).every(([key, value]) => own.get(key) === value);
  });
}

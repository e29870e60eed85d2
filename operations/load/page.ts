import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";

/**
 * A report as one HTML page that needs nothing else, plots included.
 *
 * @param script path of what draws `data` in the page; page.browser.js gives it plots, figures and tables
 */
export async function htmlPage(title: string, script: string, data: object): Promise<string> {
  const uplot = dirname(createRequire(__filename).resolve("uplot/package.json"));
  const [library, style, page, shared, own] = await Promise.all([
    readFile(join(uplot, "dist", "uPlot.iife.min.js"), "utf8"),
    readFile(join(uplot, "dist", "uPlot.min.css"), "utf8"),
    readFile(join(__dirname, "page.html"), "utf8"),
    readFile(join(__dirname, "page.browser.js"), "utf8"),
    readFile(script, "utf8"),
  ]);
  const parts: Record<string, string> = {
    TITLE: title,
    STYLE: style,
    LIBRARY: library,
    SCRIPT: `${shared}\n${own}`,
    // A closing tag inside a string would end the script.
    DATA: JSON.stringify(data).replaceAll("<", "\\u003c"),
  };
  return page.replace(
    /\/\*(TITLE|STYLE|LIBRARY|SCRIPT|DATA)\*\//g,
    (_, part: string) => parts[part] ?? "",
  );
}

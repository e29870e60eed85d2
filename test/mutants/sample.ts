import { z } from "zod";

/** What Stryker's JSON report says of each mutant (mutation-testing-report-schema). */
const reportSchema = z.object({
  files: z.record(
    z.string(),
    z.object({
      mutants: z.array(
        z.object({
          id: z.string(),
          mutatorName: z.string(),
          replacement: z.string().optional(),
          location: z.object({ start: z.object({ line: z.number() }) }),
          status: z.string(),
        }),
      ),
    }),
  ),
});

/**
 * What a sample says of the whole: its survivors, the share of mutants that a test noticed, and how far the true one may be from it.
 * Code that no test runs has no verdict of the runner: its mutants are known to survive, and count by the share.
 *
 * @param share percent of the mutants that were run
 */
export function sampleText(report: unknown, share: number): string {
  const mutants = Object.entries(reportSchema.parse(report).files).flatMap(([file, found]) =>
    found.mutants.map((mutant) => ({ file, ...mutant })),
  );
  const having = (...statuses: string[]) =>
    mutants.filter(({ status }) => statuses.includes(status));
  const survivors = having("Survived");
  const noticed = having("Killed", "Timeout").length;
  const missed = survivors.length + (having("NoCoverage").length * share) / 100;
  const score = noticed / (noticed + missed);
  // Normal approximation of a binomial share, 95 percent of the samples.
  const error = 1.96 * Math.sqrt((score * (1 - score)) / (noticed + missed));
  const percent = (value: number) => (value * 100).toFixed(1);
  return [
    ...survivors.map(
      ({ file, location, mutatorName, replacement = "" }) =>
        `survived: ${file}:${location.start.line} ${mutatorName}: ${replacement.replace(/\s+/g, " ").slice(0, 80)}`,
    ),
    `${noticed} of ${Math.round(noticed + missed)} noticed, of ${mutants.length} mutants in all: ${percent(score)} %, ± ${percent(error)} at 95 % confidence`,
  ].join("\n");
}

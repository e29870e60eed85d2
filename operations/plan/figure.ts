import type { Compared } from "./comparison";
import type { Plan, PlanInput } from "./plan";
import { waitBuckets } from "./report";
import type { Sample } from "./simulate";

const WIDTH = 900;
const HEIGHT = 320;
const LEFT = 46;
const RIGHT = 12;
const TOP = 34;
const BOTTOM = 36;

/** The replay of the last policy of a plan as SVG: replicas that are ready, wanted and needed, and where the goal was missed. */
export function replayFigure(
  { policies, seconds, profile }: Plan,
  { model, goal }: PlanInput,
): string {
  const last = policies.at(-1);
  if (last === undefined) {
    throw new RangeError("the plan has no policy");
  }
  return replayOf(last, {
    seconds,
    slots: model.slots,
    goalSeconds: goal.goalSeconds,
    title: `${last.name}: ${profile}`,
  });
}

/** What a picture of a replay says and needs. */
export interface FigureSettings {
  /** Seconds of the trace. */
  readonly seconds: number;
  /** Requests that a replica decodes at a time. */
  readonly slots: number;
  readonly goalSeconds: number;
  readonly title: string;
}

/** One policy's replay as SVG. */
export function replayOf(
  { run, outcome }: Pick<Compared, "run" | "outcome">,
  { seconds, slots, goalSeconds, title }: FigureSettings,
): string {
  const needed = (sample: Sample) => (sample.running + sample.waiting) / slots;
  const most = Math.max(
    1,
    ...run.samples.map((sample) => Math.max(sample.wanted, sample.existing, needed(sample))),
  );
  const x = (at: number) => round(LEFT + (at / Math.max(1, seconds)) * (WIDTH - LEFT - RIGHT));
  const y = (value: number) => round(HEIGHT - BOTTOM - (value / most) * (HEIGHT - TOP - BOTTOM));
  const line = (read: (sample: Sample) => number, colour: string, dash = "") =>
    `<path d="${stepped(run.samples, x, (sample) => y(read(sample)))}" fill="none" stroke="${colour}" stroke-width="1.6"${dash}/>`;
  const buckets = waitBuckets(run.answers, seconds, goalSeconds);
  const width = round((WIDTH - LEFT - RIGHT) / buckets.length);
  const missed = buckets
    .filter(({ missedPercent }) => missedPercent > 0)
    .map(
      ({ second, missedPercent }) =>
        `<rect x="${x(second)}" y="${TOP}" width="${width}" height="${HEIGHT - TOP - BOTTOM}" fill="#b3261e" opacity="${round(0.08 + 0.003 * missedPercent)}"/>`,
    );
  const grid = ticks(most, 5).map(
    (value) =>
      `<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(value)}" y2="${y(value)}" stroke="#d7dde5"/><text x="${LEFT - 6}" y="${y(value) + 4}" text-anchor="end">${value}</text>`,
  );
  const minutes = ticks(seconds / 60, 6).map(
    (minute) =>
      `<text x="${x(minute * 60)}" y="${HEIGHT - BOTTOM + 16}" text-anchor="middle">${minute} min</text>`,
  );
  const legend = [
    ["ready", "#1f6feb"],
    ["wanted", "#566173"],
    [`requests / ${slots} slots`, "#d97706"],
    ["missed the goal", "#b3261e"],
  ].map(
    ([label = "", colour = ""], index) =>
      `<text x="${LEFT + index * 150}" y="${HEIGHT - 4}" fill="${colour}">${label}</text>`,
  );
  return `${[
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui, sans-serif" font-size="12" fill="#1c2430">`,
    `<rect width="${WIDTH}" height="${HEIGHT}" fill="#ffffff"/>`,
    `<text x="${LEFT}" y="18" font-size="13">${escaped(title)}: ${outcome.withinPercent.toFixed(1)} % within ${goalSeconds} s, ${outcome.replicaHours.toFixed(1)} replica-hours</text>`,
    ...grid,
    ...missed,
    line(needed, "#d97706"),
    line(({ wanted }) => wanted, "#566173", ` stroke-dasharray="5 3"`),
    line(({ ready }) => ready, "#1f6feb"),
    ...minutes,
    ...legend,
    "</svg>",
  ].join("\n")}\n`;
}

function stepped(
  samples: readonly Sample[],
  x: (at: number) => number,
  y: (sample: Sample) => number,
): string {
  return samples
    .map((sample, index) =>
      index === 0 ? `M${x(sample.at)} ${y(sample)}` : `H${x(sample.at)}V${y(sample)}`,
    )
    .join("");
}

/** About `count` round numbers from 0 to `most`. */
function ticks(most: number, count: number): number[] {
  const step = Math.max(1, Math.ceil(most / count));
  return Array.from({ length: Math.floor(most / step) + 1 }, (_, index) => index * step);
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;");
}

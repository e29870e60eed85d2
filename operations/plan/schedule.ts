import type { ModelRequestsSettings } from "../../domain/settings/requests";
import { clockOf, Cron } from "../../domain/cron";
import type { Floor } from "./signals";

/** A minimum by time of day: an entry of `models.*.autoscaling.requests.schedule`. */
type ScheduledMinimum = ModelRequestsSettings["schedule"][number];

const MINUTE = 60;
/** How far ahead the next start and the next end are looked for, minutes: schedules repeat within a month. */
const AHEAD = 32 * 24 * 60;

/**
 * When a schedule holds within a trace. As KEDA's cron trigger judges: while the next end comes before the next start. KEDA looks at the moment;
 * here it is looked at each minute of the clock, at which alone an answer changes.
 *
 * @param startsAt time of the trace's second 0
 * @param seconds length of the trace
 * @throws RangeError for an expression or a time zone that is none
 */
export function floorsOf(
  { timezone, start, end, replicas }: ScheduledMinimum,
  startsAt: Date,
  seconds: number,
): Floor[] {
  const clock = clockOf(timezone);
  const starts = new Cron(start);
  const ends = new Cron(end);
  const first = Math.floor(startsAt.getTime() / (MINUTE * 1000)) * MINUTE;
  const offset = first - startsAt.getTime() / 1000;
  const minutes = Math.ceil((seconds - offset) / MINUTE);
  const floors: Floor[] = [];
  let nextStart = Infinity;
  let nextEnd = Infinity;
  for (let index = minutes + AHEAD; index >= 0; index -= 1) {
    const from = offset + index * MINUTE;
    if (index < minutes && nextEnd < nextStart) {
      const next = floors[0];
      if (next?.from === from + MINUTE) {
        floors[0] = { ...next, from };
      } else {
        floors.unshift({ from, to: from + MINUTE, replicas });
      }
    }
    const time = clock(new Date((first + index * MINUTE) * 1000));
    nextStart = starts.matches(time) ? index : nextStart;
    nextEnd = ends.matches(time) ? index : nextEnd;
  }
  return floors.map(({ from, to }) => ({ from: Math.max(0, from), to, replicas }));
}

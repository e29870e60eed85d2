/** A stretch of load whose rate changes evenly. */
export interface Segment {
  readonly seconds: number;
  /** Requests per second at its start and at its end. */
  readonly from: number;
  readonly to: number;
}

/** One request of the load. */
export interface Arrival {
  /** Milliseconds from the start at which it is to be sent. */
  readonly atMs: number;
  readonly promptTokens: number;
  readonly outputTokens: number;
}

/** Tokens of a request. */
export type RequestSize = Pick<Arrival, "promptTokens" | "outputTokens">;

/** Most requests of one run: each is kept until the report is written. */
export const MOST_REQUESTS = 500_000;

/** The same rate all the time. */
export function constant(rate: number, seconds: number): Segment[] {
  return [{ seconds, from: rate, to: rate }];
}

/** A rate that changes evenly from the first to the last second. */
export function ramp(from: number, to: number, seconds: number): Segment[] {
  return [{ seconds, from, to }];
}

/**
 * A base rate with a peak.
 *
 * @param spike when the peak begins, seconds, how long it lasts, and its rate
 * @throws RangeError when the peak does not end within `seconds`
 */
export function spike(
  rate: number,
  seconds: number,
  spike: { readonly rate: number; readonly start: number; readonly seconds: number },
): Segment[] {
  const rest = seconds - spike.start - spike.seconds;
  if (rest < 0) {
    throw new RangeError(
      `the spike ends after ${spike.start + spike.seconds} s, the load after ${seconds} s; write a longer --duration or an earlier spike`,
    );
  }
  return [
    { seconds: spike.start, from: rate, to: rate },
    { seconds: spike.seconds, from: spike.rate, to: spike.rate },
    { seconds: rest, from: rate, to: rate },
  ].filter((segment) => segment.seconds > 0);
}

/**
 * When each request of a profile is to be sent: the k-th where the integral of the rate reaches k, so that the times of a run
 * are the same at every run.
 *
 * @throws RangeError for more than {@link MOST_REQUESTS} requests or none at all
 */
export function arrivals(segments: readonly Segment[], size: RequestSize): Arrival[] {
  const counts = segments.map(({ seconds, from, to }) => ((from + to) / 2) * seconds);
  const total = Math.floor(counts.reduce((sum, count) => sum + count, 0) + 1e-9);
  if (total > MOST_REQUESTS || total < 1) {
    throw new RangeError(
      `the profile makes ${total} requests; between 1 and ${MOST_REQUESTS} are possible`,
    );
  }
  const times: Arrival[] = [];
  let before = 0;
  let startMs = 0;
  segments.forEach((segment, index) => {
    const count = counts[index] ?? 0;
    for (
      let next = times.length;
      next < Math.min(total, Math.ceil(before + count - 1e-9));
      next += 1
    ) {
      times.push({ atMs: startMs + 1000 * timeOf(next - before, segment), ...size });
    }
    before += count;
    startMs += segment.seconds * 1000;
  });
  return times;
}

/** Seconds into a segment at which it has sent `count` requests. */
function timeOf(count: number, { seconds, from, to }: Segment): number {
  const slope = (to - from) / seconds;
  // The root of from·t + slope·t²/2 = count in the form that stays exact for a slope near 0.
  return count <= 0 ? 0 : (2 * count) / (from + Math.sqrt(from * from + 2 * slope * count));
}

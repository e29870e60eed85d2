import { readFile } from "node:fs/promises";
import { isAzureTrace, parseAzureTrace } from "./azureTrace";
import { arrivals, constant, ramp, spike, type Arrival, type RequestSize } from "./profile";
import { parseTrace } from "./trace";

/** What the command line says of the requests. */
export interface ProfileSettings extends RequestSize {
  /** Requests per second. */
  readonly rate: number;
  /** Seconds. */
  readonly duration: number;
  readonly rampTo?: number;
  readonly spikeTo?: number;
  readonly spikeStart?: number;
  readonly spikeSeconds?: number;
  /** Path of a trace: JSON Lines, or CSV in the form of Azure/AzurePublicDataset. */
  readonly trace?: string;
}

/**
 * The requests of a trace or a profile.
 *
 * @throws Error for a profile that makes no sense, and for a trace with file, line and what to write
 */
export async function plannedArrivals(
  settings: ProfileSettings,
): Promise<{ readonly profile: string; readonly times: Arrival[] }> {
  const { rate, duration, rampTo, spikeTo, trace, promptTokens, outputTokens } = settings;
  const size = { promptTokens, outputTokens };
  const kinds = [rampTo, spikeTo, trace].filter((given) => given !== undefined);
  if (kinds.length > 1) {
    throw new Error("--ramp-to, --spike-to and --trace exclude each other; give one of them");
  }
  if (trace !== undefined) {
    const times = readTrace(await readFile(trace, "utf8"), trace, size);
    return { profile: `${times.length} requests of ${trace}`, times };
  }
  if (rampTo !== undefined) {
    return {
      profile: `${rate} to ${rampTo} requests/s in ${duration} s`,
      times: arrivals(ramp(rate, rampTo, duration), size),
    };
  }
  if (spikeTo !== undefined) {
    const start = settings.spikeStart ?? duration / 4;
    const seconds = settings.spikeSeconds ?? duration / 4;
    return {
      profile: `${rate} requests/s for ${duration} s with ${spikeTo} requests/s from ${start} s to ${start + seconds} s`,
      times: arrivals(spike(rate, duration, { rate: spikeTo, start, seconds }), size),
    };
  }
  return {
    profile: `${rate} requests/s for ${duration} s`,
    times: arrivals(constant(rate, duration), size),
  };
}

function readTrace(text: string, file: string, size: RequestSize): Arrival[] {
  return isAzureTrace(text) ? parseAzureTrace(text, file) : parseTrace(text, file, size);
}

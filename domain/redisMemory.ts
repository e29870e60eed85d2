import { parseQuantity } from "./quantity";

const MEBIBYTE = 2 ** 20;

/**
 * Share of the container's memory limit that data may take. What is left is for what `maxmemory` does not count: the process
 * itself, the buffers of its clients, and the pages that are copied while a snapshot is written.
 */
const DATA_SHARE = 0.75;

/**
 * Least memory limit that leaves room beside the data: an empty Redis 6.2 takes 4 MiB and 6 MiB with 200 connections (measured
 * resident size), so that a quarter of this limit still has 10 MiB for buffers and copied pages.
 */
export const LEAST_REDIS_MEMORY = "64Mi";

/** What a full store does: everything in it can be computed again, so it forgets instead of refusing writes. */
export const EVICTION_POLICY = "allkeys-lru";

/**
 * The `maxmemory` of Redis or Valkey in a container with a memory limit, in their own notation: `mb` are 2^20 bytes.
 *
 * @param limit memory limit of the container, a Kubernetes quantity
 * @throws RangeError for a limit that is no quantity
 */
export function maxMemoryOf(limit: string): string {
  return `${Math.floor((parseQuantity(limit) * DATA_SHARE) / MEBIBYTE)}mb`;
}

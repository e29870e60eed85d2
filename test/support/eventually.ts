/** How long `vi.waitFor` waits for an event: long enough for any machine, for an event that never comes is the mistake. */
export const EVENTUALLY = { timeout: 60_000, interval: 10 } as const;

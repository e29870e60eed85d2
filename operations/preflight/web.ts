import { connect } from "node:net";

/** What the preflight asks of the rest of the world. */
export interface Web {
  /** An HTTP request; only a server that cannot be reached throws. */
  readonly fetch: (url: string, init?: RequestInit) => Promise<Response>;
  /** Opens a TCP connection and closes it. @throws Error when that fails */
  readonly dial: (host: string, port: number) => Promise<void>;
}

const TIMEOUT_MS = 20_000;

/** The real one. A proxy of `HTTPS_PROXY` is the business of who sets the process's dispatcher. */
export const INTERNET: Web = {
  fetch: (url, init = {}) => fetch(url, { signal: AbortSignal.timeout(TIMEOUT_MS), ...init }),
  dial: (host, port) =>
    new Promise((resolve, reject) => {
      const socket = connect({ host, port, timeout: TIMEOUT_MS });
      socket
        .once("connect", () => {
          socket.destroy();
          resolve();
        })
        .once("timeout", () => {
          socket.destroy(new Error(`no answer within ${TIMEOUT_MS / 1000} s`));
        })
        .once("error", reject);
    }),
};

/** Why a request failed, in the words of its innermost cause: `fetch failed` alone says nothing. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) {
    return String(error);
  }
  return error.cause === undefined ? error.message : reasonOf(error.cause);
}

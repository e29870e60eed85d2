import type { ErrorRegistry } from "@prisma/driver-adapter-utils";
import type { DatabaseLocation } from "./database";
import { isMap } from "../../domain/map";

/** The engine's code for an error of whoever brings the connections, told by a number. */
const EXTERNAL = "P2036";

/** Errors of Node's sockets that mean: nobody answers there. */
const UNREACHABLE = [
  "ECONNREFUSED",
  "ECONNRESET",
  "EHOSTUNREACH",
  "ENOTFOUND",
  "EPIPE",
  "ETIMEDOUT",
];

/**
 * An answer in which errors of the connection have the codes that Prisma's native engine gives them, by which LiteLLM knows an
 * outage of the database. Source of codes and texts: https://www.prisma.io/docs/orm/reference/error-reference
 */
export function outage(
  answer: unknown,
  registry: Pick<ErrorRegistry, "consumeError">,
  location: Pick<DatabaseLocation, "connectionLimit" | "host" | "poolTimeoutSeconds" | "port">,
): unknown {
  if (!isMap(answer)) {
    return answer;
  }
  if (Array.isArray(answer.errors)) {
    return { ...answer, errors: answer.errors.map((error) => named(error, registry, location)) };
  }
  // A transaction's answer is the error itself.
  return answer.error_code === EXTERNAL ? userFacing(answer, registry, location) : answer;
}

function named(
  error: unknown,
  registry: Pick<ErrorRegistry, "consumeError">,
  location: Parameters<typeof outage>[2],
): unknown {
  if (!isMap(error) || !isMap(error.user_facing_error)) {
    return error;
  }
  const facing = error.user_facing_error;
  if (facing.error_code !== EXTERNAL) {
    return error;
  }
  const known = userFacing(facing, registry, location);
  return { ...error, error: known.message, user_facing_error: known };
}

function userFacing(
  facing: Readonly<Record<string, unknown>>,
  registry: Pick<ErrorRegistry, "consumeError">,
  { host, port, connectionLimit, poolTimeoutSeconds }: Parameters<typeof outage>[2],
): Readonly<Record<string, unknown>> {
  const id = isMap(facing.meta) ? facing.meta.id : undefined;
  const cause = typeof id === "number" ? registry.consumeError(id)?.error : undefined;
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  if (message.includes("timeout exceeded when trying to connect")) {
    return {
      is_panic: false,
      error_code: "P2024",
      message: `Timed out fetching a new connection from the connection pool. More info: http://pris.ly/d/connection-pool (Current connection pool timeout: ${poolTimeoutSeconds}, connection limit: ${connectionLimit})`,
      meta: { connection_limit: connectionLimit, timeout: poolTimeoutSeconds },
    };
  }
  if (/Connection terminated|connection is insecure|closed/i.test(message)) {
    return {
      is_panic: false,
      error_code: "P1017",
      message: "Server has closed the connection.",
      meta: {},
    };
  }
  if (typeof code === "string" && UNREACHABLE.includes(code)) {
    return {
      is_panic: false,
      error_code: "P1001",
      message: `Can't reach database server at \`${host}:${port}\`\n\nPlease make sure your database server is running at \`${host}:${port}\`.`,
      meta: { database_host: host, database_port: port },
    };
  }
  return { ...facing, message };
}

import { Server, ServerCredentials, status, type ServiceError } from "@grpc/grpc-js";

/** Largest message that the engine sends: objects such as ConfigMaps may be megabytes. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

export const MESSAGE_LIMITS = {
  "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
  "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
};

/** A gRPC server with the engine's message limits. */
export function pluginServer(): Server {
  return new Server(MESSAGE_LIMITS);
}

/** Listens on a free loopback port. @returns the port */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) => {
      if (error === null) {
        resolve(bound);
      } else {
        reject(error);
      }
    });
  });
}

/** Listens on a free loopback port and tells the engine, which reads the port from the first line of output. */
export async function announce(server: Server): Promise<void> {
  const port = await listen(server);
  process.stdout.write(`${port}\n`);
  // The engine's way to stop a plugin once it has sent Cancel.
  process.on("SIGINT", () => process.exit(0));
  exitWithParent();
}

/** The engine may be killed before it can stop its plugins: a plugin without a parent has no work left. */
function exitWithParent(): void {
  const parent = process.ppid;
  setInterval(() => {
    if (process.ppid !== parent) {
      process.exit(0);
    }
  }, 2000).unref();
}

/** A gRPC error with the given status and message. */
export function failure(code: status, message: string): Partial<ServiceError> {
  return { code, details: message };
}

export { status };

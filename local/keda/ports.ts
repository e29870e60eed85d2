import { createServer, type Server } from "node:net";

/** Lets a server listen on a free port of loopback. @returns the port */
export function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(0, "127.0.0.1", () => {
      const address = server.address();
      if (address === null || typeof address === "string") {
        reject(new Error("a server of TCP has no port"));
      } else {
        resolve(address.port);
      }
    });
  });
}

/** Ports of loopback that nothing listens on now, each another one. */
export async function freePorts(count: number): Promise<number[]> {
  const servers = Array.from({ length: count }, () => createServer());
  // All are held until the last is found, so that none is given twice.
  const ports = await Promise.all(servers.map(listen));
  await Promise.all(
    servers.map(
      (server) =>
        new Promise<void>((closed) => {
          server.close(() => {
            closed();
          });
        }),
    ),
  );
  return ports;
}

/** A Kubernetes API of a few objects, for what reads and patches a cluster through the real client. */
import { createServer, type IncomingMessage } from "node:http";
import { text } from "node:stream/consumers";
import type { KubeConfig } from "@kubernetes/client-node";
import { z } from "zod";
import { isMap } from "../../domain/map";
import { portOf } from "./portOf";
import { servePortForwards, type ForwardedPorts } from "./portForwards";
import { PatientKubeConfig } from "../../operations/stack/patientKubeConfig";

/** Answers by path: a list of objects, which label selectors choose from, or one object. Another path is not found. */
export type KubernetesObjects = Record<string, unknown>;

export interface KubernetesApi {
  readonly config: KubeConfig;
  /** What was patched, in order. */
  readonly patches: readonly { readonly path: string; readonly body: unknown }[];
  close(): Promise<void>;
}

const labelled = z.object({
  metadata: z.object({ labels: z.record(z.string(), z.string()).default({}) }),
});

/**
 * Serves objects, which may be changed meanwhile.
 *
 * @param onGet told the path before it is answered
 * @param onPatch told what a patch says before it is answered
 * @param refusal status for other paths
 * @default refusal 404
 * @param forwards where the ports of pods lead; others are not forwarded
 */
export async function serveKubernetes(
  objects: KubernetesObjects,
  {
    onGet = () => undefined,
    onPatch = () => undefined,
    refusal = 404,
    forwards = {},
  }: {
    readonly onGet?: ((path: string) => void) | undefined;
    readonly onPatch?: ((path: string, body: unknown) => void) | undefined;
    readonly refusal?: number;
    readonly forwards?: ForwardedPorts;
  } = {},
): Promise<KubernetesApi> {
  const patches: { path: string; body: unknown }[] = [];
  const answer = async (request: IncomingMessage): Promise<unknown> => {
    const { pathname, searchParams } = new URL(request.url ?? "", "http://api");
    if (request.method === "PATCH") {
      const body: unknown = JSON.parse(await text(request));
      patches.push({ path: pathname, body });
      onPatch(pathname, body);
      return body;
    }
    onGet(pathname);
    const found = objects[pathname];
    return Array.isArray(found)
      ? { items: found.filter((item) => selected(item, searchParams.get("labelSelector"))) }
      : found;
  };
  const server = createServer((request, response) => {
    void answer(request).then((body) => {
      response.writeHead(isMap(body) ? 200 : refusal, { "content-type": "application/json" });
      response.end(JSON.stringify(isMap(body) ? body : { kind: "Status", code: refusal }));
    });
  });
  const endForwards = servePortForwards(server, forwards);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const config = new PatientKubeConfig();
  config.loadFromClusterAndUser(
    { name: "c", server: `http://127.0.0.1:${portOf(server)}`, skipTLSVerify: true },
    { name: "u" },
  );
  return {
    config,
    patches,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve();
        });
        server.closeAllConnections();
        endForwards();
      }),
  };
}

function selected(item: unknown, selector: string | null): boolean {
  if (selector === null) {
    return true;
  }
  const { labels } = labelled.parse(item).metadata;
  return selector.split(",").every((term) => {
    const [key = "", value] = term.split("=");
    return labels[key] === value;
  });
}

import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { ApiException, CoreV1Api } from "@kubernetes/client-node";
import { expect, onTestFinished, test } from "vitest";
import { PatientKubeConfig } from "../../../operations/stack/patientKubeConfig";

interface Answer {
  readonly status: number;
  readonly retryAfter?: string;
}

/** A client of an API server that gives these answers in their order, the last one for ever. */
async function clientOf(...answers: readonly [Answer, ...Answer[]]) {
  const asked: string[] = [];
  const server = createServer((request, response) => {
    const { status, retryAfter } =
      answers[Math.min(asked.length, answers.length - 1)] ?? answers[0];
    asked.push(request.method ?? "");
    response.writeHead(status, {
      "content-type": "application/json",
      ...(retryAfter === undefined ? {} : { "retry-after": retryAfter }),
    });
    response.end(JSON.stringify(status === 200 ? { items: [] } : { kind: "Status", code: status }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const config = new PatientKubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromClusterAndUser(
    { name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: "u" },
  );
  return { core: config.makeApiClient(CoreV1Api), asked };
}

test.each([429, 500, 503])("comes back after %i with Retry-After", async (status) => {
  const { core, asked } = await clientOf({ status, retryAfter: "0" }, { status: 200 });
  await expect(core.listNamespace()).resolves.toMatchObject({ items: [] });
  expect(asked).toHaveLength(2);
});

test("waits as many seconds as it is asked to", async () => {
  const { core } = await clientOf({ status: 429, retryAfter: "1" }, { status: 200 });
  const start = performance.now();
  await core.listNamespace();
  expect(performance.now() - start).toBeGreaterThan(950);
});

test("what changes something is sent again whole", async () => {
  const { core, asked } = await clientOf({ status: 429, retryAfter: "0" }, { status: 200 });
  await core.createNamespace({ body: { metadata: { name: "a" } } });
  expect(asked).toEqual(["POST", "POST"]);
});

test.each<[string, Answer]>([
  ["a refusal that names no time", { status: 429 }],
  ["an answer that is none", { status: 404, retryAfter: "0" }],
  [
    "a time that is no number of seconds",
    { status: 503, retryAfter: "Wed, 21 Oct 2026 07:28:00 GMT" },
  ],
])("takes as the answer %s", async (_, answer) => {
  const { core, asked } = await clientOf(answer, { status: 200 });
  await expect(core.listNamespace()).rejects.toBeInstanceOf(ApiException);
  expect(asked).toHaveLength(1);
});

test("gives up after ten times more, with what was said last", async () => {
  const { core, asked } = await clientOf({ status: 503, retryAfter: "0" });
  await expect(core.listNamespace()).rejects.toMatchObject({ code: 503 });
  expect(asked).toHaveLength(11);
});

test("without a cluster says so", () => {
  expect(() => new PatientKubeConfig().makeApiClient(CoreV1Api)).toThrow("no cluster");
});

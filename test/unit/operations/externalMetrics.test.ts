import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { KubeConfig } from "@kubernetes/client-node";
import { expect, test } from "vitest";
import { hasSeries } from "../../../operations/verify/prometheusText";
import { readExternalMetric } from "../../../operations/verify/externalMetrics";

/** An API server that gives one answer. */
async function asked(status: number, body: string) {
  const paths: string[] = [];
  const server = createServer((request, response) => {
    paths.push(request.url ?? "");
    response.writeHead(status, { "content-type": "application/json" }).end(body);
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const config = new KubeConfig();
  const { port } = server.address() as AddressInfo;
  config.loadFromClusterAndUser(
    { name: "c", server: `http://127.0.0.1:${port}`, skipTLSVerify: true },
    { name: "u" },
  );
  const answer = await readExternalMetric(config, { name: "m", namespace: "vllm" }, "s0-x");
  server.closeAllConnections();
  server.close();
  return { answer, paths };
}

const status = (message: string) => JSON.stringify({ kind: "Status", message });

test("a metric is asked for as an autoscaler does: by name, namespace and whose it is", async () => {
  const { answer, paths } = await asked(200, JSON.stringify({ items: [{ value: "3" }] }));
  expect(answer).toBeUndefined();
  expect(paths).toEqual([
    "/apis/external.metrics.k8s.io/v1beta1/namespaces/vllm/s0-x?labelSelector=scaledobject.keda.sh%2Fname%3Dm",
  ]);
});

const GONE = "KEDA's operator does not answer its metrics adapter:";
const NO_ADAPTER = "the API server finds no metrics adapter:";

test.each<[string, number, string, string]>([
  [
    "operator",
    500,
    status("rpc error: code = Unavailable desc = connection error"),
    `${GONE} 500 rpc error: code = Unavailable desc = connection error`,
  ],
  ["operator", 504, status("Timeout: not done"), `${GONE} 504 Timeout: not done`],
  ["operator", 500, status("dial: connection refused"), `${GONE} 500 dial: connection refused`],
  ["trigger", 500, status("no such\n  label"), "500 no such label"],
  ["trigger", 500, "x".repeat(300), `500 ${"x".repeat(200)}`],
  ["trigger", 200, JSON.stringify({ items: [] }), "no value"],
  ["adapter", 503, "service unavailable", `${NO_ADAPTER} 503 service unavailable`],
  ["adapter", 404, JSON.stringify({ reason: "x" }), `${NO_ADAPTER} 404 {"reason":"x"}`],
])("the %s is told by an answer %i %s", async (at, code, body, problem) => {
  expect((await asked(code, body)).answer).toEqual({ at, problem });
});

test("what is no answer of an API server is told as it is", async () => {
  const { answer } = await asked(200, JSON.stringify({ items: "none" }));
  expect(answer?.at).toBe("trigger");
  expect(answer?.problem).toContain("items");
});

test("a series is known by its name and by labels among others, in whatever order", () => {
  const page = [
    '# HELP vllm:n{a="1"} 1',
    'vllm:n{engine="0",model_name="a"} 0.0',
    'vllm:n_total{model_name="b"} 1',
    'vllm:quoted{model_name="a\\"}",x="y"} 1',
    "plain 2.0 1700000000",
  ].join("\n");
  expect(hasSeries(page, "vllm:n", { model_name: "a" })).toBe(true);
  expect(hasSeries(page, "vllm:n", {})).toBe(true);
  expect(hasSeries(page, "plain", {})).toBe(true);
  expect(hasSeries(page, "vllm:quoted", { x: "y" })).toBe(true);
  expect(hasSeries(page, "vllm:n", { model_name: "b" })).toBe(false);
  expect(hasSeries(page, "vllm:n", { a: "1" })).toBe(false);
  expect(hasSeries(page, "vllm", {})).toBe(false);
  expect(hasSeries(page, "plain", { x: "y" })).toBe(false);
});

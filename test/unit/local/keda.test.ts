import { createServer } from "node:http";
import { connect } from "node:net";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { adapterObjects } from "../../../local/keda/objects";
import { freePorts, listen } from "../../../local/keda/ports";
import { podProxy, podTarget } from "../../../local/keda/proxy";

const NETWORK = 7;
const closing: (() => void)[] = [];
afterEach(() => {
  for (const close of closing.splice(0)) {
    close();
  }
});

async function startProxy(): Promise<number> {
  const proxy = podProxy(NETWORK);
  closing.push(() => proxy.close());
  return listen(proxy);
}

/** What the proxy answers to one request, whole. */
function answerOf(port: number, head: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = "";
    const socket = connect(port, "127.0.0.1", () =>
      socket.write(`${head}\r\nHost: x\r\nConnection: close\r\n\r\n`),
    );
    socket.on("data", (chunk) => (text += chunk.toString()));
    socket.on("error", reject);
    socket.on("close", () => {
      resolve(text);
    });
  });
}

describe("the proxy to pods", () => {
  test("leads from a cluster address to the process behind it", async () => {
    const seen: unknown[] = [];
    const pod = createServer(({ url, headers }, response) => {
      seen.push(url, headers["proxy-connection"]);
      response.writeHead(200, { "x-pod": "m" }).end("vllm:num_requests_running 3\n");
    });
    closing.push(() => pod.close());
    await new Promise<void>((resolve) => pod.listen(0, "127.7.0.9", resolve));
    const { port } = pod.address() as AddressInfo;
    const answer = await answerOf(
      await startProxy(),
      `GET http://10.7.0.9:${port}/metrics?a=1 HTTP/1.1\r\nProxy-Connection: keep-alive`,
    );
    expect(answer).toMatch(/^HTTP\/1\.1 200 .*x-pod: m\r\n.*vllm:num_requests_running 3\n/s);
    expect(seen).toEqual(["/metrics?a=1", undefined]);
  });

  test("says that a pod does not answer", async () => {
    const [port] = await freePorts(1);
    const answer = await answerOf(await startProxy(), `GET http://10.7.0.9:${port}/ HTTP/1.1`);
    expect(answer).toMatch(/^HTTP\/1\.1 502 .*ECONNREFUSED/s);
  });

  test.each([
    "GET http://127.0.0.1:22/ HTTP/1.1",
    "GET / HTTP/1.1",
    "CONNECT 10.7.0.9:443 HTTP/1.1",
  ])("refuses %s", async (line) => {
    expect(await answerOf(await startProxy(), line)).toMatch(/^HTTP\/1\.1 403 /);
  });

  test.each([
    ["another environment's pod", "http://10.8.0.9:80/"],
    ["an address outside of the pods'", "http://169.254.169.254/"],
    ["a name that begins like an address", "http://10.7.0.9.example.org/"],
    ["another protocol", "https://10.7.0.9/"],
    ["a path alone", "/metrics"],
  ])("knows no way to %s", (_what, url) => {
    expect(podTarget(NETWORK, url)).toBeUndefined();
  });
});

test("free ports are different ones", async () => {
  const ports = await freePorts(20);
  expect(new Set(ports).size).toBe(20);
});

test("the API server is told to ask this machine for external metrics", () => {
  const [, service, registration] = adapterObjects(4711);
  expect(service.spec).toEqual({
    type: "ExternalName",
    externalName: "localhost",
    ports: [{ name: "https", port: 4711 }],
  });
  expect(registration.metadata.name).toBe(
    `${registration.spec?.version}.${registration.spec?.group}`,
  );
  expect(registration.spec?.service).toMatchObject({
    name: service.metadata.name,
    namespace: service.metadata.namespace,
    port: 4711,
  });
});

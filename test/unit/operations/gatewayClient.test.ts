/** What the operator's commands ask of a gateway, and how. */
import { afterEach, describe, expect, test } from "vitest";
import { GatewayClient } from "../../../operations/stack/gatewayClient";
import { serveGateway, type AskedOfGateway, type StubGateway } from "../../support/stubGateway";

const open: StubGateway[] = [];
afterEach(() => Promise.all(open.splice(0).map((one) => one.close())));

async function client(answer: (asked: AskedOfGateway) => unknown = () => ({ fine: true })) {
  const gateway = await serveGateway(answer);
  open.push(gateway);
  const url = `http://127.0.0.1:${gateway.port}`;
  return { url, asked: gateway.asked, client: new GatewayClient(url, "sk-own") };
}

describe("a client of the gateway", () => {
  test("sends its key, and passes on status, text and headers of the answer", async () => {
    const { client: own, asked } = await client(({ path }) =>
      path === "/here" ? { fine: true } : undefined,
    );
    const found = await own.get("/here");
    expect([found.status, found.text]).toEqual([200, '{"fine":true}']);
    expect(found.headers.get("date")).toMatch(/GMT$/);
    expect((await own.get("/elsewhere")).status).toBe(404);
    expect(asked).toMatchObject([
      { method: "GET", path: "/here", authorization: "Bearer sk-own", body: "" },
      { method: "GET", path: "/elsewhere" },
    ]);
  });

  test("posts JSON", async () => {
    const { client: own, asked } = await client();
    await own.post("/key/generate", { models: ["a"] });
    expect(asked).toMatchObject([
      {
        method: "POST",
        path: "/key/generate",
        contentType: "application/json",
        body: '{"models":["a"]}',
      },
    ]);
  });

  test("asks a model for a short completion", async () => {
    const { client: own, asked } = await client();
    expect((await own.complete("vllm/a", "Say hello.")).status).toBe(200);
    expect(asked).toMatchObject([{ method: "POST", path: "/v1/chat/completions" }]);
    expect(JSON.parse(asked[0]?.body ?? "")).toEqual({
      model: "vllm/a",
      max_tokens: 8,
      messages: [{ role: "user", content: "Say hello." }],
    });
  });

  test("with another key asks the same gateway with that key", async () => {
    const { client: own, asked, url } = await client();
    const other = own.withKey("sk-other");
    await other.get("/health");
    expect(asked).toMatchObject([{ path: "/health", authorization: "Bearer sk-other" }]);
    expect(other.access).toEqual({ url, key: "sk-other" });
    expect(own.access).toEqual({ url, key: "sk-own" });
  });

  test("names the gateway that does not answer, with the cause", async () => {
    const { client: own, url } = await client();
    await open.splice(0)[0]?.close();
    await expect(own.get("/health")).rejects.toMatchObject({
      message: `${url} cannot be reached`,
      cause: { message: "fetch failed" },
    });
  });
});

describe("the models of a gateway", () => {
  test("are read by their names", async () => {
    const { client: own, asked } = await client(() => ({ data: [{ id: "a" }, { id: "b" }] }));
    expect(await own.models()).toEqual(["a", "b"]);
    expect(asked).toMatchObject([{ method: "GET", path: "/v1/models" }]);
  });

  test("are no guess: another answer is an error that says it, long ones in their beginning", async () => {
    const { client: own } = await client(() => undefined);
    await expect(own.models()).rejects.toThrow('GET /v1/models answered 404: "not found"');
    const long = new GatewayClient("http://gateway.test", "key");
    long.get = () =>
      Promise.resolve({ status: 500, text: "x".repeat(1000), headers: new Headers() });
    await expect(long.models()).rejects.toThrow(/^GET \/v1\/models answered 500: x{200}$/);
    await expect((await client(() => ({ data: "no list" }))).client.models()).rejects.toThrow(
      "expected array",
    );
  });
});

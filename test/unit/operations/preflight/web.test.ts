import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { imageProblem, imageReference } from "../../../../operations/preflight/registry";
import { INTERNET, reasonOf } from "../../../../operations/preflight/web";

const servers: Server[] = [];
afterEach(async () => {
  await Promise.all(
    servers.splice(0).map(
      (server) =>
        new Promise((resolve) => {
          server.close(resolve);
        }),
    ),
  );
});

async function listen(): Promise<number> {
  const server = createServer((_request, response) => {
    response.end("203.0.113.9\n");
  });
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return (server.address() as AddressInfo).port;
}

describe("the way to the world", () => {
  test("connects to what listens, and says why where nothing does", async () => {
    const port = await listen();
    await expect(INTERNET.dial("127.0.0.1", port)).resolves.toBeUndefined();
    const [server] = servers.splice(0);
    await new Promise((resolve) => server?.close(resolve));
    await expect(INTERNET.dial("127.0.0.1", port)).rejects.toThrow("ECONNREFUSED");
  });

  test("reads an answer", async () => {
    const response = await INTERNET.fetch(`http://127.0.0.1:${await listen()}/`);
    expect(await response.text()).toBe("203.0.113.9\n");
  });
});

test("why a request failed is said in the words of the innermost cause", () => {
  const cause = new Error("fetch failed", {
    cause: new Error("connect", { cause: "certificate has expired" }),
  });
  expect(reasonOf(cause)).toBe("certificate has expired");
  expect(reasonOf(new Error("alone"))).toBe("alone");
  expect(reasonOf(undefined)).toBe("undefined");
});

describe("an image", () => {
  test.each([
    [
      "docker.io/library/postgres:17.6",
      { registry: "docker.io", repository: "library/postgres", reference: "17.6" },
    ],
    [
      "registry.example:5000/team/image:1.0",
      { registry: "registry.example:5000", repository: "team/image", reference: "1.0" },
    ],
    [
      `ghcr.io/a/b:v1@sha256:${"0".repeat(64)}`,
      { registry: "ghcr.io", repository: "a/b", reference: `sha256:${"0".repeat(64)}` },
    ],
    [
      `ghcr.io/a/b@sha256:${"1".repeat(64)}`,
      { registry: "ghcr.io", repository: "a/b", reference: `sha256:${"1".repeat(64)}` },
    ],
    ["ghcr.io/a/b", { registry: "ghcr.io", repository: "a/b", reference: "latest" }],
  ])("%s is asked for in its parts", (image, parts) => {
    expect(imageReference(image)).toEqual(parts);
  });

  const asked = (answers: Readonly<Record<string, () => Response>>) => {
    const requests: string[] = [];
    const fetch = (url: string, init?: RequestInit) => {
      const authorization = new Headers(init?.headers).get("authorization") ?? "";
      requests.push(`${url} ${authorization}`.trim());
      const answer = answers[`${url} ${authorization}`.trim()];
      return answer === undefined
        ? Promise.reject(new TypeError("fetch failed", { cause: new Error("ENOTFOUND") }))
        : Promise.resolve(answer());
    };
    return { requests, web: { fetch, dial: () => Promise.resolve() } };
  };

  test("of Docker's registry is looked for on its server, with the token that it asks for", async () => {
    const manifest = "https://registry-1.docker.io/v2/library/postgres/manifests/17.6";
    const { web, requests } = asked({
      [manifest]: () =>
        new Response(null, {
          status: 401,
          headers: {
            "www-authenticate":
              'Bearer realm="https://auth.docker.io/token",service="registry.docker.io",scope="repository:library/postgres:pull"',
          },
        }),
      "https://auth.docker.io/token?service=registry.docker.io&scope=repository%3Alibrary%2Fpostgres%3Apull":
        () => Response.json({ access_token: "t" }),
      [`${manifest} Bearer t`]: () => new Response(null),
    });
    expect(await imageProblem(web, "docker.io/library/postgres:17.6", "set")).toBeUndefined();
    expect(requests).toHaveLength(3);
  });

  test.each([
    ["whose registry is in trouble", 503, "r.example answers 503 for a/b:1"],
    ["that is not there", 404, "r.example has no a/b:1"],
    ["that nobody may see, without a word on how", 401, "r.example answers 401 for a/b:1"],
  ])("%s is said to be so", async (_what, status, seen) => {
    const { web } = asked({
      "https://r.example/v2/a/b/manifests/1": () => new Response(null, { status }),
    });
    expect(await imageProblem(web, "r.example/a/b:1", "set")).toEqual({ seen, remedy: "set" });
  });

  test("whose registry gives out no token is not for everybody", async () => {
    const manifest = "https://r.example/v2/a/b/manifests/1";
    const challenged = (challenge: string, status = 403) =>
      imageProblem(
        asked({
          [manifest]: () =>
            new Response(null, { status: 401, headers: { "www-authenticate": challenge } }),
          "https://auth.example/token?service=r": () => new Response(null, { status }),
        }).web,
        "r.example/a/b:1",
        "set",
      );
    const closed = { seen: "r.example gives no anonymous access to a/b", remedy: "set" };
    expect(await challenged('Bearer realm="https://auth.example/token",service="r"')).toEqual(
      closed,
    );
    expect(await challenged('Bearer service="r"')).toEqual(closed);
  });

  test("that wants a login is told apart from one that is not there", async () => {
    const url = "https://r.example/v2/a/b/manifests/1";
    const basic = asked({
      [url]: () =>
        new Response(null, { status: 401, headers: { "www-authenticate": 'Basic realm="r"' } }),
    });
    expect(await imageProblem(basic.web, "r.example/a/b:1", "set")).toEqual({
      seen: "r.example gives no anonymous access to a/b",
      remedy: "set",
    });
    const gone = asked({ [url]: () => new Response(null, { status: 404 }) });
    expect(await imageProblem(gone.web, "r.example/a/b:1", "set")).toEqual({
      seen: "r.example has no a/b:1",
      remedy: "set",
    });
    const silent = asked({});
    expect((await imageProblem(silent.web, "r.example/a/b:1", "set"))?.seen).toBe(
      "r.example cannot be reached: ENOTFOUND",
    );
  });
});

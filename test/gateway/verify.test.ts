import { AppsV1Api } from "@kubernetes/client-node";
import execa from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { z } from "zod";
import { kubeconfigOf, REPOSITORY } from "../../local/control-plane/environment";
import type { Connection } from "../../operations/stack/connection";
import { verify } from "../../operations/verify/verify";
import { eventually } from "../support/cluster";
import { GatewayPlatform } from "../support/gateway";
import { LLAMA } from "../support/models";
import { OF_REQUESTS } from "../support/stackChecks";
import { injectedFaults } from "./verifyFaults";

let gateway: GatewayPlatform;
let connection: Connection;

beforeAll(async () => {
  gateway = await GatewayPlatform.start({ routing: { requestTimeoutSeconds: 4 } });
  connection = await gateway.connected();
});
afterAll(() => gateway.close());

/** A checklist that nobody interrupts. */
const NEVER = new AbortController().signal;
const apps = () => gateway.platform.config.makeApiClient(AppsV1Api);

describe("operations verify", () => {
  test("passes every check of a healthy stack without KEDA, the fallback's when it may disturb", async () => {
    const { stdout, stderr, exitCode } = await execa(
      process.execPath,
      [
        ...[
          "--require",
          "llm-gateway/typescript",
          "operations/cli.ts",
          "verify",
          "--json",
          "--disturb",
        ],
        ...["--port-forward", "--kubeconfig", kubeconfigOf(gateway.platform.environment)],
      ],
      { cwd: REPOSITORY, reject: false },
    );
    expect(stderr).toBe("");
    const results = z
      .array(z.object({ check: z.string(), status: z.string(), seen: z.string() }))
      .parse(JSON.parse(stdout));
    expect(results.filter(({ status }) => status !== "pass").map(({ check }) => check)).toEqual(
      OF_REQUESTS,
    );
    expect(results.length).toBe(19);
    expect(exitCode).toBe(0);
    await gateway.ready();
  });

  test.each(injectedFaults(() => gateway))(
    "names it, and what to do, when $name",
    async (fault) => {
      const heal = await fault.inject();
      try {
        // What a fault does shows after the gateway's next health check or the autoscaler's next round.
        const found = await eventually(fault.check, 60, async () => {
          const subject = { ...connection, disturb: false, signal: NEVER, ...fault.subject?.() };
          const result = (await verify(subject)).find(({ check }) => check === fault.check);
          return result?.status === "fail" && fault.seen.test(result.seen) ? result : undefined;
        });
        expect(found.remedy).toMatch(fault.remedy);
      } finally {
        await heal();
        await gateway.ready();
      }
    },
  );

  test("skips what disturbs unless it is asked for", async () => {
    const results = await verify({ ...connection, disturb: false, signal: NEVER });
    expect(results.at(-1)).toMatchObject({ status: "skipped" });
  });

  test("gives a model its replicas back when it is interrupted while they are gone", async () => {
    const interruption = new AbortController();
    const verifying = verify({ ...connection, disturb: true, signal: interruption.signal });
    const replicas = async () =>
      (await apps().readNamespacedStatefulSet({ name: LLAMA, namespace: "vllm" })).spec?.replicas;
    await eventually("the model to be scaled to 0", 60, async () =>
      (await replicas()) === 0 ? true : undefined,
    );
    interruption.abort();
    expect((await verifying).at(-1)).toMatchObject({
      status: "fail",
      seen: `interrupted; ${LLAMA} is given its 2 replicas back`,
    });
    expect(await replicas()).toBe(2);
    await gateway.ready();
  });
});

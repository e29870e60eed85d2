import { spawn, type ChildProcess } from "node:child_process";
import { createInterface } from "node:readline";
import { credentials } from "@grpc/grpc-js";
import { ResourceProviderClient } from "@pulumi/pulumi/proto/provider_grpc_pb";
import { CheckRequest } from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { afterEach, describe, expect, test } from "vitest";
import { toStruct } from "../../local/plugins/properties";
import { KUBERNETES_PROVIDER_VERSION } from "../../local/tools/manifest";
import { openStack, type TestStack } from "../support/engine";

let stack: TestStack | undefined;
let provider: ChildProcess | undefined;
afterEach(async () => {
  provider?.kill("SIGINT");
  await stack?.close();
});

/** Starts the Kubernetes provider that the engine would find on a stack's PATH. */
async function providerOf(
  options: Partial<Parameters<typeof openStack>[0]> = {},
): Promise<ResourceProviderClient> {
  stack = await openStack({ stack: "local", ...options });
  const started = spawn("pulumi-resource-kubernetes", [], {
    env: { ...process.env, ...stack.project.env },
    stdio: ["ignore", "pipe", "ignore"],
  });
  provider = started;
  const port = await new Promise<string>((resolve, reject) => {
    createInterface({ input: started.stdout }).once("line", resolve);
    started.on("error", reject);
  });
  return new ResourceProviderClient(`127.0.0.1:${port}`, credentials.createInsecure());
}

function versionOf(client: ResourceProviderClient): Promise<string> {
  return new Promise((resolve, reject) => {
    client.getPluginInfo(new Empty(), (error, info) => {
      if (error === null) {
        resolve(info.getVersion());
      } else {
        reject(error);
      }
    });
  });
}

/** What a provider says against a resource without any property. */
function complaints(client: ResourceProviderClient, type: string): Promise<string> {
  const request = new CheckRequest().setUrn(`urn:pulumi:s::p::${type}::x`).setNews(toStruct({}));
  return new Promise((resolve) => {
    client.check(request, (error, response) => {
      resolve(
        error?.message ??
          response
            .getFailuresList()
            .map((failure) => `${failure.getProperty()} ${failure.getReason()}`)
            .join("\n"),
      );
    });
  });
}

const LIST = "kubernetes:core/v1:PodList";
const RELEASE = "kubernetes:helm.sh/v3:Release";

describe("the Kubernetes provider of a stack", () => {
  test("is the official one, at the version that the program's SDK asks for", async () => {
    const client = await providerOf();
    expect(await versionOf(client)).toBe(KUBERNETES_PROVIDER_VERSION);
    expect(await complaints(client, LIST)).toContain("cannot be created directly");
  });

  test("is still the official one behind the stand-in, but for Helm releases", async () => {
    const client = await providerOf({ recordHelmReleases: true });
    expect(await versionOf(client)).toBe(KUBERNETES_PROVIDER_VERSION);
    expect(await complaints(client, LIST)).toContain("cannot be created directly");
    expect(await complaints(client, RELEASE)).toContain(
      "chart is missing; the stand-in for Helm releases makes no defaults",
    );
  });
});

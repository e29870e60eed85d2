import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { KubeConfig } from "@kubernetes/client-node";
import { ControlPlane } from "../../local/control-plane/controlPlane";
import { startCloud, startKeda, startKubelet, stopDaemons } from "../../local/environment/daemons";
import { waitForKeda } from "../../local/environment/keda";
import { contextOf, kubeconfigOf, type Environment } from "../../local/control-plane/environment";
import { ensureTools } from "../../local/tools/build";
import { KEDA } from "../../local/tools/manifest";
import { ensurePython } from "../../local/tools/python";
import { compiledPack } from "./compiledPack";
import { StackConfiguration } from "./configuration";
import { openStack, type TestStack } from "./engine";
import { PatientKubeConfig } from "../../operations/stack/patientKubeConfig";

/** A control plane of its own with the platform's stack, for one test file. */
export interface TestPlatform extends TestStack {
  readonly environment: Environment;
  readonly config: KubeConfig;
  readonly configuration: StackConfiguration;
  /** Configuration of the stack, as in `Pulumi.local.yaml`, with `changes` laid over its top-level keys. */
  readonly configure: (changes?: Readonly<Record<string, unknown>>) => Promise<void>;
}

const STACK = "test";

/** Starts a control plane in a temporary folder and opens a stack on it; nothing is deployed yet. */
export async function startPlatform(
  settings: (environment: Environment) => Record<string, unknown> = localConfig,
  {
    processes = false,
    keda = false,
    recordHelmReleases = false,
    autoscalerSyncSeconds = 1,
  }: {
    readonly processes?: boolean;
    readonly keda?: boolean;
    readonly recordHelmReleases?: boolean;
    readonly autoscalerSyncSeconds?: number;
  } = {},
): Promise<TestPlatform> {
  const folder = await mkdtemp(join(tmpdir(), "llm-gateway-cluster-"));
  const environment: Environment = {
    name: basename(folder).toLowerCase().replaceAll("_", "-"),
    folder,
    horizontalPodAutoscalerSyncSeconds: autoscalerSyncSeconds,
    processes,
    keda,
    ...networkOfProcess(),
  };
  const toolFolders = await ensureTools(() => undefined);
  const controlPlane = new ControlPlane(environment, toolFolders);
  const stop = async () => {
    await stopDaemons(environment);
    await controlPlane.remove();
    await rm(folder, { recursive: true, force: true });
  };
  const base = settings(environment);
  // For a stack that makes its cluster: the stand-in of eks hands out this one.
  process.env.LLM_GATEWAY_EKS_KUBECONFIG = kubeconfigOf(environment);
  let stack: TestStack;
  let configuration: StackConfiguration;
  let pack: string;
  try {
    [pack] = await Promise.all([compiledPack(folder), controlPlane.start()]);
    await startCloud(environment);
    if (processes) {
      await startKubelet(environment, await ensurePython(() => undefined));
    }
    if (keda) {
      await startKedaOf(environment);
    }
    stack = await openStack({
      stack: STACK,
      kubeconfig: kubeconfigOf(environment),
      config: base,
      recordHelmReleases,
    });
    // A secret as a user sets one: encrypted in the stack's file.
    await stack.stack.setConfig(
      "llm-gateway:huggingFaceToken",
      { value: "hugging-face-token-of-a-test", secret: true },
      false,
    );
    configuration = await StackConfiguration.open(stack.project.folder, STACK, base);
  } catch (error) {
    // The test file never gets a platform to close.
    await stop();
    throw error;
  }
  const config = new PatientKubeConfig();
  config.loadFromFile(kubeconfigOf(environment));
  return {
    ...stack,
    checked: { policyPacks: [pack] },
    environment,
    config,
    configuration,
    configure: (changes) => configuration.use(changes),
    close: async () => {
      await stop();
      await stack.close();
    },
  };
}

/** Starts KEDA unless it runs, and waits until it answers. */
export async function startKedaOf(environment: Environment): Promise<void> {
  const [programs = ""] = await ensureTools(() => undefined, [KEDA]);
  await startKeda(environment, programs);
  await waitForKeda(environment);
}

/** Addresses that no other test file that runs now has: each is a process of its own. */
export function networkOfProcess(): Pick<Environment, "podNetwork" | "loadBalancerAddress"> {
  const podNetwork = 1 + (process.pid % 200);
  return { podNetwork, loadBalancerAddress: `127.${podNetwork}.255.254` };
}

export function localConfig(environment: Environment): Record<string, unknown> {
  const provisioner = "simulated.llm-gateway.local";
  return {
    "llm-gateway:cluster": { kind: "existing", context: contextOf(environment) },
    "llm-gateway:storage": {
      shared: { provisioner, reclaimPolicy: "Delete" },
      block: { provisioner, parameters: {}, reclaimPolicy: "Delete" },
    },
  };
}

/** A machine with much else to do gets this many times as long for everything that is awaited. */
const PATIENCE = 4;

/**
 * Waits until `probe` returns something.
 *
 * @param seconds what it takes at most on two idle cores
 * @throws Error naming what was awaited when it did not come in many times that
 */
export async function eventually<T>(
  what: string,
  seconds: number,
  probe: () => Promise<T | undefined>,
): Promise<T> {
  const limit = seconds * PATIENCE;
  const deadline = Date.now() + limit * 1000;
  for (;;) {
    const found = await probe();
    if (found !== undefined) {
      return found;
    }
    if (Date.now() > deadline) {
      throw new Error(`${what}: not within ${limit} s`);
    }
    await sleep(500);
  }
}

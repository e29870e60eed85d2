/** Faults of request scaling on a live stack, and the check of `verify` that must name each. */
import {
  AutoscalingV2Api,
  CustomObjectsApi,
  PatchStrategy,
  setHeaderOptions,
} from "@kubernetes/client-node";
import { z } from "zod";
import { SIGNALS_SERVICE } from "../../domain/gatewaySignals";
import { SCALED_OBJECTS } from "../../domain/keda";
import { kedaFolderOf } from "../../local/control-plane/environment";
import { readKedaState } from "../../local/keda/state";
import { eventually, startKedaOf } from "../support/cluster";
import type { GatewayPlatform } from "../support/gateway";
import { LLAMA, QWEN } from "../support/models";
import { runs } from "../support/processes";
import { ALONE, KEDA, READS, SCALES, TELLS } from "../support/stackChecks";
import type { InjectedFault } from "./verifyFaults";

const MERGE = setHeaderOptions("Content-Type", PatchStrategy.MergePatch);
const triggers = z.object({
  spec: z.object({
    triggers: z.array(z.object({ metadata: z.record(z.string(), z.string()) }).loose()),
  }),
});

/** The ScaledObject of a model. */
export class ModelScaling {
  public constructor(
    private readonly gateway: GatewayPlatform,
    private readonly name: string,
  ) {}

  public async read(): Promise<unknown> {
    const found: unknown = await this.api.getNamespacedCustomObject(this.where);
    return found;
  }

  public async patch(body: object): Promise<void> {
    await this.api.patchNamespacedCustomObject({ ...this.where, body }, MERGE);
  }

  private get api() {
    return this.gateway.platform.config.makeApiClient(CustomObjectsApi);
  }

  private get where() {
    return { ...SCALED_OBJECTS, namespace: "vllm", name: this.name };
  }
}

/** Ends one of KEDA's programs, and first what would start it again. */
async function ended(
  { platform: { environment } }: GatewayPlatform,
  program: "adapter" | "operator",
): Promise<() => Promise<void>> {
  const state = await readKedaState(kedaFolderOf(environment));
  if (state === undefined) {
    throw new Error("KEDA has not been started");
  }
  process.kill(state.daemon, "SIGKILL");
  await eventually("the end of what watches over both", 10, () =>
    Promise.resolve(runs(state.daemon) ? undefined : true),
  );
  process.kill(state[program].pid, "SIGKILL");
  return () => startKedaOf(environment);
}

/** @param gateway the platform that they are made on, once it runs */
export function scalingFaults(gateway: () => GatewayPlatform): readonly InjectedFault[] {
  const scaling = (model: string) => new ModelScaling(gateway(), model);
  return [
    {
      name: "KEDA's operator has ended",
      inject: () => ended(gateway(), "operator"),
      check: READS,
      seen: new RegExp(`vllm/${LLAMA}, composite-metric: KEDA's .*operator`),
      remedy: /kubectl -n keda get pods -l app=keda-operator/,
    },
    {
      name: "KEDA's metrics adapter has ended",
      inject: () => ended(gateway(), "adapter"),
      check: KEDA,
      seen: /v1beta1\.external\.metrics\.k8s\.io is not available \(\w+\)/,
      remedy: /kubectl -n keda get pods -l app=keda-operator-metrics-apiserver/,
    },
    {
      name: "the Service of the gateway's signals selects nothing",
      inject: async () => {
        const patch = (app: string) =>
          gateway().core.patchNamespacedService(
            {
              name: SIGNALS_SERVICE,
              namespace: "litellm",
              body: { spec: { selector: { "app.kubernetes.io/name": app } } },
            },
            MERGE,
          );
        await patch("mistyped");
        return () => patch("litellm");
      },
      check: TELLS,
      seen: new RegExp(
        `litellm/${SIGNALS_SERVICE} has no ready endpoint: it selects .*app.kubernetes.io/name=mistyped`,
      ),
      remedy: /pulumi refresh and pulumi up/,
    },
    {
      name: "a metric of a ScaledObject has another name",
      inject: async () => {
        const { spec } = triggers.parse(await scaling(LLAMA).read());
        const [first, ...others] = spec.triggers;
        const valueLocation = first?.metadata.valueLocation?.replace("running", "mistyped") ?? "";
        const metadata = { ...first?.metadata, valueLocation };
        await scaling(LLAMA).patch({ spec: { triggers: [{ ...first, metadata }, ...others] } });
        return () => scaling(LLAMA).patch({ spec: { triggers: spec.triggers } });
      },
      check: SCALES,
      seen: new RegExp(
        `vllm/${LLAMA} follows its fallback: running \\(vllm:num_requests_mistyped.* could not be read \\d+ times`,
      ),
      remedy: /compare kubectl -n vllm get scaledobject .* with pulumi preview/,
    },
    {
      name: "a ScaledObject is paused",
      inject: async () => {
        const pause = (value: string | null) =>
          scaling(QWEN).patch({
            metadata: { annotations: { "autoscaling.keda.sh/paused": value } },
          });
        await pause("true");
        return () => pause(null);
      },
      check: SCALES,
      seen: new RegExp(`vllm/${QWEN} is paused: annotation autoscaling.keda.sh/paused: true`),
      remedy: new RegExp(
        `kubectl -n vllm annotate scaledobject ${QWEN} autoscaling.keda.sh/paused-`,
      ),
    },
    {
      name: "somebody has made a second autoscaler",
      inject: async () => {
        const api = gateway().platform.config.makeApiClient(AutoscalingV2Api);
        const namespace = "vllm";
        await api.createNamespacedHorizontalPodAutoscaler({
          namespace,
          body: {
            metadata: { name: "mine" },
            spec: {
              scaleTargetRef: { apiVersion: "apps/v1", kind: "StatefulSet", name: LLAMA },
              minReplicas: 2,
              maxReplicas: 2,
            },
          },
        });
        return () => api.deleteNamespacedHorizontalPodAutoscaler({ name: "mine", namespace });
      },
      check: ALONE,
      seen: new RegExp(
        `vllm/${LLAMA} is scaled by the ScaledObject ${LLAMA} and by the HorizontalPodAutoscaler mine`,
      ),
      remedy: /kubectl -n vllm delete hpa mine/,
    },
  ];
}

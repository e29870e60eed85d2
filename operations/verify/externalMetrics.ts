import {
  ApiException,
  CustomObjectsApi,
  Observable,
  type ConfigurationOptions,
  type KubeConfig,
} from "@kubernetes/client-node";
import { z } from "zod";
import { messageOf } from "../../domain/failure";
import { EXTERNAL_METRICS } from "../../domain/keda";
import { SCALED_OBJECT_LABEL, type ScaledObjectState } from "../stack/scaledObjects";

/** Why an autoscaler's question has no answer. */
export interface Unanswered {
  readonly problem: string;
  /** `adapter`: nobody takes the question; `operator`: nobody reads for the adapter; `trigger`: what it read is no value. */
  readonly at: "adapter" | "operator" | "trigger";
}

/** The adapter waits for its operator for as long as it is let, seconds. */
const TIMEOUT_SECONDS = 10;

/** What gRPC says of a server that is not there. */
const OPERATOR_GONE = /Unavailable|connection refused|deadline exceeded|timeout/i;

const values = z.object({ items: z.array(z.object({ value: z.string() })) });
const status = z.object({ message: z.string() });

/** Asks for a metric as the autoscaler of a ScaledObject does. @returns undefined where there is a value */
export async function readExternalMetric(
  config: KubeConfig,
  { name, namespace }: Pick<ScaledObjectState, "name" | "namespace">,
  metric: string,
): Promise<Unanswered | undefined> {
  const timeout = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  try {
    const answer: unknown = await config.makeApiClient(CustomObjectsApi).listNamespacedCustomObject(
      {
        ...EXTERNAL_METRICS,
        namespace,
        plural: metric,
        labelSelector: `${SCALED_OBJECT_LABEL}=${name}`,
      },
      until(timeout),
    );
    return values.parse(answer).items.length > 0
      ? undefined
      : { problem: "no value", at: "trigger" };
  } catch (error) {
    if (timeout.aborted) {
      return {
        problem: `KEDA's metrics adapter waits for its operator, for ${TIMEOUT_SECONDS} s now`,
        at: "operator",
      };
    }
    const said = saidBy(error);
    if (error instanceof ApiException && [404, 503].includes(error.code)) {
      return { problem: `the API server finds no metrics adapter: ${said}`, at: "adapter" };
    }
    return OPERATOR_GONE.test(said)
      ? { problem: `KEDA's operator does not answer its metrics adapter: ${said}`, at: "operator" }
      : { problem: said, at: "trigger" };
  }
}

/** Ends a request with a signal. */
function until(signal: AbortSignal): ConfigurationOptions {
  return {
    middleware: [
      {
        pre: (context) => {
          context.setSignal(signal);
          return new Observable(Promise.resolve(context));
        },
        post: (context) => new Observable(Promise.resolve(context)),
      },
    ],
    middlewareMergeStrategy: "append",
  };
}

/** What the API server says of an error, in one line. */
function saidBy(error: unknown): string {
  if (!(error instanceof ApiException)) {
    return messageOf(error);
  }
  const body: unknown = error.body;
  const text = typeof body === "string" ? body : JSON.stringify(body);
  let message = text;
  try {
    message = status.safeParse(JSON.parse(text)).data?.message ?? text;
  } catch {
    // Not every server in front of an API answers in JSON: its text is what there is.
  }
  return `${error.code} ${message.replace(/\s+/g, " ").slice(0, 200)}`;
}

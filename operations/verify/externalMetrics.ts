import {
  ApiException,
  CustomObjectsApi,
  Observable,
  type ConfigurationOptions,
  type KubeConfig,
} from "@kubernetes/client-node";
import { z } from "zod";
import { messageOf } from "../../domain/failure";
import { EXTERNAL_METRICS_API } from "../../domain/keda";
import { SCALED_OBJECT_LABEL, type ScaledObjectState } from "../stack/scaledObjects";

/** An autoscaler's question, as it was answered. */
export interface ExternalMetric {
  /** Undefined where there is a value. */
  readonly problem?: string;
  /** Whether KEDA's operator, which reads for the adapter, is not there. */
  readonly silent?: boolean;
}

/** The adapter waits for its operator for as long as it is let, seconds. */
const TIMEOUT_SECONDS = 10;

const values = z.object({ items: z.array(z.object({ value: z.string() })) });
const status = z.object({ message: z.string() });

/** Asks for a metric as the autoscaler of a ScaledObject does. */
export async function readExternalMetric(
  config: KubeConfig,
  { name, namespace }: Pick<ScaledObjectState, "name" | "namespace">,
  metric: string,
): Promise<ExternalMetric> {
  const [version = "", ...group] = EXTERNAL_METRICS_API.split(".");
  const timeout = AbortSignal.timeout(TIMEOUT_SECONDS * 1000);
  try {
    const answer: unknown = await config.makeApiClient(CustomObjectsApi).listNamespacedCustomObject(
      {
        ...{ group: group.join("."), version, namespace, plural: metric },
        labelSelector: `${SCALED_OBJECT_LABEL}=${name}`,
      },
      until(timeout),
    );
    return values.parse(answer).items.length > 0 ? {} : { problem: "no value" };
  } catch (error) {
    if (timeout.aborted) {
      return {
        problem: `KEDA's metrics adapter has not answered within ${TIMEOUT_SECONDS} s: its operator is gone`,
        silent: true,
      };
    }
    const said = saidBy(error);
    const silent =
      /Unavailable|connection refused|DeadlineExceeded|deadline exceeded|timeout/i.test(said);
    return silent
      ? { problem: `KEDA's operator does not answer its adapter: ${said}`, silent }
      : { problem: said, silent };
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

import { setTimeout as sleep } from "node:timers/promises";
import { CoreV1Api, DiscoveryV1Api } from "@kubernetes/client-node";
import { messageWithCause } from "../../domain/failure";
import { selectorText } from "../../domain/labels";
import { fail, pass, type Finding } from "../stack/checklist";
import type { PodPort } from "../stack/forward";
import { isNotFound, type ScaledObjectState, type SignalSource } from "../stack/scaledObjects";
import { sourceText, triggerName } from "../stack/signalNames";
import type { Subject } from "./check";
import { hasSeries } from "./prometheusText";
import { signalReaders } from "./signalReaders";
import { sleepers } from "./sleepers";

/** A pod may end between the list and the question: it is asked again once. */
const RETRY_MS = 3000;

/** Whether each pod behind each signal has its metric: KEDA leaves one that does not answer out of the sum, without a word. */
export async function signalsAnswer(
  subject: Subject,
  objects: readonly ScaledObjectState[],
): Promise<Finding> {
  let { problems, pods } = await look(subject, objects);
  if (problems.length > 0 && !subject.signal.aborted) {
    await sleep(RETRY_MS);
    ({ problems, pods } = await look(subject, objects));
  }
  if (problems.length === 0) {
    return pass(`${pods} pods, ${sourcesOf(objects).length} signals`);
  }
  const readers = await signalReaders(subject);
  return fail(
    [...new Set(problems)].join("; "),
    `kubectl describe service and kubectl get endpointslices of each NAMESPACE/SERVICE; pulumi refresh and pulumi up put a Service right that somebody changed; a pod that lacks a metric runs another image or configuration; where pods answer and KEDA cannot read them, network policies keep out the pods of ${readers.namespace} with ${selectorText(readers.matchLabels)}`,
  );
}

interface Source {
  readonly source: SignalSource;
  readonly failures: number;
  readonly name: string;
  readonly scaled: ScaledObjectState;
}

function sourcesOf(objects: readonly ScaledObjectState[]): Source[] {
  return objects.flatMap((scaled) =>
    scaled.triggers.flatMap((trigger) =>
      trigger.source === undefined
        ? []
        : [{ ...trigger, source: trigger.source, name: triggerName(trigger), scaled }],
    ),
  );
}

async function look(
  subject: Subject,
  objects: readonly ScaledObjectState[],
): Promise<{ readonly problems: string[]; readonly pods: number }> {
  const asleep = await sleepers(subject);
  const pages = new Map<string, Promise<Page>>();
  const page = (pod: PodPort, path: string) => {
    const key = `${pod.namespace}/${pod.name}:${pod.port}${path}`;
    const found = pages.get(key) ?? pageOf(subject, pod, path);
    pages.set(key, found);
    return found;
  };
  const problems = await Promise.all(
    sourcesOf(objects)
      // The pods of a model that sleeps have nothing to tell.
      .filter(
        ({ source, scaled }) =>
          !(source.service === scaled.target.name && asleep.has(source.service)),
      )
      .map((each) => problemsOf(subject, each, page)),
  );
  return { problems: problems.flat(), pods: pages.size };
}

type Page = { readonly text: string } | { readonly problem: string };

async function pageOf(subject: Subject, pod: PodPort, path: string): Promise<Page> {
  try {
    return { text: await subject.page(pod, path) };
  } catch (error) {
    return { problem: messageWithCause(error) };
  }
}

async function problemsOf(
  { config }: Subject,
  { source, failures, name }: Source,
  page: (pod: PodPort, path: string) => Promise<Page>,
): Promise<string[]> {
  const { namespace, service, port, path, metric, labels } = source;
  const where = `${namespace}/${service}`;
  const found = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedService({ name: service, namespace })
    .catch((error: unknown) => {
      if (isNotFound(error)) {
        return undefined;
      }
      throw error;
    });
  if (found === undefined) {
    return [`${where}, which ${name} are read from, is not there`];
  }
  const { items } = await config.makeApiClient(DiscoveryV1Api).listNamespacedEndpointSlice({
    namespace,
    labelSelector: `kubernetes.io/service-name=${service}`,
  });
  const ready = items.flatMap((slice) =>
    // An empty slice has null there, whatever its type says.
    (Array.isArray(slice.endpoints) ? slice.endpoints : [])
      .filter(({ conditions }) => conditions?.ready !== false)
      .map((endpoint) => ({
        endpoint,
        ports: (Array.isArray(slice.ports) ? slice.ports : []).map((each) => each.port ?? 0),
      })),
  );
  if (ready.length === 0) {
    return [
      `${where} has no ready endpoint: it selects ${selectorText(found.spec?.selector ?? {}) || "nothing"}`,
    ];
  }
  const ports = new Set(ready.flatMap((each) => each.ports));
  if (!ports.has(port)) {
    return [`${where} leads to port ${[...ports].join(", ") || "none"}, and KEDA reads ${port}`];
  }
  const answers = await Promise.all(
    ready
      .flatMap(({ endpoint: { targetRef } }) =>
        targetRef?.kind === "Pod" && targetRef.name !== undefined ? [targetRef.name] : [],
      )
      .map(async (pod) => {
        const answer = await page({ namespace, name: pod, port }, path);
        return "problem" in answer
          ? [`${namespace}/${pod} does not tell ${name} on port ${port}: ${answer.problem}`]
          : hasSeries(answer.text, metric, labels)
            ? []
            : [`${namespace}/${pod} has no ${sourceText(source)}`];
      }),
  );
  const problems = answers.flat();
  return problems.length === 0 && failures > 0
    ? [`its pods tell ${sourceText(source)}, and KEDA could not read it ${failures} times`]
    : problems;
}

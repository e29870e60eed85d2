/**
 * What the autoscaler controller needs of a stack of manifests, written straight from its replica calculator and without the
 * pack's code: the judge of the pack on stacks whose truth nobody wrote down. It knows plain manifests only: no patches, no
 * LimitRanges, no pod-level resources.
 */

/** A Kubernetes object as a YAML file has it. */
export interface Manifest {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata?: { readonly name?: string; readonly namespace?: string };
  readonly spec?: Readonly<Record<string, unknown>>;
}

/** An autoscaler whose target is in the stack, and whether a container lacks a request that a metric needs. */
export interface Expected {
  readonly autoscaler: string;
  readonly lacks: boolean;
}

interface Container {
  readonly name?: string;
  readonly restartPolicy?: string;
  readonly resources?: {
    readonly requests?: Readonly<Record<string, unknown>> | null;
    readonly limits?: Readonly<Record<string, unknown>> | null;
  } | null;
}

interface Metric {
  readonly type?: string;
  readonly resource?: ResourceMetric;
  readonly containerResource?: ResourceMetric;
}

interface ResourceMetric {
  readonly name?: string;
  readonly container?: string;
  readonly target?: { readonly averageValue?: unknown };
  readonly targetAverageValue?: unknown;
}

export function expectedProblems(manifests: readonly Manifest[]): Expected[] {
  return manifests.flatMap((autoscaler) => {
    const target = isAutoscaler(autoscaler) ? targetOf(autoscaler, manifests) : undefined;
    const name = autoscaler.metadata?.name;
    return target === undefined || name === undefined
      ? []
      : [
          {
            autoscaler: name,
            lacks: metricsOf(autoscaler).some((metric) => lacks(metric, target)),
          },
        ];
  });
}

function isAutoscaler({ apiVersion, kind }: Manifest): boolean {
  return kind === "HorizontalPodAutoscaler" && apiVersion.startsWith("autoscaling/");
}

function targetOf(autoscaler: Manifest, manifests: readonly Manifest[]): Manifest | undefined {
  const reference = autoscaler.spec?.scaleTargetRef as { kind?: string; name?: string } | undefined;
  return manifests.find(
    ({ kind, metadata }) =>
      kind === reference?.kind &&
      metadata?.name === reference.name &&
      (metadata?.namespace ?? "default") === (autoscaler.metadata?.namespace ?? "default"),
  );
}

function metricsOf({ apiVersion, spec }: Manifest): readonly Metric[] {
  const metrics = Array.isArray(spec?.metrics) ? (spec.metrics as readonly Metric[]) : [];
  return apiVersion === "autoscaling/v1" || metrics.length === 0
    ? [{ type: "Resource", resource: { name: "cpu" } }]
    : metrics;
}

function lacks(metric: Metric, target: Manifest): boolean {
  const source = metric.type === "Resource" ? metric.resource : metric.containerResource;
  if (source?.name === undefined || isAverage(source)) {
    return false;
  }
  const { name } = source;
  return containersOf(target)
    .filter((container) => source.container === undefined || container.name === source.container)
    .some(
      ({ resources }) =>
        (resources?.requests?.[name] ?? resources?.limits?.[name] ?? null) === null,
    );
}

function isAverage({ target, targetAverageValue }: ResourceMetric): boolean {
  return target?.averageValue !== undefined || targetAverageValue !== undefined;
}

function containersOf({ kind, spec }: Manifest): readonly Container[] {
  interface Pods {
    readonly spec?: {
      readonly containers?: readonly Container[];
      readonly initContainers?: readonly Container[] | null;
    };
  }
  const leader = spec?.leaderWorkerTemplate as
    { leaderTemplate?: Pods; workerTemplate?: Pods } | undefined;
  const template =
    kind === "LeaderWorkerSet"
      ? (leader?.leaderTemplate ?? leader?.workerTemplate)
      : (spec?.template as Pods | undefined);
  const sidecars = (template?.spec?.initContainers ?? []).filter(
    ({ restartPolicy }) => restartPolicy === "Always",
  );
  return [...(template?.spec?.containers ?? []), ...sidecars];
}

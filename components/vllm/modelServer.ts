import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { Autoscaler } from "../autoscaling/autoscaler";
import { RequestAutoscaler } from "../autoscaling/requestAutoscaler";
import type { ScaledObjectSpec } from "../autoscaling/scaledObject";
import type { Scalable } from "../autoscaling/scalable";
import { labels, selector, type Role } from "../../domain/labels";
import { withMetadata, withOverrides } from "../kubernetes/podOverrides";
import { checksum } from "../kubernetes/checksum";
import { replicaService } from "../../domain/models/addresses";
import { REPLICA_START_MINUTES } from "../../domain/timing";
import type { Model } from "../../domain/models/model";
import {
  artifactOf,
  artifactPodSpec,
  BUILD_CONTAINER,
  chatTemplateName,
  servingContainers,
  SERVING_CONTAINER,
  servingPodSpec,
} from "./podSpec";
import { modelAutoscaler } from "./requestScaling";
import { VLLM_PORT } from "../../domain/names";
import { maySleep } from "../../domain/models/requestScaling";
import { SERVICE_DRAIN_SECONDS, workloadTimeouts } from "../../domain/rolls";

export interface ModelServerArgs {
  /** The model that is served. */
  readonly model: Model;
  /** Namespace of the model servers. */
  readonly namespace: string;
  /** vLLM image for Neuron. */
  readonly image: string;
  /** Read-write-many claim for the compiled artifacts. */
  readonly artifactClaim: string;
  /** Whether the Secret with the Hugging Face token exists. */
  readonly huggingFaceToken: boolean;
  /** Checksum of the API key that clients must show: another one rolls the pods. */
  readonly apiKeyChecksum: pulumi.Input<string>;
  /** Longest answer, seconds. */
  readonly longestAnswerSeconds: number;
  /**
   * What KEDA scales the replicas by.
   *
   * @default - an autoscaler of Kubernetes, by CPU
   */
  readonly scaledObject?: ScaledObjectSpec | undefined;
}

/**
 * One served model: the Job that builds its artifact, a StatefulSet whose replicas have stable DNS names (the gateway
 * addresses each of them), Services, disruption budget and autoscaler.
 */
export class ModelServer extends pulumi.ComponentResource implements Scalable {
  public readonly apiVersion = "apps/v1";
  public readonly kind = "StatefulSet";
  public readonly name: string;
  public readonly namespace: string;
  public readonly containers: Scalable["containers"];
  public readonly resource: k8s.apps.v1.StatefulSet;

  public constructor(name: string, args: ModelServerArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:vllm:ModelServer", name, {}, opts);
    const { model, namespace } = args;
    this.name = model.name;
    this.namespace = namespace;
    this.containers = servingContainers(model);
    const metadata = (objectName: string, role: Role) => ({
      name: objectName,
      namespace,
      labels: labels(model.name, role),
    });
    const context = { ...args, claimName: args.artifactClaim };
    const child = { parent: this };

    const { hash } = artifactOf(context);
    const minutes = model.compilation.timeoutMinutes;
    // The name carries the hash, so a new artifact is a new Job, made before the old one is removed.
    const job = new k8s.batch.v1.Job(
      `${name}-artifact`,
      {
        metadata: metadata(`${model.name}-artifact-${hash}`, "artifact"),
        spec: {
          backoffLimit: 2,
          activeDeadlineSeconds: minutes * 60,
          template: {
            metadata: withMetadata(
              { labels: labels(`${model.name}-artifact`, "artifact") },
              model.compilation,
            ),
            spec: withOverrides(
              artifactPodSpec(context, args.huggingFaceToken),
              BUILD_CONTAINER,
              model.compilation,
            ),
          },
        },
      },
      { ...child, customTimeouts: { create: `${minutes + 10}m` } },
    );

    const template =
      model.chatTemplate === undefined
        ? []
        : [
            new k8s.core.v1.ConfigMap(
              `${name}-chat-template`,
              {
                metadata: metadata(chatTemplateName(model.name), "server"),
                data: { "chat-template.jinja": model.chatTemplate },
              },
              child,
            ),
          ];

    const port = { name: "http", port: VLLM_PORT, targetPort: "http" };
    const headless = new k8s.core.v1.Service(
      `${name}-replicas`,
      {
        metadata: metadata(replicaService(model.name), "server"),
        spec: {
          clusterIP: "None",
          // The gateway's health checks decide who gets requests; DNS must know a replica before it is ready.
          publishNotReadyAddresses: true,
          selector: selector(model.name),
          ports: [port],
        },
      },
      // The provider does not wait for the pods of a headless Service; the StatefulSet below is what `up` waits for.
      child,
    );
    this.resource = new k8s.apps.v1.StatefulSet(
      name,
      {
        metadata: metadata(model.name, "server"),
        spec: {
          serviceName: replicaService(model.name),
          podManagementPolicy: "Parallel",
          selector: { matchLabels: selector(model.name) },
          template: {
            metadata: withMetadata(
              {
                labels: labels(model.name, "server"),
                annotations: {
                  "llm-gateway/chat-template": checksum(model.chatTemplate ?? ""),
                  "checksum/api-key": args.apiKeyChecksum,
                },
              },
              model.serving,
            ),
            spec: withOverrides(servingPodSpec(context), SERVING_CONTAINER, model.serving),
          },
        },
      },
      {
        ...child,
        dependsOn: [job, headless, ...template],
        customTimeouts: workloadTimeouts(
          {
            startSeconds: REPLICA_START_MINUTES * 60,
            drainSeconds: SERVICE_DRAIN_SECONDS,
            longestAnswerSeconds: args.longestAnswerSeconds,
          },
          model.autoscaling.maxReplicas,
        ),
      },
    );
    // The provider waits until a Service has a ready pod, at most ten minutes; the first replica waits for the artifact Job.
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata: {
          ...metadata(model.name, "server"),
          // Nothing is wrong with the Service of a model that sleeps; the provider would wait for a pod of it.
          ...(maySleep(model) ? { annotations: { "pulumi.com/skipAwait": "true" } } : {}),
        },
        spec: { type: "ClusterIP", selector: selector(model.name), ports: [port] },
      },
      { ...child, dependsOn: [this.resource] },
    );
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption`,
      {
        metadata: metadata(model.name, "server"),
        // A share of the replicas could never be evicted at one replica; one at a time always can.
        spec: { maxUnavailable: 1, selector: { matchLabels: selector(model.name) } },
      },
      child,
    );
    if (args.scaledObject === undefined) {
      new Autoscaler(
        `${name}-autoscaler`,
        { name: modelAutoscaler(model.name), target: this, settings: model.autoscaling },
        child,
      );
    } else {
      new RequestAutoscaler(`${name}-autoscaler`, { target: this, spec: args.scaledObject }, child);
    }
    this.registerOutputs();
  }
}

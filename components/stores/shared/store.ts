import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { labels, selector, type Role } from "../../../domain/labels";
import { STORE_PASSWORD_KEY } from "../../../domain/names";
import { podsIn, tcp } from "../../kubernetes/networkPolicy";
import { withMetadata, withOverrides } from "../../kubernetes/podOverrides";
import { RESTRICTED_CONTAINER, restrictedPod } from "../../kubernetes/podSecurity";
import type { InClusterStoreSettings } from "../../../domain/settings/stores";
import type { StoreEndpoint } from "./storeEndpoint";

/** Where a store of the gateway runs, whatever its software. */
export interface InClusterStoreArgs {
  /** Namespace of the gateway. */
  readonly namespace: string;
  /** Image, volume size and resources. */
  readonly settings: InClusterStoreSettings;
  /** Storage class of its volume. */
  readonly storageClass: string;
  /** Labels of the only pods, in the same namespace, that may connect: one entry for each kind of client. */
  readonly clients: readonly Readonly<Record<string, string>>[];
}

export interface StoreArgs extends InClusterStoreArgs {
  /** Name of the StatefulSet and of its Service. */
  readonly name: string;
  /** Label `app.kubernetes.io/component`. */
  readonly role: Role;
  /** TCP port that the software listens on. */
  readonly port: number;
  /** Command in place of the image's. @default the image's own */
  readonly command?: readonly string[];
  /** Environment of the container. */
  readonly env: k8s.types.input.core.v1.EnvVar[];
  /** Where the volume is mounted. */
  readonly dataPath: string;
  /** Folders beside the volume that the process writes to. */
  readonly scratchPaths: readonly string[];
  /** ConfigMaps whose files the container reads. @default none */
  readonly configMaps?: readonly { readonly name: string; readonly mountPath: string }[];
  /**
   * Checksum of the password, which rolls the pod with it.
   *
   * @default - the software reads the password from its environment when it makes its files, never again
   */
  readonly passwordChecksum?: pulumi.Input<string>;
  /** Command that succeeds when the store answers queries. */
  readonly readinessCommand: readonly string[];
}

/** User and group id that the official Debian-based images of PostgreSQL and Valkey create. */
const UID = 999;

/** Name of the volume, and of the template of its claim. */
const VOLUME = "data";

/** Seconds that a store gets to close its files: after a kill it would recover them at the next start. */
const SHUTDOWN_SECONDS = 60;

/** One single-replica store of the gateway: StatefulSet with a volume, Service, disruption budget and network rule. */
export class Store extends pulumi.ComponentResource {
  public readonly resource: k8s.apps.v1.StatefulSet;
  public readonly endpoint: StoreEndpoint;

  public constructor(name: string, args: StoreArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:litellm:Store", name, {}, opts);
    const child = { parent: this };
    const metadata = {
      name: args.name,
      namespace: args.namespace,
      labels: labels(args.name, args.role),
    };
    new k8s.core.v1.Service(
      `${name}-service`,
      {
        metadata,
        spec: {
          selector: selector(args.name),
          ports: [{ name: args.role, port: args.port, targetPort: args.role }],
        },
      },
      child,
    );
    this.resource = new k8s.apps.v1.StatefulSet(
      name,
      {
        metadata,
        spec: {
          // One process owns the volume; a second replica would be a second, empty store.
          replicas: 1,
          serviceName: args.name,
          selector: { matchLabels: selector(args.name) },
          template: {
            metadata: withMetadata(
              {
                labels: labels(args.name, args.role),
                ...(args.passwordChecksum === undefined
                  ? {}
                  : { annotations: { "checksum/password": args.passwordChecksum } }),
              },
              args.settings,
            ),
            spec: withOverrides(storePod(args), args.role, args.settings),
          },
          volumeClaimTemplates: [
            {
              metadata: { name: VOLUME, labels: selector(args.name) },
              spec: {
                accessModes: ["ReadWriteOnce"],
                storageClassName: args.storageClass,
                resources: { requests: { storage: args.settings.storage } },
              },
            },
          ],
        },
      },
      // Kubernetes lets no template of claims be changed: the StatefulSet would be replaced, and its claim keep the old size.
      { ...child, ignoreChanges: ["spec.volumeClaimTemplates"] },
    );
    this.growVolume(name, args);
    new k8s.policy.v1.PodDisruptionBudget(
      `${name}-disruption`,
      { metadata, spec: { maxUnavailable: 1, selector: { matchLabels: selector(args.name) } } },
      child,
    );
    new k8s.networking.v1.NetworkPolicy(
      `${name}-clients`,
      {
        metadata,
        spec: {
          podSelector: { matchLabels: selector(args.name) },
          policyTypes: ["Ingress", "Egress"],
          ingress: [
            {
              from: args.clients.map((client) => podsIn(args.namespace, client)),
              ports: [tcp(args.port)],
            },
          ],
          egress: [],
        },
      },
      child,
    );
    this.endpoint = {
      kind: "single",
      host: args.name,
      port: args.port,
      tls: false,
      peers: [podsIn(args.namespace, selector(args.name))],
    };
    this.registerOutputs();
  }

  /**
   * Asks for the configured size on the claim itself, where a volume grows in use. A smaller one is refused by the API server, in the
   * preview already.
   */
  private growVolume(name: string, { name: store, namespace, settings }: StoreArgs): void {
    new k8s.core.v1.PersistentVolumeClaimPatch(
      `${name}-volume`,
      {
        metadata: {
          name: `${VOLUME}-${store}-0`,
          namespace,
          annotations: {
            // The field is the controller's, which set it once.
            "pulumi.com/patchForce": "true",
            // Of a class that waits for the first pod the provider expects a claim to be Pending, which this one no longer is, and fails after
            // five minutes (pulumi-kubernetes, pkg/await/awaiters.go, untilCoreV1PersistentVolumeClaimReady).
            "pulumi.com/skipAwait": "true",
          },
        },
        // The StatefulSet's controller makes the claim: there is none to patch before the StatefulSet is. Until then the size is unknown,
        // which keeps a preview from trying the patch.
        spec: {
          resources: { requests: { storage: this.resource.id.apply(() => settings.storage) } },
        },
      },
      // To give the field back would take the request away, which no claim can be without.
      { parent: this, retainOnDelete: true },
    );
  }
}

/** An environment variable with a password from the Secret `secret`. @param key @default the store's own */
export function passwordFrom(
  secret: string,
  name: string,
  key = STORE_PASSWORD_KEY,
): k8s.types.input.core.v1.EnvVar {
  return { name, valueFrom: { secretKeyRef: { name: secret, key } } };
}

function storePod(args: StoreArgs): k8s.types.input.core.v1.PodSpec {
  const check = { exec: { command: [...args.readinessCommand] }, timeoutSeconds: 5 };
  const scratch = args.scratchPaths.map((mountPath, index) => ({
    name: `scratch-${index}`,
    mountPath,
  }));
  const files = args.configMaps ?? [];
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: restrictedPod(UID),
    terminationGracePeriodSeconds: SHUTDOWN_SECONDS,
    containers: [
      {
        name: args.role,
        image: args.settings.image,
        ...(args.command === undefined ? {} : { command: [...args.command] }),
        ports: [{ name: args.role, containerPort: args.port }],
        env: args.env,
        resources: args.settings.resources,
        securityContext: RESTRICTED_CONTAINER,
        startupProbe: { ...check, periodSeconds: 5, failureThreshold: 60 },
        readinessProbe: { ...check, periodSeconds: 10, failureThreshold: 3 },
        livenessProbe: { ...check, periodSeconds: 15, failureThreshold: 6 },
        volumeMounts: [
          { name: VOLUME, mountPath: args.dataPath },
          ...scratch,
          ...files.map((file) => ({ ...file, readOnly: true })),
        ],
      },
    ],
    volumes: [
      ...scratch.map(({ name }) => ({ name, emptyDir: {} })),
      ...files.map(({ name }) => ({ name, configMap: { name } })),
    ],
  };
}

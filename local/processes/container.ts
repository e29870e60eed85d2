import { chmod, mkdir, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import type { CoreV1Api, V1Container, V1EnvVar, V1Pod } from "@kubernetes/client-node";
import { loopbackOf } from "./addresses";
import { processRoleOf } from "../control-plane/processRoles";
import { postgresqlPrograms } from "./postgresql";
import type { Launch, Software } from "./launch";
import { launchOf, redisProgram } from "./runtimes";

/** A container made ready to run on this machine. */
export interface PreparedContainer {
  readonly container: V1Container;
  readonly launch: Launch;
  readonly host: string;
  readonly restartPolicy: string;
}

/**
 * Writes what the pod mounts below `folder` and resolves environment, arguments and paths.
 *
 * @throws Error when a Secret or ConfigMap that the pod names does not exist, or it is no pod that runs as a process
 */
export async function prepareContainer(
  core: CoreV1Api,
  pod: V1Pod,
  options: {
    readonly folder: string;
    /** Folder of the claims: one by the claim's uid, which outlives the pods that mount it. */
    readonly claims: string;
    readonly address: string;
    readonly software: Software;
    readonly dnsFile: string;
  },
): Promise<PreparedContainer> {
  const [container, ...others] = pod.spec?.containers ?? [];
  const namespace = pod.metadata?.namespace ?? "";
  const role = processRoleOf(pod);
  if (role === undefined || container === undefined || others.length > 0) {
    throw new Error("the embedded kubelet runs pods of one container and of a role that it knows");
  }
  const host = loopbackOf(options.address);
  const mounts = await mountVolumes(core, pod, container, options);
  const local = (text: string) => {
    const mount = mounts.find(({ path }) => text === path || text.startsWith(`${path}/`));
    return mount === undefined ? text : mount.folder + text.slice(mount.path.length);
  };
  const declared = await environmentOf(core, namespace, container);
  const env = Object.fromEntries(
    Object.entries(declared).map(([key, value]) => [key, local(value)]),
  );
  const expand = (text: string) =>
    local(text.replace(/\$\((\w+)\)/g, (whole, name: string) => env[name] ?? whole));
  const scratch = join(options.folder, "scratch");
  const programs = await writePrograms(options.folder, host, options.software);
  const launch = launchOf(
    {
      role,
      command: (container.command ?? []).map(expand),
      args: (container.args ?? []).map(expand),
      env: {
        ...env,
        HOME: scratch,
        TMPDIR: scratch,
        PATH: [programs, process.env.PATH ?? ""].join(delimiter),
      },
      host,
      scratch,
      namespace,
      dnsFile: options.dnsFile,
      local,
    },
    options.software,
  );
  return { container, launch, host, restartPolicy: pod.spec?.restartPolicy ?? "Always" };
}

/** Commands that probes call, aimed at this pod's address: here all pods share one network. */
async function writePrograms(folder: string, host: string, { python }: Software): Promise<string> {
  const programs = join(folder, "bin");
  await mkdir(programs, { recursive: true });
  const aimed = {
    "valkey-cli": `${redisProgram(python, "redis-cli")} -h ${host} "$@"`,
    // Of two hosts the last one counts: that of the probe is the pod's own loopback.
    pg_isready: `${join(postgresqlPrograms(python), "pg_isready")} "$@" -h ${host}`,
  };
  for (const [name, line] of Object.entries(aimed)) {
    const file = join(programs, name);
    await writeFile(file, `#!/bin/sh\nexec ${line}\n`);
    await chmod(file, 0o755);
  }
  return programs;
}

async function mountVolumes(
  core: CoreV1Api,
  pod: V1Pod,
  container: V1Container,
  { folder, claims }: { readonly folder: string; readonly claims: string },
): Promise<{ readonly path: string; readonly folder: string }[]> {
  const namespace = pod.metadata?.namespace ?? "";
  await mkdir(join(folder, "scratch"), { recursive: true });
  return Promise.all(
    (container.volumeMounts ?? []).map(async ({ name, mountPath }) => {
      const volume = pod.spec?.volumes?.find((entry) => entry.name === name);
      const claimName = volume?.persistentVolumeClaim?.claimName;
      const target =
        claimName === undefined
          ? join(folder, "volumes", name)
          : join(claims, await claimOf(core, namespace, claimName));
      await mkdir(target, { recursive: true });
      if (volume?.configMap?.name !== undefined) {
        const { data = {} } = await core.readNamespacedConfigMap({
          name: volume.configMap.name,
          namespace,
        });
        for (const [file, text] of Object.entries(data)) {
          await writeFile(join(target, file), text);
        }
      }
      return { path: mountPath, folder: target };
    }),
  );
}

/** What a claim is known by: another one of the same name is another volume. */
async function claimOf(core: CoreV1Api, namespace: string, name: string): Promise<string> {
  const { metadata } = await core.readNamespacedPersistentVolumeClaim({ name, namespace });
  if (metadata?.uid === undefined) {
    throw new Error(`the claim ${name} has no uid`);
  }
  return metadata.uid;
}

async function environmentOf(
  core: CoreV1Api,
  namespace: string,
  container: V1Container,
): Promise<Record<string, string>> {
  const secret = async (name: string) =>
    decoded((await core.readNamespacedSecret({ name, namespace })).data ?? {});
  const env: Record<string, string> = {};
  for (const { secretRef, configMapRef } of container.envFrom ?? []) {
    if (secretRef?.name !== undefined) {
      Object.assign(env, await secret(secretRef.name));
    }
    if (configMapRef?.name !== undefined) {
      const { data } = await core.readNamespacedConfigMap({ name: configMapRef.name, namespace });
      Object.assign(env, data);
    }
  }
  for (const variable of container.env ?? []) {
    env[variable.name] = await valueOf(variable, secret);
  }
  return env;
}

async function valueOf(
  { name, value, valueFrom }: V1EnvVar,
  secret: (name: string) => Promise<Record<string, string>>,
): Promise<string> {
  if (valueFrom === undefined) {
    return value ?? "";
  }
  const reference = valueFrom.secretKeyRef;
  const found =
    reference === undefined ? undefined : (await secret(reference.name ?? ""))[reference.key];
  if (found === undefined) {
    throw new Error(`variable ${name} comes from something that is not there or not played`);
  }
  return found;
}

function decoded(data: Readonly<Record<string, string>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(data).map(([key, value]) => [
      key,
      Buffer.from(value, "base64").toString("utf8"),
    ]),
  );
}

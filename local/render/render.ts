import { existsSync } from "node:fs";
import { mkdir, readdir, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { stringify } from "yaml";
import { messageOf, UserError } from "../../domain/failure";
import { REPOSITORY } from "../control-plane/environment";
import { record } from "./recorder";
import type { Declaration, DeclaredResource } from "./resource";
import { stackSettings } from "./stackFile";
import { isMap } from "../../domain/map";

/** Names the folder as one that `make render` may empty. */
const MARKER = ".rendered";

/** What `make render` wrote. */
export interface Rendered {
  readonly folder: string;
  readonly objects: number;
}

/**
 * `make render`: every Kubernetes object of a stack as YAML, one file each, named `namespace.kind.name.yaml`. A Helm release
 * is written as its chart, version and values. Secrets are masked; what only an update knows is a word that names it.
 *
 * @param out folder, relative to the repository
 * @throws UserError when there is no such stack, when its configuration is refused, or when the folder holds files that this
 * command did not write
 */
export async function render(stack: string, out: string): Promise<Rendered> {
  const folder = resolve(REPOSITORY, out);
  await requireOurs(folder);
  const objects = (await declarationOf(stack)).resources.filter(
    ({ type, component }) => type.startsWith("kubernetes:") && !component,
  );
  const files = new Map(objects.map((object) => [fileName(object), object]));
  if (files.size < objects.length) {
    throw new Error("two objects have the same namespace, kind and name");
  }
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(
    join(folder, MARKER),
    `Rendered from stack ${stack}; written anew by each run.\n`,
  );
  for (const [file, object] of files) {
    await writeFile(join(folder, file), stringify(manifest(object), { lineWidth: 0 }));
  }
  return { folder, objects: files.size };
}

async function declarationOf(stack: string): Promise<Declaration> {
  const settings = stackSettings(stack);
  try {
    return await record({ stack, settings });
  } catch (error) {
    throw new UserError(
      `the program of stack ${stack} failed:\n${messageOf(error)}`,
      `mend Pulumi.${stack}.yaml, or the program`,
    );
  }
}

function fileName({ type, name, inputs }: DeclaredResource): string {
  const { metadata } = inputs;
  // A release has its name and namespace among its inputs, an object in its metadata.
  const identity = isMap(metadata) ? metadata : inputs;
  const kind =
    typeof inputs.kind === "string" ? inputs.kind : type.slice(type.lastIndexOf(":") + 1);
  const part = (value: unknown, otherwise: string) =>
    typeof value === "string" ? value : otherwise;
  return [
    part(identity.namespace, "cluster"),
    kind.toLowerCase(),
    part(identity.name, name),
    "yaml",
  ].join(".");
}

/** The object as `kubectl` would take it, a Secret's values masked whole; a release as what Helm is told. */
function manifest(object: DeclaredResource): Record<string, unknown> {
  const { compat: _sdk, ...inputs } = object.inputs;
  return Object.fromEntries(
    Object.entries(inputs).map(([key, value]) => [
      key,
      inputs.kind === "Secret" && (key === "data" || key === "stringData") ? "[secret]" : value,
    ]),
  );
}

async function requireOurs(folder: string): Promise<void> {
  if (!existsSync(folder) || existsSync(join(folder, MARKER))) {
    return;
  }
  if ((await readdir(folder)).length > 0) {
    throw new UserError(
      `${folder} holds files that make render did not write`,
      "name an empty or new folder: make render OUT=rendered",
    );
  }
}

import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";

/** Property values as they travel between engine and provider: JSON with sentinels for what JSON cannot say. */
export type Properties = Record<string, unknown>;

/**
 * Sentinels of the engine's protocol: a value that is known only after an update, and the key that marks an object as a
 * secret, an asset or a reference. Written out here because the SDK that exports them takes half a second to load.
 */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";
const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const OUTPUT = "d0e6a833031e9bbcd3f4e8bde6ca49a4";
const RESOURCE = "5cf8f73096256a8f31e491e813e4eb8e";

/** Raised for a value that this stand-in does not handle, so that it is never passed on mangled. */
export class UnsupportedValueError extends Error {}

/** The properties of a request, secrets refused: the stand-ins tell the engine that they do not accept them. */
export function fromStruct(struct: Struct | undefined): Properties {
  const properties = struct?.toJavaScript() ?? {};
  refuseSentinels(properties, "");
  return properties;
}

/** The settings of a provider, secrets as plain values: the engine sends a secret kubeconfig as one. */
export function settingsFrom(struct: Struct | undefined): Properties {
  const settings = struct?.toJavaScript() ?? {};
  return Object.fromEntries(
    Object.entries(settings).map(([key, value]) => [
      key,
      isTree(value) && value[SIGNATURE] === SECRET ? value.value : value,
    ]),
  );
}

/** The arguments of a component without the engine's marks: what is inside of secrets and outputs, {@link UNKNOWN} if nothing is. */
export function argumentsFrom(struct: Struct | undefined): Properties {
  return Object.fromEntries(
    Object.entries(struct?.toJavaScript() ?? {}).map(([key, value]) => [key, unwrapped(value)]),
  );
}

function unwrapped(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(unwrapped);
  }
  if (!isTree(value)) {
    return value;
  }
  switch (value[SIGNATURE]) {
    case undefined:
      return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unwrapped(item)]));
    case SECRET:
    case OUTPUT:
      return "value" in value ? unwrapped(value.value) : UNKNOWN;
    default:
      throw new UnsupportedValueError("a component's arguments have a file or a resource");
  }
}

/** A resource as a property: whoever reads it asks the engine for its state. */
export function resourceReference(urn: string, id: string, packageVersion: string): Properties {
  return { [SIGNATURE]: RESOURCE, urn, id, packageVersion };
}

export function toStruct(properties: Properties): Struct {
  // Written and read again: what JSON leaves out, such as undefined, is not sent.
  const written: unknown = JSON.parse(JSON.stringify(properties));
  return Struct.fromJavaScript(isTree(written) ? plainTree(written) : {});
}

function plainTree(tree: Properties): Record<string, JavaScriptValue> {
  return Object.fromEntries(Object.entries(tree).map(([key, value]) => [key, plain(value)]));
}

/** A value that was read from JSON. */
function plain(value: unknown): JavaScriptValue {
  if (
    value === null ||
    typeof value === "string" ||
    typeof value === "number" ||
    typeof value === "boolean"
  ) {
    return value;
  }
  if (Array.isArray(value)) {
    return value.map(plain);
  }
  if (isTree(value)) {
    return plainTree(value);
  }
  throw new UnsupportedValueError(`a ${typeof value} is no value of JSON`);
}

/** Paths at which two property trees differ, `spec.replicas` style; lists differ as a whole. */
export function differingPaths(before: unknown, after: unknown, path = ""): string[] {
  if (isTree(before) && isTree(after)) {
    return [...new Set([...Object.keys(before), ...Object.keys(after)])].flatMap((key) =>
      differingPaths(before[key], after[key], path === "" ? key : `${path}.${key}`),
    );
  }
  return canonical(before) === canonical(after) ? [] : [path];
}

export function isTree(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function canonical(value: unknown): string {
  return JSON.stringify(value, (_key, part: unknown) =>
    isTree(part)
      ? Object.fromEntries(Object.entries(part).sort(([left], [right]) => (left < right ? -1 : 1)))
      : part,
  );
}

function refuseSentinels(value: unknown, path: string): void {
  if (!isTree(value)) {
    if (Array.isArray(value)) {
      value.forEach((item, index) => {
        refuseSentinels(item, `${path}[${index}]`);
      });
    }
    return;
  }
  if (SIGNATURE in value) {
    throw new UnsupportedValueError(
      `${path} is an asset, an archive, a secret or a reference, which this stand-in provider does not handle`,
    );
  }
  for (const [key, item] of Object.entries(value)) {
    refuseSentinels(item, path === "" ? key : `${path}.${key}`);
  }
}

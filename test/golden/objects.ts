import type { Declaration, DeclaredResource } from "../../local/render/resource";
import { labelOf } from "../../local/render/resource";

/** The text of one object: what is said of it, by aspect. */
export type Body = Readonly<Record<string, unknown>>;

/** Objects by how a reader knows them. */
export type Objects = ReadonlyMap<string, Body>;

/** The objects of a declaration by the file that they stand in, in the order of the files' and the objects' names. */
export type Files = ReadonlyMap<string, Objects>;

/** File of what no component groups. */
const STACK_FILE = "stack";

/** Sorts a declaration into one file for each component, named after it, with all that the component declares itself. */
export function filesOf({ resources, outputs }: Declaration): Files {
  const components = new Map(
    resources.filter(({ component }) => component).map((one) => [labelOf(one), one.name]),
  );
  const files = new Map<string, Map<string, Body>>([
    [STACK_FILE, new Map([["Outputs of the stack", outputs]])],
  ]);
  for (const resource of resources) {
    const label = labelOf(resource);
    const file =
      components.get(label) ?? components.get(String(resource.options.parent)) ?? STACK_FILE;
    const objects = files.get(file) ?? new Map<string, Body>();
    files.set(file, objects.set(label, bodyOf(resource)));
  }
  return new Map(
    [...files].sort(byKey).map(([file, objects]) => [file, new Map([...objects].sort(byKey))]),
  );
}

function bodyOf({ type, component, inputs, options }: DeclaredResource): Body {
  return {
    // A manifest says by itself what it is.
    ...("kind" in inputs || type.startsWith("llm-gateway:") ? {} : { type }),
    ...(Object.keys(options).length > 0 ? { options } : {}),
    ...(component && Object.keys(inputs).length === 0 ? {} : { inputs: expanded(inputs) }),
  };
}

/** Documents of JSON inside of text as what they say. */
function expanded(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(expanded);
  }
  if (typeof value !== "object" || value === null) {
    return value;
  }
  return Object.fromEntries(
    Object.entries(value).map(([key, item]) => {
      // User data of an instance is base64; a reader wants what it says.
      if (key === "userData" && typeof item === "string") {
        return [`${key} (base64)`, Buffer.from(item, "base64").toString("utf8")];
      }
      const document = typeof item === "string" ? jsonDocument(item) : undefined;
      return document === undefined ? [key, expanded(item)] : [`${key} (JSON)`, document];
    }),
  );
}

function jsonDocument(text: string): unknown {
  if (!/^[[{]/.test(text)) {
    return undefined;
  }
  try {
    return JSON.parse(text);
  } catch {
    // Text that only begins like JSON is shown as text.
    return undefined;
  }
}

function byKey([a]: readonly [string, unknown], [b]: readonly [string, unknown]): number {
  return a < b ? -1 : 1;
}

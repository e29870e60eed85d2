/** One resource that a run of the program registered. */
export interface DeclaredResource {
  /** Type token, for example `aws:ec2/vpc:Vpc`. */
  readonly type: string;
  /** The program's name of the resource. */
  readonly name: string;
  /** Whether the resource groups others and is nothing by itself. */
  readonly component: boolean;
  /** Inputs with every secret masked, see {@link masked}. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Resource options that are set, by their names in the SDK; resources are written as their labels. */
  readonly options: Readonly<Record<string, unknown>>;
}

/** What a run of the program declared. */
export interface Declaration {
  readonly resources: readonly DeclaredResource[];
  /** Tokens of the providers' functions that it called. */
  readonly functions: readonly string[];
  /** Outputs of the stack. */
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** How a reader knows a resource: by its kind, which is its type as code writes it, and its name. */
export function labelOf({ type, name }: { readonly type: string; readonly name: string }): string {
  return `${kindOf(type)} ${name}`;
}

/** `Deployment` of Kubernetes and `Network` of the program by themselves, all others as in `aws.ec2.Vpc`. */
function kindOf(type: string): string {
  const [owner = "", module = "", kind = ""] = type.split(":");
  const area = module.split("/")[0] ?? "";
  if (owner === "kubernetes" || owner === "llm-gateway") {
    return kind;
  }
  return [owner, ...(area === "index" ? [] : [area]), kind]
    .filter((part) => part !== "pulumi")
    .join(".");
}

/** The word that stands for a value which only an update would know. */
export function wordFor(
  resource: { readonly type: string; readonly name: string },
  property: string,
): string {
  return `<${labelOf(resource)}.${property}>`;
}

/** A secret as a reader may see it: text that is made from words for unknown values says how, all else says nothing. */
export function masked(secret: unknown): unknown {
  if (Array.isArray(secret)) {
    return secret.map(masked);
  }
  if (typeof secret === "object" && secret !== null) {
    return Object.fromEntries(Object.entries(secret).map(([key, value]) => [key, masked(value)]));
  }
  return typeof secret === "string" && /<[^<>]+>/.test(secret) ? `[secret] ${secret}` : "[secret]";
}

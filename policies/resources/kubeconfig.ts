import { at, isList, isTree, items, parsedJson, textOf, UNKNOWN, type Value } from "./values";

/** What a provider says of its cluster by its kubeconfig. */
export type Kubeconfig =
  | { readonly kind: "unknown" }
  /** None: the file of the machine. */
  | { readonly kind: "ambient" }
  /** The path of a file that only the provider reads. */
  | { readonly kind: "path"; readonly path: string }
  /** The addresses of its API servers, each spelled in one way; UNKNOWN while one of them is. */
  | { readonly kind: "content"; readonly servers: readonly (string | typeof UNKNOWN)[] };

/** Reads a kubeconfig: a path, YAML or JSON text, or the document itself. */
export function readKubeconfig(value: Value): Kubeconfig {
  if (value === UNKNOWN) {
    return { kind: "unknown" };
  }
  if (isTree(value) || isList(value)) {
    return { kind: "content", servers: serversIn(value) };
  }
  const text = textOf(value).trim();
  if (text === "") {
    return { kind: "ambient" };
  }
  const document = jsonIn(text);
  if (document !== undefined) {
    return { kind: "content", servers: serversIn(document) };
  }
  // A path has no line break and none of the keys of a kubeconfig.
  return /\n|\b(?:clusters|contexts|apiVersion)["']?\s*:/.test(text)
    ? { kind: "content", servers: serversWritten(text) }
    : { kind: "path", path: text };
}

function jsonIn(text: string): Value {
  if (!/^[[{]/.test(text)) {
    return undefined;
  }
  const document = parsedJson(text);
  return "problem" in document ? undefined : document.value;
}

function serversIn(document: Value): (string | typeof UNKNOWN)[] {
  const clusters = at(document, "clusters");
  if (clusters === UNKNOWN) {
    return [UNKNOWN];
  }
  const servers = new Set<string | typeof UNKNOWN>();
  for (const cluster of items(clusters)) {
    const server = at(cluster, "cluster", "server");
    if (server === UNKNOWN || typeof server === "string") {
      servers.add(server === UNKNOWN ? UNKNOWN : addressOf(server));
    }
  }
  return [...servers];
}

/** The addresses in YAML text, block or flow style. */
function serversWritten(text: string): string[] {
  const found = text.matchAll(/["']?\bserver["']?\s*:\s*["']?(https?:[^\s"',}]+)/gi);
  return [...new Set([...found].map(([, server]) => addressOf(server ?? "")))];
}

/** An address in one spelling: lower case, without the standard port and a slash at the end. */
function addressOf(server: string): string {
  const text = server.trim();
  return URL.canParse(text)
    ? new URL(text).href.replace(/\/+$/, "")
    : text.toLowerCase().replace(/\/+$/, "");
}

/** Whether two kubeconfigs lead to one cluster; UNKNOWN where their spellings cannot be compared. */
export function sameKubeconfig(left: Kubeconfig, right: Kubeconfig): boolean | typeof UNKNOWN {
  if (left.kind === "content" && right.kind === "content") {
    return sameServers(left.servers, right.servers);
  }
  if (left.kind === "path" && right.kind === "path") {
    return samePath(left.path, right.path);
  }
  return left.kind === "ambient" && right.kind === "ambient" ? true : UNKNOWN;
}

function sameServers(
  left: readonly (string | typeof UNKNOWN)[],
  right: readonly (string | typeof UNKNOWN)[],
): boolean | typeof UNKNOWN {
  const readable = (servers: typeof left) => servers.length > 0 && !servers.includes(UNKNOWN);
  if (!readable(left) || !readable(right)) {
    return UNKNOWN;
  }
  if (!left.some((server) => right.includes(server))) {
    return false;
  }
  // With several clusters in one of them, its context says which is meant.
  return left.length === 1 && right.length === 1 ? true : UNKNOWN;
}

/** Two paths may lead to one file when they end alike; a list of files, as KUBECONFIG has it, may hold either. */
function samePath(left: string, right: string): boolean | typeof UNKNOWN {
  if (left === right) {
    return true;
  }
  const fileOf = (path: string) => path.split(/[\\/]/).at(-1);
  return fileOf(left) === fileOf(right) || /[:;]/.test(left + right) ? UNKNOWN : false;
}

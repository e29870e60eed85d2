import type { Resource } from "./resource";
import { at, entries, isAbsent, isList, isTree, parsedJson, UNKNOWN, type Value } from "./values";

/** `eks/cluster` of `aws:eks/cluster:Cluster`; undefined for anything that is not AWS. */
export function awsType(type: string): string | undefined {
  return /^aws:([\w-]+\/[\w-]+):\w+$/.exec(type)?.[1];
}

/** What a machine is made from; most have their volumes as `rootBlockDevice` and `ebsBlockDevices`. */
export const MACHINES: readonly string[] = [
  "ec2/instance",
  "ec2/spotInstanceRequest",
  "ec2/launchConfiguration",
];

/** `eks/cluster "platform"`: how messages name an AWS resource. */
export function awsName({ type, programName }: Resource): string {
  return `${awsType(type) ?? type} "${programName}"`;
}

/** Whether a value that must be true is: UNKNOWN while a preview cannot tell. AWS takes some booleans as text. */
export function isOn(value: Value): boolean | typeof UNKNOWN {
  return value === UNKNOWN ? UNKNOWN : value === true || value === "true";
}

/** The texts of a list that are known, and how many items are not; `whole` is false while the list itself is unknown. */
export interface Texts {
  readonly known: readonly string[];
  readonly unknown: number;
  readonly whole: boolean;
}

export function texts(value: Value): Texts {
  if (value === UNKNOWN) {
    return { known: [], unknown: 0, whole: false };
  }
  const list = isList(value) ? value : isAbsent(value) ? [] : [value];
  return {
    known: list.filter((item): item is string => typeof item === "string"),
    unknown: list.filter((item) => item === UNKNOWN).length,
    whole: true,
  };
}

/** Prefixes of blocks that nobody's network is as wide as: IPv4 hands out /8 at most, IPv6 /16. */
const NARROWEST = { v4: 8, v6: 16 } as const;

/** IPv6 of one's own network: unique local and link local. */
const PRIVATE_V6 = /^f[cde][0-9a-f]{0,2}:/i;

/** A share of the internet in many blocks that is meant to be all of it. */
const SHARE = 0.25;

/** The blocks of addresses that stand for everyone: the whole internet, a half of it, or all of those that together are. */
export function everyoneIn(cidrs: readonly string[]): readonly string[] {
  const wide = cidrs.filter(isEverywhere);
  const share = [...new Set(cidrs)].reduce((sum, cidr) => sum + 2 ** -prefixOf(cidr), 0);
  return wide.length === 0 && share >= SHARE ? cidrs : wide;
}

/** Whether a block of addresses is the whole internet, or a large part of it such as a half. */
function isEverywhere(cidr: string): boolean {
  return (
    prefixOf(cidr) < (cidr.includes(":") ? NARROWEST.v6 : NARROWEST.v4) && !PRIVATE_V6.test(cidr)
  );
}

/** The length of a block's prefix; without one it is a single address. */
function prefixOf(cidr: string): number {
  const written = /\/(\d+)$/.exec(cidr)?.[1];
  return written === undefined ? Number.POSITIVE_INFINITY : Number(written);
}

/** The tags that a provider gives to everything, which it has as JSON text. */
export function defaultTags(resource: Resource): Value {
  const { defaultTags: value } = resource.provider;
  if (typeof value !== "string") {
    return at(value, "tags");
  }
  const document = parsedJson(value);
  return "problem" in document ? undefined : at(document.value, "tags");
}

/** One statement of a policy document. */
export interface PolicyStatement {
  readonly sid: string;
  readonly effect: Value;
  readonly actions: readonly string[];
  /** What is allowed all but; empty in an ordinary statement. */
  readonly notActions: readonly string[];
  readonly principal: Value;
  /** Who is not let in, by a statement that lets in everyone else. */
  readonly notPrincipal: Value;
  readonly condition: Value;
}

/** The statements of a policy document; none while it is unknown. */
export type PolicyDocument =
  { readonly statements: readonly PolicyStatement[] } | { readonly problem: string };

/** Reads a policy document, JSON text or the object itself. */
export function policyDocument(document: Value): PolicyDocument {
  if (document === UNKNOWN || isAbsent(document)) {
    return document === "" ? { problem: "is empty" } : { statements: [] };
  }
  const read = typeof document === "string" ? parsedJson(document) : { value: document };
  if ("problem" in read) {
    return { problem: `is no JSON (${read.problem})` };
  }
  if (!isTree(read.value)) {
    return { problem: "is no JSON object" };
  }
  const found = at(read.value, "Statement");
  const list: readonly Value[] = isList(found) ? found : [found];
  const problem = misspelt(read.value, ELEMENTS) ?? statementProblem(found, list);
  if (problem !== undefined) {
    return { problem };
  }
  return {
    statements: list.filter(isTree).map((statement, index) => {
      const sid = at(statement, "Sid");
      return {
        sid: typeof sid === "string" && sid !== "" ? sid : `statement ${index}`,
        effect: at(statement, "Effect"),
        actions: texts(at(statement, "Action")).known,
        notActions: texts(at(statement, "NotAction")).known,
        principal: at(statement, "Principal"),
        notPrincipal: at(statement, "NotPrincipal"),
        condition: at(statement, "Condition"),
      };
    }),
  };
}

/** The elements of a policy, and of its statements, with the case that IAM's grammar gives them. */
const ELEMENTS: readonly string[] = ["Version", "Id", "Statement"];
const STATEMENT_ELEMENTS: readonly string[] = [
  ...["Sid", "Effect", "Principal", "NotPrincipal", "Action", "NotAction"],
  ...["Resource", "NotResource", "Condition"],
];

/** What is wrong with the statements of a document; undefined when nothing is, or nobody knows yet. */
function statementProblem(found: Value, list: readonly Value[]): string | undefined {
  if (isAbsent(found)) {
    return "has no Statement, so it says nothing";
  }
  for (const statement of list) {
    if (statement !== UNKNOWN && !isTree(statement)) {
      return "has a Statement that is no object";
    }
    const problem = misspelt(statement, STATEMENT_ELEMENTS);
    const effect = at(statement, "Effect");
    if (problem !== undefined) {
      return problem;
    }
    if (effect !== UNKNOWN && effect !== "Allow" && effect !== "Deny") {
      return "has a statement whose Effect is neither Allow nor Deny";
    }
  }
  return undefined;
}

/** An element in another case than IAM knows it by. */
function misspelt(document: Value, elements: readonly string[]): string | undefined {
  for (const [key] of entries(document)) {
    const right = elements.find((name) => name.toLowerCase() === key.toLowerCase());
    if (right !== undefined && right !== key) {
      return `has "${key}" in place of "${right}"`;
    }
  }
  return undefined;
}

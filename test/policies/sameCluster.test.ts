/** Whether two providers lead to one cluster, as far as what they say can tell. */
import { describe, expect, test } from "vitest";
import { providerOf, sameCluster } from "../../policies/resources/provider";
import { readKubeconfig, sameKubeconfig } from "../../policies/resources/kubeconfig";
import { UNKNOWN, type Value } from "../../policies/resources/values";

const AMBIENT = providerOf(undefined);

/** A provider that says nothing of its cluster but this. */
const provider = (urn: string, says: Readonly<Record<string, Value>> = {}) => ({
  ...AMBIENT,
  urn,
  name: urn,
  ...says,
});

/** What is said of the two, whichever comes first. */
const compared = (
  left: Readonly<Record<string, Value>>,
  right: Readonly<Record<string, Value>>,
) => {
  const [one, other] = [provider("a", left), provider("b", right)];
  expect(sameCluster(other, one)).toBe(sameCluster(one, other));
  return sameCluster(one, other);
};

const server = (...addresses: readonly Value[]): Value => ({
  clusters: addresses.map((address) => ({ cluster: { server: address } })),
});
const ONE = server("https://one.example");
const OTHER = server("https://other.example");
const BOTH = server("https://one.example", "https://other.example");

describe("two providers lead to one cluster", () => {
  test("where they are one, whatever they say", () => {
    expect(
      sameCluster(provider("a", { kubeconfig: ONE }), provider("a", { kubeconfig: OTHER })),
    ).toBe(true);
  });

  test.each<[string, Record<string, Value>, Record<string, Value>]>([
    [
      "by its identifier",
      { clusterIdentifier: "c", kubeconfig: ONE },
      { clusterIdentifier: "c", kubeconfig: OTHER },
    ],
    ["by the address of its only server", { kubeconfig: ONE }, { kubeconfig: ONE }],
    [
      "whatever the contexts are called",
      { kubeconfig: ONE, context: "a" },
      { kubeconfig: ONE, context: "b" },
    ],
    [
      "by one kubeconfig and context",
      { kubeconfig: "k", context: "a" },
      { kubeconfig: " k ", context: " a" },
    ],
    ["by what the machine has", { context: "a" }, { context: "a" }],
    ["by nothing but the machine", {}, {}],
  ])("%s", (_what, left, right) => {
    expect(compared(left, right)).toBe(true);
  });
});

describe("two providers lead to two clusters", () => {
  test.each<[string, Record<string, Value>, Record<string, Value>]>([
    ["by their addresses", { kubeconfig: ONE }, { kubeconfig: OTHER }],
    ["by identifiers", { clusterIdentifier: "a" }, { clusterIdentifier: "b" }],
    ["by contexts", { context: "a" }, { context: "b" }],
    ["by clusters of a context", { context: "a", cluster: "c" }, { context: "a", cluster: "d" }],
    ["by the names of their files", { kubeconfig: "/a/one" }, { kubeconfig: "/a/two" }],
    [
      "by contexts of a kubeconfig",
      { kubeconfig: BOTH, context: "a" },
      { kubeconfig: BOTH, context: "b" },
    ],
  ])("%s", (_what, left, right) => {
    expect(compared(left, right)).toBe(false);
  });
});

describe("nobody can tell whether two providers lead to one cluster", () => {
  test.each<[string, Record<string, Value>, Record<string, Value>]>([
    ["while the kubeconfig is not known", { kubeconfig: UNKNOWN }, { kubeconfig: ONE }],
    ["while the address is not known", { kubeconfig: server(UNKNOWN) }, { kubeconfig: ONE }],
    [
      "while the clusters are not known",
      { kubeconfig: { clusters: UNKNOWN } },
      { kubeconfig: ONE },
    ],
    ["while a context is not known", { context: UNKNOWN }, { context: "a" }],
    ["where one names a context and the other none", { context: "a" }, {}],
    [
      "where one names a cluster and the other none",
      { context: "a" },
      { context: "a", cluster: "c" },
    ],
    ["where one has a kubeconfig and the other the machine's", { kubeconfig: ONE }, {}],
    ["where one has a file and the other a text", { kubeconfig: "/a/config" }, { kubeconfig: ONE }],
    ["where one of two clusters is meant", { kubeconfig: BOTH }, { kubeconfig: ONE }],
    ["where there is no server", { kubeconfig: server() }, { kubeconfig: ONE }],
  ])("%s", (_what, left, right) => {
    expect(compared(left, right)).toBe(UNKNOWN);
  });

  test("while both have the same text, whose address is not known", () => {
    expect(compared({ kubeconfig: server(UNKNOWN) }, { kubeconfig: server(UNKNOWN) })).toBe(
      UNKNOWN,
    );
  });
});

test("a provider is what its properties say, and one that nobody names is the machine's", () => {
  const props = {
    kubeconfig: "k",
    context: "c",
    cluster: "cl",
    clusterIdentifier: "i",
    namespace: "n",
    defaultTags: { tags: { a: "b" } },
  };
  const urn = "urn:pulumi:dev::shop::pulumi:providers:kubernetes::p";
  expect(providerOf({ type: "pulumi:providers:kubernetes", urn, name: "p", props })).toEqual({
    urn,
    name: "p",
    ...props,
  });
  expect(AMBIENT).toEqual({ urn: "default", name: "default" });
});

describe("a kubeconfig is read", () => {
  test.each<[string, Value, ReturnType<typeof readKubeconfig>]>([
    ["as not known", UNKNOWN, { kind: "unknown" }],
    ["as the machine's where there is none", undefined, { kind: "ambient" }],
    ["as the machine's where it is empty", "  ", { kind: "ambient" }],
    ["as a path", " ~/.kube/config ", { kind: "path", path: "~/.kube/config" }],
    ["as a document", ONE, { kind: "content", servers: ["https://one.example"] }],
    ["as a document that is none", [], { kind: "content", servers: [] }],
    ["as JSON", JSON.stringify(ONE), { kind: "content", servers: ["https://one.example"] }],
    [
      "as YAML",
      'apiVersion: v1\nclusters:\n- cluster:\n    server: "https://one.example:443/"\n',
      { kind: "content", servers: ["https://one.example"] },
    ],
    [
      "as YAML in one line",
      "{clusters: [{cluster: {server: 'https://one.example'}}, {cluster: {server: https://two.example}}]}",
      { kind: "content", servers: ["https://one.example", "https://two.example"] },
    ],
    [
      "with each server once, in one spelling",
      server("https://One.example/", "https://one.example:443", "not a url/", " NOT A URL"),
      { kind: "content", servers: ["https://one.example", "not a url"] },
    ],
    [
      "with servers that are not known, and without what is no address",
      server(UNKNOWN, 1, undefined),
      { kind: "content", servers: [UNKNOWN] },
    ],
  ])("%s", (_what, value, read) => {
    expect(readKubeconfig(value)).toEqual(read);
  });
});

describe("files of kubeconfigs", () => {
  const compare = (left: string, right: string) =>
    sameKubeconfig({ kind: "path", path: left }, { kind: "path", path: right });

  test.each<[string, string, boolean | typeof UNKNOWN]>([
    ["/a/config", "/a/config", true],
    ["/a/config", "/b/config", UNKNOWN],
    ["C:\\a\\config", "/a/config", UNKNOWN],
    ["/a/config", "/a/other", false],
    ["/a/config:/a/other", "/a/other2", UNKNOWN],
    ["/a/config;/a/other", "/a/other2", UNKNOWN],
  ])("%s and %s", (left, right, same) => {
    expect(compare(left, right)).toBe(same);
    expect(compare(right, left)).toBe(same);
  });
});

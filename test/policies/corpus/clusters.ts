import { autoscaler, deployment } from "../fixtures";
import type { TestResource } from "../support";
import { RULE, cpu, bare, kept } from "./builders/targets";
import { bad, good, type Case } from "./case";

const EKS = "https://ABC.gr7.eu-west-1.eks.amazonaws.com";
const yaml = (server: string, name = "a") =>
  `apiVersion: v1\nclusters:\n  - name: ${name}\n    cluster:\n      server: ${server}\n`;
const json = (...servers: string[]) =>
  JSON.stringify({ clusters: servers.map((server) => ({ cluster: { server } })) });
/** A target and its autoscaler under two providers. */
const under = (target: TestResource, left: object, right: object): TestResource[] => [
  { ...target, provider: "a", providerProps: { ...left } },
  autoscaler(cpu, { provider: "b", providerProps: { ...right } }),
  { ...kept, provider: "a", providerProps: { ...left } },
];
const kubeconfig = (text: string, more: object = {}) => ({ kubeconfig: text, ...more });

/** Whether two providers lead to one cluster. */
export const CLUSTERS: readonly Case[] = [
  ...(
    [
      ["a slash at the end", yaml(EKS), yaml(`${EKS}/`)],
      ["the standard port", json(EKS), json(`${EKS}:443`)],
      ["another case", json(EKS), yaml(EKS.toLowerCase())],
      ["YAML in quotes", yaml(EKS), yaml(`"${EKS}"`)],
      ["JSON in YAML's place", json(EKS), `{clusters: [{cluster: {server: '${EKS}'}}]}`],
    ] as const
  ).flatMap(([what, left, right]) => [
    good(
      `one server, ${what}`,
      "it is one cluster",
      ...under(deployment(), kubeconfig(left), kubeconfig(right)),
    ),
    bad(
      RULE,
      `one server, ${what}, no request`,
      "it is one cluster",
      ...under(deployment(bare), kubeconfig(left), kubeconfig(right)),
    ),
  ]),
  good(
    "a path and the text",
    "the file may hold it",
    ...under(deployment(), kubeconfig("~/.kube/config"), kubeconfig(yaml(EKS))),
  ),
  good(
    "two paths to one file",
    "they end alike",
    ...under(deployment(), kubeconfig("~/.kube/config"), kubeconfig("/home/me/.kube/config")),
  ),
  good(
    "a file and the machine's own",
    "that may be the file",
    ...under(deployment(), kubeconfig("./kubeconfig"), {}),
  ),
  good(
    "contexts called differently",
    "the one server is behind both",
    ...under(
      deployment(),
      kubeconfig(yaml(EKS), { context: "admin@a" }),
      kubeconfig(json(EKS), { context: "a" }),
    ),
  ),
  good(
    "identifiers called differently",
    "the one server is behind both",
    ...under(
      deployment(),
      kubeconfig(yaml(EKS), { clusterIdentifier: "arn:aws:eks:eu-west-1:1:cluster/a" }),
      kubeconfig(yaml(EKS, "b"), { clusterIdentifier: "a" }),
    ),
  ),
  good(
    "several clusters in one kubeconfig",
    "the context may select the other's",
    ...under(deployment(), kubeconfig(json(EKS, "https://b")), kubeconfig(json(EKS))),
  ),
  bad(
    RULE,
    "several other clusters",
    "none of them is the other's",
    ...under(deployment(), kubeconfig(json("https://c", "https://b")), kubeconfig(json(EKS))),
  ),
  bad(
    RULE,
    "two ports of one host",
    "two API servers",
    ...under(deployment(), kubeconfig(json("https://a:6443")), kubeconfig(json("https://a:7443"))),
  ),
];

/**
 * The CPU time of the policy pack over one stack of 4,000 Kubernetes resources with 800 autoscalers, next to a pack with one
 * rule that does nothing: `node --require llm-gateway/typescript test/bench/policies.ts`. Both get the messages that the
 * engine sends, through the handlers that the SDK serves.
 */
import type { Policies } from "@pulumi/policy";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { prepareServer } from "../../policies/factory/server";
import { policies, RULES } from "../../policies/pack";
import { called, server } from "../support/packServer";
import { printTable } from "./report";

const WORKLOADS = 800;

const EMPTY: Policies = [
  { name: "nothing", description: "Looks at nothing.", validateStack: () => undefined },
];

interface Declared {
  readonly type: string;
  readonly name: string;
  readonly props: Record<string, unknown>;
}

/** Five resources a workload: its Deployment, autoscaler, disruption budget, Service and ConfigMap. */
function stack(): Declared[] {
  return Array.from({ length: WORKLOADS }, (_, index) => {
    const name = `web-${index}`;
    const metadata = { name, namespace: `team-${index % 20}` };
    const labels = { app: name };
    const container = {
      name: "web",
      image: "registry/web:1.2.3",
      resources: { requests: { cpu: "1", memory: "1Gi" } },
      readinessProbe: { httpGet: { path: "/", port: 80 } },
      livenessProbe: { httpGet: { path: "/", port: 80 } },
    };
    const template = { metadata: { labels }, spec: { containers: [container] } };
    const share = { type: "Utilization", averageUtilization: 70 };
    const spec = {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
      minReplicas: 1,
      maxReplicas: 5,
      metrics: [{ type: "Resource", resource: { name: "cpu", target: share } }],
    };
    const selector = { matchLabels: labels };
    return [
      ["apps/v1:Deployment", { metadata, spec: { selector, template } }],
      ["autoscaling/v2:HorizontalPodAutoscaler", { metadata, spec }],
      ["policy/v1:PodDisruptionBudget", { metadata, spec: { maxUnavailable: 1, selector } }],
      ["core/v1:Service", { metadata, spec: { selector: labels, ports: [{ port: 80 }] } }],
      ["core/v1:ConfigMap", { metadata, data: { "app.yaml": "workers: 4\nhost: db\n" } }],
    ] satisfies [string, Record<string, unknown>][];
  })
    .flat()
    .map(([type, props], index) => ({ type: `kubernetes:${type}`, name: `r-${index}`, props }));
}

const urnOf = ({ type, name }: Declared) => `urn:pulumi:test::bench::${type}::${name}`;

function struct(props: Record<string, unknown>): Struct {
  return Struct.fromJavaScript(JSON.parse(JSON.stringify(props)) as never);
}

function single(resource: Declared): analyzer.AnalyzeRequest {
  const request = new analyzer.AnalyzeRequest();
  request.setType(resource.type);
  request.setUrn(urnOf(resource));
  request.setName(resource.name);
  request.setProperties(struct(resource.props));
  request.setOptions(new analyzer.AnalyzerResourceOptions());
  return request;
}

function whole(resources: readonly Declared[]): analyzer.AnalyzeStackRequest {
  const request = new analyzer.AnalyzeStackRequest();
  request.setResourcesList(
    resources.map((resource) => {
      const message = new analyzer.AnalyzerResource();
      message.setType(resource.type);
      message.setUrn(urnOf(resource));
      message.setName(resource.name);
      message.setProperties(struct(resource.props));
      message.setOptions(new analyzer.AnalyzerResourceOptions());
      return message;
    }),
  );
  return request;
}

/** CPU seconds of a run. */
async function cpu(run: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e6;
}

/** @returns a row of the table */
async function measure(name: string, make: () => Policies): Promise<string[]> {
  const resources = stack();
  const singles = resources.map((resource) => single(resource).serializeBinary());
  const all = whole(resources).serializeBinary();
  const times: { register: number; stack: number }[] = [];
  for (let round = 0; round < 4; round += 1) {
    const pack = make();
    const one = server.makeAnalyzeRpcFun("bench", "0", "mandatory", pack);
    const end = server.makeAnalyzeStackRpcFun("bench", "0", "mandatory", pack);
    const register = await cpu(async () => {
      for (const bytes of singles) {
        await called(one, bytes, AnalyzerService.analyze.requestDeserialize);
      }
    });
    const atEnd = await cpu(async () => {
      const found = await called(end, all, AnalyzerService.analyzeStack.requestDeserialize);
      if (found.length > 0) {
        throw new Error(`${name} reports violations of a good stack: ${found.join(", ")}`);
      }
    });
    times.push({ register, stack: atEnd });
  }
  const best = (pick: (time: (typeof times)[number]) => number) => Math.min(...times.map(pick));
  return [name, best((time) => time.register).toFixed(2), best((time) => time.stack).toFixed(2)];
}

async function main(): Promise<void> {
  console.log(`${WORKLOADS * 5} resources, ${WORKLOADS} autoscalers`);
  const empty = await measure("a pack that does nothing", () => EMPTY);
  prepareServer(RULES);
  printTable(
    ["CPU seconds, best of 4", "registrations", "stack"],
    [empty, await measure("this pack", policies)],
  );
}

void main();

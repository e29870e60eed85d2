/**
 * The CPU time of the policy pack over one stack of 4,000 Kubernetes resources with 800 autoscalers, next to a pack with one
 * rule that does nothing: `node --require llm-gateway/typescript test/bench/policies.ts`. Both get the messages that the
 * engine sends, through the handlers that the SDK serves.
 */
import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { prepareServer } from "../../policies/factory/server";
import { policies, RULES } from "../../policies/pack";
import { printTable } from "./report";

const WORKLOADS = 800;

type Handler<Q> = (
  call: { readonly request: Q },
  callback: (error: Error | null | undefined, response?: analyzer.AnalyzeResponse) => void,
) => void;

/** The SDK's handlers, which it keeps out of its types. */
interface Server {
  readonly makeAnalyzeRpcFun: (
    name: string,
    version: string,
    level: string,
    policies: Policies,
  ) => Handler<analyzer.AnalyzeRequest>;
  readonly makeAnalyzeStackRpcFun: (
    name: string,
    version: string,
    level: string,
    policies: Policies,
  ) => Handler<analyzer.AnalyzeStackRequest>;
}
const server = createRequire(__filename)("@pulumi/policy/server") as Server;

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

/** Calls a handler as gRPC does, message decoding included. @returns how many violations it reported */
async function called<Q>(handler: Handler<Q>, bytes: Buffer, read: (bytes: Buffer) => Q) {
  const request = read(bytes);
  return new Promise<number>((resolve, reject) => {
    handler({ request }, (error, response) => {
      if (response === undefined) {
        reject(error ?? new Error("no response"));
      } else {
        resolve(response.getDiagnosticsList().length);
      }
    });
  });
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
  const singles = resources.map((resource) => Buffer.from(single(resource).serializeBinary()));
  const all = Buffer.from(whole(resources).serializeBinary());
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
      if (found > 0) {
        throw new Error(`${name} reports ${found} violations of a good stack`);
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

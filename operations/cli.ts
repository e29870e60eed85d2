import { CoreV1Api, KubeConfig } from "@kubernetes/client-node";
import { Command } from "commander";
import { GATEWAY } from "../components/litellm/names";
import { PROXY_ENVIRONMENT } from "../components/litellm/proxyConfig";
import { GatewayClient } from "./gatewayClient";
import { resultTable, verify } from "./verify/verify";

interface VerifyOptions {
  readonly kubeconfig?: string;
  readonly context?: string;
  readonly namespace: string;
  readonly modelNamespace: string;
  readonly url?: string;
  readonly json: boolean;
}

const program = new Command("operations")
  .description("What an operator runs against a live stack")
  .showHelpAfterError();

program
  .command("verify")
  .description("the checklist: pass or fail, what was seen, what to do; exit code 1 on a failure")
  .option("--kubeconfig <path>", "kubeconfig file (default: KUBECONFIG, then ~/.kube/config)")
  .option("--context <name>", "context of the kubeconfig (default: its current one)")
  .option("--namespace <name>", "namespace of the gateway", "litellm")
  .option("--model-namespace <name>", "namespace of the model servers", "vllm")
  .option("--url <url>", "base URL of the gateway without /v1 (default: its load balancer's)")
  .option("--json", "results as JSON", false)
  .action(async (options: VerifyOptions) => {
    const config = kubeConfig(options);
    const { namespace, modelNamespace } = options;
    const gateway = new GatewayClient(
      options.url ?? (await loadBalancerUrl(config, namespace)),
      await masterKey(config, namespace),
    );
    const results = await verify({ config, namespace, modelNamespace, gateway });
    console.log(options.json ? JSON.stringify(results, undefined, 2) : resultTable(results));
    process.exitCode = results.some(({ status }) => status === "fail") ? 1 : 0;
  });

function kubeConfig({ kubeconfig, context }: VerifyOptions): KubeConfig {
  const config = new KubeConfig();
  if (kubeconfig === undefined) {
    config.loadFromDefault();
  } else {
    config.loadFromFile(kubeconfig);
  }
  if (context !== undefined) {
    config.setCurrentContext(context);
  }
  return config;
}

async function loadBalancerUrl(config: KubeConfig, namespace: string): Promise<string> {
  const { spec, status } = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedService({ name: GATEWAY, namespace });
  const ingress = status?.loadBalancer?.ingress?.[0];
  const host = ingress?.hostname ?? ingress?.ip;
  const port = spec?.ports?.[0]?.port;
  if (host === undefined || port === undefined) {
    throw new Error(
      `Service ${namespace}/litellm has no load balancer yet; run kubectl -n ${namespace} port-forward service/litellm 4000 and add --url http://127.0.0.1:4000`,
    );
  }
  return `${port === 443 ? "https" : "http"}://${host}:${port}`;
}

async function masterKey(config: KubeConfig, namespace: string): Promise<string> {
  const { data } = await config
    .makeApiClient(CoreV1Api)
    .readNamespacedSecret({ name: GATEWAY, namespace });
  return Buffer.from(data?.[PROXY_ENVIRONMENT.masterKey] ?? "", "base64").toString("utf8");
}

program.parseAsync().catch((error: unknown) => {
  console.error(`error: ${error instanceof Error ? error.message : String(error)}`);
  process.exitCode = 2;
});

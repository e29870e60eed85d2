import { overlap } from "../../domain/cidr";
import { fail, pass, warn } from "../stack/checklist";
import { accountCheck } from "./identityChecks";
import { setCommand, type EksCheck } from "./subject";
import { reasonOf, type Web } from "./web";

const clusterState = accountCheck(
  "The cluster can be made or updated",
  async ({ account, cluster, stack }) => {
    const { name, kubernetesVersion: wanted } = cluster;
    const found = await account.cluster(name);
    if (found === undefined) {
      return pass(`there is no cluster ${name} yet`);
    }
    const [from, to] = [minorOf(found.version), minorOf(wanted)];
    if (to < from) {
      return fail(
        `${name} runs ${found.version}, and EKS never goes back to ${wanted}`,
        setCommand(stack, "cluster.kubernetesVersion", found.version),
      );
    }
    if (to > from + 1) {
      return fail(
        `${name} runs ${found.version}: EKS upgrades by one minor version at a time, not to ${wanted}`,
        setCommand(stack, "cluster.kubernetesVersion", `1.${from + 1}`),
      );
    }
    return found.status === "ACTIVE"
      ? pass(`${name} runs ${found.version}`)
      : fail(
          `${name} is ${found.status}`,
          `aws eks wait cluster-active --name ${name} --region ${cluster.region}`,
        );
  },
);

function minorOf(version: string): number {
  return Number(version.split(".")[1] ?? NaN);
}

/** AWS's own service that answers with the caller's public address: no third party learns of it. */
const ADDRESS_URL = "https://checkip.amazonaws.com";

const endpoint = accountCheck(
  "The API endpoint can be reached from here",
  async ({ account, cluster, stack, web }) => {
    const existing = await account.cluster(cluster.name);
    if (existing?.endpoint !== undefined) {
      const { hostname } = new URL(existing.endpoint);
      try {
        await web.dial(hostname, 443);
        return pass(`${hostname} answers`);
      } catch (error) {
        return fail(
          `${hostname} does not answer: ${reasonOf(error)}`,
          `${await ownAddressCommand(web, stack)}, or run it from inside the VPC`,
        );
      }
    }
    const { publicAccessCidrs: cidrs } = cluster;
    if (cidrs.length === 0) {
      return warn(
        "the endpoint will be private: only the VPC and networks connected with it reach it",
        "run pulumi from there (docs/ci.md), or set cluster.publicAccessCidrs",
      );
    }
    const address = await ownAddress(web);
    if (address === undefined) {
      return warn(
        `the public address of this machine is not known: ${ADDRESS_URL} does not answer`,
        `see that it is in ${cidrs.join(", ")}`,
      );
    }
    return cidrs.some((cidr) => overlap(cidr, `${address}/32`))
      ? pass(`${address} is in ${cidrs.join(", ")}`)
      : fail(
          `this machine's address ${address} is not in ${cidrs.join(", ")}`,
          setCommand(stack, `cluster.publicAccessCidrs[${cidrs.length}]`, `${address}/32`),
        );
  },
);

/** The IPv4 address that AWS sees; undefined where it does not say. */
async function ownAddress(web: Web): Promise<string | undefined> {
  try {
    const response = await web.fetch(ADDRESS_URL);
    const text = (await response.text()).trim();
    return response.ok && /^\d+\.\d+\.\d+\.\d+$/.test(text) ? text : undefined;
  } catch {
    return undefined;
  }
}

async function ownAddressCommand(web: Web, stack: string): Promise<string> {
  const address = (await ownAddress(web)) ?? `$(curl -s ${ADDRESS_URL})`;
  return setCommand(stack, "cluster.publicAccessCidrs[0]", `${address}/32`);
}

export const ENDPOINT_CHECKS: readonly EksCheck[] = [clusterState, endpoint];

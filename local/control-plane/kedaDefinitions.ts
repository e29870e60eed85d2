import execa from "execa";
import { outputOf, UserError } from "../../domain/failure";
import { kedaDefinitions } from "../tools/kedaDefinitions";

/**
 * Teaches an API server KEDA's kinds, whether KEDA runs there or not: a stack's objects of them must find their definition.
 *
 * @param env environment in which `kubectl` is found
 * @throws UserError when the definitions cannot be had or are not accepted
 */
export async function applyKedaDefinitions(
  kubeconfig: string,
  env: Readonly<Record<string, string>>,
): Promise<void> {
  const kubectl = async (...args: readonly string[]) =>
    (await execa("kubectl", ["--kubeconfig", kubeconfig, ...args], { env })).stdout;
  const definitions = await kedaDefinitions();
  try {
    const applied = await kubectl(
      ...["apply", "--server-side", "--force-conflicts", "--output", "name"],
      ...["--kustomize", definitions],
    );
    await kubectl("wait", "--for", "condition=Established", ...applied.trim().split("\n"));
  } catch (error) {
    throw new UserError(
      `the API server does not take KEDA's custom resource definitions:\n${outputOf(error)}`,
      "run make down, then make up",
    );
  }
}

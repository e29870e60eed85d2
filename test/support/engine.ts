import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LocalWorkspace, type EngineEvent, type Stack } from "@pulumi/pulumi/automation";
import { REPOSITORY } from "../../local/control-plane/environment";
import { Project, type ProjectOptions } from "../../local/environment/project";
import { ensureTools } from "../../local/tools/build";

/** A stack of a program in a temporary project, driven by the real engine with stand-in plugins. */
export interface TestStack {
  readonly stack: Stack;
  readonly project: Project;
  readonly folder: string;
  /** Flags for previews and updates: the policy pack of this repository. */
  readonly checked: { readonly policyPacks: string[] };
  readonly close: () => Promise<void>;
}

/** Opens a stack. The tools are built when they are not there yet. */
export async function openStack(
  options: Partial<ProjectOptions> & Pick<ProjectOptions, "stack">,
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), "llm-gateway-engine-"));
  const project = await Project.open({
    folder,
    toolFolders: await ensureTools(() => undefined),
    kubeconfig: join(folder, "no-cluster"),
    standInsOnly: true,
    ...options,
  });
  // The Automation API looks the CLI up on the process's own PATH.
  process.env.PATH = project.env.PATH;
  const stack = await LocalWorkspace.selectStack(
    { stackName: options.stack, workDir: project.folder },
    { envVars: { ...project.env } },
  );
  return {
    stack,
    project,
    folder,
    checked: { policyPacks: [join(REPOSITORY, "policies")] },
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

/** What an engine run did, from its events. */
export class Recorder {
  public readonly events: EngineEvent[] = [];

  public readonly onEvent = (event: EngineEvent): void => {
    this.events.push(event);
  };

  /** Mandatory violations as `policy: message`. */
  public violations(): string[] {
    return this.events.flatMap(({ policyEvent }) =>
      policyEvent?.enforcementLevel === "mandatory"
        ? [`${policyEvent.policyName}: ${policyEvent.message}`]
        : [],
    );
  }

  /** `kubernetes:apps/v1:Deployment gateway` of every resource with the given operation, sorted. */
  public resources(...operations: string[]): string[] {
    return this.events
      .flatMap(({ resourcePreEvent }) =>
        resourcePreEvent !== undefined && operations.includes(resourcePreEvent.metadata.op)
          ? [`${resourcePreEvent.metadata.type} ${nameOf(resourcePreEvent.metadata.urn)}`]
          : [],
      )
      .sort();
  }

  /** The messages of all errors. */
  public errors(): string {
    return this.events
      .flatMap(({ diagnosticEvent }) =>
        diagnosticEvent?.severity === "error" ? [diagnosticEvent.message] : [],
      )
      .join("\n");
  }
}

function nameOf(urn: string): string {
  return urn.split("::").at(-1) ?? urn;
}

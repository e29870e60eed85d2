import type { ParsedConfig } from "../../domain/settings/schema";
import type * as checklist from "../stack/checklist";
import type { Account } from "./account";
import type { Web } from "./web";

type Cluster<Kind> = Extract<ParsedConfig["cluster"], { readonly kind: Kind }>;
export type EksSettings = Cluster<"eks">;
export type ExistingSettings = Cluster<"existing">;

/** What every check of a stack looks at, whoever makes the cluster. */
export interface StackSubject {
  /** Name of the stack, for the commands in remedies. */
  readonly stack: string;
  readonly config: ParsedConfig;
  readonly web: Web;
  /** Hugging Face token; undefined where it could not be read. */
  readonly huggingFaceToken: string | undefined;
}

/** A stack that makes its cluster, and the account that it would make it in. */
export interface EksSubject extends StackSubject {
  readonly cluster: EksSettings;
  readonly account: Account;
  readonly today: Date;
}

export type StackCheck = checklist.Check<StackSubject>;
export type EksCheck = checklist.Check<EksSubject>;

/** The command that sets a value of the stack's configuration. */
export function setCommand(stack: string, path: string, value: string): string {
  return `pulumi config set --stack ${stack} --path 'llm-gateway:${path}' ${value}`;
}

/** Something that is wrong, and what mends it. */
export interface Problem {
  readonly seen: string;
  readonly remedy: string;
}

/** One failed finding of several problems, each remedy on a line of its own; passes where there is none. */
export function judged(problems: readonly Problem[], fine: string): checklist.Finding {
  return problems.length === 0
    ? { status: "pass", seen: fine }
    : {
        status: "fail",
        seen: [...new Set(problems.map(({ seen }) => seen))].join("; "),
        remedy: [...new Set(problems.map(({ remedy }) => remedy))].join("\n"),
      };
}

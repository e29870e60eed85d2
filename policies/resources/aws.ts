import { at, isList, snapshot, UNKNOWN, type Value } from "./values";

/** `eks/cluster` of `aws:eks/cluster:Cluster`; undefined for anything that is not AWS. */
export function awsType(type: string): string | undefined {
  return /^aws:([\w-]+\/[\w-]+):\w+$/.exec(type)?.[1];
}

/** Whether a value that must be true is: UNKNOWN while a preview cannot tell. AWS takes some booleans as text. */
export function isOn(value: Value): boolean | typeof UNKNOWN {
  return value === UNKNOWN ? UNKNOWN : value === true || value === "true";
}

/** The strings of a list, without those that are unknown; UNKNOWN when the list is. */
export function strings(value: Value): readonly string[] | typeof UNKNOWN {
  if (value === UNKNOWN) {
    return UNKNOWN;
  }
  return (isList(value) ? value : []).filter((item): item is string => typeof item === "string");
}

/** `eks/cluster "platform"`: how messages name an AWS resource. */
export function awsName(type: string, programName: string): string {
  return `${awsType(type) ?? type} "${programName}"`;
}

/** One statement of a policy document. */
export interface PolicyStatement {
  readonly sid: string;
  readonly effect: Value;
  readonly actions: readonly string[];
}

/** The statements of a JSON policy document; UNKNOWN while the document is. @throws SyntaxError when it is no JSON */
export function statementsOf(document: Value): readonly PolicyStatement[] | typeof UNKNOWN {
  if (document === UNKNOWN) {
    return UNKNOWN;
  }
  if (typeof document !== "string") {
    return [];
  }
  const parsed = snapshot(JSON.parse(document));
  const statements = at(parsed, "Statement");
  const list: readonly Value[] = isList(statements) ? statements : [statements];
  return list.map((statement, index) => {
    const sid = at(statement, "Sid");
    const action = at(statement, "Action");
    return {
      sid: typeof sid === "string" ? sid : `statement ${index}`,
      effect: at(statement, "Effect"),
      actions: textsOf(action),
    };
  });
}

/** One text or a list of them, as policy documents have it. */
function textsOf(value: Value): string[] {
  const list: readonly Value[] = isList(value) ? value : [value];
  return list.filter((item): item is string => typeof item === "string");
}

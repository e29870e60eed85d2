import { SHAPE_NAMES } from "../../policies/factory/parameters";
import type { Rule } from "../../policies/factory/rule";

/** The part of a rule's page that its metadata decides: title, description, and what the SDK knows of it. */
export function pageHead({ definition, judges }: Rule): string {
  const when = [
    ...(judges.resource ? ["when a resource is registered"] : []),
    ...(judges.stack ? ["over the whole stack"] : []),
  ].join(", ");
  return [
    `# ${definition.name}`,
    definition.description,
    [
      `- Level: ${definition.level ?? "mandatory"}; severity: ${definition.severity}`,
      `- Judged: ${when}`,
      `- Level \`remediate\`: ${judges.remediates ? "mends the resource" : "not offered"}`,
      `- Tags: ${definition.tags.join(", ")}`,
      `- See [${new URL(definition.url).host}](${definition.url})`,
    ].join("\n"),
  ].join("\n\n");
}

/** The table of a rule's parameters. */
export function pageParameters({ definition }: Rule): string {
  const parameters = Object.entries(definition.parameters ?? {});
  return parameters.length === 0
    ? "None."
    : parameters
        .map(
          ([name, { shape, description, default: value }]) =>
            `- \`${name}\` (${SHAPE_NAMES[shape]}, \`${JSON.stringify(value)}\`): ${description}`,
        )
        .join("\n");
}

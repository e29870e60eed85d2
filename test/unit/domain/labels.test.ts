import { expect, test } from "vitest";
import { labels, projectLabels, projectSelector } from "../../../domain/labels";

test("an object carries what runs, its role and the project", () => {
  expect(labels("litellm", "gateway")).toEqual({
    "app.kubernetes.io/name": "litellm",
    "app.kubernetes.io/component": "gateway",
    "app.kubernetes.io/part-of": "llm-gateway",
    "app.kubernetes.io/managed-by": "pulumi",
  });
});

test.each([
  [undefined, "app.kubernetes.io/part-of=llm-gateway"],
  ["server" as const, "app.kubernetes.io/component=server,app.kubernetes.io/part-of=llm-gateway"],
])("the selector of the project's objects of role %s finds them", (role, text) => {
  expect(projectSelector(role)).toBe(text);
  expect(labels("any", role ?? "redis")).toMatchObject(projectLabels(role));
});

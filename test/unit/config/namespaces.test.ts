import { expect, test } from "vitest";
import { DEFAULT_NAMESPACES } from "../../../domain/names";
import { parsed } from "../../support/config";

test("the operator's commands look where a stack without namespaces of its own is", () => {
  const { gateway, modelNamespace } = parsed();
  expect({ gateway: gateway.namespace, models: modelNamespace }).toEqual(DEFAULT_NAMESPACES);
});

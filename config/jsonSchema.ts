import { z } from "zod";
import { DEFAULT_MODELS, MODEL_CATALOGUE, type Catalogue } from "../domain/models/catalogue";
import { configSchema } from "../domain/settings/schema";

/** Where the schema is kept for editors. */
export const SCHEMA_FILE = "config/stack-config.schema.json";

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** JSON Schema of a stack file `Pulumi.<stack>.yaml`, from the definition that validates it. */
export function stackFileSchema(
  project: string,
  catalogue: Catalogue = MODEL_CATALOGUE,
): JsonSchema {
  const {
    properties = {},
    required = [],
    $schema,
    ...rest
  } = z.toJSONSchema(configSchema, {
    io: "input",
  });
  const key = (name: string) => `${project}:${name}`;
  return {
    ...($schema === undefined ? {} : { $schema }),
    title: `Stack configuration of ${project}`,
    type: "object",
    properties: {
      config: {
        ...rest,
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, schema]) => [
            key(name),
            name === "models"
              ? withNames(schema, catalogue)
              : name === SECRET
                ? encrypted(schema)
                : schema,
          ]),
        ),
        // The default models fill in where none is named.
        required: required.filter((name) => name !== "models").map(key),
        // Settings of other packages stand in the same map.
        patternProperties: { [`^(?!${project}:)`]: {} },
      },
    },
  };
}

const SECRET = "huggingFaceToken";

/** A model of the catalogue needs none of its fields, a model of the user's own needs them all. */
function withNames(models: JsonSchema | boolean, catalogue: Catalogue): JsonSchema | boolean {
  if (typeof models === "boolean" || typeof models.additionalProperties !== "object") {
    return models;
  }
  const known = { ...models.additionalProperties, required: [] };
  const names = Object.keys(catalogue);
  return {
    ...models,
    description: `${models.description ?? ""}; of the catalogue, to name without describing them: ${names.join(", ")}`,
    default: Object.fromEntries(DEFAULT_MODELS.map((name) => [name, {}])),
    properties: Object.fromEntries(names.map((name) => [name, partial(known)])),
  };
}

/** The schema with nothing required at any depth. */
function partial(schema: JsonSchema): JsonSchema {
  const { required: _required, properties, ...rest } = schema;
  return properties === undefined
    ? rest
    : {
        ...rest,
        properties: Object.fromEntries(
          Object.entries(properties).map(([name, inner]) => [
            name,
            typeof inner === "boolean" ? inner : partial(inner),
          ]),
        ),
      };
}

/** A secret stands in the file as what `pulumi config set --secret` writes. */
function encrypted(schema: JsonSchema | boolean): JsonSchema {
  return {
    anyOf: [
      ...(typeof schema === "boolean" ? [] : [schema]),
      {
        type: "object",
        properties: {
          secure: {
            type: "string",
            description: "The encrypted value, as pulumi config set --secret writes it",
          },
        },
        required: ["secure"],
        additionalProperties: false,
      },
    ],
  };
}

/**
 * The settings that a stack has under the project's namespace, as they were written. The engine hands over every value as
 * text, maps and lists as JSON. Text that only looks like JSON, such as `[vllm`, is a string that somebody wrote: the schema
 * says what is wrong with it, by its path.
 *
 * @param project name of the Pulumi project
 * @param texts what the engine hands over, by full key (`llm-gateway:models`); keys of other namespaces are left out
 */
export function writtenSettings(
  project: string,
  texts: Readonly<Record<string, string>>,
): Record<string, unknown> {
  const prefix = `${project}:`;
  return Object.fromEntries(
    Object.entries(texts)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, text]) => [key.slice(prefix.length), structured(text)]),
  );
}

function structured(text: string): unknown {
  if (!/^\s*[[{]/.test(text)) {
    return text;
  }
  try {
    const parsed: unknown = JSON.parse(text);
    return parsed;
  } catch (error) {
    if (error instanceof SyntaxError) {
      return text;
    }
    throw error;
  }
}

import { MOST_REQUESTS, type Arrival } from "./profile";

/** First line of the traces of Azure/AzurePublicDataset. */
const HEADER = "TIMESTAMP,ContextTokens,GeneratedTokens";
const ROW = /^(\d{4}-\d{2}-\d{2}) (\d{2}:\d{2}:\d{2})(\.\d+)?,(\d+),(\d+)$/;

/** Whether a text is a trace of that form. */
export function isAzureTrace(text: string): boolean {
  return text.startsWith("TIMESTAMP,");
}

/**
 * Reads a trace in the form of Azure/AzurePublicDataset's `AzureLLMInferenceTrace_*.csv`: time, tokens of the prompt, tokens of the answer.
 * The first request is at second 0; lines need not be in order.
 *
 * @throws Error with file, line, value and what to write
 */
export function parseAzureTrace(text: string, file: string): Arrival[] {
  const [header = "", ...rows] = text.split(/\r?\n/);
  if (header.trim() !== HEADER) {
    throw new Error(`${file}:1: is ${JSON.stringify(header)}; write ${HEADER}`);
  }
  const requests = rows.flatMap((row, index) =>
    row.trim() === "" ? [] : [request(row.trim(), `${file}:${index + 2}`)],
  );
  if (requests.length === 0 || requests.length > MOST_REQUESTS) {
    throw new Error(
      `${file}: has ${requests.length} requests; between 1 and ${MOST_REQUESTS} are possible`,
    );
  }
  requests.sort((left, right) => left.atMs - right.atMs);
  const start = requests[0]?.atMs ?? 0;
  return requests.map(({ atMs, ...size }) => ({ atMs: atMs - start, ...size }));
}

function request(row: string, place: string): Arrival {
  const [, date = "", time = "", fraction = "0", prompt = "", answer = ""] = ROW.exec(row) ?? [];
  const atMs = Date.parse(`${date}T${time}Z`) + Number(fraction) * 1000;
  const promptTokens = Number(prompt);
  const outputTokens = Number(answer);
  if (!Number.isFinite(atMs) || promptTokens < 1 || outputTokens < 1) {
    throw new Error(
      `${place}: is ${JSON.stringify(row)}; write time, tokens of the prompt and of the answer, such as 2023-11-16 18:15:46.6805900,374,44`,
    );
  }
  return { atMs, promptTokens, outputTokens };
}

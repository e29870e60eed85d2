import { z } from "zod";

/** One answer of the gateway. */
export interface GatewayAnswer {
  readonly status: number;
  readonly text: string;
  readonly headers: Headers;
}

const modelList = z.object({ data: z.array(z.object({ id: z.string() })) });

/** Longest wait for an answer: a model that is busy may queue a request for a while. */
const TIMEOUT_MS = 60_000;

/** The gateway's HTTP API, with the key of one of its clients; the administrator's is one. */
export class GatewayClient {
  /** @param url base URL without `/v1`, such as http://localhost:4000 */
  public constructor(
    public readonly url: string,
    private readonly key: string,
  ) {}

  /** What another client needs to reach it. */
  public get access(): { readonly url: string; readonly key: string } {
    return { url: this.url, key: this.key };
  }

  /** The same gateway to somebody with another key. */
  public withKey(key: string): GatewayClient {
    return new GatewayClient(this.url, key);
  }

  public async post(path: string, body: unknown): Promise<GatewayAnswer> {
    return this.request(path, { method: "POST", body: JSON.stringify(body) });
  }

  public async get(path: string): Promise<GatewayAnswer> {
    return this.request(path, { method: "GET" });
  }

  /** Names of the models that it serves. @throws Error with the answer when it does not say */
  public async models(): Promise<string[]> {
    const { status, text } = await this.get("/v1/models");
    if (status !== 200) {
      throw new Error(`GET /v1/models answered ${status}: ${text.slice(0, 200)}`);
    }
    return modelList.parse(JSON.parse(text)).data.map(({ id }) => id);
  }

  /** A short chat completion. */
  public async complete(model: string, prompt: string): Promise<GatewayAnswer> {
    return this.request("/v1/chat/completions", {
      method: "POST",
      body: JSON.stringify({
        model,
        max_tokens: 8,
        messages: [{ role: "user", content: prompt }],
      }),
    });
  }

  private async request(path: string, init: RequestInit): Promise<GatewayAnswer> {
    const response = await fetch(`${this.url}${path}`, {
      ...init,
      headers: { authorization: `Bearer ${this.key}`, "content-type": "application/json" },
      signal: AbortSignal.timeout(TIMEOUT_MS),
    }).catch((error: unknown) => {
      throw new Error(`${this.url} cannot be reached`, { cause: error });
    });
    return { status: response.status, text: await response.text(), headers: response.headers };
  }
}

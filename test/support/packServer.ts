import { createRequire } from "node:module";
import type { Policies } from "@pulumi/policy";
import type * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";

/** A handler of the SDK's server, as gRPC calls it. */
export type Handler<Q> = (
  call: { readonly request: Q },
  callback: (error: Error | null | undefined, response?: analyzer.AnalyzeResponse) => void,
) => void;

type Make<Q> = (name: string, version: string, level: string, policies: Policies) => Handler<Q>;

/** The SDK's handlers, which it keeps out of its types. */
interface Server {
  readonly makeAnalyzeRpcFun: Make<analyzer.AnalyzeRequest>;
  readonly makeAnalyzeStackRpcFun: Make<analyzer.AnalyzeStackRequest>;
}

export const server = createRequire(__filename)("@pulumi/policy/server") as Server;

/** Calls a handler as gRPC does, message decoding included. @returns the rule of each violation that it reported */
export async function called<Q>(
  handler: Handler<Q>,
  bytes: Uint8Array,
  read: (bytes: Buffer) => Q,
): Promise<string[]> {
  const request = read(Buffer.from(bytes));
  return new Promise((resolve, reject) => {
    handler({ request }, (error, response) => {
      if (response === undefined) {
        reject(error ?? new Error("no response"));
      } else {
        resolve(response.getDiagnosticsList().map((found) => found.getPolicyname()));
      }
    });
  });
}

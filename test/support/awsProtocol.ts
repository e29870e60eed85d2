/** The wire protocols of the AWS services that the preflight asks: which action a request is, and how an answer is written. */
import type { IncomingMessage } from "node:http";

export interface Answer {
  readonly status: number;
  readonly type: "text/xml" | "application/json" | "application/x-amz-json-1.1";
  readonly body: string;
}

export interface Asked {
  readonly action: string;
  readonly parameters: Readonly<Record<string, unknown>>;
}

/** Which action a request is, by the protocol of its service. */
export function actionOf(request: IncomingMessage, body: string): Asked {
  const target = request.headers["x-amz-target"];
  if (typeof target === "string") {
    const [service = "", name = ""] = target.split(".");
    const prefix = service.startsWith("AmazonSSM")
      ? "ssm"
      : service.startsWith("Logs_")
        ? "logs"
        : "servicequotas";
    return { action: `${prefix}:${name}`, parameters: JSON.parse(body) as Record<string, unknown> };
  }
  const url = new URL(request.url ?? "/", "http://aws");
  if (request.method === "GET") {
    const [, first = "", second = "", third = ""] = url.pathname.split("/");
    if (second === "hostedzone") {
      return { action: "route53:GetHostedZone", parameters: { id: third } };
    }
    const parameters = { ...Object.fromEntries(url.searchParams), name: second };
    const action =
      first === "cluster-versions"
        ? "DescribeClusterVersions"
        : first === "addons"
          ? "DescribeAddonVersions"
          : "DescribeCluster";
    return { action: `eks:${action}`, parameters };
  }
  const form = Object.fromEntries(new URLSearchParams(body));
  const name = form.Action ?? "";
  return { action: `${name === "GetCallerIdentity" ? "sts" : "ec2"}:${name}`, parameters: form };
}

/** An error in the protocol of the action's service. */
export function failure(action: string, code: string, message: string, status: number): Answer {
  const [service] = action.split(":");
  if (service === "sts" || service === "route53") {
    const namespace =
      service === "sts"
        ? "sts.amazonaws.com/doc/2011-06-15"
        : "route53.amazonaws.com/doc/2013-04-01";
    return xml(
      `<ErrorResponse xmlns="https://${namespace}/"><Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error></ErrorResponse>`,
      status,
    );
  }
  if (service === "ec2") {
    return xml(
      `<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors></Response>`,
      status,
    );
  }
  return { ...json({ __type: code, code, message }), status };
}

export const json = (body: unknown): Answer => ({
  status: 200,
  type: "application/json",
  body: JSON.stringify(body),
});

export const xml = (body: string, status = 200): Answer => ({ status, type: "text/xml", body });

export function ec2(action: string, body: string): Answer {
  const name = `${action.replace("ec2:", "")}Response`;
  return xml(`<${name} xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">${body}</${name}>`);
}

export function list<T>(name: string, items: readonly T[], item: (value: T) => string): string {
  return `<${name}>${items.map((value) => `<item>${item(value)}</item>`).join("")}</${name}>`;
}

export function fields(values: Readonly<Record<string, string>>): string {
  return Object.entries(values)
    .map(([name, value]) => `<${name}>${value}</${name}>`)
    .join("");
}

export function tagSet(tags: Readonly<Record<string, string>>): string {
  return list("tagSet", Object.entries(tags), ([key, value]) => fields({ key, value }));
}

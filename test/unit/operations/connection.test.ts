import { describe, expect, test } from "vitest";
import { serviceUrl } from "../../../operations/stack/connection";

const service = (port: number, ingress: object[], annotations = {}) => ({
  metadata: { annotations },
  spec: { ports: [{ port }] },
  status: { loadBalancer: { ingress: ingress as { hostname?: string; ip?: string }[] } },
});

describe("an operator reaches the gateway", () => {
  test("at the address of its load balancer", () => {
    expect(serviceUrl(service(4000, [{ hostname: "lb.aws" }]))).toBe("http://lb.aws:4000");
    expect(serviceUrl(service(4000, [{ ip: "127.0.0.1" }]))).toBe("http://127.0.0.1:4000");
  });

  test("by the name of its certificate, which the load balancer's own is not", () => {
    const named = { "llm-gateway/host-name": "llm.example.com" };
    expect(serviceUrl(service(443, [{ hostname: "lb.aws" }], named))).toBe(
      "https://llm.example.com",
    );
  });

  test("through the API server where it has no load balancer", () => {
    expect(serviceUrl(service(4000, []))).toBeUndefined();
  });
});

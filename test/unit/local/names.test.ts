import type { V1Service, V1ServiceSpec } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { clusterNames } from "../../../local/processes/names";
import { servingPod } from "../../support/pods";

const service = (spec: V1ServiceSpec, namespace = "vllm"): V1Service => ({
  metadata: { name: "m", namespace },
  spec: { clusterIP: "10.1.1.1", selector: { app: "m" }, ...spec },
});
const headless = (spec: V1ServiceSpec = {}) => service({ clusterIP: "None", ...spec });

const READY = servingPod("m-0", "10.7.0.1", { subdomain: "m" });
const UNREADY = servingPod("m-1", "10.7.0.2", { subdomain: "m", ready: false });
const LEAVING = servingPod("m-2", "10.7.0.3", { subdomain: "m", deleted: true });
const PENDING = servingPod("m-3", null, { subdomain: "m", ready: false });
const ended = (phase: string) => servingPod("m-4", "10.7.0.5", { subdomain: "m", phase });
const PODS = [READY, UNREADY, LEAVING, PENDING, ended("Failed"), ended("Succeeded")];

describe("cluster DNS", () => {
  test("answers for a headless Service its ready pods, and each of them by its name", () => {
    expect(clusterNames([headless()], PODS)).toEqual({
      "m.vllm.svc": ["127.7.0.1"],
      "m-0.m.vllm.svc": ["127.7.0.1"],
    });
  });

  test("answers pods that are not ready or on their way out, too, where the Service publishes them", () => {
    expect(clusterNames([headless({ publishNotReadyAddresses: true })], PODS)).toEqual({
      "m.vllm.svc": ["127.7.0.1", "127.7.0.2", "127.7.0.3"],
      "m-0.m.vllm.svc": ["127.7.0.1"],
      "m-1.m.vllm.svc": ["127.7.0.2"],
      "m-2.m.vllm.svc": ["127.7.0.3"],
    });
  });

  test("knows a pod by name only below the Service that is its subdomain", () => {
    const other = servingPod("m-0", "10.7.0.1", { subdomain: "other" });
    const none = servingPod("m-1", "10.7.0.2");
    expect(clusterNames([headless()], [other, none])).toEqual({
      "m.vllm.svc": ["127.7.0.1", "127.7.0.2"],
    });
  });

  test("answers for a cluster IP the pods that it leads to: those on their way out when no other is ready", () => {
    expect(clusterNames([service({})], PODS)).toEqual({ "m.vllm.svc": ["127.7.0.1"] });
    expect(clusterNames([service({})], [UNREADY, LEAVING])).toEqual({
      "m.vllm.svc": ["127.7.0.3"],
    });
    expect(clusterNames([service({ publishNotReadyAddresses: true })], [UNREADY])).toEqual({
      "m.vllm.svc": ["127.7.0.2"],
    });
    expect(clusterNames([service({})], [UNREADY])).toEqual({ "m.vllm.svc": [] });
  });

  test("takes for a Service's pods those of its namespace that have all its labels", () => {
    expect(clusterNames([service({}, "other")], PODS)).toEqual({ "m.other.svc": [] });
    const narrow = service({ selector: { app: "m", role: "x" } });
    expect(clusterNames([narrow], PODS)).toEqual({ "m.vllm.svc": [] });
    expect(clusterNames([service({ selector: {} })], PODS)).toEqual({ "m.vllm.svc": [] });
  });
});

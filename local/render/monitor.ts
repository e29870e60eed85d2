import * as pulumi from "@pulumi/pulumi";
import * as provider from "@pulumi/pulumi/proto/provider_pb";
import * as resources from "@pulumi/pulumi/proto/resource_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct, type JavaScriptValue } from "google-protobuf/google/protobuf/struct_pb";
import { isMap } from "../../domain/map";
import { declaredOptions, type ResourceArgs } from "./options";
import { outputsOf } from "./outputs";
import { labelOf, masked, type Declaration, type DeclaredResource } from "./resource";

type Callback<T> = (error: Error | null, response?: T) => void;

const SIGNATURE = "4dabf18193072939515e22adb298388d";
const SECRET = "1b47061264138c4ac30d75fd1eb44270";
const STACK = "pulumi:pulumi:Stack";

/** Features of a monitor that change what the SDK sends; all others are declined. */
const FEATURES = new Set(["secrets", "deletedWith", "replaceWith", "aliasSpecs"]);

/**
 * Functions of providers whose answer is known where nothing was made yet: no Auto Scaling group of the cluster, some account, the zone
 * of AWS that the names of a region's network load balancers lie in.
 */
const BEFORE_THE_FIRST_UPDATE: Readonly<Record<string, Record<string, JavaScriptValue>>> = {
  "aws:index/getCallerIdentity:getCallerIdentity": { id: "none", accountId: "<account>" },
  "aws:index/getPartition:getPartition": { id: "none", partition: "aws" },
  "aws:autoscaling/getAmiIds:getAmiIds": { id: "none", arns: [], names: [] },
  "aws:lb/getHostedZoneId:getHostedZoneId": { id: "<zone of network load balancers>", region: "" },
};

/**
 * Stands in for the engine's resource monitor inside the process: it answers what the SDK sends, and keeps it. It refuses
 * other calls to providers and reads of existing resources, whose answers it could only make up.
 */
export class RecordingMonitor {
  private readonly seen = new Map<string, ResourceArgs>();
  private readonly recorded: DeclaredResource[] = [];
  private readonly labels = new Map<string | pulumi.Resource, string>();
  private readonly problems: string[] = [];
  private readonly functions = new Set<string>();
  private outputs: Readonly<Record<string, unknown>> = {};

  public constructor(
    private readonly project: string,
    private readonly stack: string,
  ) {}

  /** Takes notice of a resource that is being constructed: the request will not say which outputs it has. */
  public see(args: ResourceArgs): void {
    const label = labelOf(args);
    if (this.seen.has(label)) {
      throw new Error(`two resources are ${label}; give one another name`);
    }
    this.seen.set(label, args);
    this.labels.set(args.resource, label);
    // The SDK of a provider plugin makes an output of every setting that is left out.
    if (!args.type.startsWith("pulumi:providers:")) {
      this.requireValues(label, args.props);
    }
  }

  /** What was registered, once the program has ended. @throws Error where an input came to nothing */
  public declaration(): Declaration {
    if (this.problems.length > 0) {
      throw new Error(
        `inputs are outputs that came to nothing; name their values in local/render/outputs.ts: ${this.problems.join(", ")}`,
      );
    }
    return { resources: this.recorded, functions: [...this.functions], outputs: this.outputs };
  }

  public supportsFeature(
    request: resources.SupportsFeatureRequest,
    callback: Callback<resources.SupportsFeatureResponse>,
  ): void {
    callback(
      null,
      new resources.SupportsFeatureResponse().setHassupport(FEATURES.has(request.getId())),
    );
  }

  public registerResource(
    request: resources.RegisterResourceRequest,
    callback: Callback<resources.RegisterResourceResponse>,
  ): void {
    const type = request.getType();
    const name = request.getName();
    const label = labelOf({ type, name });
    const urn = `urn:pulumi:${this.stack}::${this.project}::${type}::${name}`;
    this.labels.set(urn, label);
    const inputs = request.getObject()?.toJavaScript() ?? {};
    const response = new resources.RegisterResourceResponse().setUrn(urn);
    if (type === STACK) {
      callback(null, response);
      return;
    }
    const args = this.seen.get(label);
    if (args === undefined) {
      callback(new Error(`${label} was registered without being constructed`));
      return;
    }
    this.recorded.push({
      type,
      name,
      component: !request.getCustom(),
      inputs: shownTree(inputs),
      options: declaredOptions(args, request, {
        ofResource: (resource) => this.label(resource),
        ofUrn: (other) => this.label(other),
      }),
    });
    const secret = new Set(request.getAdditionalsecretoutputsList());
    const outputs = Object.entries(outputsOf({ type, name }, Object.keys(args.props))).map(
      ([key, value]) => [key, secret.has(key) ? { [SIGNATURE]: SECRET, value } : value],
    );
    const state = { ...(Object.fromEntries(outputs) as object), ...inputs };
    callback(
      null,
      response
        .setId(request.getCustom() ? `<${label}.id>` : "")
        .setObject(Struct.fromJavaScript(state)),
    );
  }

  public registerResourceOutputs(
    request: resources.RegisterResourceOutputsRequest,
    callback: Callback<Empty>,
  ): void {
    if (this.labels.get(request.getUrn())?.startsWith("Stack ") === true) {
      this.outputs = shownTree(request.getOutputs()?.toJavaScript() ?? {});
    }
    callback(null, new Empty());
  }

  public invoke(
    request: resources.ResourceInvokeRequest,
    callback: Callback<provider.InvokeResponse>,
  ): void {
    this.functions.add(request.getTok());
    const answer = BEFORE_THE_FIRST_UPDATE[request.getTok()];
    if (answer === undefined) {
      callback(new Error(`the recording monitor does not answer the function ${request.getTok()}`));
    } else {
      callback(null, new provider.InvokeResponse().setReturn(Struct.fromJavaScript(answer)));
    }
  }

  public call(request: resources.ResourceCallRequest, callback: Callback<never>): void {
    callback(new Error(`the recording monitor does not answer the method ${request.getTok()}`));
  }

  public readResource(request: resources.ReadResourceRequest, callback: Callback<never>): void {
    callback(new Error(`the recording monitor cannot read ${request.getType()}`));
  }

  private label(resource: string | pulumi.Resource): string {
    const label = this.labels.get(resource);
    if (label === undefined) {
      throw new Error("a resource refers to one that was not declared");
    }
    return label;
  }

  /** Notes every output among the inputs that resolves to nothing: it would be missing without a word. */
  private requireValues(path: string, value: unknown): void {
    if (pulumi.Output.isInstance(value)) {
      value.apply((resolved: unknown) => {
        if (resolved === undefined) {
          this.problems.push(path);
        }
      });
    } else if (Array.isArray(value)) {
      value.forEach((item, index) => {
        this.requireValues(`${path}[${index}]`, item);
      });
    } else if (typeof value === "object" && value !== null && !pulumi.Resource.isInstance(value)) {
      for (const [key, item] of Object.entries(value)) {
        this.requireValues(`${path}.${key}`, item);
      }
    }
  }
}

/** Values as a reader may see them: secrets masked, the protocol's marks gone. */
function shown(value: unknown): unknown {
  if (Array.isArray(value)) {
    return value.map(shown);
  }
  if (!isMap(value)) {
    return value;
  }
  switch (value[SIGNATURE]) {
    case undefined:
      return shownTree(value);
    case SECRET:
      return masked(value.value);
    default:
      throw new Error("the program declares an asset or a reference, which are not shown yet");
  }
}

function shownTree(tree: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(tree).map(([key, item]) => [key, shown(item)]));
}

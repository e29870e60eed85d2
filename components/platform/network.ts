import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { planSubnets, type Cidr } from "../../domain/cidr";
import type { CreatedNetworkSettings } from "../../domain/settings/cluster";

/** Inputs of {@link Network}: the settings of a VPC of the stack's own, and whose it is. */
export interface NetworkArgs extends Pick<
  CreatedNetworkSettings,
  "cidr" | "interfaceEndpoints" | "nat" | "zones"
> {
  /** AWS region, for the names of AWS services. */
  readonly region: string;
  /** Name of the cluster, for the tags that load-balancer controllers look for. */
  readonly clusterName: string;
  /** AWS tags of everything that is made. */
  readonly tags: Readonly<Record<string, string>>;
}

/** A VPC with a public and a private subnet in each zone. Names carry the zone's index, which never changes. */
export class Network extends pulumi.ComponentResource {
  public readonly vpcId: pulumi.Output<string>;
  public readonly privateSubnetIds: readonly pulumi.Output<string>[];
  /** Blocks of the private subnets. */
  public readonly privateCidrs: readonly Cidr[];
  public readonly publicSubnetIds: readonly pulumi.Output<string>[];
  /** What must exist before a node in a private subnet reaches the cluster's endpoint and the registries. */
  public readonly ready: readonly pulumi.Resource[];

  public constructor(name: string, args: NetworkArgs, opts: pulumi.ComponentResourceOptions) {
    super("llm-gateway:network:Network", name, {}, opts);
    const child = { parent: this };
    const tags = (suffix: string, extra: Readonly<Record<string, string>> = {}) => ({
      ...args.tags,
      ...extra,
      Name: `${args.clusterName}-${suffix}`,
    });
    const vpc = new aws.ec2.Vpc(
      name,
      {
        cidrBlock: args.cidr,
        enableDnsHostnames: true,
        enableDnsSupport: true,
        tags: tags("vpc"),
      },
      child,
    );
    const gateway = new aws.ec2.InternetGateway(
      `${name}-internet`,
      { vpcId: vpc.id, tags: tags("internet") },
      child,
    );
    const plan = planSubnets(args.cidr, args.zones);
    const ready: pulumi.Resource[] = [];
    const table = (role: string, target: Partial<aws.ec2.RouteArgs>) => {
      const routes = new aws.ec2.RouteTable(
        `${name}-${role}`,
        { vpcId: vpc.id, tags: tags(role) },
        child,
      );
      const route = new aws.ec2.Route(
        `${name}-${role}-internet`,
        { routeTableId: routes.id, destinationCidrBlock: "0.0.0.0/0", ...target },
        child,
      );
      ready.push(route);
      return { routes, route };
    };
    const subnet = (role: string, cidrBlock: Cidr, zone: string, routes: aws.ec2.RouteTable) => {
      const publicSubnet = role.startsWith("public");
      const made = new aws.ec2.Subnet(
        `${name}-${role}`,
        {
          vpcId: vpc.id,
          cidrBlock,
          availabilityZone: zone,
          mapPublicIpOnLaunch: false,
          tags: tags(role, {
            [`kubernetes.io/cluster/${args.clusterName}`]: "shared",
            [publicSubnet ? "kubernetes.io/role/elb" : "kubernetes.io/role/internal-elb"]: "1",
          }),
        },
        child,
      );
      ready.push(
        new aws.ec2.RouteTableAssociation(
          `${name}-${role}`,
          { subnetId: made.id, routeTableId: routes.id },
          child,
        ),
      );
      return made;
    };

    const publicSide = table("public", { gatewayId: gateway.id });
    const publicSubnets = plan.map(({ publicCidr, zone }, index) =>
      subnet(`public-${index}`, publicCidr, zone, publicSide.routes),
    );
    const natGateways = publicSubnets
      .slice(0, args.nat === "single" ? 1 : undefined)
      .map((place, index) =>
        this.natGateway(`${name}-nat-${index}`, place, tags(`nat-${index}`), [
          gateway,
          publicSide.route,
        ]),
      );
    const privateTables = natGateways.map(
      (nat, index) => table(`private-${index}`, { natGatewayId: nat.id }).routes,
    );
    const privateSubnets = plan.flatMap(({ privateCidr, zone }, index) => {
      const routes = privateTables[Math.min(index, privateTables.length - 1)];
      return routes === undefined ? [] : [subnet(`private-${index}`, privateCidr, zone, routes)];
    });

    new aws.ec2.VpcEndpoint(
      `${name}-s3`,
      {
        vpcId: vpc.id,
        serviceName: `com.amazonaws.${args.region}.s3`,
        vpcEndpointType: "Gateway",
        routeTableIds: privateTables.map(({ id }) => id),
        tags: tags("s3"),
      },
      child,
    );
    this.ready = ready;
    this.vpcId = vpc.id;
    this.privateSubnetIds = privateSubnets.map(({ id }) => id);
    this.privateCidrs = plan.map(({ privateCidr }) => privateCidr);
    this.publicSubnetIds = publicSubnets.map(({ id }) => id);
    if (args.interfaceEndpoints.length > 0) {
      this.interfaceEndpoints(name, args);
    }
    this.registerOutputs({ vpcId: this.vpcId });
  }

  private natGateway(
    name: string,
    place: aws.ec2.Subnet,
    tags: Record<string, string>,
    wayOut: pulumi.Resource[],
  ): aws.ec2.NatGateway {
    // AWS refuses an address of a VPC without an internet gateway, and a detach of the gateway while an address is mapped.
    const opts = { parent: this, dependsOn: wayOut };
    const address = new aws.ec2.Eip(name, { domain: "vpc", tags }, opts);
    return new aws.ec2.NatGateway(
      name,
      { subnetId: place.id, allocationId: address.allocationId, tags },
      opts,
    );
  }

  /** Private addresses of AWS services, reachable over TLS from inside the VPC alone. */
  private interfaceEndpoints(name: string, args: NetworkArgs): void {
    const guard = new aws.ec2.SecurityGroup(
      `${name}-endpoints`,
      {
        vpcId: this.vpcId,
        description: "HTTPS from the VPC to AWS services",
        ingress: [
          {
            description: "HTTPS from the VPC",
            protocol: "tcp",
            fromPort: 443,
            toPort: 443,
            cidrBlocks: [args.cidr],
          },
        ],
        tags: { ...args.tags, Name: `${args.clusterName}-endpoints` },
      },
      { parent: this },
    );
    for (const service of args.interfaceEndpoints) {
      new aws.ec2.VpcEndpoint(
        `${name}-${service}`,
        {
          vpcId: this.vpcId,
          serviceName: `com.amazonaws.${args.region}.${service}`,
          vpcEndpointType: "Interface",
          privateDnsEnabled: true,
          subnetIds: [...this.privateSubnetIds],
          securityGroupIds: [guard.id],
          tags: { ...args.tags, Name: `${args.clusterName}-${service}` },
        },
        { parent: this },
      );
    }
  }
}

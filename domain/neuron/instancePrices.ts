import type { NeuronInstanceTypeName } from "./instanceTypes";

/**
 * List price of an instance in US dollars per hour, on demand, Linux, us-east-1. Source: aws/karpenter-provider-aws,
 * pkg/providers/pricing/zz_generated.pricing_aws.go, generated on 2026-07-20; it has no price of a Trn2.
 */
export const ON_DEMAND_USD_PER_HOUR: Readonly<Partial<Record<NeuronInstanceTypeName, number>>> = {
  "inf2.xlarge": 0.7582,
  "inf2.8xlarge": 1.96786,
  "inf2.24xlarge": 6.49063,
  "inf2.48xlarge": 12.98127,
  "trn1.2xlarge": 1.34375,
  "trn1.32xlarge": 21.5,
  "trn1n.32xlarge": 24.78,
};

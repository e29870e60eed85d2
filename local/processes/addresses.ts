/**
 * Pod addresses of the embedded environment. Kubernetes takes no loopback address for an endpoint, and a process can
 * listen on nothing else without privileges: so a pod has a cluster address, and its process the loopback address with the
 * same last three numbers.
 */
const CLUSTER = 10;
const LOOPBACK = 127;

/**
 * The cluster address of the n-th pod, from 1.
 *
 * @param network second number of the addresses: two environments on one machine have different ones
 * @throws RangeError beyond 65 534
 */
export function podAddress(network: number, index: number): string {
  if (!Number.isInteger(index) || index < 1 || index > 65_534) {
    throw new RangeError(`there is no pod address number ${index}`);
  }
  return [CLUSTER, network, index >> 8, index & 255].join(".");
}

/** Which number a cluster address has; undefined when it is none of this environment's. */
export function indexOf(network: number, address: string): number | undefined {
  const [first, second, third, fourth] = address.split(".").map(Number);
  return first === CLUSTER && second === network && third !== undefined && fourth !== undefined
    ? third * 256 + fourth
    : undefined;
}

/** Where the process of the pod with a cluster address listens. */
export function loopbackOf(address: string): string {
  return address.replace(/^\d+/, String(LOOPBACK));
}

/** Hands out the addresses of pods: 10.244.0.2 and on, the ones that were free longest first. */
export interface PodAddresses {
  readonly take: () => string;
  readonly giveBack: (address: string) => void;
}

export const isPodAddress = (address: string): boolean => /^10\.244\.\d+\.\d+$/.test(address);

export function createPodAddresses(): PodAddresses {
  const used = new Set<number>();
  const size = 256 * 256;
  let last = 1;
  return {
    take: () => {
      do {
        last = (last + 1) % size;
        // .0 and .255 of a network are no hosts; 10.244.0.1 is the bridge.
      } while (used.has(last) || last < 2 || last % 256 === 0 || last % 256 === 255);
      used.add(last);
      return `10.244.${Math.floor(last / 256)}.${last % 256}`;
    },
    giveBack: (address) => {
      const [, , high = 0, low = 0] = address.split('.').map(Number);
      used.delete(high * 256 + low);
    },
  };
}

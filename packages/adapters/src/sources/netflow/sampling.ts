import { slot } from "./elements.ts";
import type { Domain } from "./memory.ts";
import type { Values } from "./template.ts";

// Nobody has more samplers or interfaces; whoever claims so fills memory.
const knownMax = 4096;

/** Takes in what an options record says of sampling: for a sampler, for an interface, or for the whole domain. */
export function learnSampling({ numbers }: Values, domain: Domain): void {
  const interval = intervalOf(numbers);
  if (interval === null) return;
  const [sampler, ingress] = [numbers[slot.samplerId]!, numbers[slot.ingress]!];
  if (sampler >= 0) remember(domain.samplers, sampler, interval);
  else if (ingress > 0) remember(domain.interfaces, ingress, interval);
  // An interface's or a sampler's word is better than nothing for records that name neither.
  if ((sampler < 0 && ingress <= 0) || domain.sampling === null) domain.sampling = interval;
}

/** N for 1 in N packets, by the record, its sampler, its interface or its domain; null for none or unknown. */
export function samplingOf({ numbers }: Values, { sampling, samplers, interfaces }: Domain): number | null {
  const own = intervalOf(numbers);
  const sampler = numbers[slot.samplerId]!;
  const known = own ?? (sampler >= 0 ? samplers.get(sampler) : undefined) ?? interfaces.get(numbers[slot.ingress]!) ?? sampling;
  return known === null || known <= 1 ? null : known;
}

function intervalOf(numbers: Float64Array): number | null {
  for (const at of [slot.samplingInterval, slot.samplerInterval]) if (numbers[at]! >= 0) return whole(numbers[at]!);
  const sampled = numbers[slot.sampledPackets]!;
  if (sampled > 0 && numbers[slot.skippedPackets]! >= 0) return whole((sampled + numbers[slot.skippedPackets]!) / sampled);
  // Without a space between them it is the packets of which one is taken.
  if (sampled > 0) return whole(sampled);
  const size = numbers[slot.sampleSize]!;
  if (size > 0 && numbers[slot.population]! >= size) return whole(numbers[slot.population]! / size);
  const probability = numbers[slot.samplingProbability]!;
  return probability > 0 && probability <= 1 ? whole(1 / probability) : null;
}

const whole = (number: number): number => Math.min(Math.round(number), 0xffff_ffff);

function remember(known: Map<number, number>, key: number, interval: number): void {
  if (known.size < knownMax || known.has(key)) known.set(key, interval);
}

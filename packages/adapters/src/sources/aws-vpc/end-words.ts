import { labelsOf } from "../json-fields.ts";
import { noLabels } from "../record.ts";

/** What a record says about its ends besides addresses and ports; null where it says nothing. */
export interface EndWords {
  /** `ingress` or `egress`, as the interface sees it. */
  readonly direction: string | null;
  /** Whether the packet's own address is another than the interface's: a pod's, or one behind a translation. */
  readonly isPacketsOwn: boolean;
  readonly instance: string | null;
  readonly sourceService: string | null;
  readonly destinationService: string | null;
  readonly cluster: string | null;
  readonly service: string | null;
  readonly task: string | null;
}

/** The names of the fields that say it, in the order of {@link EndWords}. */
export const endFields = [
  "flow-direction",
  "instance-id",
  "pkt-src-aws-service",
  "pkt-dst-aws-service",
  "ecs-cluster-name",
  "ecs-service-name",
  "ecs-task-id",
] as const;

type Labels = Readonly<Record<string, string>>;

/** The labels of both ends. What belongs to the interface is said only where the record tells which end that is. */
export function endLabels(words: EndWords): { readonly source: Labels; readonly destination: Labels } {
  const isHere = { source: words.direction === "egress", destination: words.direction === "ingress" };
  return { source: labelsAt(isHere.source, words.sourceService, words), destination: labelsAt(isHere.destination, words.destinationService, words) };
}

function labelsAt(isHere: boolean, awsService: string | null, { instance, isPacketsOwn, cluster, service, task }: EndWords): Labels {
  if (!isHere) return awsService === null ? noLabels : labelsOf({ service: awsService });
  return labelsOf({
    pod: task ?? undefined,
    namespace: cluster ?? undefined,
    workload: service ?? undefined,
    [isPacketsOwn || task !== null ? "node" : "host"]: instance ?? undefined,
    service: awsService ?? undefined,
  });
}

import { cloudTime, type CloudReading } from "../cloud.ts";
import { meantTags } from "../meant-keys.ts";
import { listAt, textAt } from "../tree.ts";

/** A task of ECS holds the address of its own interface for its service; tasks that run on the address of their machine hold none. */
export function taskOf(told: CloudReading, one: unknown, where: string): void {
  const cluster = lastOf(textAt(one, "clusterArn")) ?? "default";
  const group = textAt(one, "group") ?? "";
  const name = group.startsWith("service:") ? group.slice("service:".length) : (lastOf(textAt(one, "taskDefinitionArn"))?.replace(/:\d+$/, "") ?? "");
  const id = `ecs/${cluster}/${name}`;
  const tags = listAt(one, "tags").flatMap((tag) => {
    const [key, value] = [textAt(tag, "key"), textAt(tag, "value")];
    return key === undefined || value === undefined || key.startsWith("aws:") ? [] : [[key, value] as const];
  });
  const { labels, attributes } = meantTags(tags);
  const details = listAt(one, "attachments")
    .filter((attachment) => textAt(attachment, "type") === "ElasticNetworkInterface")
    .flatMap((attachment) => listAt(attachment, "details"));
  const detail = (wanted: string): readonly string[] => details.flatMap((each) => (textAt(each, "name") === wanted ? (textAt(each, "value") ?? []) : []));
  for (const own of detail("networkInterfaceId")) told.holds({ id: own, where, attributes: { "same-as": id } });
  const isOver = textAt(one, "lastStatus") === "STOPPED";
  told.holds({
    id,
    where,
    labels: { ...labels, cluster },
    attributes: { class: "container", ...attributes },
    addresses: isOver ? [] : [...detail("privateIPv4Address"), ...detail("privateIPv6Address")],
    from: cloudTime(textAt(one, "createdAt")),
  });
}

const lastOf = (arn: string | undefined): string | undefined => arn?.split("/").at(-1);

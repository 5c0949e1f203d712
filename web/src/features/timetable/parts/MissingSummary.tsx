import { Text } from "@mantine/core";
import type { Missing } from "../../../api/problem";
import { MissingList } from "../../../ui/MissingList";
import { grouped } from "./grouped";

type Props = { title: string; items: Missing[]; onLeave?: () => void };

/** Requirements, each rule once with how often it fails. */
export function MissingSummary({ title, items, onLeave }: Props) {
  return (
    <div>
      <Text size="sm" fw={600} mb={6}>
        {title}
      </Text>
      <MissingList items={grouped(items)} onLeave={onLeave} />
    </div>
  );
}

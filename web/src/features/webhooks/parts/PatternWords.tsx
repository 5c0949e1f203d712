import { Group } from "@mantine/core";
import { useTranslation } from "react-i18next";
import { Code } from "../../../ui/Code";
import { EVERYTHING } from "../patterns";

type Props = { patterns: string[]; atMost?: number };

/** The patterns of an endpoint, as the API writes them; everything in words. */
export function PatternWords({ patterns, atMost = patterns.length }: Props) {
  const { t } = useTranslation();
  if (patterns.includes(EVERYTHING)) return t("webhooks.events.everything");
  const more = patterns.length - atMost;
  return (
    <Group gap="xs">
      {patterns.slice(0, atMost).map((pattern) => (
        <Code key={pattern}>{pattern}</Code>
      ))}
      {more > 0 && <span>{t("webhooks.events.more", { count: more })}</span>}
    </Group>
  );
}

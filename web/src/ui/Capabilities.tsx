import { List, Stack, Text, TextInput } from "@mantine/core";
import { IconSearch } from "@tabler/icons-react";
import { type ReactNode, useState } from "react";
import { useTranslation } from "react-i18next";
import { Code } from "./Code";

export type Capability = { id: string; title: string; since: string };
type Props<C> = { capabilities: C[]; mark?: (capability: C) => ReactNode };

/** What a build announces, searched by name: "is it there?" A `mark` says below each what was found of it. */
export function Capabilities<C extends Capability>({ capabilities, mark }: Props<C>) {
  const { t } = useTranslation();
  const [text, setText] = useState("");
  const wanted = text.trim().toLowerCase();
  const found = capabilities.filter(({ id, title }) => `${id} ${title}`.toLowerCase().includes(wanted));
  if (capabilities.length === 0)
    return (
      <Text size="sm" c="dimmed">
        {t("ui.capabilities.none")}
      </Text>
    );
  return (
    <Stack gap="sm">
      <TextInput
        aria-label={t("ui.capabilities.search")}
        placeholder={t("ui.capabilities.search")}
        leftSection={<IconSearch size={16} aria-hidden="true" />}
        value={text}
        onChange={(event) => setText(event.currentTarget.value)}
      />
      <Text size="xs" c="dimmed" role="status">
        {wanted
          ? t("ui.capabilities.found", { count: found.length, text })
          : t("ui.capabilities.all", { count: found.length })}
      </Text>
      <List
        spacing="xs"
        size="sm"
        listStyleType="none"
        tabIndex={0}
        style={{ maxHeight: "20rem", overflowY: "auto" }}
      >
        {found.map((capability) => (
          <List.Item key={capability.id}>
            <span lang="en" dir="auto">
              {capability.title}
            </span>{" "}
            <Text span size="xs" c="dimmed">
              <Code>{capability.id}</Code> · {t("ui.capabilities.since")} <Code>{capability.since}</Code>
            </Text>
            {mark?.(capability)}
          </List.Item>
        ))}
      </List>
    </Stack>
  );
}

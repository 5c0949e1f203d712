import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { type Missing, missingFrom } from "../api/problem";
import { getJson } from "../api/transport";
import { MissingList } from "./MissingList";
import { Notice } from "./Notice";

type Readiness = { missing: Partial<Missing>[]; warnings: Partial<Missing>[] };

/** What stands against something that is about to be asked for, or should be known before; `url` answers with a move. */
export function WhatStands({ url }: { url: string | null }) {
  const { t } = useTranslation();
  const { data } = useQuery({
    queryKey: [url],
    queryFn: ({ signal }) => getJson<Readiness>(String(url), signal),
    enabled: url !== null,
    staleTime: 0, // what blocks it changes elsewhere
  });
  const found = [...(data?.missing ?? []), ...(data?.warnings ?? [])];
  if (found.length === 0) return null;
  return (
    <Notice>
      <Stack gap="xs">
        <Text size="sm" fw={600}>
          {t("ui.moves.warnings")}
        </Text>
        <MissingList items={found.map((each) => missingFrom({ ...each }))} />
      </Stack>
    </Notice>
  );
}

import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useTranslation } from "react-i18next";
import { missingFrom } from "../../../api/problem";
import { MissingList } from "../../../ui/MissingList";
import { Notice } from "../../../ui/Notice";
import { readinessQuery } from "../queries";

/** What stands against a document of the learner who is chosen, or should be known before it is issued. */
export function OwedBy({ student, kind }: { student: number | null; kind: string }) {
  const { t } = useTranslation();
  const { data } = useQuery(readinessQuery(student, kind));
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

import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import type { Column } from "../../../ui/DataTable";
import { Facts } from "../../../ui/Facts";
import { useFormat } from "../../../ui/format";
import { Loaded } from "../../../ui/Loaded";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";
import { type Policy, type PolicyPreview, previewQuery } from "../queries";

type Changed = { full_name: string; reg_no: string; before: string; after: string; is_eligible: boolean };

/** Who could sit that cannot now, and the other way round, if the draft held. */
export function WhoChanges({ policy }: { policy: Policy }) {
  const { t } = useTranslation();
  const preview = useQuery(previewQuery(policy.id, policy.version));
  return (
    <Panel title={t("attendance.policies.whoChanges")}>
      <Loaded query={preview}>{(found) => <Found found={found} />}</Loaded>
    </Panel>
  );
}

function Found({ found }: { found: PolicyPreview }) {
  const { t } = useTranslation();
  const { number, date } = useFormat();
  const columns = useMemo<Column<Changed>[]>(
    () => [
      {
        id: "person",
        header: t("attendance.corrections.person"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> <Code>{row.reg_no}</Code>
          </>
        ),
      },
      {
        id: "before",
        header: t("attendance.policies.now"),
        align: "end",
        cell: (row) => <bdi dir="ltr">{number(Number(row.before))} %</bdi>,
      },
      {
        id: "after",
        header: t("attendance.policies.then"),
        align: "end",
        cell: (row) => <bdi dir="ltr">{number(Number(row.after))} %</bdi>,
      },
      {
        id: "may",
        header: t("attendance.standings.code"),
        cell: (row) => (row.is_eligible ? t("attendance.policies.gains") : t("attendance.policies.loses")),
      },
    ],
    [t, number],
  );
  return (
    <Stack gap="sm">
      <Facts
        items={[
          { label: t("attendance.policies.concerned"), value: number(found.people) },
          { label: t("attendance.policies.gain"), value: number(found.gain) },
          { label: t("attendance.policies.lose"), value: number(found.lose) },
        ]}
      />
      {found.sample.length > 0 && (
        <SmallTable
          caption={t("attendance.policies.whoChanges")}
          columns={columns}
          rows={found.sample as Changed[]}
          rowId={(row) => row.reg_no || row.full_name}
          empty=""
        />
      )}
      {found.gain + found.lose > found.sample.length && (
        <Text size="sm">
          {t("attendance.policies.more", { count: found.gain + found.lose - found.sample.length })}
        </Text>
      )}
      <Text size="xs" c="dimmed">
        {t("attendance.policies.over", { from: date(found.start_date), to: date(found.end_date) })}
      </Text>
    </Stack>
  );
}

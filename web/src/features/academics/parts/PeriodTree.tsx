import { ActionIcon } from "@mantine/core";
import { IconPlus } from "@tabler/icons-react";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import { useCan } from "../../../api/me";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { FormDialog } from "../../../ui/FormDialog";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { StatusBadge } from "../../../ui/StatusBadge";
import { type TreeColumn, TreeTable } from "../../../ui/TreeTable";
import { PeriodForm } from "../forms/PeriodForm";
import type { Period } from "../queries";

type Props = { roots: Period[]; caption: string; isTemplate?: boolean };

const MAY_HOLD = new Set(["year", "semester", "block"]);

/** Periods below one another; a template shows days from its parent, a dated tree shows dates. */
export function PeriodTree({ roots, caption, isTemplate = false }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const can = useCan();
  const [parent, setParent] = useState<Period | null>(null);
  const dates = (period: Period) =>
    period.start_date && period.end_date
      ? `${format.date(period.start_date)} – ${format.date(period.end_date)}`
      : "–";
  const days = (period: Period) =>
    period.offset_days === null && period.length_days === null
      ? "–"
      : t("academics.period.days", { from: period.offset_days ?? 0, length: period.length_days ?? "?" });
  const columns: TreeColumn<Period>[] = [
    {
      id: "name",
      header: t("academics.fields.name"),
      cell: (period) => (
        <AnchorLink to="/academics/periods/$id" params={{ id: String(period.id) }} fw={600}>
          <Bidi>{period.name}</Bidi>
        </AnchorLink>
      ),
    },
    {
      id: "kind",
      header: t("academics.fields.kind"),
      isWide: true,
      cell: (period) => label("academics.periodKind", period.kind),
    },
    {
      id: "track",
      header: t("academics.fields.track"),
      isWide: true,
      cell: (period) => period.track_name && <Bidi>{period.track_name}</Bidi>,
    },
    {
      id: "when",
      header: isTemplate ? t("academics.period.when") : t("academics.period.dates"),
      cell: isTemplate ? days : dates,
    },
    ...(isTemplate
      ? []
      : [
          {
            id: "status",
            header: t("academics.fields.status"),
            cell: (period: Period) => <StatusBadge status={period.status} />,
          },
        ]),
    ...(can("period.manage")
      ? [
          {
            id: "add",
            header: "",
            align: "end" as const,
            cell: (period: Period) =>
              MAY_HOLD.has(period.kind) && (
                <ActionIcon
                  variant="subtle"
                  size="sm"
                  aria-label={t("academics.period.addBelow", { name: period.name })}
                  title={t("academics.period.addBelow", { name: period.name })}
                  onClick={() => setParent(period)}
                >
                  <IconPlus size={16} />
                </ActionIcon>
              ),
          },
        ]
      : []),
  ];
  return (
    <>
      <TreeTable<Period> caption={caption} roots={roots} columns={columns} />
      <FormDialog
        title={t("academics.period.create")}
        opened={parent !== null}
        onClose={() => setParent(null)}
      >
        {parent && (
          <PeriodForm
            spot={{ program: parent.program, batch: parent.batch, parent }}
            onDone={() => setParent(null)}
          />
        )}
      </FormDialog>
    </>
  );
}

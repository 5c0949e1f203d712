import { Title } from "@mantine/core";
import { IconArrowNarrowRight } from "@tabler/icons-react";
import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import { Code } from "../../../ui/Code";
import { type Column, DataTable } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { DIFFERENCES, type Difference, type EligibilityList } from "../queries";
import { CodeBadge } from "./CodeBadge";
import classes from "./Differences.module.css";

type Side = { percentage?: unknown; code?: unknown } | null;

/** Who stands otherwise than in the list of the number before. */
export function Differences({ list }: { list: EligibilityList }) {
  const { t } = useTranslation();
  const title = t("attendance.lists.differences", { number: list.number - 1 });
  const columns = useMemo<Column<Difference>[]>(
    () => [
      {
        id: "person",
        header: t("attendance.corrections.person"),
        cell: (row) => (
          <>
            <Bidi>{row.full_name}</Bidi> {row.reg_no && <Code>{row.reg_no}</Code>}
          </>
        ),
      },
      {
        id: "change",
        header: t("attendance.corrections.change"),
        cell: (row) => (
          <span className={classes.change}>
            <Standing side={row.before as Side} absent={t("attendance.lists.wasNot")} />
            <IconArrowNarrowRight size={18} aria-label={t("attendance.lists.becomes")} />
            <Standing side={row.after as Side} absent={t("attendance.lists.isNot")} />
          </span>
        ),
      },
    ],
    [t],
  );
  return (
    <section>
      <Title order={2} size="h4" mb="sm">
        {title}
      </Title>
      <DataTable
        path={DIFFERENCES}
        params={{ pk: list.id }}
        caption={title}
        columns={columns}
        rowId={(row) => row.person}
        search={{}}
        fixed={{ page_size: 200 }}
        isSearchable={false}
        empty={{
          title: t("attendance.lists.same"),
          detail: t("attendance.lists.sameDetail"),
          action: null,
        }}
      />
    </section>
  );
}

function Standing({ side, absent }: { side: Side; absent: string }) {
  const { number } = useFormat();
  if (!side) return <span>{absent}</span>;
  return (
    <span className={classes.side}>
      <bdi dir="ltr">{number(Number(side.percentage))} %</bdi> <CodeBadge code={String(side.code)} />
    </span>
  );
}

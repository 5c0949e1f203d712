import { useMemo } from "react";
import { useTranslation } from "react-i18next";
import type { Missing } from "../../../api/problem";
import { Bidi } from "../../../ui/Bidi";
import type { Column } from "../../../ui/DataTable";
import { useFormat } from "../../../ui/format";
import { AnchorLink } from "../../../ui/links";
import { Panel } from "../../../ui/Panel";
import { SmallTable } from "../../../ui/SmallTable";

type OpenRegister = { session: number; date: string; title: string; teachers: string[] };

/** The registers that a refused `freeze` names, as the server wrote them. */
export function openRegisters(missing: Missing[]): OpenRegister[] {
  return missing.flatMap(({ code, detail, where }) => {
    const session = Number(where?.session);
    const date = String(where?.date ?? "");
    if (code !== "registers_complete" || !session) return [];
    const teachers = Array.isArray(where?.teachers) ? where.teachers.map(String) : [];
    return [{ session, date, title: detail.replace(`, ${date}`, ""), teachers }];
  });
}

/** What still has to be handed in before the list can be frozen, and by whom. */
export function OpenRegisters({ missing }: { missing: Missing[] }) {
  const { t } = useTranslation();
  const format = useFormat();
  const rows = openRegisters(missing);
  const columns = useMemo<Column<OpenRegister>[]>(
    () => [
      {
        id: "session",
        header: t("attendance.corrections.session"),
        cell: (row) => (
          <AnchorLink to="/attendance/sessions/$id" params={{ id: String(row.session) }}>
            <Bidi>{row.title}</Bidi>
          </AnchorLink>
        ),
      },
      { id: "date", header: t("attendance.mine.when"), cell: (row) => format.shortDay(row.date) },
      {
        id: "teachers",
        header: t("attendance.lists.teachers"),
        cell: (row) =>
          row.teachers.length > 0
            ? row.teachers.map((name, place) => (
                <span key={name}>
                  {place > 0 && t("ui.comma")}
                  <Bidi>{name}</Bidi>
                </span>
              ))
            : t("attendance.lists.noTeacher"),
      },
    ],
    [t, format],
  );
  if (rows.length === 0) return null;
  return (
    <Panel title={t("attendance.lists.openRegisters", { count: rows.length })} flush>
      <SmallTable
        caption={t("attendance.lists.openRegisters", { count: rows.length })}
        columns={columns}
        rows={rows}
        rowId={(row) => row.session}
        empty=""
      />
    </Panel>
  );
}

import { useQuery } from "@tanstack/react-query";
import { useState } from "react";
import { useTranslation } from "react-i18next";
import type { Week } from "../grid/sheet";
import { periodQuery } from "../queries";
import { PickOne } from "./Picker";
import { useList } from "./useOptions";

type Props = {
  week: Week;
  value: number | null;
  fault: string | undefined;
  onChange: (period: number | null) => void;
};

/** The period of a single cell, where it is another than that of its week. */
export function CellPeriod({ week, value, fault, onChange }: Props) {
  const { t } = useTranslation();
  const [picked, setPicked] = useState("");
  const { data } = useQuery({ ...periodQuery(value ?? 0), enabled: value !== null && picked === "" });
  const name = picked || data?.name || (value === null ? "" : `#${value}`);
  const periods = useList(
    "/api/v1/academics/academic-periods/",
    { is_template: false, batch: week.batch },
    name,
  );
  return (
    <PickOne
      {...periods}
      label={t("timetable.editor.period")}
      placeholder={week.academic_period_name ?? ""}
      description={
        week.academic_period_name
          ? t("timetable.editor.periodHint", { period: week.academic_period_name })
          : undefined
      }
      value={value}
      chosenLabel={name}
      fault={fault}
      onChange={(id, label) => {
        setPicked(label);
        onChange(id);
      }}
    />
  );
}

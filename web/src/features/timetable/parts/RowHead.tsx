import { IconCoffee } from "@tabler/icons-react";
import { useTranslation } from "react-i18next";
import { Bidi } from "../../../ui/Bidi";
import type { BandPlace } from "../grid/layout";
import type { PlacedFault } from "../grid/payload";
import type { GridRow } from "../grid/sheet";
import classes from "./WeekGrid.module.css";

type Props = { row: GridRow; band: BandPlace; faults: PlacedFault[] | undefined };

/** A slot's times; further lanes of a band show their lane and keep the times for screen readers. */
export function RowHead({ row, band, faults }: Props) {
  const { t } = useTranslation();
  const isFurtherLane = band === "middle" || band === "last";
  const times =
    row.start_time && row.end_time ? (
      <bdi dir="ltr" className={classes.times}>
        <b>{row.start_time}</b>
        <span>–{row.end_time}</span>
      </bdi>
    ) : (
      <span className={classes.untimed}>{t("timetable.grid.noTimes")}</span>
    );
  return (
    <th
      scope="row"
      className={classes.rowHead}
      data-band={band}
      data-fault={faults !== undefined || undefined}
      data-break={row.is_break || undefined}
    >
      <span className={classes.slot}>
        {isFurtherLane ? <span className="visually-hidden">{times}</span> : times}
        {!row.is_break && row.label && (
          <span className={classes.rowLabel}>
            <Bidi>{row.label}</Bidi>
          </span>
        )}
      </span>
      {row.is_break && (
        <span className={classes.breakWord}>
          <IconCoffee size={13} aria-hidden="true" />
          {row.label ? <Bidi>{row.label}</Bidi> : t("timetable.grid.break")}
        </span>
      )}
      {!row.is_break && row.lane && (
        <span className={classes.lane}>
          <Bidi>{row.lane}</Bidi>
        </span>
      )}
      {faults?.map((fault) => (
        <span key={fault.field + fault.text} className={classes.rowFault}>
          {fault.text}
        </span>
      ))}
    </th>
  );
}

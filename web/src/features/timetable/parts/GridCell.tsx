import { IconAlertOctagonFilled, IconAlertTriangleFilled, IconBan } from "@tabler/icons-react";
import { memo } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import type { Mark } from "../grid/conflicts";
import type { PlacedFault } from "../grid/payload";
import type { Address, Content, Names } from "../grid/sheet";
import { cardOf } from "../grid/words";
import classes from "./GridCell.module.css";

export type CellProps = {
  address: Address;
  content: Content;
  names: Names;
  mark: Mark | undefined;
  faults: PlacedFault[] | undefined;
  isCursor: boolean;
  isSelected: boolean;
  isChanged: boolean;
  isCut: boolean;
  isTarget: boolean;
  isBreak: boolean;
  isHoliday: boolean;
  isToday: boolean;
  isOff: boolean;
};

// The cell of a table that is a grid (ARIA Authoring Practices, "grid" pattern).
const cellRole = (isSelected: boolean) => ({ role: "gridcell", "aria-selected": isSelected }) as const;

const flag = (is: boolean) => is || undefined;

/** One day of one slot. Its events are heard by the grid. */
export const GridCell = memo(function GridCell(props: CellProps) {
  const { address, content, mark, faults, isCursor } = props;
  return (
    <td
      {...cellRole(props.isSelected)}
      data-address={address}
      tabIndex={isCursor ? 0 : -1}
      aria-invalid={faults ? true : undefined}
      className={classes.cell}
      data-cursor={flag(isCursor)}
      data-selected={flag(props.isSelected)}
      data-cut={flag(props.isCut)}
      data-target={flag(props.isTarget)}
      data-break={flag(props.isBreak)}
      data-holiday={flag(props.isHoliday)}
      data-today={flag(props.isToday)}
      data-off={flag(props.isOff)}
      data-mark={mark?.severity}
      data-fault={flag(faults !== undefined)}
    >
      {content.status !== "empty" && <Card content={content} names={props.names} mark={mark} />}
      {props.isChanged && <Unsaved />}
      {faults && <Faults faults={faults} />}
    </td>
  );
});

function Card({ content, names, mark }: Pick<CellProps, "content" | "names" | "mark">) {
  const { t } = useTranslation();
  const label = useLabel();
  const { title, topic, teachers, room, groups } = cardOf(content, names);
  const isCancelled = content.status === "cancelled";
  const audience = content.all_groups ? t("timetable.cell.allGroups") : groups.join(", ");
  return (
    <div className={classes.card} data-kind={content.kind} data-cancelled={flag(isCancelled)}>
      <div className={classes.title}>
        {isCancelled && <IconBan size={13} aria-hidden="true" />}
        <span className={classes.clamp}>
          {title ? <Bidi>{title}</Bidi> : <em>{t("timetable.cell.untitled")}</em>}
        </span>
        {mark && <MarkIcon mark={mark} />}
      </div>
      <span className="visually-hidden">
        {label("timetable.kind", content.kind)}
        {isCancelled && `, ${label("ui.status", "cancelled")}`}
      </span>
      {topic && (
        <div className={classes.topic}>
          <Bidi>{topic}</Bidi>
        </div>
      )}
      {teachers.length > 0 && (
        <div className={classes.line}>
          <Bidi>{teachers.join(", ")}</Bidi>
        </div>
      )}
      {(room || audience) && (
        <div className={classes.foot}>
          {room && (
            <span className={classes.room}>
              <Bidi>{room}</Bidi>
            </span>
          )}
          {audience && (
            <span className={classes.groups}>
              <Bidi>{audience}</Bidi>
            </span>
          )}
        </div>
      )}
    </div>
  );
}

function MarkIcon({ mark }: { mark: Mark }) {
  const { t } = useTranslation();
  const count = mark.conflicts.length;
  const Icon = mark.severity === "block" ? IconAlertOctagonFilled : IconAlertTriangleFilled;
  const words =
    mark.severity === "block"
      ? t("timetable.cell.blocked", { count })
      : t("timetable.cell.warned", { count });
  return (
    <span className={classes.mark} data-severity={mark.severity} title={words}>
      <Icon size={15} aria-hidden="true" />
      <span className="visually-hidden">{words}</span>
    </span>
  );
}

function Unsaved() {
  const { t } = useTranslation();
  return (
    <span className={classes.unsaved} title={t("timetable.cell.unsaved")}>
      <span className="visually-hidden">{t("timetable.cell.unsaved")}</span>
    </span>
  );
}

function Faults({ faults }: { faults: PlacedFault[] }) {
  return <div className={classes.fault}>{faults.map((fault) => fault.text).join(" ")}</div>;
}

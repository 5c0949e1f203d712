import { IconAlertOctagonFilled, IconAlertTriangleFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import type { ReactNode } from "react";
import { useTranslation } from "react-i18next";
import { useLabel } from "../../../i18n/label";
import { Bidi } from "../../../ui/Bidi";
import { useFormat } from "../../../ui/format";
import { type Conflict, otherCells } from "../grid/conflicts";
import type { Address } from "../grid/sheet";
import classes from "./SidePanel.module.css";

type Props = {
  conflict: Conflict;
  /** The cell it is shown for; without one it names its own place and jumps there. */
  from?: Address;
  onJump: (address: Address) => void;
  placeWords: (address: Address) => string;
};

type WordsProps = {
  conflict: Conflict;
  /** The rule that is broken, or the way to where it is mended. */
  title: ReactNode;
  place?: ReactNode;
  /** The other side stands in this plan itself. */
  isInside?: boolean;
  children?: ReactNode;
};

/** One broken rule of a week: what, when, who, where, and what stands on the other side. */
export function ConflictItem({ conflict, from, onJump, placeWords }: Props) {
  const label = useLabel();
  const format = useFormat();
  const [own] = conflict.cells;
  const others = otherCells(conflict, from ?? own ?? "0:0");
  const rule = label("rules", conflict.code);
  const time = conflict.when.starts_at ? format.time(conflict.when.starts_at) : "";
  return (
    <ConflictWords
      conflict={conflict}
      title={
        !from && own ? (
          <button type="button" className={classes.jump} onClick={() => onJump(own)}>
            {rule}
          </button>
        ) : (
          <strong>{rule}</strong>
        )
      }
      place={from ? null : own ? placeWords(own) : time}
      isInside={others.length > 0}
    >
      {others.map((address) => (
        <button key={address} type="button" className={classes.otherCell} onClick={() => onJump(address)}>
          {placeWords(address)}
        </button>
      ))}
    </ConflictWords>
  );
}

export function ConflictWords({ conflict, title, place, isInside = false, children }: WordsProps) {
  const { t } = useTranslation();
  const label = useLabel();
  const isBlock = conflict.severity === "block";
  const Icon = isBlock ? IconAlertOctagonFilled : IconAlertTriangleFilled;
  const concerned = [conflict.who?.name, conflict.where?.name].filter(Boolean).join(" · ");
  const figures = conflict.detail.map(([name, value]) => `${label("ui.figure", name)}: ${value}`).join(" · ");
  const other = conflict.with;
  return (
    <li className={classes.conflict} data-severity={conflict.severity}>
      <Icon size={16} aria-hidden="true" className={classes.sign} />
      <div>
        <span className="visually-hidden">
          {isBlock ? t("timetable.conflicts.blocks") : t("timetable.conflicts.warns")}:{" "}
        </span>
        {title}
        <div className={classes.detail}>
          {place && <span>{place}</span>}
          {concerned && <Bidi>{concerned}</Bidi>}
          {figures && <Bidi>{figures}</Bidi>}
        </div>
        {other?.label && (
          <div className={classes.other}>
            {t("timetable.conflicts.against")}{" "}
            {other.week_plan && !isInside ? (
              <Link to="/timetable/weeks/$weekId" params={{ weekId: String(other.week_plan) }}>
                <Bidi>{other.label}</Bidi>
              </Link>
            ) : (
              <Bidi>{other.label}</Bidi>
            )}
            {other.status && ` (${label("ui.status", other.status)})`}
          </div>
        )}
        {children}
      </div>
    </li>
  );
}

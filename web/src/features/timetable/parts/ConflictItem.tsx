import { IconAlertOctagonFilled, IconAlertTriangleFilled } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
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

/** One broken rule: what, when, who, where, and what stands on the other side. */
export function ConflictItem({ conflict, from, onJump, placeWords }: Props) {
  const { t } = useTranslation();
  const label = useLabel();
  const format = useFormat();
  const isBlock = conflict.severity === "block";
  const Icon = isBlock ? IconAlertOctagonFilled : IconAlertTriangleFilled;
  const [own] = conflict.cells;
  const others = otherCells(conflict, from ?? own ?? "0:0");
  const time = conflict.when.starts_at ? format.time(conflict.when.starts_at) : "";
  const concerned = [conflict.who?.name, conflict.where?.name].filter(Boolean).join(" · ");
  const figures = conflict.detail.map(([name, value]) => `${label("ui.figure", name)}: ${value}`).join(" · ");
  return (
    <li className={classes.conflict} data-severity={conflict.severity}>
      <Icon size={16} aria-hidden="true" className={classes.sign} />
      <div>
        <span className="visually-hidden">
          {isBlock ? t("timetable.conflicts.blocks") : t("timetable.conflicts.warns")}:{" "}
        </span>
        {!from && own ? (
          <button type="button" className={classes.jump} onClick={() => onJump(own)}>
            {label("rules", conflict.code)}
          </button>
        ) : (
          <strong>{label("rules", conflict.code)}</strong>
        )}
        <div className={classes.detail}>
          {!from && own && <span>{placeWords(own)}</span>}
          {!from && !own && time && <span>{time}</span>}
          {concerned && <Bidi>{concerned}</Bidi>}
          {figures && <Bidi>{figures}</Bidi>}
        </div>
        {conflict.with?.label && (
          <div className={classes.other}>
            {t("timetable.conflicts.against")}{" "}
            {conflict.with.week_plan && others.length === 0 ? (
              <Link to="/timetable/weeks/$weekId" params={{ weekId: String(conflict.with.week_plan) }}>
                <Bidi>{conflict.with.label}</Bidi>
              </Link>
            ) : (
              <Bidi>{conflict.with.label}</Bidi>
            )}
            {conflict.with.status && ` (${label("ui.status", conflict.with.status)})`}
          </div>
        )}
        {others.map((address) => (
          <button key={address} type="button" className={classes.otherCell} onClick={() => onJump(address)}>
            {placeWords(address)}
          </button>
        ))}
      </div>
    </li>
  );
}
